"""What importing a file would do: every row held against what is there, before anything is written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chatr.accounts.models import Organisation

from ..models import Revision, Service
from ..queries.entries import entry_of, with_everything
from ..rules.differences import Difference, differences
from ..rules.entries import Entry
from .cells import shortly
from .columns import ID, ORGANISATION, STATE
from .rows import Refusal, read_row, write_row
from .vocabulary import Vocabulary, vocabulary

NOT_BY_FILE = "a file cannot publish a service or withdraw it. Do that on the service's page."
NO_LONGER_PUBLIC = "this service is no longer public, so a file cannot change it. Publish it again first."
NOT_YET_PUBLIC = "this service waits for its first approval, so a file cannot change it. Decide that first."


@dataclass(frozen=True)
class RowPlan:
    """What becomes of one service."""

    number: int
    organisation: Organisation
    service: Service | None
    entry: Entry
    changes: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        return self.service is None


@dataclass
class SheetPlan:
    """Everything an import would do. With anything refused, nothing is written."""

    rows: list[RowPlan] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def new(self) -> list[RowPlan]:
        return [row for row in self.rows if row.is_new]

    @property
    def changed(self) -> list[RowPlan]:
        return [row for row in self.rows if not row.is_new]

    @property
    def can_be_written(self) -> bool:
        return bool(self.rows) and not self.refused

    @property
    def outcome(self) -> str:
        """``2 new, 1 changed, 40 unchanged, 0 refused``."""
        refused = len({refusal.number for refusal in self.refused})
        return f"{len(self.new)} new, {len(self.changed)} changed, {self.unchanged} unchanged, {refused} refused"

    @property
    def fingerprint(self) -> str:
        """The same for as long as the import would do the same to the same versions."""
        said = [
            [str(row.service.pk), row.service.version] if row.service else [str(row.organisation.pk), row.number]
            for row in self.rows
        ]
        entries = [row.entry.as_json() for row in self.rows]
        told = json.dumps([said, entries, [str(each) for each in self.refused]], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def exported_services():
    """Services of an export, by organisation and name: those the public reads, and those it no longer does."""
    there = Service.objects.exclude(state=Service.State.DRAFT).filter(merged_into=None)
    return with_everything(there).order_by("organisation__name", "name", "pk")


def sheet_rows(services: Iterable[Service]) -> list[list[str]]:
    """The rows of a file, in the order of ``HEADINGS``. Load the services by :func:`exported_services`."""
    words = vocabulary()
    return [write_row(service, entry_of(service), words) for service in services]


def plan_sheet(numbered: list[tuple[int, Mapping[str, str]]]) -> SheetPlan:
    """Compare a file with the directory and say what importing it would do. Writes nothing.

    A row is the service whose id it gives, or the one of that name in that organisation, or a new one. Services that
    are not in the file are not touched.

    :param numbered: row numbers as the spreadsheet shows them, with the cells by column
    """
    words = vocabulary()
    finder = _Finder(numbered)
    plan = SheetPlan()
    seen: dict[object, int] = {}
    for number, typed in numbered:
        found = finder.find(number, typed)
        if isinstance(found, Refusal):
            plan.refused.append(found)
            continue
        organisation, service = found
        same_as = service.pk if service else (organisation.pk, typed.get("name", "").casefold())
        if same_as in seen:
            plan.refused.append(Refusal(number, "", f"this service is in row {seen[same_as]} already."))
            continue
        seen[same_as] = number
        _add(plan, number, typed, organisation, service, words)
    _refuse_places_in_two_minds(plan)
    _note_open_changes(plan)
    return plan


def _add(plan: SheetPlan, number: int, typed, organisation: Organisation, service: Service | None, words: Vocabulary):
    current = entry_of(service) if service else None
    if refusal := _wrong_state(number, typed, service):
        plan.refused.append(refusal)
        return
    entry, refused = read_row(number, typed, current, words)
    if refused:
        plan.refused += refused
    elif entry == current:
        plan.unchanged += 1
    elif service is not None and service.state != Service.State.PUBLISHED:
        draft = service.state == Service.State.DRAFT
        plan.refused.append(Refusal(number, STATE, NOT_YET_PUBLIC if draft else NO_LONGER_PUBLIC))
    else:
        names = words.names({*entry.languages, *(current.languages if current else ())})
        plan.rows.append(RowPlan(number, organisation, service, entry, tuple(differences(current, entry, names))))


def _wrong_state(number: int, typed, service: Service | None) -> Refusal | None:
    said = typed.get(STATE, "")
    should = service.get_state_display() if service else Service.State.PUBLISHED.label
    return Refusal(number, STATE, NOT_BY_FILE) if said and said.casefold() != should.casefold() else None


class _Finder:
    """Which service and organisation a row means, from two queries for the whole file."""

    def __init__(self, numbered):
        names = {typed.get(ORGANISATION, "").casefold() for _, typed in numbered}
        ids = {found for _, typed in numbered if (found := _uuid(typed.get(ID, "")))}
        everybody = Organisation.objects.all()
        self.organisations = {each.name.casefold(): each for each in everybody if each.name.casefold() in names}
        there = Service.objects.filter(organisation__in=self.organisations.values()) | Service.objects.filter(
            pk__in=ids
        )
        self.services = {each.pk: each for each in with_everything(there.filter(merged_into=None))}
        self.by_name: dict[tuple, list[Service]] = {}
        for each in self.services.values():
            self.by_name.setdefault((each.organisation_id, each.name.casefold()), []).append(each)

    def find(self, number: int, typed) -> tuple[Organisation, Service | None] | Refusal:
        name = typed.get(ORGANISATION, "")
        organisation = self.organisations.get(name.casefold())
        if name and organisation is None:
            return Refusal(
                number, ORGANISATION, f"there is no organisation “{shortly(name)}” on the portal. Add it there first."
            )
        if typed.get(ID):
            service = self.services.get(_uuid(typed[ID]))
            if service is None:
                return Refusal(number, ID, f"there is no service “{shortly(typed[ID])}”. Leave it empty for a new one.")
            if organisation is not None and organisation != service.organisation:
                return Refusal(
                    number, ORGANISATION, f"the service is one of {service.organisation}. A file cannot move it."
                )
            return service.organisation, service
        if organisation is None:
            return Refusal(number, ORGANISATION, "it is empty. Write whose service it is.")
        if organisation.status != Organisation.Status.ACTIVE:
            return Refusal(number, ORGANISATION, f"{organisation} is not active on the portal.")
        same = self.by_name.get((organisation.pk, typed.get("name", "").casefold()), [])
        if len(same) > 1:
            return Refusal(
                number, ID, f"{organisation} has {len(same)} services of this name. Write which one you mean."
            )
        return organisation, same[0] if same else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _refuse_places_in_two_minds(plan: SheetPlan) -> None:
    """Two rows that change a place both use must say the same of it: it is one place."""
    said: dict[str, tuple[int, object]] = {}
    for row in plan.changed:
        if not any(change.field == "places" for change in row.changes):
            continue
        for place in row.entry.places:
            if not place.id:
                continue
            first, before = said.setdefault(place.id, (row.number, place))
            if place != before:
                plan.refused.append(
                    Refusal(
                        row.number,
                        "places",
                        f"it says something else of a place than row {first}, and it is one place.",
                    )
                )


def _note_open_changes(plan: SheetPlan) -> None:
    changed = [row.service for row in plan.changed]
    for revision in Revision.objects.waiting().filter(service__in=changed).select_related("service"):
        plan.notes.append(f"A change to {revision.service} waits for staff as well. It stays, to be decided.")
