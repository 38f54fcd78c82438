"""The rate check, as another program calls it."""

import pytest

from harness.clients import ApiError

VALUES = {"month": "2026-02-01", "quantity": "12.345", "residents": 2}


@pytest.fixture
def draft(json2):
    """Ids of a plan with a draft: 1.23 a unit and 2.00 a resident and month, not taxed."""
    call = json2("admin")
    (admin,) = call(
        "res.users", "search_read", domain=[["login", "=", "admin"]], fields=["company_id"]
    )
    company_id = admin["company_id"][0]
    unit = call("uom.uom", "search", domain=[["name", "=", "m³"]], limit=1)[0]
    (service,) = call(
        "utility.service",
        "create",
        vals_list=[
            {
                "name": "Checked water",
                "code": "CHECKED",
                "kind": "cold_water",
                "company_id": company_id,
                "uom_id": unit,
                "tax_ids": [[6, 0, []]],
            }
        ],
    )
    (plan,) = call(
        "utility.rate.plan",
        "create",
        vals_list=[{"name": "Checked", "code": "CHECKED", "company_id": company_id}],
    )
    (schedule,) = call(
        "utility.rate.schedule",
        "create",
        vals_list=[{"name": "Checked water", "plan_id": plan, "service_id": service}],
    )
    components = [
        {"code": "use", "name": "Use", "kind": "unit", "price": 1.23},
        {
            "code": "people",
            "name": "People",
            "kind": "attribute",
            "counted": "residents",
            "price": 2,
        },
    ]
    (version,) = call(
        "utility.rate.version",
        "create",
        vals_list=[
            {
                "schedule_id": schedule,
                "date_start": "2026-01-01",
                "component_ids": [[0, 0, component] for component in components],
            }
        ],
    )
    yield {"plan": plan, "version": version}
    for model, ids in (
        ("utility.rate.version", [version]),
        ("utility.rate.schedule", [schedule]),
        ("utility.rate.plan", [plan]),
        ("utility.service", [service]),
    ):
        call(model, "unlink", ids=ids)


def test_json2_checks_a_rate(json2, draft):
    answer = json2("clerk")(
        "utility.rate.plan",
        "check_rate",
        ids=[draft["plan"]],
        values={**VALUES, "version_id": draft["version"]},
    )
    assert [(one["name"], one["amount"]) for one in answer["charges"]] == [
        ("Use", "15.18"),
        ("People", "4.00"),
    ]
    assert [one["explanation"] for one in answer["charges"]] == [
        ["12.345 m³ × 1.23 = 15.18"],
        ["2 residents × 2.00 = 4.00"],
    ]
    assert answer["total"] == answer["total_with_tax"] == "19.18"
    assert answer["charges"][0]["trace"]["parts"][0]["terms"][0]["quantity"] == "12.345"


def test_xmlrpc_gives_the_same(json2, xmlrpc, draft):
    values = {**VALUES, "version_id": draft["version"]}
    one = json2("admin")("utility.rate.plan", "check_rate", ids=[draft["plan"]], values=values)
    other = xmlrpc("admin")("utility.rate.plan", "check_rate", [[draft["plan"]], values])
    assert one == other


def test_what_cannot_be_understood_is_refused(json2, draft):
    with pytest.raises(ApiError) as refused:
        json2("clerk")(
            "utility.rate.plan",
            "check_rate",
            ids=[draft["plan"]],
            values={**VALUES, "version_id": draft["version"], "quantity": "a lot"},
        )
    assert refused.value.status == 422
    assert "quantity" in str(refused.value)
