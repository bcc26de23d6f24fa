"""Recording a conference: opening a section and saving it as somebody types, beside a page that does the bare minimum,
and beside itself with row-level security switched off; among a hundred conferences and among twenty thousand."""

import json

from supervisor.places import PYTHON

from .results import Result, compared
from .sites import Sites
from .visitor import Visitor

NAME = "recording"
FEW, MANY = 100, 20_000
MOST = 1.3  # of what the same costs without row-level security
TABLES = "select relname from pg_class where relnamespace = 'conferences'::regnamespace and relkind = 'r'"

# Other chairs' conferences, as whole as what a page reads of its own: two children, fifteen sections, a dozen blocks.
# Twenty of them are the measured chair's. Triggers look at each row when it is written, which is not measured.
FILL = """
SET search_path = conferences, public;
SET session_replication_role = replica;
CREATE TEMP TABLE fresh AS SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS a, gen_random_uuid() AS b
    FROM generate_series((SELECT count(*) FROM conferences_conference), {total} - 1) AS n;
CREATE TEMP TABLE fresh_child AS SELECT n, id, a AS inside, gen_random_uuid() AS child, 1 AS place FROM fresh
    UNION ALL SELECT n, id, b, gen_random_uuid(), 2 FROM fresh;
INSERT INTO conferences_conference
    SELECT (jsonb_populate_record(c.one, jsonb_build_object('id', f.id))).*
    FROM fresh f, (SELECT one FROM conferences_conference one ORDER BY created_at LIMIT 1) c;
INSERT INTO conferences_assignment (id, conference_id, user_id, role, all_children, since, given_by_id)
    SELECT gen_random_uuid(), id, CASE WHEN n <= 20 THEN '{chair}'::uuid ELSE md5('chair' || n % 200)::uuid END,
        'chair', true, now(), '{chair}' FROM fresh;
INSERT INTO conferences_child (id, la_child_id) SELECT child, 'F' || n || 'X' || place FROM fresh_child;
INSERT INTO conferences_conferencechild (id, conference_id, child_id, position)
    SELECT inside, id, child, place FROM fresh_child;
INSERT INTO conferences_section
    SELECT (jsonb_populate_record(s.one, jsonb_build_object('id', gen_random_uuid(), 'conference_id', f.id,
        'child_id', NULL, 'opened_by_id', NULL))).* FROM fresh f, (SELECT DISTINCT ON (kind) one
        FROM conferences_section one
        WHERE conference_id = (SELECT id FROM conferences_conference ORDER BY created_at LIMIT 1)) s;
INSERT INTO conferences_block
    SELECT (jsonb_populate_record(b.one, jsonb_build_object('id', gen_random_uuid(), 'conference_id', f.id,
        'section_id', s.id, 'child_id', NULL, 'words', ''))).* FROM fresh f
    JOIN LATERAL (SELECT id FROM conferences_section WHERE conference_id = f.id AND position <= 12) s ON true,
    (SELECT one FROM conferences_block one LIMIT 1) b;
RESET session_replication_role;
"""


class Recorder:
    """One chair with one section open, at either site."""

    def __init__(self, site, session: str, page: str, save: str, block: str):
        self.site, self.page, self.save, self.block = site, page, save, block
        self.visitor = Visitor(site.ports[2], session)
        hidden = self.visitor.get(page).hidden
        self.token, self.seen = hidden["csrfmiddlewaretoken"], hidden.get(f"{block}-seen", "")
        self.version, self.typed = hidden["version"], 0

    def open_section(self) -> None:
        self.visitor.get(self.page)

    def save_section(self) -> None:
        """One autosave of words somebody typed on."""
        self.typed += 1
        fields = {"words": f"Some words {self.typed}", "whose": "family", "read_back": "not_yet", "seen": self.seen}
        sent = {f"{self.block}-{name}": value for name, value in fields.items()}
        sent |= {"csrfmiddlewaretoken": self.token, "version": self.version, "block": self.block}
        saved = json.loads(self.visitor.send(self.save, sent).text)
        self.version, self.seen = saved["version"], saved.get("seen", {}).get(self.block, "")

    def milliseconds(self, act, times: int) -> float:
        """Processor time of one, the average of so many."""
        self.visitor.hang_up()  # the web server does not keep a silent connection for long
        before = self.site.cpu_seconds()
        for _ in range(times):
            act()
        return (self.site.cpu_seconds() - before) * 1000 / times


def measure(sites: Sites, *, quick: bool) -> list[Result]:
    """Processor time of opening a section and of one autosave: to the bare view's, and to our own without the walls."""
    times, rounds = (20, 3) if quick else (60, 7)
    made = [PYTHON, "-m", "benchmarks.recording_data"]
    said = sites.servers.processes.run("make a conference", made, log_name="bench-recording", env=sites.portal.env)
    known = json.loads(said.splitlines()[-1])
    ours = Recorder(sites.portal, *(known[name] for name in ("session", "page", "save", "block")))
    bare = Recorder(sites.floor, sites.floor.sessions[0], "/record/1/", "/record/1/", "1")
    found = []
    for total in (FEW, MANY):
        sites.servers.sql(sites.portal.database, FILL.format(total=total, chair=known["chair"]))
        sites.servers.sql(sites.portal.database, "ANALYZE")
        found += _compare(sites, bare, ours, total, times, rounds)
    return found


def _compare(sites: Sites, bare: Recorder, ours: Recorder, total: int, times: int, rounds: int) -> list[Result]:
    acts = {"opening a section": "open_section", "one autosave": "save_section"}
    for recorder in (bare, ours):
        for act in acts.values():
            recorder.milliseconds(getattr(recorder, act), 10)
    found = []
    for what, act in acts.items():
        beside_bare, beside_open = [], []
        for _ in range(rounds):
            least = bare.milliseconds(getattr(bare, act), times)
            _walls(sites, "DISABLE")
            without = ours.milliseconds(getattr(ours, act), times)
            _walls(sites, "ENABLE")
            with_walls = ours.milliseconds(getattr(ours, act), times)
            beside_bare.append((least, with_walls))
            beside_open.append((without, with_walls))
        among = f"{what}, {total:,} conferences"
        found += [
            compared(NAME, f"{among}, bare view", "ms", beside_bare),
            compared(
                NAME,
                f"{among}, walls off and on",
                "ms",
                beside_open,
                promise=f"{MOST} x without",
                keeps=lambda _, ratio: ratio <= MOST,
            ),
        ]
    return found


def _walls(sites: Sites, act: str) -> None:
    """Switch row-level security off or on, as the cluster's administrator; the portal itself can't."""
    names = sites.servers.sql(sites.portal.database, TABLES).split()
    change = "; ".join(f"ALTER TABLE conferences.{name} {act} ROW LEVEL SECURITY" for name in names)
    sites.servers.sql(sites.portal.database, change)
