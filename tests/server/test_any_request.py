"""P6: no 5xx and no undocumented status, whatever is asked: schemathesis over the whole OpenAPI document."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from landport.server.routes.messages import XLSX
from tests.server.test_walls import lived

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = ("/api/v1/stream",)


@schemathesis.serializer(XLSX)
def workbook(_, value):
    """Send whatever stands for a workbook as bytes."""
    data = getattr(value, "data", value)
    return data if isinstance(data, bytes) else str(data).encode("utf-8", "replace")


def ask_everything(served, examples):
    """Ask every operation so many allowed and so many forbidden requests; list what broke a promise."""
    lived(served)
    schema = schemathesis.openapi.from_url(f"{served.url}/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {served.tokens['admin']}"}
    steady = settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    broken, asked = [], 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in ENDLESS:
            continue
        asked += 1
        for mode in GenerationMode:

            @steady
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case):
                case.call_and_validate(headers=headers, checks=CHECKS)

            try:
                ask()
            except Unsatisfiable:
                pass  # no request is forbidden where nothing is asked for
            except BaseExceptionGroup as error:
                broken += [f"{operation.label}: {e}" for e in error.exceptions]
            except Exception as error:
                broken.append(f"{operation.label}: {error}")
    assert asked > 40
    return broken


def test_any_request(served):
    """Every operation, with requests that the document allows and such that it does not."""
    assert ask_everything(served, 6) == []


@pytest.mark.slow
def test_any_request_for_long(served):
    """The same, a hundred times as many."""
    assert ask_everything(served, 600) == []
