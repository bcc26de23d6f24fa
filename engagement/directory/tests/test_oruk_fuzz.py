"""Made-up requests after our own OpenAPI document: no server error, and every answer as the document says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance

from chatr.wsgi import application

from .feeding import make_a_feed

CHECKS = (schemathesis.checks.not_a_server_error, response_schema_conformance)
EXAMPLES = 15  # of right and of wrong requests for each address


@pytest.fixture
def kept_connection():
    """The web server would close the connection after a request, and the test's own rows with it."""
    both = (request_started, request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
def test_made_up_requests_bring_no_server_error(together, next_door):
    make_a_feed(together, next_door)
    schema = schemathesis.openapi.from_wsgi("/oruk/v3/openapi.json", application)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 11  # all but the document itself
    for operation in operations:
        _fuzz(operation, GenerationMode.POSITIVE)
        if list(operation.iter_parameters()):
            _fuzz(operation, GenerationMode.NEGATIVE)


def _fuzz(operation, mode) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    def ask(case):
        case.validate_response(case.call(), checks=CHECKS)

    ask()
