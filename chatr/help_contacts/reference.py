"""Numbers that hold everywhere in the country. Local ones, such as a council's front door, are added by staff."""

from .models import HelpContact

ALWAYS = "Day and night, every day"
NATIONAL = [
    {
        "name": "Emergency services",
        "number": "999",
        "what_for": "Somebody is in danger now, or badly hurt: police, ambulance or fire. If you cannot speak on a "
        "mobile, press 55 when asked.",
        "hours": ALWAYS,
        "place": 1,
    },
    {
        "name": "Childline",
        "number": "0800 1111",
        "what_for": "Children and young people under 19, about anything. Free, and it does not show on the phone bill.",
        "hours": ALWAYS,
        "website": "https://www.childline.org.uk/",
        "place": 2,
    },
    {
        "name": "NSPCC helpline",
        "number": "0808 800 5000",
        "what_for": "Adults who are worried about a child.",
        "hours": "Times are on the NSPCC website",
        "website": "https://www.nspcc.org.uk/",
        "place": 3,
    },
    {
        "name": "Samaritans",
        "number": "116 123",
        "what_for": "Anybody who is struggling to cope or thinking about suicide. Free from any phone.",
        "hours": ALWAYS,
        "website": "https://www.samaritans.org/",
        "place": 4,
    },
    {
        "name": "Shout",
        "by": HelpContact.By.TEXT,
        "number": "85258",
        "what_for": "If you would rather text than talk: send the word SHOUT. Free on most networks.",
        "hours": ALWAYS,
        "website": "https://giveusashout.org/",
        "place": 5,
    },
    {
        "name": "NHS 111",
        "number": "111",
        "what_for": "Urgent medical help that is not a 999 emergency. For a mental health crisis choose option 2.",
        "area": "England",
        "hours": ALWAYS,
        "website": "https://111.nhs.uk/",
        "place": 6,
    },
]


def lay_down() -> None:
    """Add the numbers that are missing. What staff changed or hid stays as they left it."""
    known = set(HelpContact.objects.values_list("name", flat=True))
    HelpContact.objects.bulk_create(HelpContact(**contact) for contact in NATIONAL if contact["name"] not in known)
