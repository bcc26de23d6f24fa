"""What a person may be allowed to do. Roles, which are rows staff can read and grant, list some of these."""

from django.db import models


class Permission(models.TextChoices):
    """One question about a person. Where it matters to whom or to which organisation, ``rules.py`` asks."""

    # Programme staff
    ENTER_ADMIN = "enter_admin", "Enter the staff pages"
    MANAGE_TRAINING = "manage_training", "Publish courses and runs, and change anybody's booking"
    SEE_NEEDS = "see_needs", "See access and dietary needs"
    MANAGE_ORGANISATIONS = "manage_organisations", "Approve organisations and where people work"
    MANAGE_PAGES = "manage_pages", "Edit public pages and help contacts"
    MANAGE_MESSAGES = "manage_messages", "See, resend and stop messages"
    MANAGE_DIRECTORY = "manage_directory", "Review and publish directory entries, needs, thresholds and pathways"
    READ_AUDIT = "read_audit", "Read what was done, when and by whom"
    MANAGE_ACCOUNTS = "manage_accounts", "Invite people, grant roles, help with a lost device, erase accounts"
    # Training
    TRAIN = "train", "See the runs they are the trainer of"
    # Conferences
    CHAIR_CONFERENCES = "chair_conferences", "Chair child protection conferences"
    TAKE_MINUTES = "take_minutes", "Record child protection conferences"
    MANAGE_CHAIRS = "manage_chairs", "Manage a team of conference chairs"
    CONTRIBUTE_REPORTS = "contribute_reports", "File an agency report for a conference"
    # Engagement
    MODERATE_VOICES = "moderate_voices", "Read and moderate what young people say"
    LEAD_SAFEGUARDING = "lead_safeguarding", "Act on concerns"
    FACILITATE_SESSIONS = "facilitate_sessions", "Run sessions with young people"


# Holding any of these means signing in with a second factor: staff, and anyone with a conference role.
NEEDS_SECOND_FACTOR = frozenset(
    {
        Permission.ENTER_ADMIN,
        Permission.CHAIR_CONFERENCES,
        Permission.TAKE_MINUTES,
        Permission.MANAGE_CHAIRS,
        Permission.CONTRIBUTE_REPORTS,
        Permission.MODERATE_VOICES,
        Permission.LEAD_SAFEGUARDING,
    }
)

# A lost device of somebody holding one of these is reset by two members of staff, not one.
NEEDS_SECOND_PERSON = frozenset(
    {
        Permission.CHAIR_CONFERENCES,
        Permission.TAKE_MINUTES,
        Permission.MANAGE_CHAIRS,
        Permission.CONTRIBUTE_REPORTS,
    }
)
