"""A reading of the month that was billed turns out to have been wrong."""

import pytest

from journeys.month.bills import finish

HOUSE, FLAT, POINT = "Švyturio g. 7", "Švyturio g. 7-15", "CW-SVY-7-15"
# who was read too high by so many m³
LESS = 4
MEASURED = ("water", "sewage")


def correct_the_past(engineer, operator, facts, album):
    """The reading was too high: a further run of the month gives back the difference, and nothing
    else; what the flat used less, its house has used in common."""
    flat = facts.account_at(FLAT)
    billed = {row["code"]: row for row in facts.charges(facts.run_id, flat)}
    owed = facts.balance(flat)
    (wrong,) = facts.readings(POINT, facts.month_end)
    engineer.open(f"utility-readings/{wrong['id']}")
    engineer.press("Correct")
    engineer.fill("value", f"{wrong['value'] - LESS:.3f}")
    engineer.fill("reason", "A photograph shows another figure")
    engineer.press("Correct")
    engineer.wait_until_closed()

    run_id = bill_differences(operator, facts, album)
    plain = [["run_id", "=", run_id], ["is_correction", "=", False]]
    assert facts.find("charge", plain, ["code"]) == []
    given_back = {row["code"]: row for row in facts.charges(run_id, flat)}
    for code in MEASURED:
        before, change = billed[code], given_back[code]
        now = round((before["quantity"] - LESS) * before["price"], 2)
        assert change["quantity"] == -LESS
        assert change["amount"] == pytest.approx(now - before["amount"], abs=0.011)
        assert change["period_start"] == facts.month.isoformat()
    shared = sum(row["amount"] for code, row in given_back.items() if code not in MEASURED)
    assert 0 < shared < 0.5
    finish(operator, run_id)
    billed_more = facts.call(
        "account.move",
        "search_read",
        domain=[["utility_run_id", "=", run_id], ["utility_account_id", "=", flat["id"]]],
        fields=["amount_total_signed"],
    )
    change = sum(bill["amount_total_signed"] for bill in billed_more)
    assert change < 0
    assert facts.balance(flat) == pytest.approx(owed + change, abs=0.005)


def bill_differences(operator, facts, album):
    """A further run of the month for the house; returns its id."""
    operator.open("utility-billing-runs/new")
    operator.fill_date("month", facts.month)
    operator.take("premise_ids", f"{HOUSE}, ")
    operator.save()
    operator.press("Calculate")
    operator.wait_for_state("To Review")
    operator.open_related("action_open_corrections")
    album.take(operator, "corrections")
    return facts.newest("billing.run", "id")["id"]
