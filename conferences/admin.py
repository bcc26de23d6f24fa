"""The staff pages of conferences: chairs' teams and who belongs to them. Ids and names; nothing of a record."""

from functools import update_wrapper

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.permissions import Permission
from chatr.database.acting import acting_as
from chatr.staff import desk
from chatr.staff.admin import StaffAdmin, button

from .models import Team, TeamMember
from .operations import teams
from .rules.oversight import can_see_counts


class ActingAdmin(StaffAdmin):
    """A staff page of tables behind row-level security: loaded and rendered on behalf of whoever looks at it."""

    permission = Permission.MANAGE_ACCOUNTS
    audited_by_operation = True
    refusals = (teams.CannotChangeTeam,)

    def get_urls(self):
        found = super().get_urls()
        for pattern in found:
            pattern.callback = _acting(pattern.callback)
        return found


def _acting(view):
    def act(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with acting_as(request.user.pk):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return update_wrapper(act, view)


class TeamAdmin(ActingAdmin):
    """A team of chairs: its name, and what its chairs are called."""

    list_display = ("name", "chair_title")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "chair_title")

    def save_model(self, request, obj, form, change):
        teams.save_team(team=obj, by=request.user)


class TeamMemberAdmin(ActingAdmin):
    """Who belongs to which team, as what, since when, and who put them there."""

    list_display = ("user", "team", "role", "since", "until", "given_by")
    list_filter = ("team", "role", ("until", admin.EmptyFieldListFilter))
    search_fields = ("user__name", "user__email")
    ordering = ("team__name", "user__name")
    autocomplete_fields = ("user",)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "team", "given_by")

    def has_change_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        return ("team", "user", "role", "since", "until", "given_by") if obj else ("team", "user", "role")

    def save_model(self, request, obj, form, change):
        teams.add_member(member=obj, by=request.user, now=timezone.now())

    @button("Take out of the team", danger=True, when=lambda request, member: member.until is None)
    def take_out(self, request, member):
        def act() -> str:
            left = teams.take_out(member=member, by=request.user, now=timezone.now())
            return f"{member.user} is no longer {member.get_role_display().lower()} in {member.team}. {_left(left)}"

        return self.ask_first(
            request,
            title=f"Take {member.user} out of {member.team}?",
            explanation=_left(teams.to_hand_over(member)),
            act=act,
            button="Take them out",
            danger=True,
            back=self.change_url(member),
        )


def _left(count: int) -> str:
    """What still has to be handed over: a number, never which."""
    if not count:
        return "They have no conference in this part that is still to be finished."
    conferences = "1 conference" if count == 1 else f"{count} conferences"
    return (
        f"They still have {conferences} in this part. A manager of the team hands over: until then they can open them."
    )


def counts(request, now) -> desk.Panel | None:
    """The way to the counts, for programme staff. Nothing of them is on the desk itself."""
    if not can_see_counts(request.user):
        return None
    rows = [desk.Row("Counts of the pilot’s measures", reverse("conferences:counts"))]
    return desk.Panel("Conferences", rows, empty_text="")


if settings.CONFERENCES_ENABLED:
    desk.register(counts, place=90)
    admin.site.register(Team, TeamAdmin)
    admin.site.register(TeamMember, TeamMemberAdmin)
