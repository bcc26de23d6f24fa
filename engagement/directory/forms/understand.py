"""The one closed question of a service's page."""

from django import forms


class HelpedForm(forms.Form):
    """Yes or no, and nothing else."""

    helped = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])
