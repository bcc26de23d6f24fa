"""How much care a field asks for."""

from enum import StrEnum


class Classification(StrEnum):
    """Every field of every table has one, in its app's ``privacy.py``."""

    PUBLIC = "public"  # anybody may read it
    OPERATIONAL = "operational"  # ids, times and states, which say nothing about a person by themselves
    WORK_CONTACT = "work_contact"  # how to reach somebody at work
    PERSONAL = "personal"  # about a person
    SPECIAL_CATEGORY = "special_category"  # health, belief and the like: encrypted, kept as short as possible
    CHILD_PROTECTION = "child_protection"  # about a child or family in a conference
