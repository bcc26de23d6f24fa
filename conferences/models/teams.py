"""Teams of conference chairs: who chairs, who takes minutes, who manages."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .codes import TeamRole
from .rows import Row


class Team(Row):
    """A team of chairs under one manager or more. Its managers can open its conferences."""

    name = models.CharField(max_length=120, unique=True)
    chair_title = models.CharField(
        "what a chair is called here",
        max_length=80,
        default="Conference chair",
        help_text="Printed in records: Conference chair, Child protection coordinator, Lead practitioner.",
    )

    class Meta:
        verbose_name = "chairs' team"

    def __str__(self) -> str:
        return self.name


class TeamMemberQuerySet(models.QuerySet):
    def live(self):
        """Those who belong to the team now."""
        return self.filter(until=None)


class TeamMember(Row):
    """That a person belongs to a team, as what, and who put them there. Nobody puts themselves into one."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conference_teams")
    role = models.CharField(max_length=12, choices=TeamRole.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user", "role"],
                condition=Q(until=None),
                name="one_live_team_membership",
                violation_error_message="This person has that part in the team already.",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("given_by")),
                name="nobody_joins_a_team_by_themselves",
                violation_error_message="Nobody can put themselves into a team. Ask a colleague.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display().lower()} in {self.team}"
