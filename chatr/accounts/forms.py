"""Forms about a person and where they work."""

from django import forms


class SignUpName(forms.Form):
    name = forms.CharField(label="Your name", max_length=200)

    def signup(self, request, user):
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
