"""The month as one story, by the people who work it: readings come in and one is doubted, the house
shares what it used in common, the month is calculated, mended, approved, posted and sent; the bank
and the post bring the money; a reading turns out to have been wrong, a flat is sold. At the end the
books agree to the cent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from harness.money_files import camt, post_register
from harness.post_office import open_post_office
from journeys.album import Album
from journeys.pages import Backend, EntryGrid
from journeys.story_facts import Facts

PEOPLE = ("meter_engineer", "clerk", "billing_operator", "cashier", "accountant")
BUILDING = "Uosto g. 21"
# what the town holds at the end of the month, and a meter that nobody has read for long
POOL, BACKWARD, SILENT = "CW-ZVE-14-22", "HW-UOS-21-33", "CW-UOS-21-31"
READ, TYPED = 3.4, 21.5
READINGS_FILE = "Readings of the controllers"
READINGS_HEADER = "Skaitiklio Nr.;Paslauga;Rodmens data;Rodmuo;Pastaba"
# the flat whose area is missing, and what is found there; the café's tariff is a draft yet
NO_AREA, AREA, CAFE_PLAN = "Žvejų g. 14-33", 47.3, "SEASON"
# who has read too much, by so many m³; who sells, and to whom
MISREAD_HOUSE, MISREAD_FLAT, MISREAD_POINT, LESS = (
    "Švyturio g. 7",
    "Švyturio g. 7-15",
    "CW-SVY-7-15",
    4,
)
MEASURED = ("water", "sewage")
SOLD_FLAT, BUYER = "Švyturio g. 7-18", "Ieva Naujakurė"
OVERPAID = 25
BANK, POST = "Harbour Bank", "Harbour Post"
BANK_PROFILE, POST_PROFILE = "Bank statement camt.053", "Lietuvos paštas: register of payments"
OWN_IBAN = "LT667044000000000001"
BY_BANK, BY_POST, UNKNOWN = 40, 12, "999"


@pytest.fixture
def town(serving):
    return serving.serve(serving.database(demo=True))


@pytest.fixture
def facts(town):
    return Facts(town)


@pytest.fixture
def people(town, browser, request):
    """A tab for each of those who work the month."""
    visits = {login: browser.visit(town.url, login) for login in PEOPLE}
    yield SimpleNamespace(**{login: Backend(visit) for login, visit in visits.items()})
    report = getattr(request.node, "call_report", None)
    for login, visit in visits.items():
        if report is None or report.failed:
            visit.picture(f"{request.node.name}-{login}")
        visit.close()


@pytest.fixture
def post_office(facts):
    with open_post_office() as office:
        office.connect(facts.call)
        facts.call(
            "res.company", "write", ids=[facts.company_id], vals={"email": "bills@example.com"}
        )
        yield office


def test_the_month_as_one_story(people, facts, post_office, tmp_path):
    album = Album()
    read_the_meters(people.meter_engineer, facts, album, tmp_path)
    calculate(people.billing_operator, people.clerk, facts, album)
    look_at_the_sharing(people.billing_operator, facts, album)
    post(people.billing_operator, facts, album)
    send(people.billing_operator, facts, album, post_office)
    receive_money(people, facts, album, tmp_path)
    correct_the_past(people.meter_engineer, people.billing_operator, facts, album)
    sell_a_flat(people.clerk, people.billing_operator, facts, album)
    look_through_the_books(people.accountant, facts, album)
    bill_again(facts)
    for tab in vars(people).values():
        assert tab.complaints == []


# -- readings -------------------------------------------------------------------------------------


def read_the_meters(engineer, facts, album, folder):
    """One reading is rejected and comes again in a file, one is typed, one was true after all."""
    engineer.open("utility-held-readings")
    album.take(engineer, "held-readings")
    serial = facts.last_reading(BACKWARD)["serial"]
    engineer.press_in_row(serial, "action_reject")
    engineer.fill("reason", "Another flat's meter")
    engineer.press("Reject")
    engineer.wait_until_closed()
    accept(engineer, facts)
    import_readings(engineer, facts, folder)
    type_a_reading(engineer, facts, album)

    engineer.open("utility-usage-runs/new")
    engineer.save()
    engineer.press("Calculate")
    engineer.wait_for_state("Done")
    assert measured(facts, SILENT) == "measured"
    assert measured(facts, BACKWARD) == "measured"


def accept(engineer, facts):
    serial = facts.last_reading(POOL)["serial"]
    engineer.press_in_row(serial, "action_accept")
    engineer.fill("reason", "They filled a pool")
    engineer.press("Accept")
    engineer.wait_until_closed()
    (pool,) = facts.readings(POOL, facts.month_end)
    assert pool["state"] == "accepted"


def import_readings(engineer, facts, folder):
    before = facts.last_reading(BACKWARD)
    figure = f"{before['value'] + READ:.3f}".replace(".", ",")
    table = folder / "readings.csv"
    table.write_text(
        f"{READINGS_HEADER}\n{before['serial']};;{facts.month_end:%d.%m.%Y};{figure};\n"
    )
    import_file(engineer, READINGS_FILE, table, 1)
    assert facts.readings(BACKWARD, facts.month_end)[0]["usage"] == pytest.approx(READ)


def type_a_reading(engineer, facts, album):
    before = facts.last_reading(SILENT)
    grid = EntryGrid(engineer)
    grid.open(BUILDING)
    grid.whole_building()
    grid.read_on(facts.month_end)
    grid.go_to(before["register_id"][0])
    grid.type(f"{before['value'] + TYPED:.3f}".replace(".", ","))
    album.take(engineer, "enter-readings")
    grid.save(1)
    (typed,) = facts.readings(SILENT, facts.month_end)
    assert (typed["usage"], typed["source"]) == (pytest.approx(TYPED), "clerk")


def measured(facts, point):
    usage = facts.one(
        "usage",
        [
            ["service_point_id.code", "=", point],
            ["date_end", "=", facts.month_end.isoformat()],
            ["voided_at", "=", False],
        ],
        ["method"],
    )
    return usage["method"]


def import_file(tab, profile, path, count):
    """Upload, read and check, import; all rows are good."""
    tab.open("utility-imports/new")
    tab.take("profile_id", profile)
    tab.set_file("file", path)
    tab.save()
    tab.press("Read and Check")
    tab.press("Import the Good Rows")
    tab.expect_value("imported_count", str(count))


# -- the run --------------------------------------------------------------------------------------


def calculate(operator, clerk, facts, album):
    """The month is calculated with the new readings; what holds two accounts back is mended."""
    operator.open(f"utility-billing-runs/{facts.run_id}")
    operator.press("Calculate Again")
    operator.wait_for_state("To Review")
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
    clerk.open(f"action-utility_base.premise_action/{flat['premise_id'][0]}")
    row = clerk.page.locator(f".o_utility_attribute[data-id='{area['id']}']")
    row.locator(".o_utility_attribute_record").click()
    clerk.page.wait_for_selector(".modal .o_form_view")
    clerk.fill("value_number", str(AREA))
    clerk.fill_date("date_start", facts.month)
    clerk.save_dialog()


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
    assert received == sorted(row["address"] for row in deliveries if row not in lost)
    assert len(received) > 50


# -- money ----------------------------------------------------------------------------------------


def receive_money(people, facts, album, folder):
    """The bank's statement is placed by references; of the post's register one line is doubted."""
    collectors = open_collectors(facts)
    bills = facts.open_bills(facts.run_id)
    seller = facts.account_at(SOLD_FLAT)
    first = next(row for row in bills if row["utility_account_id"][0] == seller["id"])
    others = [row for row in bills if row != first]
    by_bank, by_post = [first, *others[: BY_BANK - 1]], others[BY_BANK - 1 :][: BY_POST + 1]
    pay_by_bank(people.billing_operator, facts, folder, by_bank, album)
    assert facts.balance(seller) == -OVERPAID
    pay_by_post(people, facts, folder, by_post, album)
    facts.books.assert_balances()
    for collector in collectors:
        waiting = [["collector_id", "=", collector], ["state", "!=", "registered"]]
        assert facts.find("payment", waiting, ["state"]) == []


def open_collectors(facts):
    """What an administrator sets up once: who brings money, and which profile reads its files."""
    made = []
    for number, (name, kind, profile) in enumerate(
        ((BANK, "bank", BANK_PROFILE), (POST, "post", POST_PROFILE))
    ):
        (ledger_id,) = facts.call(
            "account.account",
            "create",
            vals_list=[
                {
                    "code": f"27285{number}",
                    "name": f"{name}: on its way",
                    "account_type": "asset_current",
                    "reconcile": True,
                    "company_ids": [[6, 0, [facts.company_id]]],
                }
            ],
        )
        (collector_id,) = facts.call(
            "utility.payment.collector",
            "create",
            vals_list=[
                {
                    "name": name,
                    "kind": kind,
                    "company_id": facts.company_id,
                    "clearing_account_id": ledger_id,
                }
            ],
        )
        reader = facts.one("import.profile", [["name", "=", profile]], ["id"])
        facts.call(
            "utility.import.profile",
            "write",
            ids=[reader["id"]],
            vals={"collector_id": collector_id},
        )
        made.append(collector_id)
    return made


def pay_by_bank(operator, facts, folder, bills, album):
    """All pay by the reference of their bill; the first one pays too much."""
    payments = [
        {
            "reference": bill["payment_reference"],
            "amount": f"{bill['amount_residual'] + (0 if place else OVERPAID):.2f}",
            "name": bill["partner_id"][1],
            "iban": f"LT{90 - place}70440{place:011}",
        }
        for place, bill in enumerate(bills)
    ]
    statement = folder / "statement.xml"
    statement.write_bytes(camt(date.today(), OWN_IBAN, payments))
    import_file(operator, BANK_PROFILE, statement, len(payments))
    operator.press("List of Payments")
    operator.wait_for_state("Done")
    album.take(operator, "payments")
    done = facts.newest("payment.batch", "payment_count", "amount", "registered_count")
    assert (done["payment_count"], done["registered_count"]) == (len(bills), len(bills))
    assert done["amount"] == pytest.approx(sum(float(row["amount"]) for row in payments))


def pay_by_post(people, facts, folder, bills, album):
    """By the account's number; somebody wrote it wrongly, and is known by name and address."""
    payments = [
        {
            "number": bill["utility_account_id"][1].split()[0],
            "amount": f"{bill['amount_residual']:.2f}",
            "name": bill["partner_id"][1],
            "address": "",
        }
        for bill in bills
    ]
    account = facts.one(
        "account", [["number", "=", payments[-1]["number"]]], ["number", "address", "balance"]
    )
    payments[-1].update(number=UNKNOWN, address=account["address"])
    register = folder / "101_register.txt"
    register.write_bytes(post_register(date.today(), OWN_IBAN, payments))
    import_file(people.billing_operator, POST_PROFILE, register, len(payments))
    people.billing_operator.press("List of Payments")
    people.billing_operator.wait_for_state("To Review")
    place(people.cashier, facts, account, album)


def place(cashier, facts, account, album):
    """A cashier sees beside the payment who it may be for, and says so."""
    owed = facts.balance(account)
    cashier.open("utility-payments-to-place")
    cashier.page.locator(".o_data_row").first.click()
    cashier.page.wait_for_selector(".o_utility_candidates .o_kanban_record")
    album.take(cashier, "doubtful-payment")
    candidate = cashier.page.locator(".o_kanban_record", has_text=account["number"])
    candidate.get_by_role("button", name="This One").click()
    chosen = [["account_id", "=", account["id"]], ["state", "=", "matched"]]
    cashier.wait_until(lambda: facts.find("payment", chosen, ["id"]))
    payment = facts.one("payment", chosen, ["reference"])
    assert payment["reference"] == UNKNOWN
    cashier.open(f"utility-payments/{payment['id']}")
    cashier.press("Register Now")
    cashier.wait_for_state("Registered")
    paid = facts.one("payment", [["id", "=", payment["id"]]], ["amount", "credit"])
    assert facts.balance(account) == pytest.approx(owed - paid["amount"])


# -- what comes afterwards ------------------------------------------------------------------------


def correct_the_past(engineer, operator, facts, album):
    """The reading was too high: a further run of the month gives back the difference, and nothing
    else; what the flat used less, its house has used in common."""
    flat = facts.account_at(MISREAD_FLAT)
    billed = {row["code"]: row for row in facts.charges(facts.run_id, flat)}
    owed = facts.balance(flat)
    (wrong,) = facts.readings(MISREAD_POINT, facts.month_end)
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
    operator.take("premise_ids", f"{MISREAD_HOUSE}, ")
    operator.save()
    operator.press("Calculate")
    operator.wait_for_state("To Review")
    operator.open_related("action_open_corrections")
    album.take(operator, "corrections")
    return facts.newest("billing.run", "id")["id"]


def finish(operator, run_id):
    """Approve and post a run that is right as it is."""
    operator.open(f"utility-billing-runs/{run_id}")
    for button, state in (("Approve", "Approved"), ("Post Bills", "Posted")):
        operator.press(button)
        operator.press("Ok")
        operator.wait_for_state(state)


def sell_a_flat(clerk, operator, facts, album):
    """The seller gets the final bill up to the day before, and the credit that is left covers it;
    the buyer pays from then on."""
    flat = facts.account_at(SOLD_FLAT)
    seller, credit = flat["partner_id"], -facts.balance(flat)
    assert 0 < credit <= OVERPAID
    clerk.open_account(flat)
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


# -- the end --------------------------------------------------------------------------------------


def look_through_the_books(accountant, facts, album):
    """The month's checklist says that the books agree; so does whoever asks the database."""
    month = facts.one("billing.period", [["month", "=", facts.month.isoformat()]], ["id"])
    accountant.open(f"utility-billing-months/{month['id']}")
    album.take(accountant, "month")
    points = facts.find("billing.period.check", [["period_id", "=", month["id"]]], ["code", "is_ok"])
    states = {row["code"]: row["is_ok"] for row in points}
    assert {code: states[code] for code in ("placed", "balanced", "covered", "posted")} == {
        "placed": True,
        "balanced": True,
        "covered": True,
        "posted": True,
    }
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
