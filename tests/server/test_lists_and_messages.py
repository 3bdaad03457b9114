"""Packing lists in, messages out, outlooks, and what the OpenAPI document says of all routes."""

from __future__ import annotations

import json

import pytest

from landport import exchange
from landport.server.documents import TAGS
from tests.server.served import goods

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


SECRET = ("post /api/v1/accounts", "post /api/v1/keys")


@pytest.fixture
def sheet(tmp_path):
    """A packing list with two bookings."""
    path = tmp_path / "list.xlsx"
    exchange.write_packing_list_template(path)
    return path.read_bytes()


def test_a_packing_list_is_booked_once(served, sheet):
    """Every booking under its reference; shippers become parties that the forwarder sees; a repeat books nothing."""
    headers = {"Content-Type": XLSX, "Idempotency-Key": "list-1"}
    with served.client("silk") as client, served.client("road") as other:
        first = client.post("/api/v1/packing-lists", content=sheet, headers=headers)
        assert first.status_code == 201, first.text
        again = client.post("/api/v1/packing-lists", content=sheet, headers=headers)
        assert again.content == first.content
        items = first.json()["items"]
        assert [i["reference"] for i in items][:1] == ["LP-0001"]
        listed = client.get("/api/v1/consignments").json()["items"]
        assert [c["consignment_id"] for c in listed] == [i["consignment_id"] for i in items]
        names = {p["party_id"]: p["name"] for p in client.get("/api/v1/parties").json()["items"]}
        assert names[listed[0]["shipper_id"]] == "Ningbo Steelware Co."
        assert "Ningbo" not in other.get("/api/v1/parties").text
        more = client.post("/api/v1/packing-lists", content=sheet, headers={"Content-Type": XLSX})
        assert more.status_code == 201
        assert len(client.get("/api/v1/parties").json()["items"]) == len(names)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_what_is_no_packing_list_is_told(served, content):
    """422 with the problem; another type of content is 415."""
    with served.client("planner") as client:
        wrong = client.post("/api/v1/packing-lists", content=content, headers={"Content-Type": XLSX})
        other = client.post("/api/v1/packing-lists", content=content, headers={"Content-Type": "text/csv"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "input")
    assert wrong.json()["problems"]
    assert other.status_code == 415


def test_a_week_is_opened_by_a_workbook(served, week, world, tmp_path):
    """It is read as any scenario, and opened once however often it is sent."""
    scenario, _ = exchange.read_scenario(week, world)
    exchange.write_scenario(scenario, tmp_path / "week.xlsx", world)
    content = (tmp_path / "week.xlsx").read_bytes()
    with served.client("planner") as client, served.client("controller") as other:
        first = client.post("/api/v1/weeks", content=content, headers={"Content-Type": XLSX})
        assert (first.status_code, first.json()["status"]) == (201, "open"), first.text
        client.post("/api/v1/weeks", content=content, headers={"Content-Type": XLSX})
        assert len(client.get("/api/v1/weeks").json()["items"]) == 1
        assert len(client.get("/api/v1/events").json()["items"]) >= 1
        assert client.post("/api/v1/weeks", content=b"x", headers={"Content-Type": XLSX}).status_code == 422
        assert other.post("/api/v1/weeks", content=content, headers={"Content-Type": XLSX}).status_code == 403


def test_a_note_is_drafted(served):
    """As data with what it lacks, and as a PDF; another forwarder finds none."""
    with served.client("silk") as client, served.client("road") as other:
        party = client.post("/api/v1/parties", json={"name": "Urumqi Textiles"}).json()["party_id"]
        made = client.post("/api/v1/consignments", json={"goods": goods(shipper_id=party)}).json()["consignment_id"]
        note = client.get(f"/api/v1/consignments/{made}/note").json()
        assert (note["sender"]["name"], note["form"]) == ("Urumqi Textiles", "CIM/SMGS")
        assert note["lacks"]
        sheet = client.get(f"/api/v1/consignments/{made}/note.pdf")
        assert (sheet.headers["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
        assert other.get(f"/api/v1/consignments/{made}/note").status_code == 404


def test_messages_go_on_where_they_were(served):
    """EDIFACT between two parties, EPCIS for everybody; the header says where to go on."""
    with served.client("planner") as client:
        client.post("/api/v1/consignments", json={"goods": goods()})
        parties = {"sender": "PORT", "recipient": "LINE"}
        for kind, media in (("codeco", "application/edifact"), ("iftsta", "application/edifact")):
            answer = client.get(f"/api/v1/messages/{kind}", params=parties)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, media)
            assert answer.headers["Landport-Next"] == "1"
            assert client.get(f"/api/v1/messages/{kind}").status_code == 422
        epcis = client.get("/api/v1/messages/epcis")
        assert epcis.headers["Content-Type"] == "application/ld+json"
        assert json.loads(epcis.content)["type"] == "EPCISDocument"


def test_the_document_is_whole(served):
    """Every operation has an id, a group, a summary, errors, and examples of all it takes and gives."""
    with served.client() as client:
        document = client.get("/api/v1/openapi.json").json()
    seen = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            what = f"{method} {path}"
            assert operation["operationId"] not in seen, what
            seen.add(operation["operationId"])
            assert set(operation["tags"]) <= set(TAGS), what
            assert operation["summary"], what
            assert {"422", "500", "503"} <= operation["responses"].keys(), what
            for status, response in operation["responses"].items():
                contents = response.get("content", {}).values()
                assert status in ("204", "304") or contents, f"{what}: {status}"
                assert all("example" in c for c in contents), f"{what}: {status}"
            for content in operation.get("requestBody", {}).get("content", {}).values():
                assert "example" in content or content["schema"].get("format") == "binary", what
            takes_key = any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
            is_secret = path.endswith(("/session", "/links", "/link")) or what in SECRET
            assert takes_key == (method != "get" and not is_secret), what
    assert {"bearer", "cookie"} == document["components"]["securitySchemes"].keys()
