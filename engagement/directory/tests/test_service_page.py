"""A service's page: what a practitioner reads on it, and what it must not say."""

import html
import re
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from chatr.accounts.models import User

from ..models import (
    Area,
    Availability,
    FrontDoor,
    Pathway,
    PathwayStep,
    Schedule,
    Service,
    ServiceDay,
    StepService,
    ThresholdFramework,
    ThresholdLevel,
    Verification,
)
from ..operations.listings import refresh
from ..operations.services import start_service, withdraw_service
from ..rules.ages import ages_in_words
from ..rules.closing import closing_in_words
from ..rules.entries import ContactLine, PhoneLine, Place, Price, Route
from ..rules.front_doors import boroughs_to_show
from ..rules.languages import language_name
from ..rules.opening import opening_hours
from ..templatetags.phones import tel
from .making import CITY, HACKNEY, ISLINGTON, bare, entry, make_editor, publish

pytestmark = pytest.mark.django_db
SOMEBODY = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/130.0"}
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def address(service: Service, act: str = "service") -> str:
    return reverse(f"directory:{act}", args=[service.slug])


def text_of(response) -> str:
    """What the page says, without its markup."""
    body = response.content.decode().split('id="main">', 1)[1].split("</main>")[0]
    return (
        re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip().replace(" ,", ",").replace(" .", ".")
    )


def read(client, service: Service, query: str = "") -> str:
    response = client.get(address(service) + query, **SOMEBODY)
    assert response.status_code == 200
    return text_of(response)


def door(gss: str = HACKNEY, **fields) -> FrontDoor:
    values = {
        "name": "Example front door",
        "phone": "020 7946 0500",
        "hours": "Monday to Friday, 9am to 5pm",
        "out_of_hours_phone": "020 7946 0999",
        "checked_on": date(2026, 11, 2),
    }
    return FrontDoor.objects.update_or_create(area_id=gss, defaults=values | fields)[0]


def space(service: Service, *, days: int, **fields) -> None:
    values = {"state": "waiting", "waiting_time": "About 6 weeks", "as_of": date(2026, 11, 2)}
    Availability.objects.create(service=service, expires_on=TODAY + timedelta(days=days), **values | fields)
    refresh(service=service, now=NOW)


def test_behaviour_31_how_to_refer_says_who_consent_route_documents_and_what_happens_next(client, together):
    door()
    service = publish(
        together,
        entry(
            family=Route(how="Ring and ask for Sam’s team.", phone="020 7946 0001"),
            professional=Route(
                how="Send the form.",
                form_url="https://together.example.org/form",
                email="refer@together.example.org",
                consent="yes",
                documents=("The form", "A chronology"),
                what_next="We ring the family within a week.",
            ),
        ),
        verified=NOW,
    )
    space(service, days=3)
    said = read(client, service)
    family, professional = said.split("How to refer")[1].split("Space and waiting time")[0].split("A professional")
    assert "Ring and ask for Sam’s team." in family and "020 7946 0001" in family and "Consent needed" not in family
    for words in (
        *("Send the form.", "https://together.example.org/form", "refer@together.example.org", "Consent needed Yes"),
        *("The form A chronology", "What happens next We ring the family within a week."),
    ):
        assert words in professional
    assert "How long people wait: About 6 weeks. Said on 2 November 2026." in said
    assert "If a child is in immediate danger, call 999" in said
    assert (
        "Worried about a child in Hackney? Example front door: 020 7946 0500. Monday to Friday, 9am to 5pm."
        " At night and at weekends: 020 7946 0999. Checked on 2 November 2026." in said
    )


def test_a_route_nobody_spoke_of_is_not_stated_and_one_that_is_shut_says_so(client, together):
    said = read(client, publish(together, entry(family=None, professional=Route(is_open=False))))
    assert "The family Not stated: ask the service first." in said
    assert "A professional Not this way Professionals cannot refer: the family asks." in said


def test_what_nobody_stated_is_said_to_be_not_stated(client, together):
    said = read(client, publish(together, bare()))
    for words in (
        *("Age Not stated", "For Not stated", "Not for Not stated", "Families who live in Not stated"),
        *(
            "Cost Cost not stated.",
            "Space and waiting time Not stated",
            "Opening hours: not stated.",
            "Place: not stated.",
        ),
        *("Spoken there Not stated", "Interpreters Not stated"),
    ):
        assert words in said, words


def test_waiting_time_goes_when_what_was_said_no_longer_holds(client, together):
    service = publish(together)
    space(service, days=-1, as_of=date(2026, 1, 1))
    said = read(client, service)
    assert "6 weeks" not in said and "Said on" not in said


def test_who_it_is_for_and_not_for_with_cost_and_languages(client, together):
    service = publish(
        together,
        entry(
            who_for="Children who lost somebody.",
            not_for="Children in crisis today.",
            cost="paid",
            prices=(Price("A session", Decimal("12.5"), "per hour"), Price("A week", Decimal(40))),
            languages=("tur", "ben"),
            interpreters="yes",
            areas=(HACKNEY, CITY),
            phones=(PhoneLine("020 7946 0001", "Mornings"),),
            contacts=(ContactLine("Ana Public", "Manager", True), ContactLine("Olu Private", "Worker", False)),
        ),
    )
    said = read(client, service)
    for words in (
        *(
            "Ages 5 to 11",
            "Children who lost somebody.",
            "Not for Children in crisis today.",
            "A session: £12.50 per hour",
        ),
        *("A week: £40", "Turkish, Bengali", "Interpreters Yes", "Hackney, City of London", "020 7946 0001, Mornings"),
        *("Ask for Ana Public, Manager", "Helps with Counselling and therapy"),
    ):
        assert words in said, words
    assert "Olu Private" not in said


def test_places_say_access_as_yes_no_and_not_stated_and_hide_a_confidential_address(client, together):
    service = publish(
        together,
        entry(
            places=(
                Place(name="Example House", postal_code="E8 1DY", access={"step-free": "yes", "hearing-loop": "no"}),
                Place(is_confidential=True, area=HACKNEY),
            )
        ),
    )
    said = read(client, service)
    assert "Step-free entrance: yes" in said and "Hearing loop: no" in said
    assert re.search(r"Not stated: Accessible toilet, British Sign Language, Quiet space", said)
    assert "Hackney, address not shown" in said


def test_hours_are_by_day_with_school_terms(client, together):
    service = publish(together)
    at = service.at_locations.get()
    for n, (day, opens, closes, more) in enumerate(
        [
            (0, time(9), time(13), {}),
            (1, time(9), time(13), {}),
            (2, time(9), time(13), {}),
            (4, time(17), time(0), {"term_time_only": True, "at_location": at}),
            (5, time(9), time(12), {"valid_to": TODAY - timedelta(days=1)}),
        ]
    ):
        Schedule.objects.create(
            id=f"00000000-0000-4000-8000-00000000000{n}",
            service=service,
            day=day,
            opens_at=opens,
            closes_at=closes,
            **more,
        )
    said = read(client, service)
    assert "Monday to Wednesday 9am to 1pm" in said
    assert "Friday 5pm to midnight, in school terms only" in said
    assert "Saturday" not in said


@pytest.mark.parametrize(
    ("days_ago", "method", "said"),
    [
        (0, "page", "Verified {day} by the service"),
        (119, "staff", "Verified {day} by programme staff"),
        (120, "page", "Unverified: last verified {day} by the service"),
        (None, None, "Not verified yet"),
    ],
)
def test_verified_is_judged_by_its_day_and_not_by_the_stored_flag(client, together, days_ago, method, said):
    service = publish(together, now=NOW)
    at = None
    if method:
        at = NOW - timedelta(days=days_ago)
        Verification.objects.create(service=service, method=method, at=at)  # and nothing is refreshed
    day = at and timezone.localdate(at)
    assert said.format(day=day and f"{day.day} {day:%B %Y}") in read(client, service)


def test_a_notice_and_a_closing_come_before_everything_else(client, together):
    service = publish(together, entry(alert="We move in May."))
    Service.objects.filter(pk=service.pk).update(
        closed_from=TODAY, reopens_on=TODAY + timedelta(days=9), closed_note="August."
    )
    said = read(client, service)
    assert said.index("Closed until") < said.index("We move in May.") < said.index("Who it is for")
    assert "August." in said


def test_levels_name_their_document_and_pathways_their_step(client, together):
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework", is_published=True)
    level = ThresholdLevel.objects.create(framework=framework, order=2, name="Example early help")
    service = publish(together, entry(levels=(str(level.pk),)))
    pathway = Pathway.objects.create(
        title="Example pathway", slug="example-pathway", framework=framework, summary="S", is_published=True
    )
    step = PathwayStep.objects.create(pathway=pathway, order=1, title="Example first step", entry="E")
    StepService.objects.create(step=step, service=service)
    said = read(client, service)
    assert "Example early help : Example framework (Hackney)" in said
    assert "Step 1 of the pathway Example pathway : Example first step" in said
    Pathway.objects.update(is_published=False)
    ThresholdFramework.objects.update(is_published=False)
    said = read(client, service)
    assert "Example framework" not in said and "Example pathway" not in said


# The front door


def test_the_front_door_is_that_of_the_borough_searched_for(client, together):
    for gss, name in ((HACKNEY, "Hackney door"), (CITY, "City door"), (ISLINGTON, "Islington door")):
        door(gss, name=name)
    service = publish(together, entry(areas=(HACKNEY, CITY)))
    assert "Islington door" in (said := read(client, service, f"?where={ISLINGTON}")) and "Hackney door" not in said
    said = read(client, service)
    assert said.index("Hackney door") < said.index("City door") and "Islington door" not in said
    said = read(client, service, "?where=E8%201DY")
    assert "E8 1DY" not in said.split("When and where")[0] and "Hackney door" in said


def test_a_service_that_names_no_borough_shows_every_front_door_with_hackney_and_the_city_first(client, together):
    Area.objects.filter(pk=ISLINGTON).update(place=0)
    for gss, name in ((HACKNEY, "Hackney door"), (CITY, "City door"), (ISLINGTON, "Islington door")):
        door(gss, name=name)
    said = read(client, publish(together, bare()))
    assert said.index("Hackney door") < said.index("City door") < said.index("Islington door")


def test_a_borough_without_a_front_door_leads_to_the_help_page(client, together):
    FrontDoor.objects.all().delete()
    response = client.get(address(publish(together)), **SOMEBODY)
    assert "Worried about a child in Hackney? We have no number of its children’s services here." in text_of(response)
    assert 'href="/help/">See who to call' in response.content.decode()


# Who finds it


def test_a_draft_and_one_to_be_shown_later_do_not_exist(client, sign_in, editor, together):
    draft = start_service(organisation=together, name="Example draft", by=None, now=NOW)
    later = publish(together)
    Service.objects.filter(pk=later.pk).update(visible_from=TODAY + timedelta(days=1))
    for visitor in (client, sign_in(client, editor)):
        assert visitor.get(address(draft)).status_code == 404
        assert visitor.get(address(later)).status_code == 404
        assert visitor.post(address(draft, "did-it-help"), {"helped": "yes"}).status_code == 404


def test_a_withdrawn_service_says_so_kindly_with_similar_ones(client, together):
    gone, alike = publish(together, entry("Example old")), publish(together, entry("Example new"))
    publish(together, entry("Example housing", terms=("housing",)))
    withdraw_service(service=gone, by=None, now=NOW)
    response = client.get(address(gone), **SOMEBODY)
    said = text_of(response)
    assert response.status_code == 410
    assert (
        "Example old is no longer listed here" in said
        and "Example new" in said
        and address(alike) in response.content.decode()
    )
    assert "Example housing" not in said and "Weekly sessions" not in said
    assert not ServiceDay.objects.exists()


def test_a_merged_service_leads_to_the_one_that_was_kept(client, together):
    first, second, kept = (publish(together, entry(f"Example {n}")) for n in ("one", "two", "three"))
    for service, into in ((first, second), (second, kept)):
        withdraw_service(service=service, by=None, now=NOW)
        Service.objects.filter(pk=service.pk).update(merged_into=into)
    response = client.get(address(first))
    assert (response.status_code, response["Location"]) == (301, address(kept))


def test_a_sensitive_page_gives_nothing_away_and_stays_out_of_caches(client, together):
    sensitive = publish(together, entry("Example refuge", is_sensitive=True))
    plain = publish(together, entry("Example club"))
    response = client.get(address(sensitive), **SOMEBODY)
    head = response.content.decode().split("<body")[0]
    assert "refuge" not in head.lower() and "Talking with somebody" not in head
    assert response["Cache-Control"] == "no-store" and "Exit this page" in text_of(response)
    response = client.get(address(plain), **SOMEBODY)
    assert "<title>Example club" in response.content.decode() and "Exit this page" not in text_of(response)
    withdraw_service(service=sensitive, by=None, now=NOW)
    response = client.get(address(sensitive))
    assert response["Cache-Control"] == "no-store" and "Exit this page" in text_of(response)
    assert "refuge" not in response.content.decode().split("<body")[0].lower()


# Counting


def test_looking_is_counted_by_the_day_and_nothing_is_kept_of_the_visitor(client, together):
    service = publish(together)
    for _ in range(3):
        response = client.get(address(service), **SOMEBODY)
    assert list(ServiceDay.objects.values_list("service", "day", "views", "helped", "did_not_help")) == [
        (service.pk, TODAY, 3, 0, 0)
    ]
    assert "sessionid" not in response.cookies and "sessionid" not in client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; ExampleBot/2.1)"},
        {"HTTP_USER_AGENT": ""},
        SOMEBODY | {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    ],
)
def test_machines_are_not_counted(client, together, headers):
    client.get(address(publish(together)), **headers)
    assert not ServiceDay.objects.exists()


def test_editors_of_the_service_and_staff_are_not_counted_but_the_next_ones_editor_is(
    client, sign_in, together, editor, neighbour, people
):
    service = publish(together)
    for user in (editor, people.staff):
        sign_in(client, user).get(address(service), **SOMEBODY)
    assert not ServiceDay.objects.exists()
    sign_in(client, neighbour).get(address(service), **SOMEBODY)
    assert ServiceDay.objects.get().views == 1


def test_did_this_help_counts_yes_and_no_once_a_visit(client, together):
    service, other = publish(together), publish(together, entry("Example other"))
    assert "Did this page help? Yes, this page helped No" in read(client, service)
    for answer in ("yes", "no", "yes"):
        response = client.post(address(service, "did-it-help"), {"helped": answer})
        assert response["Location"] == address(service) + "#did-it-help"
    client.post(address(other, "did-it-help"), {"helped": "no"})
    counted = ServiceDay.objects.values_list("service", "helped", "did_not_help")
    assert set(counted) == {(service.pk, 1, 0), (other.pk, 0, 1)}
    assert "Thank you. We count the answers and nothing else." in read(client, service)


def test_did_this_help_takes_nothing_but_yes_and_no(client, together):
    service = publish(together)
    client.post(address(service, "did-it-help"), {"helped": "Jo Example was rude"})
    assert not ServiceDay.objects.exists()
    assert client.get(address(service, "did-it-help")).status_code == 405


# What it costs


@pytest.mark.parametrize("who", ["a visitor", "a colleague"])
def test_the_page_costs_the_same_queries_with_one_row_of_everything_and_with_three(
    client, sign_in, together, next_door, keeps_one_query_count, who
):
    if who != "a visitor":
        sign_in(client, make_editor("Olga Other", "olga@nextdoor.example.org", next_door))
    framework = ThresholdFramework.objects.create(area_id=HACKNEY, title="Example framework", is_published=True)
    levels = [ThresholdLevel.objects.create(framework=framework, order=n, name=f"Level {n}") for n in (1, 2, 3)]
    terms, areas = ("counselling", "housing", "money"), (HACKNEY, CITY, ISLINGTON)
    languages, rows, slug = ("tur", "ben", "yid"), [], "example-counselling"

    def add_row():
        rows.append(None)
        n = len(rows)
        slots = range(n)
        made = publish(
            together,
            entry(
                f"Example {n}",
                places=tuple(
                    Place(name=f"House {i}", postal_code="E8 1DY", access={"step-free": "yes"}) for i in slots
                ),
                prices=tuple(Price(f"P{i}") for i in slots),
                phones=tuple(PhoneLine(f"020 7946 000{i}") for i in slots),
                levels=tuple(str(level.pk) for level in levels[:n]),
                terms=terms[:n],
                areas=areas[:n],
                languages=languages[:n],
            ),
            verified=NOW,
        )
        rows[-1] = made

    visit = lambda: client.get(address(rows[-1]), **SOMEBODY)  # noqa: E731
    keeps_one_query_count(add_row, visit)
    assert slug


# In words


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [
        (5, 11, "Ages 5 to 11"),
        ("0.5", 5, "Ages 6 months to 5"),
        ("0.25", "0.75", "Ages 3 to 9 months"),
        ("2.5", 4, "Ages 2½ to 4"),
        ("1.75", 3, "Ages 1 year 9 months to 3"),
        (0, 5, "Up to age 5"),
        (None, "18.00", "Up to age 18"),
        (13, None, "Ages 13 and over"),
        (7, 7, "Age 7"),
        (0, None, "Any age"),
        (None, None, "Age not stated"),
    ],
)
def test_ages_in_words(youngest, oldest, said):
    whole = [None if each is None else Decimal(str(each)) for each in (youngest, oldest)]
    assert ages_in_words(*whole) == said


def test_any_age_is_said():
    assert ages_in_words(None, None, True) == "Any age"


@pytest.mark.parametrize(
    ("closed", "reopens", "said"),
    [
        (None, None, ""),
        (date(2026, 8, 1), date(2026, 9, 1), "Closed until 1 September 2026. Note."),
        (date(2026, 8, 1), None, "Closed for now. Note."),
        (date(2026, 8, 20), date(2026, 9, 1), "Closed from 20 August 2026 until 1 September 2026. Note."),
        (date(2026, 7, 1), date(2026, 8, 15), ""),
    ],
)
def test_closing_in_words(closed, reopens, said):
    assert closing_in_words(closed, reopens, "Note.", date(2026, 8, 15)) == said


def test_opening_hours_day_and_night():
    rows = [Schedule(day=day, opens_at=time(0), closes_at=time(0)) for day in range(7)]
    assert [(row.days, row.times) for row in opening_hours(rows, TODAY)] == [("Every day", ["all day and night"])]


@pytest.mark.parametrize(
    ("code", "name"),
    [("tur", "Turkish"), ("bfi", "British Sign Language"), ("sme", "Northern Sami"), ("qqq", "qqq"), ("", "")],
)
def test_languages_in_words(code, name):
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("020 7946 0001", "tel:02079460001"),
        ("+44 (0)20 7946 0001 ext 3", "tel:+4402079460001"),
        ("999", "tel:999"),
    ],
)
def test_phone_links(number, link):
    assert tel(number) == link


def test_boroughs_nobody_knows_are_never_shown():
    assert boroughs_to_show([HACKNEY, CITY], searched="E1", served=["E2"]) == [HACKNEY, CITY]


def test_no_person_is_named_on_the_page(client, together, editor):
    service = publish(together)
    Verification.objects.create(service=service, method="page", at=NOW, by=editor)
    said = client.get(address(service), **SOMEBODY).content.decode()
    assert User.objects.filter(pk=editor.pk).exists() and "Fatima" not in said and editor.email not in said
