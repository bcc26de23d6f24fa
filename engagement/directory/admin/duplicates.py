"""Entries that look like one: looked at beside each other, then said to be two or made one."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.staff.admin import StaffAdmin, button

from ..models import Lookalike, Service
from ..operations.duplicates import CannotMerge, Seen, look_for_lookalikes, merge_services, say_they_are_two
from ..queries.duplicates import alike_organisations, lookalikes
from ..queries.entries import entry_of, with_everything
from ..queries.names import names_of
from ..queries.pathways import steps_left_dead
from ..rules.differences import differences
from ..rules.duplicates import BOTH, KEEP, OTHER, reason_words, sides
from .showing import difference_table

LONGEST = 300  # letters of a field on the page where it is chosen; both entries stand whole on the page before
MENDING = (
    "Merge their services here first. Then take the one that is left empty out of Organisations in the directory, and "
    "merge the two under Organisations."
)


def merge_form(keep: Service, other: Service) -> type[forms.Form]:
    """A form that asks, for each field that differs, whose words stay."""
    ours, theirs = entry_of(keep), entry_of(other)
    words = {each.field: each for each in differences(ours, theirs, names_of(ours, theirs))}
    boxes = {
        "keep_version": forms.IntegerField(widget=forms.HiddenInput, initial=keep.version),
        "other_version": forms.IntegerField(widget=forms.HiddenInput, initial=other.version),
    }
    for side in sides(ours, theirs):
        said = words.get(side.field)
        choices = [
            (KEEP, f"{_shortly(said.before if said else ())} (kept)"),
            (OTHER, f"{_shortly(said.after if said else ())} (the other)"),
        ]
        if side.may_be_both:
            choices.append((BOTH, "Both"))
        boxes[side.field] = forms.ChoiceField(
            label=side.label, choices=choices, initial=side.default, widget=forms.RadioSelect
        )
    return type("MergeForm", (forms.Form,), boxes)


def _shortly(lines: tuple[str, ...]) -> str:
    text = "; ".join(lines) or "Not stated"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


@admin.register(Lookalike)
class LookalikeAdmin(StaffAdmin):
    """Pairs that may be one service, the most alike first. Looked for every night."""

    permission = Permission.MANAGE_DIRECTORY
    read_only = True
    refusals = (CannotMerge,)
    change_form_template = "admin/directory/with_entry.html"
    change_list_template = "admin/directory/lookalikes.html"
    list_display = ("pair", "organisations", "why", "score")
    list_display_links = ("pair",)
    list_select_related = ("first__organisation", "second__organisation")
    search_fields = ("first__name", "second__name")
    search_help_text = "By the name of either."
    fields = ("pair", "organisations", "why")
    readonly_fields = ("pair", "organisations", "why")

    def get_queryset(self, request):
        return lookalikes()

    def get_ordering(self, request):
        return ("-score", "pk")

    @admin.display(description="services")
    def pair(self, found):
        return str(found)

    @admin.display(description="of")
    def organisations(self, found):
        return " and ".join(dict.fromkeys((str(found.first.organisation), str(found.second.organisation))))

    @admin.display(description="what they share")
    def why(self, found):
        return ". ".join(reason_words(found.reasons))

    def changelist_view(self, request, extra_context=None):
        alike = {"alike_organisations": alike_organisations(), "mending": MENDING}
        return super().changelist_view(request, alike | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        shown = {}
        if found is not None and self.has_view_permission(request, found):
            first, second = self._both(found)
            one, other = entry_of(first), entry_of(second)
            rows = differences(one, other, names_of(one, other))
            shown["entry_table"] = difference_table(
                rows, f"{first}, {first.organisation}", f"{second}, {second.organisation}"
            )
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    @staticmethod
    def _both(found: Lookalike) -> tuple[Service, Service]:
        there = with_everything(Service.objects.all()).in_bulk([found.first_id, found.second_id])
        return there[found.first_id], there[found.second_id]

    @button("Look again now", on_list=True)
    def look_again(self, request):
        """Instead of waiting for the night."""

        def act():
            found = look_for_lookalikes(by=request.user, now=timezone.now())
            return "Nothing looks like one." if not found else f"Pairs that may be one: {found}."

        return self.ask_first(
            request,
            title="Look for entries that are one?",
            button="Look now",
            act=act,
            explanation="It is done every night. With thousands of services it takes some seconds.",
        )

    @button("Keep the first")
    def keep_first(self, request, found):
        """The second leads to it from now on."""
        first, second = self._both(found)
        return self._merge(request, found, first, second)

    @button("Keep the second")
    def keep_second(self, request, found):
        """The first leads to it from now on."""
        first, second = self._both(found)
        return self._merge(request, found, second, first)

    def _merge(self, request, found: Lookalike, keep: Service, other: Service):
        dead = [step for step in steps_left_dead(other) if not step.step_services.filter(service=keep).exists()]
        preview = [f"{step.pathway}: {step}" for step in dead]
        return self.ask_first(
            request,
            title=f"Make {other} one with {keep}?",
            button="Make them one",
            danger=True,
            form_class=merge_form(keep, other),
            act=lambda keep_version, other_version, **choices: (
                merge_services(
                    keep=keep,
                    other=other,
                    choices=choices,
                    seen=Seen(keep_version, other_version),
                    by=request.user,
                    now=timezone.now(),
                )
                and None
            ),
            done=f"There is one {keep} now.",
            explanation=(
                f"{other}, of {other.organisation}, is no longer public, and its address leads to {keep}, of "
                f"{keep.organisation}. Pathways, shortlists and suggestions follow. This cannot be undone."
            ),
            preview=preview,
            preview_title="These steps of pathways have the kept service from now on" if preview else "",
        )

    @button("These are two")
    def are_two(self, request, found):
        """Nobody is asked about this pair again."""
        return self.ask_first(
            request,
            title=f"Are {found.first} and {found.second} two services?",
            button="They are two",
            act=lambda: (
                say_they_are_two(one=found.first, other=found.second, by=request.user, now=timezone.now()) and None
            ),
            done="They are not listed again.",
            explanation="Both stay as they are.",
        )
