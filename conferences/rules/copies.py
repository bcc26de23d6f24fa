"""Who may do what with copies, and what still keeps one from being given out."""

from ..models import Conference, Copy, CopyKind, CopyMethod, Person, PersonContact, PersonKind, SafeContact
from ..queries.access import Access
from ..queries.safety import PLACED
from .access import can_decide, can_write_record, is_open, is_signed

HAVE_ACCOUNTS = (PersonKind.PROFESSIONAL, PersonKind.SUPPORTER)


def can_prepare_a_copy(access: Access) -> bool:
    """Chair, cover and minute-taker. The manager looks at copies as the second person, so does not prepare them."""
    return can_write_record(access)


def can_give_out(access: Access, kind: str) -> bool:
    """Copies of the record are given out by chair or cover alone; an invitation by whoever prepares it, too."""
    return can_prepare_a_copy(access) if kind == CopyKind.INVITATION else can_decide(access)


def kinds_for(person: Person) -> list[CopyKind]:
    """What this person may get: the letter to the child is for a child, the plan in plain words for the family."""
    if person.kind == PersonKind.CHILD:
        return [CopyKind.CHILD_LETTER, CopyKind.FAMILY_PLAN, CopyKind.RECORD]
    if person.kind == PersonKind.FAMILY:
        return [CopyKind.RECORD, CopyKind.DECISION_LETTER, CopyKind.FAMILY_PLAN]
    return [CopyKind.RECORD, CopyKind.DECISION_LETTER]


def why_not_prepare(conference: Conference, kind: str, recipient: Person) -> str:
    """Why no such copy can be made, in words; empty when it can."""
    if kind == CopyKind.INVITATION:
        return _why_not_invite(conference, recipient)
    if not is_signed(conference):
        return "Copies are made from the signed record. Sign it first."
    if kind not in kinds_for(recipient):
        return "This person does not get a copy of this kind. Choose another."
    return ""


def _why_not_invite(conference: Conference, recipient: Person) -> str:
    if not is_open(conference):
        return "This conference is over, so nobody is invited to it."
    if not recipient.attendances.filter(status__in=PLACED).exists():
        return "This person is in no part of the meeting yet. Plan the parts first."
    return ""


def why_not_second(copy: Copy, user_id) -> str:
    """Why this person can't be the second who looks at a copy; empty when they can."""
    if copy.issued_at is not None:
        return "This copy was given out already."
    if copy.prepared_by_id == user_id:
        return "The second person is somebody else than the one who prepared the copy."
    return ""


def why_not_by(method: str, recipient: Person, contact: PersonContact | None, *, is_let_in: bool) -> str:
    """Why a copy can't reach this person in this way; empty when it can. Nothing is safe by default but a hand.

    :param is_let_in: whether an assignment lets them into the conference now; emergency reading does not count
    """
    if method == CopyMethod.BY_HAND:
        return ""
    if method == CopyMethod.PORTAL:
        if recipient.kind not in HAVE_ACCOUNTS:
            return "Families have no accounts here: a shared one could put somebody at risk. Give it by hand."
        return "" if is_let_in else "This person has no part in this conference here now. Give it by hand or by post."
    if recipient.kind == PersonKind.PROFESSIONAL:
        return ""
    if contact is None or contact.safe_contact != SafeContact.POST or not contact.address:
        return "Post is not written down as safe for this person. Give it by hand."
    return ""


def may_be_told_by_email(recipient: Person, contact: PersonContact | None) -> bool:
    """Whether an e-mail without content may say that something waits: to a professional, or where that is safe."""
    if recipient.kind in HAVE_ACCOUNTS and recipient.user_id:
        return True
    return contact is not None and contact.safe_contact == SafeContact.EMAIL and bool(contact.email)
