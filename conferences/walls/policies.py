"""Which rows of each table a person sees and writes: one line a table, in the terms of ``functions.sql``."""

from dataclasses import dataclass

from django.db.migrations import RunSQL

READ = "conference_id IN (SELECT records_i_read())"
HOLD = "conference_id IN (SELECT records_i_write())"  # chair, cover, minute-taker: not emergency reading
CHAIR = "conference_id IN (SELECT records_i_chair())"
MANAGE = "manages(conference_id)"
OF_MY_CHILDREN = "(child_id IS NULL OR child_id IN (SELECT children_i_read()))"
ABOUT_MY_CHILDREN = (  # a report that names one of them; whoever reads in an emergency reads for one child
    "EXISTS (SELECT 1 FROM conferences_reportchild about WHERE about.report_id = conferences_reportpart.report_id)"
)
NOT_KEPT_FROM_ME = "person_id NOT IN (SELECT people_kept_from_me())"
STAFF = "acting_person_may('manage_accounts')"
SOMEBODY = "acting_person() IS NOT NULL"
JOB = "acting_job() IS NOT NULL"
GIVEN = "section_id IN (SELECT sections_i_was_given())"


@dataclass(frozen=True)
class Wall:
    """What a table shows and takes. An empty rule lets nobody; ``job`` and ``owner`` open tables of ids alone."""

    table: str
    see: str = ""
    add: str = ""
    change: str = ""
    remove: str = ""
    job: bool = False  # background jobs see its ids, dates and codes
    owner: str = ""  # what the functions of the walls do with it: SELECT or ALL


def record(
    name: str, *, children: bool = False, people: bool = False, chair_only: bool = False, words: bool = False, **more
) -> Wall:
    """A table of the record: readers see, writers write, the team's manager does both unless these are words.

    ``children`` and ``people`` narrow it, by its column of that kind, for those let in for some of the children.
    """
    narrow = f" AND {OF_MY_CHILDREN}" if children else f" AND {NOT_KEPT_FROM_ME}" if people else ""
    write = f"({CHAIR if chair_only else HOLD}{narrow})"
    if not words:
        write += f" OR {MANAGE}"
    see = f"({READ}{narrow}) OR {MANAGE}" + (f" OR {more.pop('also_see')}" if "also_see" in more else "")
    also = f" OR {more.pop('also_write')}" if "also_write" in more else ""
    return Wall(name, see, write + also, write + also, write, **more)


IDS = [
    Wall("team", f"{SOMEBODY} OR {JOB}", STAFF, STAFF, owner="SELECT"),
    Wall(
        "teammember",
        f"{SOMEBODY} OR {JOB}",
        f"given_by_id = acting_person() AND user_id <> acting_person() AND {STAFF}",
        f"user_id <> acting_person() AND {STAFF}",
        owner="SELECT",
    ),
    Wall(
        "conference",
        "id IN (SELECT my_conferences()) OR manages(id) AND NOT was_disposed(id)",
        "created_by_id = acting_person() AND team_id IN (SELECT my_teams()) AND independence_overridden_by_id IS NULL"
        " AND (previous_id IS NULL OR previous_id IN (SELECT records_i_read()) OR manages(previous_id))",
        "id IN (SELECT records_i_write()) OR manages(id)",
        job=True,
        owner="ALL",
    ),
    Wall(
        "child", "id IN (SELECT children_i_know()) OR manages_child(id)", "EXISTS (SELECT my_teams())", owner="SELECT"
    ),
    Wall(
        "conferencechild",
        f"id IN (SELECT children_i_read()) OR {MANAGE}",
        f"({HOLD} OR {MANAGE}) AND"
        " (child_id IN (SELECT children_i_know()) OR manages_child(child_id) OR is_new_child(child_id))",
        f"({HOLD} OR {MANAGE}) AND (child_id IN (SELECT children_i_know()) OR manages_child(child_id))",
        f"{HOLD} OR {MANAGE}",
        job=True,
        owner="SELECT",
    ),
    Wall(
        "assignment",
        f"user_id = acting_person() OR {READ} OR {MANAGE}",
        # Who records lets in those who report and advocate; who chairs, also cover and a minute-taker; the manager, any
        # of them, and covers in person. After the first, a chair comes by hand_over_chair() or from the manager.
        "given_by_id = acting_person() AND role <> 'break_glass'"
        f" AND (role IN ('contributor', 'advocate') OR is_in_its_team(user_id, conference_id))"
        f" AND (starts(conference_id) OR {MANAGE} AND (user_id <> acting_person() OR role = 'cover')"
        f" OR user_id <> acting_person() AND ({CHAIR} AND role IN ('cover', 'minute_taker')"
        f" OR {HOLD} AND role IN ('contributor', 'advocate')))",
        f"role <> 'break_glass' AND (user_id = acting_person() OR {CHAIR} OR {MANAGE}"
        f" OR {HOLD} AND role IN ('contributor', 'advocate'))",
        job=True,
        owner="ALL",
    ),
    Wall(
        "assignmentchild",
        f"assignment_id IN (SELECT id FROM my_live_assignments()) OR {READ} OR {MANAGE}",
        f"({HOLD} OR {MANAGE}) AND takes_children(assignment_id)",
        remove=f"({HOLD} OR {MANAGE}) AND takes_children(assignment_id)",
        owner="ALL",
    ),
    Wall(
        "section",
        f"({READ} AND {OF_MY_CHILDREN}) OR {MANAGE} OR id IN (SELECT sections_i_was_given())",
        f"{HOLD} OR {MANAGE}",
        f"({HOLD} AND {OF_MY_CHILDREN}) OR id IN (SELECT sections_i_was_given())",
        f"{HOLD} OR {MANAGE}",
        owner="SELECT",
    ),
    record("clock", children=True, job=True, owner="ALL"),
    Wall(
        "agencyreport",
        f"{READ} OR {MANAGE} OR id IN (SELECT my_reports())",
        f"{HOLD} OR {MANAGE}",
        f"{HOLD} OR {MANAGE} OR id IN (SELECT my_reports())",
        job=True,
        owner="SELECT",
    ),
    Wall(
        "accessevent",
        f"{CHAIR} OR {MANAGE}",
        job=True,
        owner="ALL",
    ),
    Wall("accesschain", owner="ALL"),
]

CONTENT = [
    Wall(
        "childdetails",
        "child_id IN (SELECT children_i_know()) OR manages_child(child_id)",
        "child_id IN (SELECT children_i_write()) OR manages_child(child_id)",
        "child_id IN (SELECT children_i_write()) OR manages_child(child_id)",
    ),
    Wall(
        "plan",
        "child_id IN (SELECT children_whose_record_i_read()) OR manages_child(child_id)",
        "child_id IN (SELECT children_i_chair()) AND opened_at_id IN (SELECT records_i_chair())",
        "child_id IN (SELECT children_i_chair()) OR manages_child(child_id)",
        owner="SELECT",
    ),
    Wall(
        "breakglass",
        f"user_id = acting_person() OR {CHAIR} OR {MANAGE}",
        change=f"user_id <> acting_person() AND {MANAGE}",
        owner="ALL",
    ),
    record("arrangements"),
    record("explanation", children=True),
    record("section47", children=True),
    record("strategydiscussion", children=True),
    record("participation", children=True, owner="SELECT"),
    record(
        "person",
        children=True,
        also_see="(user_id = acting_person() AND conference_id IN (SELECT my_conferences()))",
        owner="SELECT",
    ),
    record("personcontact", people=True),
    record("relationship", children=True),
    record("safetyflag"),
    record("support", people=True, owner="SELECT"),
    record("preparation", people=True),
    record("choice", people=True),
    record("conferencepart"),
    record("attendance", people=True, owner="SELECT"),
    record("break"),
    record("block", children=True, words=True, also_see=GIVEN, also_write=GIVEN),
    record("blockversion", children=True, words=True, also_see=GIVEN, also_write=GIVEN),
    record("decision", children=True, chair_only=True, words=True),
    record("dissent", children=True),
    record("planaction", children=True),
    record("actionreview", children=True),
    record("coregroupmember", children=True),
    record("nextdate"),
    # The whole record in one text: not for those let in for some of its children.
    Wall("signedrecord", f"{CHAIR} OR {MANAGE}", CHAIR),
    record("amendment", children=True, chair_only=True),
    record("accuracychallenge", children=True),
    Wall(
        "reportchild",
        f"({READ} AND {OF_MY_CHILDREN}) OR {MANAGE} OR report_id IN (SELECT my_reports())",
        f"{HOLD} OR {MANAGE}",
        remove=f"{HOLD} OR {MANAGE}",
    ),
    Wall(
        "reportpart",
        f"report_id IN (SELECT my_reports()) OR {CHAIR}"
        f" OR (kind <> 'chair_only' AND ({READ} AND {ABOUT_MY_CHILDREN} OR {MANAGE}))",
        f"report_id IN (SELECT my_reports()) OR (kind <> 'chair_only' AND {HOLD}) OR {CHAIR}",
        f"report_id IN (SELECT my_reports()) OR (kind <> 'chair_only' AND {HOLD}) OR {CHAIR}",
    ),
    Wall(
        "copy",
        f"{HOLD} OR {MANAGE} OR id IN (SELECT my_copies())",
        f"{HOLD}",
        f"{HOLD} OR {MANAGE}",
        owner="SELECT",
    ),
    Wall(
        "copycontent",
        f"{HOLD} OR {MANAGE} OR copy_id IN (SELECT my_copies())",
        f"{HOLD}",
        f"{HOLD} OR {MANAGE}",
    ),
    Wall("clearance", f"{HOLD} OR {MANAGE}", CHAIR, CHAIR, CHAIR),
    Wall("withholding", f"{HOLD} OR {MANAGE}", f"{CHAIR} OR {MANAGE}", f"{CHAIR} OR {MANAGE}", CHAIR),
    Wall("feedback", add="acting_job() = 'feedback'", owner="SELECT"),
    Wall("feedbacklink", f"{HOLD} OR {MANAGE}", f"{HOLD} OR {MANAGE}", owner="SELECT"),
    Wall("legalhold", f"{READ} OR {MANAGE}", f"{CHAIR} OR {MANAGE}", MANAGE, owner="SELECT"),
    Wall("keepingrule", f"{SOMEBODY} OR {JOB}", "manages_some_team()", owner="SELECT"),
    Wall("disposalproposal", f"{MANAGE} OR {JOB}", "acting_job() = 'keeping'", MANAGE, owner="ALL"),
]

# A table of its own migration: codes that work once. Who makes them cannot see them.
FEEDBACK_CODE = Wall(
    "feedbackcode",
    "acting_job() = 'feedback'",
    f"{HOLD} OR {MANAGE}",
    remove="acting_job() = 'feedback'",
)

WITH_CHILD = """
    accuracychallenge amendment assignmentchild block blockversion breakglass clock coregroupmember decision dissent
    explanation participation person planaction relationship reportchild section section47 strategydiscussion
""".split()
WITH_PERSON = """
    accuracychallenge agencyreport attendance block choice clearance coregroupmember dissent personcontact preparation
    relationship support withholding
""".split()

# Closed once the conference is signed or cancelled. What is about reaching people, copies and challenges goes on.
FROZEN = """
    arrangements attendance block break choice conferencechild conferencepart coregroupmember decision
    dissent explanation nextdate participation planaction actionreview preparation relationship agencyreport
    reportchild reportpart section section47 strategydiscussion support
""".split()

# Rules as plain SQL: most because encrypted text can only be asked whether it is empty.
CHECKS = [
    (
        "assignment",
        "who_records_does_so_for_every_child",
        "all_children OR role NOT IN ('chair', 'cover', 'minute_taker')",
    ),
    ("block", "sealed_words_are_there", "sealed_at IS NULL OR words <> ''"),
    ("attendance", "an_excluded_person_was_heard", "status <> 'excluded' OR views_obtained <> ''"),
    ("explanation", "an_explanation_has_words", "words <> ''"),
    ("decision", "a_decision_has_reasons", "reasons <> ''"),
    ("dissent", "a_dissent_has_words", "words <> ''"),
    ("withholding", "a_withholding_has_its_reason", "reason <> ''"),
    ("amendment", "an_amendment_has_its_reason", "reason <> ''"),
    ("breakglass", "an_emergency_has_its_reason", "reason <> ''"),
]

# People may still be added, to receive a copy; those who were there stay as they were.
FROZEN_WHEN_THERE = ["person"]

# Changes a policy cannot judge, because it sees the row before or the row after: (table, function).
KEPT = [
    ("agencyreport", "keep_report"),
    ("assignment", "only_ends"),
    ("block", "keep_sealed_words"),
    ("breakglass", "keep_emergency"),
    ("conference", "keep_conference"),
    ("copy", "keep_issued_copy"),
    ("copycontent", "keep_issued_content"),
    ("disposalproposal", "keep_proposal"),
    ("legalhold", "keep_hold"),
    ("teammember", "only_ends"),
]

# Where somebody puts their name to something, it is their own.
IN_ONES_OWN_NAME = [
    ("amendment", ["by_id"]),
    ("breakglass", ["reviewed_by_id"]),
    ("clearance", ["by_id"]),
    ("conference", ["signed_by_id", "independence_overridden_by_id"]),
    ("copy", ["prepared_by_id", "seconded_by_id", "issued_by_id"]),
    ("disposalproposal", ["first_by_id", "second_by_id"]),
    ("explanation", ["by_id"]),
    ("keepingrule", ["agreed_by_id"]),
    ("legalhold", ["placed_by_id", "lifted_by_id"]),
    ("withholding", ["decided_by_id", "seconded_by_id"]),
]

APPEND_ONLY = ["accessevent", "amendment", "blockversion", "signedrecord"]

# Each row's neighbours belong to the same conference as the row itself: (table, column, table it points to).
SAME_CONFERENCE = [
    *((table, "child_id", "conferencechild") for table in WITH_CHILD),
    *((table, "person_id", "person") for table in WITH_PERSON),
    ("accuracychallenge", "block_id", "block"),
    ("assignmentchild", "assignment_id", "assignment"),
    ("attendance", "part_id", "conferencepart"),
    ("block", "corrects_id", "block"),
    ("block", "part_id", "conferencepart"),
    ("block", "section_id", "section"),
    ("blockversion", "block_id", "block"),
    ("blockversion", "section_id", "section"),
    ("break", "asked_by_id", "person"),
    ("break", "part_id", "conferencepart"),
    ("breakglass", "assignment_id", "assignment"),
    ("copy", "recipient_id", "person"),
    ("copy", "replaces_id", "copy"),
    ("copycontent", "copy_id", "copy"),
    ("planaction", "owner_id", "person"),
    ("reportchild", "report_id", "agencyreport"),
    ("reportpart", "report_id", "agencyreport"),
    ("safetyflag", "person_a_id", "person"),
    ("safetyflag", "person_b_id", "person"),
]


def build(wall: Wall) -> RunSQL:
    """The migration operation that puts a wall around one table."""
    table = f"conferences_{wall.table}"
    lines = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
    see = " OR ".join(part for part in (wall.see, JOB if wall.job else "") if part)
    rules = [
        ("see", "SELECT", f"USING ({see})" if see else ""),
        ("add", "INSERT", f"WITH CHECK ({wall.add})" if wall.add else ""),
        ("change", "UPDATE", f"USING ({wall.change}) WITH CHECK ({wall.change})" if wall.change else ""),
        ("remove", "DELETE", f"USING ({wall.remove})" if wall.remove else ""),
    ]
    lines += [f"CREATE POLICY {name} ON {table} FOR {act} {rule}" for name, act, rule in rules if rule]
    if wall.owner:
        check = " WITH CHECK (true)" if wall.owner == "ALL" else ""
        lines.append(f"CREATE POLICY owner ON {table} FOR {wall.owner} TO CURRENT_USER USING (true){check}")
    return RunSQL(";\n".join(lines), RunSQL.noop)


def freeze(table: str, acts: str = "INSERT OR UPDATE OR DELETE") -> RunSQL:
    """The migration operation that closes one table once its conference is signed."""
    return RunSQL(
        f"CREATE TRIGGER frozen BEFORE {acts} ON conferences_{table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_once_signed()",
        f"DROP TRIGGER frozen ON conferences_{table}",
    )


def check(table: str, name: str, rule: str) -> RunSQL:
    """The migration operation for a rule about a column Django can't ask about."""
    return RunSQL(
        f"ALTER TABLE conferences_{table} ADD CONSTRAINT {name} CHECK ({rule})",
        f"ALTER TABLE conferences_{table} DROP CONSTRAINT {name}",
    )


def keep(table: str, function: str) -> RunSQL:
    """The migration operation that has a function of the walls look at each change of a table."""
    return RunSQL(
        f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON conferences_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER kept ON conferences_{table}",
    )


def in_ones_own_name(table: str, columns: list[str]) -> RunSQL:
    """The migration operation that refuses another person's name in these columns."""
    named = ", ".join(f"'{column}'" for column in columns)
    return RunSQL(
        f"CREATE TRIGGER own_name BEFORE INSERT OR UPDATE ON conferences_{table}"
        f" FOR EACH ROW EXECUTE FUNCTION in_ones_own_name({named})",
        f"DROP TRIGGER own_name ON conferences_{table}",
    )


def same_conference(table: str, column: str, target: str) -> RunSQL:
    """The migration operation that refuses a row of one conference pointing into another."""
    name = f"{table}_{column}_of_the_conference"
    return RunSQL(
        f"ALTER TABLE conferences_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, conference_id)"
        f" REFERENCES conferences_{target} (id, conference_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE conferences_{table} DROP CONSTRAINT {name}",
    )
