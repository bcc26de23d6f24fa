"""What there is to do in a conference, in its order: which page, for whom, in which states, and how far it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..models import OPEN_STATES, SIGNED_STATES, Conference, ConferenceKind, State
from ..queries.access import Access
from . import access as rules

Counts = Mapping[str, int]
BEFORE = (State.SCHEDULED, State.DRAFT)
RECORDED = (State.DRAFT, State.CHECK)
ANY = tuple(State)
AMBER = "amber"


@dataclass(frozen=True)
class Status:
    """How far a task is, in a word or two. Amber means it still asks for something."""

    words: str
    tone: str = ""


def _nothing(counts: Counts) -> None:
    return None


@dataclass(frozen=True)
class Task:
    """One page of a conference. ``url_name`` is its address in the area."""

    url_name: str
    title: str
    may: Callable[[Access], bool]
    states: tuple[str, ...] = OPEN_STATES
    status: Callable[[Counts], Status | None] = _nothing
    kinds: tuple[str, ...] = tuple(ConferenceKind)


def _count(name: str, one: str, many: str, none: str, *, wanted: bool = False) -> Callable[[Counts], Status]:
    def status(counts: Counts) -> Status:
        number = counts[name]
        if not number:
            return Status(none, AMBER if wanted else "")
        return Status(f"{number} {one if number == 1 else many}")

    return status


def _of(done: str, wanted: str, words: str, none: str, *, tone: str = AMBER) -> Callable[[Counts], Status]:
    def status(counts: Counts) -> Status:
        if not counts[wanted]:
            return Status(none)
        return Status(f"{counts[done]} of {counts[wanted]} {words}", tone if counts[done] < counts[wanted] else "")

    return status


def _signing(counts: Counts) -> Status:
    number = counts["missing"]
    if not number:
        return Status("Ready to sign", "green")
    return Status(f"{number} {'thing' if number == 1 else 'things'} missing", AMBER)


STAGES: tuple[tuple[str, tuple[Task, ...]], ...] = (
    (
        "Before",
        (
            Task("change-conference", "When, where and who chairs", rules.can_prepare, BEFORE),
            Task(
                "people",
                "People, support and meetings to prepare them",
                rules.can_prepare,
                status=_count("people", "person", "people", "Nobody yet", wanted=True),
            ),
            Task(
                "safety",
                "Who must be kept apart",
                rules.can_prepare,
                ANY,
                _count("flags", "flag", "flags", "Nobody noted"),
            ),
            Task(
                "enquiry",
                "Section 47 and strategy discussions",
                rules.can_prepare,
                status=_of("enquiries", "children", "entered", "No children"),
                kinds=(ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH),
            ),
            Task("parts", "Parts of the meeting", rules.can_prepare, status=_count("parts", "part", "parts", "None")),
            Task(
                "reports",
                "Agency reports",
                rules.can_prepare,
                OPEN_STATES + SIGNED_STATES,
                _of("reports_in", "reports", "received", "None asked for", tone=""),
            ),
            Task(
                "invitations",
                "Invitations",
                rules.can_prepare,
                BEFORE,
                _of("invited", "invitations", "given out", "None prepared"),
            ),
            Task("agenda", "Agenda to print", rules.can_prepare),
            Task("attendance-sheet", "Attendance sheet to print", rules.can_prepare),
            Task("hand-over", "Hand over to another chair or minute-taker", rules.can_hand_over),
        ),
    ),
    ("During", (Task("room", "In the room: who is here, breaks, quorum", rules.can_write_record, RECORDED),)),
    (
        "Deciding",
        (
            Task(
                "decisions",
                "Decision for each child",
                rules.can_write_record,
                RECORDED,
                _of("decisions", "children", "decided", "No children"),
            ),
            Task("plan", "Plan", rules.can_write_record, RECORDED, _count("actions", "action", "actions", "Empty")),
            Task(
                "core-group",
                "Core group",
                rules.can_write_record,
                RECORDED,
                _count("core_group", "member", "members", "Nobody yet"),
            ),
            Task(
                "next-dates",
                "Next dates",
                rules.can_write_record,
                RECORDED,
                _count("next_dates", "date", "dates", "None yet"),
            ),
        ),
    ),
    (
        "Sign",
        (
            Task("explanations", "What has to be explained", rules.can_write_record, RECORDED),
            Task("sign", "Check and sign", rules.can_decide, RECORDED, _signing),
        ),
    ),
    (
        "Copies",
        (
            Task(
                "copies",
                "Copies and letters",
                rules.can_prepare_copies,
                (*RECORDED, *SIGNED_STATES),
                _of("given_out", "copies", "given out", "None prepared"),
            ),
        ),
    ),
    (
        "Afterwards",
        (
            Task(
                "challenges",
                "What people say is not accurate",
                rules.can_read_record,
                SIGNED_STATES,
                _count("challenges", "to answer", "to answer", "Nothing to answer"),
            ),
            Task(
                "amend",
                "Amendments",
                rules.can_amend,
                SIGNED_STATES,
                _count("amendments", "amendment", "amendments", "None"),
            ),
            Task(
                "feedback-links",
                "Feedback",
                rules.can_prepare,
                (*RECORDED, *SIGNED_STATES),
                _count("links", "link given", "links given", "No links yet"),
            ),
            Task("start-review", "Schedule the next conference", rules.can_prepare, (*SIGNED_STATES, State.ADJOURNED)),
            Task("access-log", "Who has seen this record", rules.can_see_access_log, ANY),
            Task("holds", "Legal holds", rules.can_amend, ANY),
        ),
    ),
)


def tasks_for(conference: Conference, access: Access) -> list[tuple[str, list[Task]]]:
    """The stages of a conference with what this person may do in its present state."""
    found = []
    for stage, tasks in STAGES:
        mine = [
            task
            for task in tasks
            if task.may(access) and conference.state in task.states and conference.kind in task.kinds
        ]
        found.append((stage, mine))
    return found


def can_move_on(access: Access) -> bool:
    """Begin, send to be checked, take back: the chair's, and the minute-taker's who writes it with them."""
    return rules.can_write_record(access)


def can_call_off(access: Access) -> bool:
    """Adjourn or cancel: the chair, or the manager when the chair cannot."""
    return rules.can_decide(access) or rules.can_manage(access)
