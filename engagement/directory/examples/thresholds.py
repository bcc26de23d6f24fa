"""Example front doors, threshold documents of two areas, and pathways. The numbers are those kept for stories."""

from datetime import datetime, timedelta

from django.utils import timezone

from chatr.accounts.models import User

from ..models import Area, FrontDoor, Pathway, Service, Term, ThresholdFramework, ThresholdLevel
from ..operations import thresholds
from ..operations.pathways import save_pathway
from ..rules.pathways import StepPlan
from .plans import CITY, HACKNEY

SUPPORT = "Fill in the Request for Support form with the family, unless asking them would put the child in danger."
HACKNEY_LEVELS = (
    (
        "Universal service response",
        "The child does well with what every family has: school, doctor, health visitor, clubs.",
        "Talk with the family. Use services that every family may use.",
    ),
    (
        "Targeted Early Help",
        "Something is hard, and the family needs more than one service to work together.",
        SUPPORT,
    ),
    (
        "Statutory social work response",
        "A child is harmed or may be, or cannot do well without a social worker.",
        f"Ring the front door today. {SUPPORT}",
    ),
)
CITY_LEVELS = (
    ("Example level 1", "Every child and family.", "Use services that every family may use."),
    ("Example level 2", "More help from one service.", "Talk with your safeguarding lead, then with the service."),
    ("Example level 3", "Several needs at once.", "Send the City’s form, with the family’s agreement."),
    ("Example level 4", "A child who is not safe.", "Ring the City’s duty desk now."),
)


def load_front_doors(now: datetime) -> None:
    """A number for each borough: Hackney’s and the City’s with everything, two of them not checked for long."""
    for number, area in enumerate(Area.objects.order_by("place", "name"), start=1):
        near = area.pk in (HACKNEY, CITY)
        FrontDoor.objects.get_or_create(
            area=area,
            defaults={
                "name": f"Example front door of {area.name}",
                "phone": f"020 7946 01{number:02}",
                "hours": "Monday to Friday, 9am to 5pm",
                "out_of_hours_phone": f"020 7946 02{number:02}" if near else "",
                "url": f"https://www.example.org/worried/{area.slug}" if near else "",
                "checked_on": timezone.localdate(now) - timedelta(days=20 if near else 100 * number),
            },
        )


def load_frameworks(*, by: User, now: datetime) -> None:
    """Hackney’s document, the one before it that it was copied from, and the City’s own."""
    today = timezone.localdate(now)
    before = _framework(
        HACKNEY,
        "Child Wellbeing Framework (example)",
        "Example 1",
        today - timedelta(days=900),
        HACKNEY_LEVELS,
        by,
        now,
    )
    thresholds.bring_into_force(framework=before, by=by, now=now)
    following = thresholds.copy_framework(
        framework=before,
        version="Example 2",
        valid_from=today - timedelta(days=200),
        source_url="https://www.example.org/child-wellbeing-framework",
        by=by,
    )
    thresholds.bring_into_force(framework=following, by=by, now=now)
    city = _framework(
        CITY, "Thresholds of Need (example)", "Example 1", today - timedelta(days=400), CITY_LEVELS, by, now
    )
    thresholds.bring_into_force(framework=city, by=by, now=now)
    thresholds.copy_framework(
        framework=city,
        version="Example 2",
        valid_from=today + timedelta(days=60),
        source_url=city.source_url,
        by=by,
    )


def _framework(area, title, version, valid_from, levels, by, now) -> ThresholdFramework:
    framework = ThresholdFramework(
        area_id=area,
        title=title,
        version=version,
        valid_from=valid_from,
        source_url="https://www.example.org/thresholds",
    )
    rows = [
        ThresholdLevel(order=order, name=name, description=description, what_to_do=what_to_do)
        for order, (name, description, what_to_do) in enumerate(levels, start=1)
    ]
    return thresholds.save_framework(framework=framework, levels=rows, by=by, now=now)


def level_ids(now: datetime) -> dict[tuple[str, int], int]:
    """The levels in force, by area and place."""
    current = ThresholdFramework.objects.current(timezone.localdate(now)).values("pk")
    levels = ThresholdLevel.objects.filter(framework__in=current).select_related("framework")
    return {(level.framework.area_id, level.order): level.pk for level in levels}


def load_pathways(services: dict[str, Service], *, by: User, now: datetime) -> None:
    """Anxiety and school attendance in Hackney, one with a step whose service will go, one still being written."""
    level = level_ids(now)

    def at(*names: str, note: str = "") -> tuple:
        return tuple((services[f"Example {name}"].pk, note) for name in names)

    _pathway(
        "A child who worries",
        "anxiety-and-worry",
        HACKNEY,
        "From worry that any child may have to worry that takes over.",
        [
            StepPlan(
                order=1,
                title="Understand the worry together",
                level=level[HACKNEY, 1],
                entry="The child worries about school, friends or home, and still does most things.",
                exit="The worry has not become smaller after two months, or the child stops doing things they like.",
                up=2,
                services=at("Worry Workshops", note="Ask for the next dates."),
            ),
            StepPlan(
                order=2,
                title="Somebody to talk to",
                level=level[HACKNEY, 2],
                entry="Worry gets in the way of sleep, school or friends, for weeks.",
                exit="Counselling ends and the child still cannot do everyday things; or they hurt themselves.",
                up=3,
                down=1,
                services=at("Children’s Counselling", "Teenage Counselling"),
            ),
            StepPlan(
                order=3,
                title="Specialist help",
                level=level[HACKNEY, 2],
                entry="Worry or sadness has taken over, or the young person hurts themselves.",
                exit="Treatment has ended: plan with the family what helps when it comes back.",
                down=2,
                leads_to_front_door=True,
                services=at("Young People’s Mental Health Team", note="Ring first if it cannot wait."),
            ),
        ],
        by,
        now,
    )
    _pathway(
        "A child who finds it hard to go to school",
        "school-attendance",
        HACKNEY,
        "From the first missed mornings to months at home. Nobody is blamed at any step.",
        [
            StepPlan(
                order=1,
                title="The first missed mornings",
                level=level[HACKNEY, 1],
                entry="The child misses days or comes late, and school and family still talk.",
                exit="More than one day in ten is missed for half a term.",
                up=2,
                services=at("Attendance Advice Line", "Breakfast Club"),
            ),
            StepPlan(
                order=2,
                title="Somebody for the child, and somebody for the family",
                level=level[HACKNEY, 2],
                entry="The child misses more than one day in ten, or is afraid to go.",
                exit="Nothing has changed after a term, or you begin to worry about what happens at home.",
                up=3,
                down=1,
                services=at("Back to School", "Early Help Hub"),
            ),
            StepPlan(
                order=3,
                title="When it is about safety",
                level=level[HACKNEY, 3],
                entry="The child is at home all the time and you do not know why, or you fear that they are not safe.",
                down=2,
                leads_to_front_door=True,
            ),
        ],
        by,
        now,
    )
    _pathway(
        "The first five years",
        "parenting",
        HACKNEY,
        "Who is there for a family with a baby or a toddler.",
        [
            StepPlan(
                order=1,
                title="Somebody who comes to you",
                level=level[HACKNEY, 1],
                entry="Always.",
                exit="You would like to meet others.",
                up=2,
                services=at("Health Visitors", "Baby Sleep Clinic"),
            ),
            StepPlan(
                order=2,
                title="Somewhere to go",
                entry="You would like to get out and meet other families.",
                down=1,
                services=at("Lunch for Toddlers"),
            ),
        ],
        by,
        now,
    )
    _pathway(
        "A family in the City under pressure",
        "family-conflict",
        CITY,
        "Still being written.",
        [
            StepPlan(
                order=1,
                title="A first talk",
                level=level[CITY, 2],
                entry="Parents argue in front of the children.",
                services=at("City Family Team"),
            )
        ],
        by,
        now,
        is_published=False,
    )


def _pathway(title, need, area, summary, steps, by, now, *, is_published=True) -> None:
    current = ThresholdFramework.objects.current(timezone.localdate(now)).values("pk")
    pathway = Pathway(
        title=f"Example: {title[0].lower()}{title[1:]}",
        slug=f"example-{need}",
        need=Term.objects.get(code=need),
        framework=ThresholdFramework.objects.get(pk__in=current, area=area),
        summary=summary,
        is_published=is_published,
    )
    save_pathway(pathway=pathway, steps=steps, by=by, now=now)
