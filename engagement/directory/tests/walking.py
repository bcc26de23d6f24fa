"""Who walks which pages of the directory, with the example services: everybody those pages look different to.

The walk of the whole portal, ``chatr/tests/walk.py``, finds this module by its name.
"""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse

from chatr.accounts.models import Organisation, User
from chatr.files.operations import store
from chatr.links import operations as links

from ..admin.importing import KIND
from ..forms.entries import SECTIONS
from ..messages.keeping import LINK_DAYS, PURPOSE
from ..models import (
    Listing,
    Location,
    Lookalike,
    Pathway,
    Revision,
    Service,
    Source,
    SourceRecord,
    Suggestion,
    ThresholdFramework,
)
from ..operations import shortlists
from ..queries.verifying import due
from ..words import TERMS

EXPLAINED = {
    "asked by machines": {
        *("oruk:front", "oruk:openapi", "oruk:services", "oruk:service", "oruk:organizations", "oruk:organization"),
        *("oruk:service-at-locations", "oruk:service-at-location"),
        *("oruk:taxonomies", "oruk:taxonomy", "oruk:taxonomy-terms", "oruk:taxonomy-term"),
    },
    "takes what a form sends, and nothing else": {
        *("directory:shortlist-add", "directory:shortlist-remove", "directory:shortlist-clear"),
        *("directory:share-shortlist", "directory:revoke-shared", "directory:email-shortlist"),
        "directory:did-it-help",
    },
    "a file, not a page": {
        *("admin:directory_service_download-csv", "admin:directory_service_download-excel"),
        "directory:download-mine",
    },
}
ROLES = ("anybody who looks for a service", "an editor of services", "staff of the directory")
SHEET = """\
organisation,name,cost
Example Lane Primary School,Example Homework Club,free
Nobody,Example Walks,dear
"""

Walk = tuple[User | None, list[str]]


def to(name: str, *ids) -> str:
    """The address of a page of the area."""
    return reverse(f"directory:{name}", args=ids)


def asking(name: str = "services", /, **asked) -> str:
    """A page of results, by what was asked."""
    return f"{to(name)}?{urlencode(asked, doseq=True)}"


def user(email: str) -> User:
    return User.objects.get(email=email)


class Walking:
    """Everybody's pages."""

    def __init__(self, *, now: datetime):
        self.now = now
        self.editor, self.neighbour = user("editor@together.example.org"), user("editor@canal-youth.example.org")
        self.practitioner, self.staff = user("practitioner@example.org"), user("staff@example.org")
        self.counselling, self.refuge, self.course, self.closed = (
            Service.objects.get(name=f"Example {name}")
            for name in ("Children’s Counselling", "Safe Place", "Parents’ Course", "Summer Families Project")
        )
        self.files = {"directory": self._file()}
        self._add_source()

    def walks(self, role: str) -> list[Walk]:
        """Who of this role walks which pages."""
        return {ROLES[0]: self._of_anybody, ROLES[1]: self._of_editors, ROLES[2]: self._of_staff}[role]()

    # What the example directory lacks

    def _file(self):
        return store(
            kind=KIND,
            name="services.csv",
            data=SHEET.encode(),
            by=self.staff,
            now=self.now,
            keep_until=self.now.date() + timedelta(days=7),
        )

    def _add_source(self) -> None:
        source = Source.objects.create(name="Example feed", url="https://feed.example.org/", harvested_at=self.now)
        SourceRecord.objects.create(
            source=source,
            service=Service.objects.get(name="Example Friendly Ear"),
            external_id=uuid5(NAMESPACE_URL, "chatr:directory:walked"),
            taken={},
            theirs={},
            read_at=self.now,
            gone_at=self.now,
        )

    def _shared(self) -> str:
        """The token of a shortlist somebody hands on."""
        _, token = shortlists.share(
            services=[self.counselling.pk, self.refuge.pk], days=30, live=0, by=self.practitioner, now=self.now
        )
        return token

    def _asked(self, service: Service) -> str:
        """The token of the link in a reminder about a service that is due."""
        day = next(each.due_on for each in due(self.now.date()) if each.service == service)
        end = self.now + timedelta(days=LINK_DAYS)
        return links.make(PURPOSE, f"{self.editor.pk}:{service.pk}:{day}", valid_until=end)

    # Anybody

    def _of_anybody(self) -> list[Walk]:
        slug = self.counselling.slug
        return [
            (None, [*self._finding(), *self._services(), *self._reading()]),
            (self.practitioner, [to("services"), to("service", slug), to("shortlist"), f"{to('shortlist')}?name=on"]),
            (self.practitioner, [to("pathways"), to("levels"), to("suggestions"), to("verify-all")]),
        ]

    def _finding(self):
        yield to("services")
        yield asking(q="")  # everything
        yield asking(q="conselling", age="7", where="e81dy")
        yield asking(age="3 and 9", need="anxiety-and-worry", refer="family")
        yield asking(q="dv", page=1)
        yield asking(need="domestic-abuse", cost="paid", where="EC2Y")  # nothing is found
        yield asking(age="grown up", where="E8 9ZZ", distance="1")  # each is a mistake
        yield asking(q="zzzz", page="99")
        folded = {"cost": "free", "day": "2", "time": "10:00", "language": "eng", "space": "yes"}
        yield from (asking(**{name: value}) for name, value in folded.items())
        yield asking(where="E8 1DY", distance="2")
        yield asking(access=[code for code, *_ in TERMS["access"][:3]])
        level = ThresholdFramework.objects.current(self.now.date()).get(area__name="Hackney").levels.first()
        yield asking(level=level.pk)
        yield asking(q="", page=2)
        yield asking("map", q="counselling", where="E8 1DY")
        yield to("map")

    def _services(self):
        """Each public service, and the two kinds that are gone."""
        yield from (to("service", slug) for slug in Listing.objects.order_by("slug").values_list("slug", flat=True))
        yield f"{to('service', self.counselling.slug)}?where=N1"
        yield to("service", Service.objects.get(name="Example Lunch for Toddlers").slug)
        yield to("service", "unknown")

    def _reading(self):
        yield from (to(name) for name in ("shortlist", "pathways", "levels"))
        yield from (to("pathway", each.slug) for each in Pathway.objects.filter(is_published=True).order_by("slug"))
        yield from (to("pathway", "unknown"), to("shared-shortlist", self._shared()), to("shared-shortlist", "unknown"))
        for each in (self.counselling, self.refuge):
            yield from (to(name, each.slug) for name in ("suggest", "suggestion-sent"))
        yield from (to("still-correct", self._asked(self.course)), to("still-correct", "unknown"))

    # Editors

    def _of_editors(self) -> list[Walk]:
        return [
            (self.editor, [*self._keeping(), *self._writing(), *self._live()]),
            (self.neighbour, [to("mine"), to("suggestions"), to("verify-all"), to("hand-over")]),
        ]

    def _keeping(self):
        yield from (to(name) for name in ("mine", "add-service", "hand-over", "verify-all", "suggestions", "services"))
        mine = Service.objects.editable_by(self.editor).filter(merged_into=None).order_by("slug")
        yield from (to("my-service", each.pk) for each in mine)
        yield from (to("verify", each.pk) for each in (self.counselling, self.course, self.refuge))
        about = Suggestion.objects.filter(service__in=mine).order_by("answered_at", "pk")
        yield from (to("answer-suggestion", each.pk) for each in about)

    def _writing(self):
        """One with a change that waits, a first entry half written, one with nothing open."""
        draft = Service.objects.get(name="Example Sibling Saturdays")
        for each in (self.counselling, draft, self.refuge):
            yield from (to(name, each.pk) for name in ("edit-service", "check-service", "take-back", "throw-away"))
        for each in (draft, self.refuge, self.course):
            yield from (to("edit-section", each.pk, slug) for slug in SECTIONS)

    def _live(self):
        for each in (self.counselling, self.refuge, self.closed):
            yield from (to(name, each.pk) for name in ("hours", "space", "close-service"))
        yield to("reopen-service", self.closed.pk)
        house = Location.objects.filter(at_services__service=self.counselling).get()
        yield to("hide-address", self.counselling.pk, house.pk)

    # Staff

    def _of_staff(self) -> list[Walk]:
        """Pages of records the walk of the staff site does not come to: it opens the first of each kind."""
        kinds = ("service", "revision", "lookalike", "suggestion", "searchgap", "synonymgroup", "pathway", "frontdoor")
        records = [
            *Revision.objects.waiting(),
            *(self.counselling, self.refuge, self.closed),
            *Service.objects.filter(state=Service.State.ARCHIVED),
            *Lookalike.objects.all()[:1],
            *Suggestion.objects.all(),
            *ThresholdFramework.objects.all(),
            *Pathway.objects.all(),
        ]
        return [
            (
                self.staff,
                [
                    *("/admin/", to("services"), to("service", self.refuge.slug)),
                    *(reverse(f"admin:directory_{kind}_changelist") for kind in kinds),
                    *(reverse(f"admin:directory_{one._meta.model_name}_change", args=[one.pk]) for one in records),
                    *self._organisations(),
                ],
            )
        ]

    def _organisations(self):
        together = Organisation.objects.get(name="Example Families Together")
        yield reverse("admin:accounts_organisation_change", args=[together.pk])
