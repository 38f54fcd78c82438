"""A clerk's day in the browser: find, open, move out and in, correct a wrong fact."""

import re
import unicodedata

import pytest

from journeys.pages import Backend

TENANT = "Karolis Naujokas"


@pytest.fixture
def clerk(visit):
    return Backend(visit("clerk"))


@pytest.fixture
def facts(json2):
    """Reads as the administrator, to see what the clerk's work has left in the database."""
    return json2("admin")


@pytest.fixture
def rented(facts):
    """An open account of a flat that its only tenant pays for: {number, id, payer, "
    "address, premise}."""
    rows = facts(
        "utility.occupancy",
        "search_read",
        domain=[["role", "=", "tenant"], ["fact_state", "in", ["in_force"]]],
        fields=["premise_id", "partner_id"],
        order="id",
    )
    for row in rows:
        accounts = facts(
            "utility.account",
            "search_read",
            domain=[
                ["premise_id", "=", row["premise_id"][0]],
                ["partner_id", "=", row["partner_id"][0]],
                ["state", "in", ["open"]],
            ],
            fields=["number", "partner_id", "address", "premise_id"],
        )
        if len(accounts) == 1:
            return accounts[0]
    raise AssertionError("The demo town has no flat that a tenant pays for.")


def test_move_out_and_move_in(clerk, facts, rented):
    clerk.find("utility-accounts", without_diacritics(rented["partner_id"][1]), rented["number"])
    clerk.press("Sale, Move-in, Move-out")
    clerk.choose("Move-out: a tenant goes")
    clerk.expect_text("pays for account")
    assert float(clerk.money("debt")) == facts("utility.account", "balance_on", ids=[rented["id"]])
    clerk.press("Do It")
    clerk.wait_until_saved()
    owner = payer_of(facts, rented["id"])
    assert owner != rented["partner_id"][1]

    clerk.press("Sale, Move-in, Move-out")
    clerk.choose("Move-in: a tenant comes")
    clerk.create_in("partner_id", TENANT)
    clerk.press("Do It")
    clerk.wait_until_saved()
    assert payer_of(facts, rented["id"]) == TENANT

    clerk.open_page("timeline")
    clerk.expect_text(TENANT)
    assert clerk.complaints == []


def test_a_wrong_fact_is_corrected(clerk, facts):
    flat = facts(
        "utility.attribute.value",
        "search_read",
        domain=[
            ["attribute_id.code", "=", "useful_area"],
            ["premise_id.level", "=", "unit"],
            ["fact_state", "in", ["in_force"]],
        ],
        fields=["premise_id", "value_number"],
        limit=1,
        order="id desc",
    )[0]
    right = flat["value_number"] + 1.5
    clerk.open(f"action-utility_base.attribute_value_action/{flat['id']}")
    clerk.press("Correct")
    clerk.fill("value_number", f"{right:.2f}")
    clerk.fill("replace_reason", "Measured again by the office")
    clerk.save_dialog()
    values = facts(
        "utility.attribute.value",
        "search_read",
        domain=[
            ["premise_id", "=", flat["premise_id"][0]],
            ["attribute_id.code", "=", "useful_area"],
        ],
        fields=["value_number", "fact_state", "replace_reason", "void_reason"],
        order="id desc",
        limit=2,
    )
    assert [(row["value_number"], row["fact_state"]) for row in values] == [
        (right, "in_force"),
        (flat["value_number"], "voided"),
    ]
    assert values[1]["void_reason"] == "Measured again by the office"
    assert clerk.complaints == []


def without_diacritics(text):
    plain = unicodedata.normalize("NFKD", text)
    return re.sub(
        r"[^\w\s-]", "", "".join(c for c in plain if not unicodedata.combining(c))
    ).lower()


def payer_of(facts, account_id):
    return facts("utility.account", "read", ids=[account_id], fields=["partner_id"])[0][
        "partner_id"
    ][1]
