"""The end of the month: do the books agree?"""

# points of the month's checklist that this story leaves in order: the town has payments to place
AGREE = {"posted", "balanced", "covered"}


def look_through_the_books(accountant, facts, album):
    """The month's checklist says that the books agree; so does whoever asks the database."""
    month = facts.one("billing.period", [["month", "=", facts.month.isoformat()]], ["id"])
    accountant.open(f"utility-billing-months/{month['id']}")
    album.take(accountant, "month")
    of_month = [["period_id", "=", month["id"]]]
    points = facts.find("billing.period.check", of_month, ["code", "is_ok"])
    assert {row["code"] for row in points if row["is_ok"]} >= AGREE
    facts.books.assert_agree()


def bill_again(facts):
    """A second run of the month finds nothing to bill."""
    (run_id,) = facts.call(
        "utility.billing.run",
        "create",
        vals_list=[{"month": facts.month.isoformat(), "company_id": facts.company_id}],
    )
    facts.call("utility.billing.run", "action_calculate", ids=[run_id])
    again = None
    while again is None or again["state"] == "calculating":
        again = facts.run(run_id, "state", "charge_count", "held_count")
    assert (again["state"], again["charge_count"]) == ("review", 0)
