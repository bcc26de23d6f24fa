"""Which of several entries are still right."""

from django import forms

from chatr.web.forms import PortalForm


class VerifyAllForm(PortalForm):
    """One box a service, all ticked. ``services`` are those the person may answer for."""

    submit_label = "These are still right"

    def __init__(self, *args, services, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {str(service.pk): service for service in services}
        self.fields["services"] = forms.MultipleChoiceField(
            label="Entries in which everything is still right",
            choices=[(pk, service.name) for pk, service in self.known.items()],
            initial=list(self.known),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Tick at least one entry, or leave this page"},
        )

    @property
    def chosen(self) -> list:
        """The services that were ticked."""
        return [self.known[pk] for pk in self.cleaned_data["services"]]
