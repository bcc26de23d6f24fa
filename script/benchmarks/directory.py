"""Finding services and reading the feed, among a thousand, ten thousand and a hundred thousand services, beside the
bare SQL for the same question plus the bare page that would show its answer."""

from functools import partial
from urllib.parse import urlencode

from supervisor.places import PYTHON

from . import cost
from .results import Result, compared
from .sites import Sites

NAME = "directory"
SIZES = (1_000, 10_000, 100_000)
MOST, GROWTH, QUERIES = 2.0, 3.0, 12
SHOWN = "(visible_from IS NULL OR visible_from <= current_date) AND (visible_to IS NULL OR visible_to >= current_date)"
NEAR = "(SELECT bng FROM directory_postcode WHERE code = 'E81DY')"
ROWS = "SELECT service_id, slug, name, card FROM directory_listing"
COUNT = "SELECT count(*) FROM (SELECT 1 FROM directory_listing WHERE {} LIMIT 201) found"
WORDS = f"words @@ websearch_to_tsquery('directory_english', 'counselling') AND {SHOWN}"
CHILD = f"{WORDS} AND (ages IS NULL OR ages @> 7::numeric) AND (areas IS NULL OR 'E09000012' = ANY(areas))"
NEED = f"terms @> '{{housing}}' AND cost IS DISTINCT FROM 'paid' AND for_family IS DISTINCT FROM false AND {SHOWN}"
NEAREST = f"(SELECT min(bng <-> {NEAR}) FROM directory_listingplace WHERE listing_id = service_id)"
FEED = "SELECT item FROM directory_feedservice ORDER BY number {} LIMIT 50"
FEED_COUNT = "SELECT count(*) FROM directory_feedservice"

# What is asked, where, and the least SQL that answers it.
ASKED = {
    "nothing asked yet": (
        {},
        (f"{ROWS} WHERE {SHOWN} ORDER BY is_verified DESC, sort_name LIMIT 20", COUNT.format(SHOWN)),
    ),
    "a word": (
        {"q": "counselling"},
        (f"{ROWS} WHERE {WORDS} ORDER BY is_verified DESC, sort_name LIMIT 20", COUNT.format(WORDS)),
    ),
    "a word, an age and a place": (
        {"q": "counselling", "age": "7", "where": "E8 1DY"},
        (f"{ROWS} WHERE {CHILD} ORDER BY ages IS NULL, {NEAREST} LIMIT 20", COUNT.format(CHILD)),
    ),
    "a need, cost and route": (
        {"need": "housing", "cost": "free", "refer": "family"},
        (f"{ROWS} WHERE {NEED} ORDER BY cost IS NULL, is_verified DESC, sort_name LIMIT 20", COUNT.format(NEED)),
    ),
}
EMPTY = """
CREATE TEMP TABLE gone AS SELECT DISTINCT organisation_id AS id FROM directory_service;
TRUNCATE directory_service, directory_feedplace CASCADE;
DELETE FROM directory_profile WHERE organisation_id IN (SELECT id FROM gone);
DELETE FROM accounts_organisation WHERE id IN (SELECT id FROM gone);
"""
# What the feed sends of each: as long as a real entry of a list.
SENT = """
INSERT INTO directory_feedservice (service_id, number, item, whole, last_modified, changed_at)
    SELECT s.id, nextval('directory_feed_number'), sent.item, sent.item, s.published_at, s.published_at
    FROM directory_service s JOIN accounts_organisation o ON o.id = s.organisation_id, LATERAL (
        SELECT jsonb_build_object('id', s.id, 'name', s.name, 'description', s.description || s.description,
            'status', 'active', 'last_modified', s.published_at, 'organization',
            jsonb_build_object('id', o.id, 'name', o.name, 'description', 'An example.'))::text AS item) sent;
ANALYZE directory_feedservice;
"""


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """Processor time of each question at each size, and what it has grown by from the smallest to the largest."""
    times, rounds = (15, 3) if quick else (40, 7)
    found, ours_at = [], {}
    visitor = sites.portal.visitor()
    for size in SIZES:
        sites.servers.sql(sites.portal.database, EMPTY)
        fill = [PYTHON, "-m", "benchmarks.directory_data", size]
        sites.servers.processes.run("make services to find", fill, log_name="bench-directory", env=sites.portal.env)
        sites.servers.sql(sites.portal.database, SENT)
        for what, (path, statements) in _questions(size).items():
            pairs = _beside_the_floor(sites, visitor, path, statements, times, rounds)
            ours_at[what, size] = [ours for _, ours in pairs]
            promise = {"promise": f"{MOST:g} x floor", "keeps": lambda _, ratio: ratio <= MOST}
            found.append(compared(NAME, f"{what}, {size:,} services", "ms", pairs, **promise))
    for what in _questions(1):
        pairs = list(zip(ours_at[what, SIZES[0]], ours_at[what, SIZES[-1]], strict=True))
        grown = {"promise": f"{GROWTH:g} x", "keeps": lambda _, ratio: ratio <= GROWTH}
        found.append(compared(NAME, f"{what}, {SIZES[-1]:,} beside {SIZES[0]:,}", "ms", pairs, **grown))
    largest = (ours_at[what, SIZES[-1]] for what in ("first page of the feed", "last page of the feed"))
    found.append(compared(NAME, "last page of the feed beside the first", "ms", list(zip(*largest, strict=True))))
    return found + _statements(sites, visitor)


def _questions(size: int) -> dict[str, tuple[str, tuple[str, ...]]]:
    pages = {what: (f"/services/?{urlencode(asked)}", statements) for what, (asked, statements) in ASKED.items()}
    ends = {"first": (1, ""), "last": (-(-size // 50), "DESC")}
    feed = {
        f"{end} page of the feed": (f"/oruk/v3/services?page={page}&per_page=50", (FEED.format(order), FEED_COUNT))
        for end, (page, order) in ends.items()
    }
    return pages | feed


def _beside_the_floor(sites: Sites, visitor, path, statements, times: int, rounds: int) -> list[tuple[float, float]]:
    """Milliseconds of processor time: bare SQL plus bare page, and ours."""
    bare = sites.floor.visitor()

    def sql() -> None:
        sites.servers.sql(sites.portal.database, ";".join(statements * times))

    def page() -> None:
        bare.hang_up()  # the web server does not keep a silent connection for long
        for _ in range(times):
            bare.get(sites.floor.courses[0]["page"])

    def ours() -> None:
        visitor.hang_up()
        for _ in range(times):
            visitor.get(path)

    def milliseconds(act, roots) -> float:
        before = cost.cpu_seconds(roots)
        act()
        return (cost.cpu_seconds(roots) - before) * 1000 / times

    for act in (sql, page, ours):
        act()
    pairs = []
    for _ in range(rounds):
        least = milliseconds(sql, sites.servers.pids) + milliseconds(page, sites.floor.roots)
        pairs.append((least, milliseconds(ours, sites.portal.roots)))
    return pairs


def _statements(sites: Sites, visitor) -> list[Result]:
    """How many statements each page sends, at the largest size."""
    found = []
    with sites.servers.statements_logged():
        for what, (path, statements) in _questions(SIZES[-1]).items():
            visitor.hang_up()
            said = sites.servers.statements(sites.portal.database, partial(visitor.get, path))
            keeps = {"promise": str(QUERIES), "keeps": lambda ours, _: ours <= QUERIES}
            found.append(compared(NAME, f"{what}, SQL", "", [(len(statements), said)], **keeps))
    return found
