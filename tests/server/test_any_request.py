"""P6: no 5xx and no undocumented status, whatever is asked: schemathesis over the whole OpenAPI document."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from tests.server.test_walls import lived

api = schemathesis.pytest.from_fixture("api_schema").exclude(path="/api/v1/stream")
CHECKS = [
    checks.not_a_server_error,
    schemathesis.specs.openapi.checks.status_code_conformance,
    schemathesis.specs.openapi.checks.content_type_conformance,
    schemathesis.specs.openapi.checks.response_schema_conformance,
]
STEADY = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def api_schema(served):
    """The document of a server that has something of every kind."""
    lived(served)
    return schemathesis.openapi.from_url(f"{served.url}/api/v1/openapi.json")


@api.parametrize()
@STEADY
def test_any_request(case, served):
    """Every operation, with requests that the document allows and such that it does not."""
    case.call_and_validate(headers={"Authorization": f"Bearer {served.tokens['admin']}"}, checks=CHECKS)


@pytest.mark.slow
@api.parametrize()
@LONG
def test_any_request_for_long(case, served):
    """The same, twenty times as many."""
    case.call_and_validate(headers={"Authorization": f"Bearer {served.tokens['admin']}"}, checks=CHECKS)
