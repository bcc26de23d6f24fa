"""What makes services findable: words that mean the same, and the lists they are sorted under."""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin

from ..models import SynonymGroup, Taxonomy, Term
from ..operations.synonyms import CannotSaveSynonyms, save_synonyms
from ..operations.terms import CannotSaveTerm, save_term


class SynonymGroupForm(forms.ModelForm):
    """A group with its words, one on each line."""

    phrases = forms.CharField(
        label="Words and phrases",
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="One on each line. Capitals and signs do not matter, nor does British or American spelling.",
    )

    class Meta:
        model = SynonymGroup
        fields = ("name", "need")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            there = self.instance.synonyms.order_by("phrase").values_list("phrase", flat=True)
            self.initial["phrases"] = "\n".join(there)


@admin.register(SynonymGroup)
class SynonymGroupAdmin(StaffAdmin):
    """Words that mean the same when people search. A change holds from the next search on."""

    permission = Permission.MANAGE_DIRECTORY
    deletable = True
    refusals = (CannotSaveSynonyms,)
    form = SynonymGroupForm
    fields = ("name", "need", "phrases")
    list_display = ("name", "need", "words")
    list_select_related = ("need",)
    search_fields = ("name", "synonyms__phrase")
    search_help_text = "By the name of the group or any of its words."
    ordering = ("name",)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(word_count=Count("synonyms", distinct=True))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "need":
            kwargs["queryset"] = Term.objects.of(Taxonomy.NEEDS)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        save_synonyms(group=obj, phrases=form.cleaned_data["phrases"].splitlines(), by=request.user)

    @admin.display(description="words", ordering="word_count")
    def words(self, group):
        return group.word_count


@admin.register(Taxonomy)
class TaxonomyAdmin(StaffAdmin):
    """The lists themselves. Their words can be changed; the portal relies on which lists there are."""

    permission = Permission.MANAGE_DIRECTORY
    addable = False
    fields = ("name", "description", "uri", "version")
    list_display = ("name", "description")
    ordering = ("name",)


@admin.register(Term)
class TermAdmin(StaffAdmin):
    """The terms of the lists. A change of words reaches every service that has the term, at once."""

    permission = Permission.MANAGE_DIRECTORY
    audited_by_operation = True
    refusals = (CannotSaveTerm,)
    fields = ("taxonomy", "parent", "code", "name", "description", "term_uri", "place", "is_hidden")
    list_display = ("name", "taxonomy", "parent", "place", "is_hidden")
    list_filter = ("taxonomy", "is_hidden")
    list_select_related = ("taxonomy", "parent")
    search_fields = ("name", "code")
    search_help_text = "By name or code."
    ordering = ("taxonomy__name", "place", "name")

    def get_readonly_fields(self, request, obj=None):
        return ("taxonomy", "code") if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ("name",)}

    def save_model(self, request, obj, form, change):
        save_term(term=obj, by=request.user, now=timezone.now())
