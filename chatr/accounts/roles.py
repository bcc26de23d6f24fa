"""The roles every portal starts with. They are rows: staff read them in admin, and a later change there stays."""

from .permissions import Permission as P

STARTING_ROLES = {
    "programme_staff": (
        "Programme staff",
        "Runs the programme: courses, bookings, organisations, pages and messages.",
        [
            P.ENTER_ADMIN,
            P.MANAGE_TRAINING,
            P.SEE_NEEDS,
            P.MANAGE_ORGANISATIONS,
            P.MANAGE_PAGES,
            P.MANAGE_MESSAGES,
            P.MANAGE_DIRECTORY,
        ],
    ),
    "programme_administrator": (
        "Programme administrator",
        "Everything programme staff do, and looks after accounts, roles and the audit.",
        [
            P.ENTER_ADMIN,
            P.MANAGE_TRAINING,
            P.SEE_NEEDS,
            P.MANAGE_ORGANISATIONS,
            P.MANAGE_PAGES,
            P.MANAGE_MESSAGES,
            P.MANAGE_DIRECTORY,
            P.READ_AUDIT,
            P.MANAGE_ACCOUNTS,
        ],
    ),
    "trainer": ("Trainer", "Delivers runs; sees who is coming to their own.", [P.TRAIN]),
    "conference_chair": ("Conference chair", "Chairs child protection conferences.", [P.CHAIR_CONFERENCES]),
    "minute_taker": ("Minute-taker", "Records child protection conferences.", [P.TAKE_MINUTES]),
    "chairs_manager": ("Chairs' manager", "Manages a team of conference chairs.", [P.MANAGE_CHAIRS]),
    "agency_contributor": ("Agency contributor", "Files agency reports for conferences.", [P.CONTRIBUTE_REPORTS]),
    "moderator": ("Moderator", "Reads and moderates what young people say.", [P.MODERATE_VOICES]),
    "safeguarding_lead": ("Safeguarding lead", "Acts on concerns.", [P.LEAD_SAFEGUARDING]),
    "facilitator": ("Facilitator", "Runs sessions with young people.", [P.FACILITATE_SESSIONS]),
}
