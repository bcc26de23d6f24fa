"""Promises the whole codebase keeps, area by area and whoever writes the next one."""

import ast
import inspect
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin import site
from django.db import connection, models
from django.urls import get_resolver

from chatr.accounts.permissions import Permission
from chatr.celery import app as celery
from chatr.database.append_only import append_only_tables
from chatr.encryption.fields import EncryptedTextField
from chatr.privacy import queries as privacy
from chatr.privacy.classification import Classification

AREAS = ("training", "conferences", "engagement")
OURS = ("chatr", *AREAS)
KNOWS_EVERY_AREA = {"chatr/settings.py", "chatr/settings_test.py", "chatr/urls.py"}


@cache
def tracked() -> list[str]:
    """Every file of the project, as git knows it, whether it is committed yet or not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if listed.returncode:  # an unpacked copy without git
        found = (path for top in OURS for path in (settings.BASE_DIR / top).rglob("*") if path.is_file())
        return sorted(str(path.relative_to(settings.BASE_DIR)) for path in found)
    return sorted(name for name in listed.stdout.splitlines() if (settings.BASE_DIR / name).is_file())


def modules(*tops: str) -> list[str]:
    return [name for name in tracked() if name.endswith(".py") and name.split("/")[0] in tops]


def source(name: str) -> str:
    return (settings.BASE_DIR / name).read_text()


def imported(name: str) -> set[str]:
    """Every module a file imports, by its full name, inside functions too. ``from a import b`` gives a and a.b."""
    package, found = name.removesuffix(".py").split("/")[:-1], set()
    for node in ast.walk(ast.parse(source(name))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]


# Who may see what

PUBLIC = {
    "account_confirm_login_code",
    "accounts:accept-invitation",
    "accounts:continue",
    "conferences:feedback-code",
    "conferences:feedback-thanks",
    "conferences:front",
    "conferences:give-feedback",
    "directory:did-it-help",
    "directory:levels",
    "directory:map",
    "directory:pathway",
    "directory:pathways",
    "directory:revoke-shared",
    "directory:service",
    "directory:services",
    "directory:share-shortlist",
    "directory:shared-shortlist",
    "directory:shortlist",
    "directory:shortlist-add",
    "directory:shortlist-clear",
    "directory:shortlist-remove",
    "directory:still-correct",
    "directory:suggest",
    "directory:suggestion-sent",
    "help_contacts:list",
    "oruk:front",
    "oruk:openapi",
    "oruk:organization",
    "oruk:organizations",
    "oruk:service",
    "oruk:service-at-location",
    "oruk:service-at-locations",
    "oruk:services",
    "oruk:taxonomies",
    "oruk:taxonomy",
    "oruk:taxonomy-term",
    "oruk:taxonomy-terms",
    "pages:alive",
    "pages:favicon",
    "pages:home",
    "pages:page",
    "pages:ready",
    "pages:robots",
    "pages:security-text",
    "pages:sitemap",
    "training:book-place",
    "training:cant-come",
    "training:course",
    "training:courses",
}
# Packages whose pages we serve: their own code says which of them ask for nobody's name.
OF_OTHERS = ("allauth.", "django.contrib.", "django.views.generic.base")
STAFF_SITE = "admin/"  # each of its pages names the Permission it needs
OTHERS_PUBLIC = re.compile(
    r"accounts/(login|logout|signup|inactive|confirm-email|password/reset|2fa/authenticate|2fa/webauthn/login)"
    r"|admin/(login|logout)/"
)
SAMPLES = {"uuid": "5b3c7f6e-6f3a-4a39-9f1c-8f1d2c3b4a59", "int": "1", "slug": "sample", "str": "sample", "path": "1"}


def addresses(resolver=None, path: str = "", names: tuple = ()):
    """Every address with its qualified name and its view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, here, (*names, pattern.namespace) if pattern.namespace else names)
        else:
            yield here, ":".join((*names, pattern.name or "")), pattern.callback


def view_of(callback):
    return getattr(callback, "view_class", inspect.unwrap(callback))


def is_ours(address: str, callback) -> bool:
    return not address.startswith(STAFF_SITE) and not view_of(callback).__module__.startswith(OF_OTHERS)


def sample(address: str) -> str:
    address = re.sub(r"\(\?P<\w+>[^)]*\)", "sample", address.replace("^", "").replace("$", ""))
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], address)


def test_every_view_of_ours_says_who_may_see_it():
    silent = [
        f"/{address}"
        for address, _, callback in addresses()
        if is_ours(address, callback) and not getattr(view_of(callback), "who_may_see", "").strip()
    ]
    assert silent == []


def test_every_page_of_the_staff_site_names_the_permission_it_needs():
    pages = site._registry.values()
    assert [type(page).__name__ for page in pages if not isinstance(page.permission, Permission)] == []


def test_the_public_pages_are_these():
    public = {name for at, name, callback in addresses() if is_ours(at, callback) and not _asks_for_sign_in(callback)}
    assert public == PUBLIC


def _asks_for_sign_in(callback) -> bool:
    return getattr(callback, "login_required", True)


def test_every_other_address_asks_a_visitor_to_sign_in(client, db):
    answers = {}
    for address, _, callback in addresses():
        if OTHERS_PUBLIC.match(address) or not _asks_for_sign_in(callback):
            continue
        response = client.get(sample(address))
        if not (response.status_code == 302 and response["Location"].startswith(("/accounts/login/", "/admin/login/"))):
            answers[address] = response.status_code
    assert answers == {}


def test_the_public_addresses_answer_a_visitor(client, db):
    answers = {}
    for address, name, _ in addresses():
        if name in PUBLIC:
            response = client.get(sample(address))
            if response.status_code >= 500:
                answers[address] = response.status_code
    assert {key: code for key, code in answers.items() if key != "readyz"} == {}


# Imports point downwards

ROOMS = ("models", "queries", "rules", "operations", "tasks", "forms", "views", "urls", "admin")


def room_of(name: str) -> tuple[str, int] | None:
    """The app and the place of the room a dotted module belongs to."""
    parts = name.split(".")
    for place, part in enumerate(parts):
        if place and part in ROOMS:
            return ".".join(parts[:place]), ROOMS.index(part)
    return None


def test_the_kernel_never_imports_an_area():
    wrong = {
        name: sorted(uses)
        for name in modules("chatr")
        if name not in KNOWS_EVERY_AREA
        if (uses := {used for used in imported(name) if used.split(".")[0] in AREAS})
    }
    assert wrong == {}


@pytest.mark.parametrize("area", AREAS)
def test_an_area_imports_the_kernel_and_no_other_area(area):
    others = set(AREAS) - {area}
    wrong = {name: uses for name in modules(area) if (uses := {u for u in imported(name) if u.split(".")[0] in others})}
    assert wrong == {}


def upward_imports(uses: dict[str, set[str]]) -> list[str]:
    """Which modules use a room after their own. ``uses`` says what each module imports, all by full names.

    Rules that only count and compare may stand before the queries, which then use them; never both ways in one app.
    """
    steps = {
        (here, there, f"{name} imports {used}")
        for name, names in uses.items()
        for used in names
        if (here := room_of(name)) and (there := room_of(used)) and here[0] == there[0]
    }
    queries, rules = ROOMS.index("queries"), ROOMS.index("rules")
    asking = {here[0] for here, there, _ in steps if (here[1], there[1]) == (rules, queries)}
    return sorted(
        said
        for here, there, said in steps
        if here[1] < there[1] and ((here[1], there[1]) != (queries, rules) or here[0] in asking)
    )


def test_each_room_imports_those_before_it_and_never_one_after():
    rooms = [name for name in modules(*OURS) if "/tests/" not in name and "/migrations/" not in name]
    assert upward_imports({name.removesuffix(".py").replace("/", "."): imported(name) for name in rooms}) == []


def test_the_room_check_sees_what_points_upwards():
    queries, rules, views = {"training.queries"}, {"training.rules"}, {"training.views.booking"}
    assert upward_imports({"training.views.booking": rules, "training.rules": {"chatr.files.views"}}) == []
    assert upward_imports({"training.queries.runs": rules}) == []
    assert upward_imports({"training.queries.runs": rules, "training.rules": queries}) != []
    assert upward_imports({"training.operations": views}) == ["training.operations imports training.views.booking"]


def test_rooms_and_imports_are_read_right():
    assert room_of("training.models.runs") == ("training", 0)
    assert room_of("chatr.accounts.operations.erasure") == ("chatr.accounts", 3)
    assert room_of("chatr.files.storage") is None
    assert {"chatr.files.models", "chatr.files.models.PrivateFile"} <= imported("chatr/files/operations.py")


DIRECTORY = "engagement.directory"


def test_the_directory_never_imports_the_rest_of_engagement():
    """Public entries of partners hold no key to a young person's words."""
    wrong = {
        name: uses
        for name in modules("engagement")
        if name.startswith("engagement/directory/")
        if (uses := {u for u in imported(name) if u.startswith("engagement.") and not u.startswith(DIRECTORY)})
    }
    assert wrong == {}


def test_engagement_reads_the_directory_through_its_queries_alone():
    wrong = {
        name: uses
        for name in modules("engagement")
        if not name.startswith("engagement/directory/")
        if (uses := {u for u in imported(name) if u.startswith(DIRECTORY) and f"{DIRECTORY}.queries" not in u})
    }
    assert wrong == {}


# Data


def test_every_field_is_classified_and_every_classified_field_is_there():
    fields, classified = privacy.every_field(), privacy.classified()
    assert sorted(fields - classified.keys()) == []
    assert sorted(classified.keys() - fields) == []
    assert all(isinstance(kind, Classification) for kind in classified.values())


def test_special_category_text_is_encrypted():
    plain = []
    for name, kind in privacy.classified().items():
        label, field_name = name.rsplit(".", 1)
        field = apps.get_model(label)._meta.get_field(field_name)
        holds_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
        if kind == Classification.SPECIAL_CATEGORY and holds_text and not isinstance(field, EncryptedTextField):
            plain.append(name)
    assert plain == []


def test_append_only_tables_have_their_trigger_and_the_app_role_can_only_add(db, app_role):
    with connection.cursor() as cursor:
        for table in append_only_tables():
            # 16 + 8 + 32: UPDATE, DELETE and TRUNCATE; 2: before; not 1: once a statement. A table of records that can
            # one day go, when two people agreed, looks at each row that is deleted (8 + 2 + 1) instead of all at once.
            cursor.execute(
                "SELECT tgname, tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
                " AND tgname IN ('append_only', 'stays')",
                [table],
            )
            assert dict(cursor.fetchall()) in ({"append_only": 58}, {"append_only": 50, "stays": 11}), table
            cursor.execute("SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')", [table])
            assert cursor.fetchone() == (False,), table


def test_no_model_has_an_order_of_its_own_or_logic_in_save():
    assert [model.__name__ for model in our_models() if model._meta.ordering] == []
    overridden = [model.__name__ for model in our_models() for method in ("save", "delete") if method in vars(model)]
    assert overridden == []


# Background work


def test_tasks_take_ids_and_nothing_else():
    celery.loader.import_default_modules()
    wrong = {
        f"{name}({parameter})"
        for name, task in celery.tasks.items()
        if name.split(".")[0] in OURS
        for parameter in inspect.signature(task.run).parameters.values()
        if parameter.annotation not in (int, str, list[int], list[str])
        or not re.search("(^|_)(id|pk)s?$", parameter.name)
    }
    assert wrong == set()


def test_every_scheduled_task_is_there():
    celery.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= celery.tasks.keys()


# Habits


def test_there_is_no_drawer_for_everything():
    assert [name for name in tracked() if Path(name).name in ("utils.py", "helpers.py", "signals.py")] == []


def test_there_are_no_signals():
    hooks = {"django.db.models.signals.post_migrate"}
    used = {
        f"{name}: {each}"
        for name in modules(*OURS)
        for each in imported(name) - hooks
        if each.startswith(("django.dispatch", "django.db.models.signals."))
    }
    assert sorted(used) == []


def test_the_project_stands_alone():
    """Nothing names the folder the portal was described in, or a place on one person's machine."""
    places = ["/".join(("work", "shared")), "/".join(("..", "shared")), "/".join(("", "work", "main"))]
    naming = []
    for name in tracked():
        try:
            text = source(name)
        except UnicodeDecodeError:
            continue
        naming += [f"{name}: {place}" for place in places if place in text]
    assert naming == []
