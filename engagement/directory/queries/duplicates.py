"""Which public entries look like one, and which organisations do."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from ..models import Lookalike, NotADuplicate, Service
from ..rules.duplicates import ALIKE, Likeness

MOST = 40  # what more entries share, such as the postcode of a town hall, says nothing

# What two entries may share, as (service, what it shares): each is one list of keys.
KEYS = {
    "postcode": """select a.service_id, l.postal_code from directory_serviceatlocation a
        join directory_location l on l.id = a.location_id where l.postal_code <> ''""",
    "phone": """select service_id, right(regexp_replace(number, '\\D', '', 'g'), 10) from directory_phone
        where length(regexp_replace(number, '\\D', '', 'g')) >= 10""",
    "url": r"""select id, regexp_replace(lower(url), '^https?://(www\.)?|[/#?]+$', '', 'g')
        from directory_service where url <> ''""",
    "email": "select id, lower(email) from directory_service where email <> ''",
    "identifier": """select s.id, i.scheme || ' ' || ltrim(regexp_replace(upper(i.identifier), '\\W', '', 'g'), '0')
        from directory_service s join directory_organisationidentifier i on i.organisation_id = s.organisation_id""",
}

SHARED = """
with keys(service, key) as ({keys}),
public as (select distinct k.service, k.key from keys k join directory_listing l on l.service_id = k.service),
telling as (select key from public group by key having count(*) between 2 and {most})
select a.service, b.service, similarity(la.sort_name, lb.sort_name), la.organisation_id = lb.organisation_id
from telling t join public a on a.key = t.key join public b on b.key = t.key and a.service < b.service
join directory_listing la on la.service_id = a.service join directory_listing lb on lb.service_id = b.service
"""
NAMES = """
select a.service_id, b.service_id, similarity(a.sort_name, b.sort_name), a.organisation_id = b.organisation_id
from directory_listing a join directory_listing b on b.sort_name % a.sort_name and a.service_id < b.service_id
"""
ORGANISATIONS = """
with ours as (
  select o.id, o.name, array(
    select scheme || ' ' || ltrim(regexp_replace(upper(identifier), '\\W', '', 'g'), '0')
    from directory_organisationidentifier i where i.organisation_id = o.id) as numbers
  from accounts_organisation o where exists (select from directory_service s where s.organisation_id = o.id))
select a.id, a.name, b.id, b.name, a.numbers && b.numbers from ours a join ours b on a.id < b.id
where similarity(lower(a.name), lower(b.name)) >= %s or a.numbers && b.numbers
order by a.name, b.name limit 50
"""


def likenesses() -> Iterator[tuple[str, str, Likeness]]:
    """Pairs of public entries, lower id first, that share anything, with how alike they are. Nothing is written."""
    found: dict[tuple, tuple[float, set[str]]] = {}
    asked = {"name": NAMES} | {code: SHARED.format(keys=keys, most=MOST) for code, keys in KEYS.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        for code, sql in asked.items():
            cursor.execute(sql)
            for first, second, alike, same_organisation in cursor.fetchall():
                name, shares = found.setdefault((first, second), (alike, set()))
                if code != "name":
                    shares.add(code)
                if same_organisation:
                    shares.add("organisation")
    for (first, second), (name, shares) in found.items():
        yield first, second, Likeness(name, frozenset(shares))


def lookalikes() -> QuerySet[Lookalike]:
    """Pairs staff have to look at, the most alike first: both public still, and not said to be two."""
    published = Service.State.PUBLISHED
    said = NotADuplicate.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
    pairs = Lookalike.objects.filter(~Exists(said), first__state=published, second__state=published)
    return pairs.select_related("first__organisation", "second__organisation").order_by("-score", "pk")


def alike_organisations() -> list[dict]:
    """Organisations with services whose names are alike or whose number is the same, as pairs; at most 50."""
    with connection.cursor() as cursor:
        cursor.execute(ORGANISATIONS, [ALIKE])
        return [
            {"first": (first, name), "second": (second, other), "same_number": same}
            for first, name, second, other, same in cursor.fetchall()
        ]
