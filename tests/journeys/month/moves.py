"""A flat is sold."""

from datetime import date, timedelta

import pytest

from journeys.month.bills import finish

SOLD_FLAT, BUYER = "Švyturio g. 7-18", "Ieva Naujakurė"


def sell_a_flat(clerk, operator, facts, album):
    """The seller gets the final bill up to the day before, and the credit that is left covers it;
    the buyer pays from then on."""
    flat = facts.account_at(SOLD_FLAT)
    seller, credit = flat["partner_id"], -facts.balance(flat)
    assert credit > 0
    clerk.open_account(flat)
    album.take(clerk, "account")
    clerk.press("Sale, Move-in, Move-out")
    clerk.choose("Sale: a new owner")
    clerk.create_in("partner_id", BUYER)
    clerk.expect_text("final bill")
    album.take(clerk, "sale")
    clerk.press("Do It")
    clerk.wait_until_saved()
    assert facts.account_at(SOLD_FLAT)["partner_id"][1] == BUYER

    final = facts.one(
        "billing.run", [["purpose", "=", "final"], ["state", "=", "review"]], ["bill_until"]
    )
    yesterday = date.today() - timedelta(days=1)
    assert final["bill_until"] == yesterday.isoformat()
    finish(operator, final["id"])
    (bill,) = facts.call(
        "account.move",
        "search_read",
        domain=[["utility_run_id", "=", final["id"]]],
        fields=["partner_id", "amount_total", "amount_residual"],
    )
    assert bill["partner_id"][0] == seller[0]
    # what was paid too much before has covered a part of it
    assert bill["amount_total"] - bill["amount_residual"] == pytest.approx(
        min(credit, bill["amount_total"])
    )
    billed = facts.find("charge", [["run_id", "=", final["id"]]], ["date_end", "partner_id"])
    assert max(row["date_end"] for row in billed) == yesterday.isoformat()
    assert {row["partner_id"][0] for row in billed} == {seller[0]}
