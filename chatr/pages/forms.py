"""What staff type into a public page."""

from django import forms
from django.urls import Resolver404, resolve

from .models import Page

HOW_TO_WRITE = (
    "Markdown: ## heading, ### smaller heading, - list, **bold**, [words](https://address), > quotation, | tables |. "
    "{programme_email} becomes the programme’s mailbox and {site_url} the portal’s address."
)


class PageForm(forms.ModelForm):
    """A page whose address nothing else of the portal answers."""

    class Meta:
        model = Page
        fields = ["slug", "title", "summary", "body", "is_published", "review_on"]
        help_texts = {"body": HOW_TO_WRITE}
        widgets = {"body": forms.Textarea(attrs={"rows": 30, "cols": 90})}

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        try:
            match = resolve(f"/{slug}/")
        except Resolver404:
            match = None
        if match is None or match.view_name != "pages:page":
            raise forms.ValidationError("Another part of the portal already has this address. Choose another word.")
        return slug
