"""Fixtures every test of the portal shares, and the rule that tests speak to the database as the app role.

The test database is built by the owner; from then on each new connection becomes the app role, so a right the portal
lacks in production shows up in a test. Append-only tables are emptied between transactional tests by the owner, and
the reference data is laid down again, but for the largest tables (``laid_once``), which stay as they are.
"""

import os

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase

from chatr.database.append_only import append_only_tables
from chatr.database.reference import lay_all_down

from . import browsing, laid_once
from .database import as_owner, become_app_role, run_threads
from .loudly import not_run, skip_loudly
from .people import People, make_people, sign_in

# The synchronous browser driver keeps an event loop running, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef, request):
    """When the owner has built the test database, hand over to the app role."""
    result = yield
    if fixturedef.argname == "django_db_setup":
        with request.getfixturevalue("django_db_blocker").unblock():
            _hand_over()
    return result


def _hand_over():
    if _is_left_over():
        call_command("flush", interactive=False, verbosity=0)
        laid_once.empty(laid_once.tables())
        lay_all_down()
    laid_once.remember()
    connections.close_all()
    connection_created.connect(become_app_role)


def _is_left_over() -> bool:
    """Whether a transactional test was killed last time, leaving its rows in the database we use again."""
    from chatr.accounts.models import User
    from chatr.audit.models import AuditEvent

    return User.objects.exists() or AuditEvent.objects.exists()


def pytest_configure(config):
    """Let the end of a transactional test empty every table, and put back what a portal starts with."""
    flush, tear_down = (DatabaseOperations.execute_sql_flush, TransactionTestCase._fixture_teardown)
    list_flush = DatabaseOperations.sql_flush

    def flush_as_owner(self, statements):
        here = set(self.connection.introspection.table_names())
        kept = [self.quote_name(table) for table in append_only_tables() if table in here]
        before = ["RESET ROLE", *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in kept)]
        after = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in kept]
        flush(self, [*before, *statements, *after])
        become_app_role(connection=self.connection)

    def list_flush_of_others(self, style, names, **options):
        return list_flush(self, style, [name for name in names if name not in laid_once.tables()], **options)

    def tear_down_and_lay_reference(self):
        tear_down(self)
        laid_once.empty_changed()
        lay_all_down()
        laid_once.remember()

    DatabaseOperations.sql_flush = list_flush_of_others
    DatabaseOperations.execute_sql_flush = flush_as_owner
    TransactionTestCase._fixture_teardown = tear_down_and_lay_reference


@pytest.fixture(autouse=True)
def empty_cache():
    """Rate limits and cached pages never leak from one test into the next."""
    cache.clear()


@pytest.fixture
def people(db) -> People:
    """A practitioner, a colleague at the same place, a person from the next one, a trainer, staff, an administrator."""
    return make_people()


@pytest.fixture(name="sign_in")
def sign_in_fixture():
    """``sign_in(client, user)``: signed in just now, with the second factor done where the person needs one."""
    return sign_in


@pytest.fixture(name="run_threads")
def run_threads_fixture():
    """``run_threads([function, …])``: all at the same moment; gives each one's result or exception, in order."""
    return run_threads


@pytest.fixture
def app_role() -> str:
    """The role tests speak as. Skipped where the database has one role for everything, which can't refuse itself."""
    if connection.settings_dict["USER"] == settings.APP_DATABASE_ROLE:
        skip_loudly("Tests of the app role's rights: DATABASE_OWNER_URL is not set, so one role does everything.")
    return settings.APP_DATABASE_ROLE


@pytest.fixture(name="as_owner")
def as_owner_fixture():
    """``with as_owner():`` speak as the owner of the tables for a moment."""
    return as_owner


@pytest.fixture
def keeps_one_query_count(client):
    """``keeps_one_query_count(add_row, visit, at_most=12)``: a list costs as many queries with three rows as with one.

    ``add_row()`` adds one more row; ``visit()`` loads the page. Gives the count.
    """
    from django.test.utils import CaptureQueriesContext

    def count(visit) -> int:
        with CaptureQueriesContext(connection) as queries:
            visit()
        return len(queries)

    def check(add_row, visit, at_most: int = 12) -> int:
        add_row()
        visit()  # what is cached for good is cached now
        with_one = count(visit)
        add_row()
        add_row()
        with_three = count(visit)
        assert with_one == with_three, f"{with_one} queries with 1 row, {with_three} with 3"
        assert with_three <= at_most, f"{with_three} queries, at most {at_most} allowed"
        return with_three

    return check


# Browser


@pytest.fixture(scope="session")
def chromium():
    """One real Chromium for the whole session. Without one the test is skipped, and the summary says so."""
    with browsing.launch() as browser:
        yield browser


@pytest.fixture
def site(live_server, settings):
    """The address of a running portal; links in e-mails point to it too."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


@pytest.fixture
def open_page(chromium, site):
    """``open_page(user=None, width=1280, javascript=True, expect=())`` gives a Playwright page of a new visitor.

    When the test ends it fails if any page wrote an error to the console or asked another host for something.
    ``expect`` lists parts of console errors that belong to the test, such as "404 (Not Found)".
    """
    visits = []

    def open_page(user=None, *, width: int = 1280, javascript: bool = True, expect: tuple[str, ...] = ()):
        visit = browsing.Visit(chromium, site, width=width, javascript=javascript, expect=expect)
        visits.append(visit)
        if user is not None:
            visit.sign_in(user)
        return visit.page

    yield open_page
    for visit in visits:
        visit.close()
    problems = [problem for visit in visits for problem in visit.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page):
    """A page of a visitor who has not signed in."""
    return open_page()


@pytest.fixture
def axe():
    """``axe(page)``: the accessibility faults axe-core finds on the page, one line each."""
    return browsing.axe


def pytest_terminal_summary(terminalreporter):
    for reason in sorted(not_run):
        terminalreporter.section("NOT RUN", red=True, bold=True)
        terminalreporter.write_line(reason)
