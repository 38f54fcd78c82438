"""The suite as the outside sees it: pages, both APIs, the backend in a browser."""

import json
import urllib.request

import pytest

from harness.clients import ApiError
from suite import layout, odoo


def test_login_page_is_served(served):
    with urllib.request.urlopen(f"{served.url}/web/login", timeout=60) as answer:
        page = answer.read().decode()
    assert answer.status == 200
    assert 'name="password"' in page


def test_json2_reads_partners(json2):
    rows = json2("admin")(
        "res.partner", "search_read", domain=[["is_company", "=", True]], fields=["name"], limit=1
    )
    assert len(rows) == 1
    assert set(rows[0]) == {"id", "name"}


def test_json2_refuses_a_wrong_key(json2):
    client = json2("admin")
    client.key = "0" * 40
    with pytest.raises(ApiError) as refused:
        client("res.partner", "search_read", domain=[], fields=["name"], limit=1)
    assert refused.value.status == 401


def test_json2_refuses_a_private_method(json2):
    with pytest.raises(ApiError) as refused:
        json2("admin")("res.partner", "_compute_display_name", ids=[1])
    assert refused.value.status == 403


def test_xmlrpc_reads_partners(xmlrpc):
    rows = xmlrpc("admin")(
        "res.partner",
        "search_read",
        [[["is_company", "=", True]]],
        {"fields": ["name"], "limit": 1},
    )
    assert len(rows) == 1
    assert set(rows[0]) == {"id", "name"}


def test_every_module_of_the_suite_is_installed(json2):
    rows = json2("admin")(
        "ir.module.module",
        "search_read",
        domain=[["name", "in", layout.module_names()]],
        fields=["name", "state"],
    )
    assert {row["name"]: row["state"] for row in rows} == dict.fromkeys(
        layout.module_names(), "installed"
    )


def test_every_login_that_make_run_prints_works(served, xmlrpc):
    summary = json.loads(odoo.inside("demo", served.database))
    logins = [login for login, _name in summary["logins"]]
    assert [login for login in logins if not xmlrpc(login).user] == []
    assert len(logins) == len(set(logins))


def test_backend_opens_without_complaint(visit):
    opened = visit("admin")
    opened.page.wait_for_selector(".o_main_navbar")
    opened.page.wait_for_selector(".o_action_manager > *")
    assert opened.complaints == []
