"""Money comes in: by the bank and by the post."""

from datetime import date

import pytest

from harness.collectors import make_collector
from harness.money_files import camt, post_register
from journeys.month.moves import SOLD_FLAT

OVERPAID = 25
BANK, POST = "Harbour Bank", "Harbour Post"
BANK_PROFILE, POST_PROFILE = "Bank statement camt.053", "Lietuvos paštas: register of payments"
OWN_IBAN = "LT667044000000000001"
BY_BANK, BY_POST, UNKNOWN = 40, 12, "999"


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
        collector_id = make_collector(
            facts.call, facts.company_id, f"27285{number}", name, kind=kind
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
    operator.import_file(BANK_PROFILE, statement, len(payments))
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
    people.billing_operator.import_file(POST_PROFILE, register, len(payments))
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
