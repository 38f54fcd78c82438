"""Bills: calculated, mended, approved, posted, sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest

# the flat whose area is missing, and what is found there; the plan whose tariff is a draft yet
NO_AREA, AREA, CAFE_PLAN = "Žvejų g. 14-33", 47.3, "SEASON"


def calculate(operator, clerk, facts, album):
    """The month is calculated with the new readings; what holds two accounts back is mended."""
    before = facts.run(facts.run_id, "started_at")
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Calculate Again")
    operator.wait_until(lambda: facts.run(facts.run_id, "started_at") != before, 180)
    operator.wait_for_state("To Review")
    operator.open(f"utility-billing-runs/{facts.run_id}")
    album.take(operator, "billing-run")
    assert facts.run(facts.run_id, "held_count")["held_count"] == 2
    operator.press("See what to mend")
    album.take(operator, "what-to-mend")

    record_area(clerk, facts)
    approve_tariff(operator, facts)
    mended(operator, facts)
    release_exceptions(operator, facts, album)
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Approve")
    operator.press("Ok")
    operator.wait_for_state("Approved")


def record_area(clerk, facts):
    flat = facts.account_at(NO_AREA)
    area = facts.one("attribute", [["code", "=", "useful_area"]], ["id"])
    clerk.record_attribute(flat["premise_id"][0], area["id"], AREA, facts.month)


def approve_tariff(operator, facts):
    """The price that the café has agreed to is in force."""
    of_plan = ["schedule_id.plan_id.code", "=", CAFE_PLAN]
    draft = facts.one("rate.version", [["state", "=", "draft"], of_plan], ["date_start"])
    operator.open(f"utility-tariff-versions/{draft['id']}")
    operator.press("Approve")
    operator.press("Ok")
    operator.wait_for_state("Approved")


def mended(operator, facts):
    """What was held is calculated once more, from the list of what to mend."""
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("See what to mend")
    operator.select_all_rows()
    operator.press("Calculate Again")
    operator.wait_until(lambda: not facts.run(facts.run_id, "held_count")["held_count"])


def release_exceptions(operator, facts, album):
    """Who looked at them says that these bills are right."""
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Decide on them")
    operator.page.wait_for_selector(".o_list_view .o_group_header")
    album.take(operator, "exceptions")
    operator.select_all_rows()
    operator.press("Release")
    left = [["run_id", "=", facts.run_id], ["state", "=", "open"]]
    operator.wait_until(lambda: not facts.find("billing.exception", left, ["id"]))


def look_at_the_sharing(operator, facts, album):
    """What a house used in common is all there: shares and residual are the total."""
    shared = facts.find(
        "allocation.run",
        [["date_end", "=", facts.month_end.isoformat()], ["state", "!=", "cancelled"]],
        ["display_name", "total", "own", "shared", "residual", "purpose", "building_id"],
        order="id",
    )
    assert {row["purpose"] for row in shared} >= {"common"}
    for row in shared:
        parts = facts.find(
            "allocation.share",
            [["run_id", "=", row["id"]], ["voided_at", "=", False]],
            ["quantity"],
        )
        assert sum(part["quantity"] for part in parts) == pytest.approx(row["shared"], abs=1e-6)
        whole = row["own"] + row["shared"] + row["residual"]
        assert whole == pytest.approx(row["total"], abs=1e-6)
    common = next(row for row in shared if row["purpose"] == "common" and row["shared"])
    operator.open(f"utility-sharings/{common['id']}")
    operator.expect_value("display_name", common["building_id"][1])
    album.take(operator, "sharing")


def post(operator, facts, album):
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Post Bills")
    operator.press("Ok")
    operator.wait_for_state("Posted")
    album.take(operator, "posted")
    ways = facts.find("billing.posting", [["run_id", "=", facts.run_id]], ["way"])
    assert {row["way"] for row in ways} == {"bulk"}
    names = [bill["name"] for bill in facts.open_bills(facts.run_id)]
    assert len(names) == len(set(names)) > 100


def send(operator, facts, album, post_office):
    """Bills leave as their payers want them; those by e-mail are in the sink, each once."""
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Send Bills")
    operator.page.wait_for_selector(".modal .o_form_view")
    album.take(operator, "send-bills")
    operator.press("Send")
    operator.wait_until_closed()
    # e-invoices go by mail, too
    channels = ["channel", "in", ["email", "einvoice"]]
    by_mail = [["billing_run_id", "=", facts.run_id], channels]
    waiting = [*by_mail, ["state", "=", "waiting"]]
    operator.wait_until(lambda: facts.newest("delivery.run", "state")["state"] == "done", 180)
    with ThreadPoolExecutor(2) as pool:
        # the queue is worked on twice at once, as the scheduler and a hurried person would
        for done in [
            pool.submit(facts.call, "mail.mail", "process_email_queue") for _time in range(2)
        ]:
            done.result()
    operator.wait_until(lambda: not facts.find("bill.delivery", waiting, ["id"], limit=1))
    deliveries = facts.find("bill.delivery", by_mail, ["address", "state", "reason"])
    lost = [row for row in deliveries if row["state"] != "sent"]
    assert {(row["state"], row["address"]) for row in lost} <= {("failed", False)}, lost
    received = post_office.papers()
    album.paper(received[0][1], "bill")
    addresses = sorted(row["address"] for row in deliveries if row not in lost)
    assert [recipient for recipient, _paper in received] == addresses
    assert len(received) > 50


def finish(operator, run_id):
    """Approve and post a run that is right as it is."""
    operator.open(f"utility-billing-runs/{run_id}")
    for button, state in (("Approve", "Approved"), ("Post Bills", "Posted")):
        operator.press(button)
        operator.press("Ok")
        operator.wait_for_state(state)
