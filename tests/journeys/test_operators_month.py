"""A billing operator's month in the browser: a tariff from nothing to approval, a plan for a
building, sharing, an absence, the month as a dry run with a held account, its approval, and what
a corrected fact brings next."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from journeys.pages import Backend
from journeys.records import Records

BUILDING = "Žvejų g. 14"
SERVICE = "Cold water"
TARIFF = "Cold water, agreed with one flat"
# 0.8 € up to 5 m³ a month, 1.2 € above, 2.5 € a month
CHEAP, DEAR, LIMIT, FEE = 0.8, 1.2, 5, 2.5
TYPED = 12
HEAT_INLET = "HT-ZVE-14"
OTHER_BUILDING = "Uosto g. 21"
# the flat whose area is missing in the demo town, and what is found there
HELD, AREA = 33, 47.3
FUND, FUND_PRICE = "Repair fund", 0.15
MEASURED_AGAIN = "Measured again by the office"


@pytest.fixture
def operator(visit):
    return Backend(visit("billing_operator"))


@pytest.fixture
def clerk(visit):
    return Backend(visit("clerk"))


@pytest.fixture
def auditor(visit):
    return Backend(visit("auditor"))


@pytest.fixture
def facts(json2):
    return Facts(json2("admin"))


class Facts(Records):
    """Reads as the administrator what is on record in the town."""

    def __init__(self, call):
        super().__init__(call)
        # a sale may have left a final bill to review
        whole = [["state", "=", "review"], ["purpose", "=", "regular"]]
        (review,) = self.find("billing.run", whole, ["month"])
        self.month = date.fromisoformat(review["month"])
        (self.area,) = self.find("attribute", [["code", "=", "useful_area"]], ["name"])

    def premise(self, address):
        (found,) = self.find(
            "premise",
            [["address", "=like", f"{address},%"], ["level", "=", "building"]],
            ["address"],
        )
        return found

    def account(self, flat):
        """The open account of a flat of the building."""
        (found,) = self.find(
            "account",
            [["address", "=like", f"{BUILDING}-{flat},%"], ["state", "in", ["open"]]],
            ["number", "premise_id", "partner_id"],
        )
        return found

    def charges(self, account, run, *domain):
        return self.find(
            "charge",
            [["account_id", "=", account["id"]], ["run_id", "=", run["id"]], *domain],
            ["quantity", "amount", "state", "component_id"],
        )


def test_a_month_from_a_tariff_to_approval(operator, clerk, auditor, facts):
    flat = facts.account(2)
    set_up_a_tariff(operator, facts, flat)
    assign_a_plan(operator, facts)
    share_a_building(operator, facts)
    record_an_absence(operator, facts)
    run = calculate_a_dry_run(operator, facts)
    mend_what_is_held(operator, clerk, facts, run)
    read_an_explanation(operator, facts, flat, run)
    look_without_touching(clerk, auditor, run)
    approve(operator, facts, run)
    correct_a_fact(operator, clerk, facts)
    for tab in (operator, clerk, auditor):
        assert tab.complaints == []


def set_up_a_tariff(operator, facts, flat):
    """Two blocks and a monthly fee for one account: drafted, tested by typed figures, approved."""
    (plan,) = facts.find("rate.plan", [["is_default", "=", True]], ["name"])
    operator.open("utility-tariffs/new")
    operator.fill("name", TARIFF)
    operator.take("plan_id", plan["name"])
    operator.take("service_id", SERVICE)
    operator.take("account_id", flat["number"])
    operator.save()
    operator.press("New Version")
    operator.expect_text("Add what is to be paid")
    operator.fill_date("date_start", facts.month)
    operator.add_row("component_ids", name="Agreed water", code="water")
    operator.add_row(
        "component_ids", name="Subscription", code="fee", kind="Fixed amount", price=FEE
    )
    operator.save()

    operator.open_row("Agreed water", "action_open")
    operator.page.get_by_label("Blocks, zones or seasons").check()
    operator.add_row("line_ids", quantity_to=LIMIT, price=CHEAP)
    operator.add_row("line_ids", quantity_from=LIMIT, price=DEAR)
    operator.save_dialog()
    operator.expect_value("component_ids", f"{FEE:.2f} € a month")

    operator.press("Test")
    operator.type_in_row("line_ids", "Used", "value", TYPED)
    used = LIMIT * CHEAP + (TYPED - LIMIT) * DEAR
    operator.expect_text(f"{used:.2f}")
    operator.expect_text(f"{LIMIT} m³ × {CHEAP:.2f}")
    operator.expect_text(f"{FEE:.2f}")
    operator.press("Close")
    operator.wait_until_closed()
    operator.press("Approve")
    operator.press("Ok")
    operator.wait_for_state("Approved")


def assign_a_plan(operator, facts):
    """The stairs of another building go to the default plan; the money it moves is seen before."""
    (plan,) = facts.find("rate.plan", [["is_default", "=", True]], ["name"])
    operator.open("utility-rate-assignments")
    operator.press("Assign a Plan")
    operator.take("premise_ids", f"{OTHER_BUILDING}, ")
    operator.take("service_ids", "Electricity")
    operator.take("plan_id", plan["name"])
    operator.press("Preview")
    operator.expect_text("agreements change")
    difference = operator.money("amount_difference")
    operator.press("Assign")
    operator.wait_for_state("Done")
    operator.expect_value("plan_id", plan["name"])
    (done,) = facts.find(
        "rate.assignment",
        [],
        ["agreement_count", "amount_difference", "date_start"],
        order="id desc",
        limit=1,
    )
    assert done["amount_difference"] == pytest.approx(float(difference))
    assert difference != "0.00"
    changed = facts.find(
        "service.agreement",
        [
            ["premise_id", "child_of", facts.premise(OTHER_BUILDING)["id"]],
            ["date_start", "=", done["date_start"]],
        ],
        ["rate_plan_id"],
    )
    assert len(changed) == done["agreement_count"] > 0
    assert {row["rate_plan_id"][0] for row in changed} == {plan["id"]}


def share_a_building(operator, facts):
    """What the building's heat would be to each flat; nothing is stored."""
    before = facts.find("allocation.run", [], ["id"])
    operator.find("utility-sharing-buildings", BUILDING, HEAT_INLET)
    operator.press("Try It")
    operator.expect_text(f"{BUILDING}-1")
    shares = operator.page.locator(".modal table").last
    expect(shares.locator("tr", has_text=BUILDING)).to_have_count(40)
    operator.press("Close")
    operator.wait_until_closed()
    assert facts.find("allocation.run", [], ["id"]) == before


def record_an_absence(operator, facts):
    """What is small enough needs no second person."""
    away = facts.account(5)
    operator.open_account(away)
    operator.open_page("adjustments")
    operator.press("New Adjustment")
    operator.fill_date("left_on", facts.month + timedelta(days=4))
    operator.fill_date("returned_on", facts.month + timedelta(days=20))
    operator.take("service_ids", SERVICE)
    operator.save()
    operator.press("Submit")
    operator.wait_for_state("Approved")
    (absence,) = facts.find(
        "adjustment",
        [["account_id", "=", away["id"]]],
        ["kind", "absent_days", "by_limit", "effect"],
    )
    assert (absence["kind"], absence["absent_days"], absence["by_limit"]) == ("absence", 15, True)


def calculate_a_dry_run(operator, facts):
    operator.open("utility-billing-runs/new")
    operator.take("premise_ids", f"{BUILDING}, ")
    operator.save()
    operator.press("Calculate")
    operator.wait_for_state("To Review")
    (run,) = facts.find("billing.run", [], ["held_count", "month"], order="id desc", limit=1)
    assert (run["held_count"], run["month"]) == (1, facts.month.isoformat())
    return run


def mend_what_is_held(operator, clerk, facts, run):
    """The list says which area is missing; when it is recorded, the account is calculated."""
    held = facts.account(HELD)
    assert facts.charges(held, run) == []
    operator.press("See what to mend")
    operator.expect_text(f"“{facts.area['name']}” is not known")

    row = clerk.record_attribute(held["premise_id"][0], facts.area["id"], AREA, facts.month)
    expect(row.locator(".o_utility_attribute_value")).to_contain_text(f"{AREA}")

    operator.press("Again")
    expect(operator.page.locator(".o_data_row")).to_have_count(0)
    (fund,) = facts.charges(held, run, ["service_id.name", "=", FUND])
    assert fund["amount"] == pytest.approx(AREA * FUND_PRICE, abs=0.005)


def read_an_explanation(operator, facts, flat, run):
    """The flat pays by the tariff that was set up before, and its charge says how."""
    charges = {row["component_id"][1]: row for row in facts.charges(flat, run)}
    assert charges["Subscription"]["amount"] == FEE
    water = charges["Agreed water"]
    used = water["quantity"]
    due = min(used, LIMIT) * CHEAP + max(used - LIMIT, 0) * DEAR
    assert water["amount"] == pytest.approx(due, abs=0.005)

    operator.open(f"utility-billing-runs/{run['id']}")
    operator.open_related("action_open_charges")
    operator.search(flat["number"])
    operator.page.locator(".o_data_row", has_text="Agreed water").first.click()
    operator.expect_value("explanation", f"{min(used, LIMIT):g} m³ × {CHEAP:.2f}")
    operator.expect_value("amount", f"{water['amount']:.2f}")


def look_without_touching(clerk, auditor, run):
    for tab in (clerk, auditor):
        tab.open(f"utility-billing-runs/{run['id']}")
        tab.expect_text("accounts")
        expect(tab.page.locator(".o_statusbar_buttons button:visible")).to_have_count(0)
        tab.open("utility-tariffs")
        expect(tab.page.locator(".o_list_button_add")).to_have_count(0)


def approve(operator, facts, run):
    operator.open(f"utility-billing-runs/{run['id']}")
    operator.press("Approve")
    operator.press("Ok")
    operator.wait_for_state("Approved")
    states = facts.find("charge", [["run_id", "=", run["id"]]], ["state"])
    assert {row["state"] for row in states} == {"approved"}


def correct_a_fact(operator, clerk, facts):
    """An area was 10 m² more all the time: the fund's contribution of the month differs by 1.50."""
    flat = facts.account(4)
    (area,) = facts.find(
        "attribute.value",
        [
            ["premise_id", "=", flat["premise_id"][0]],
            ["attribute_id", "=", facts.area["id"]],
            ["fact_state", "in", ["in_force"]],
        ],
        ["value_number"],
    )
    clerk.open(f"action-utility_base.attribute_value_action/{area['id']}")
    clerk.press("Correct")
    clerk.fill("value_number", f"{area['value_number'] + 10:.2f}")
    clerk.fill("replace_reason", MEASURED_AGAIN)
    clerk.save_dialog()

    operator.open_account(flat)
    operator.page.locator("button[name=action_preview_corrections]").click()
    rows = operator.page.locator(".modal .o_data_row", has_text=FUND)
    expect(rows.last).to_contain_text(f"{10 * FUND_PRICE:.2f}")
    expect(rows.last).to_contain_text(facts.area["name"])
    operator.press("Close")
    operator.wait_until_closed()
