"""A server that is killed while payments are matched, and again while they are registered: once
another one runs and the list is taken up, no payment is missing, doubled or registered by half."""

import time
from decimal import Decimal

import pytest

from harness.collectors import make_collector
from harness.mortal import Town
from suite import postgres

SLICE = "20"
PAYMENTS_EACH = 3
SECONDS = 300


class PaymentTown(Town):
    def set_parameters(self):
        for name in ("payment_slice", "payments_at_once"):
            self.admin(
                "ir.config_parameter",
                "create",
                vals_list=[{"key": f"utility_billing.{name}", "value": SLICE}],
            )

    def make_list(self):
        """Payments of one euro, three for each open account, by the account's number."""
        company = self.find("billing.run", [["state", "=", "review"]], ["company_id"])[0]
        company_id = company["company_id"][0]
        collector_id = make_collector(self.admin, company_id, "272900", "Post")
        accounts = self.find(
            "account",
            [["state", "in", ["open"]], ["company_id", "=", company_id]],
            ["number", "partner_id"],
        )
        numbers = [account["number"] for account in accounts if account["partner_id"]]
        (batch_id,) = self.call(
            "payment.batch",
            "create",
            vals_list=[
                {
                    "collector_id": collector_id,
                    "company_id": company_id,
                    "payment_ids": [
                        [0, 0, {"reference": number, "amount": 1.0}]
                        for number in numbers
                        for _time in range(PAYMENTS_EACH)
                    ],
                }
            ],
        )
        return batch_id, PAYMENTS_EACH * len(numbers)

    def rows(self, query):
        return [row.split("|") for row in postgres.psql(query, self.database)]

    def slices(self, batch_id, stage):
        """{state: how many slices}, asked of the database."""
        rows = self.rows(
            "SELECT state, count(*) FROM utility_payment_slice "
            f"WHERE batch_id = {batch_id} AND stage = '{stage}' GROUP BY state"
        )
        return {state: int(count) for state, count in rows}

    def kill_while(self, batch_id, stage):
        """Kill when some slices of a stage are done and others are not."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            found = self.slices(batch_id, stage)
            if found.get("done", 0) >= 2:
                break
            time.sleep(0.05)
        self.kill()
        left = self.slices(batch_id, stage)
        assert left["done"] >= 2
        assert left.get("todo")

    def state(self, batch_id):
        return self.find("payment.batch", [["id", "=", batch_id]], ["state"])[0]["state"]

    def wait_until(self, batch_id, *states):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if self.state(batch_id) in states:
                return
            time.sleep(0.3)
        raise AssertionError(f"{self.state(batch_id)} after {SECONDS} s")

    def left(self, batch_id):
        """What is not registered, and what went wrong, in words."""
        return self.rows(
            "SELECT reference, state, score, reason FROM utility_payment "
            f"WHERE batch_id = {batch_id} AND state <> 'registered' UNION ALL "
            "SELECT stage, state, payment_count, message FROM utility_payment_slice "
            f"WHERE batch_id = {batch_id} AND state <> 'done'"
        )

    def registered(self, batch_id):
        """(payments said to be registered, payments with ledger lines, lines, their sum)"""
        ((said, booked, lines, total),) = self.rows(
            "SELECT count(DISTINCT payment.id) FILTER (WHERE payment.state = 'registered'), "
            "count(DISTINCT line.utility_payment_id), count(line.id), "
            "COALESCE(sum(line.credit - line.debit), 0) FROM utility_payment payment "
            "LEFT JOIN account_move_line line ON line.utility_payment_id = payment.id "
            f"WHERE payment.batch_id = {batch_id}"
        )
        return int(said), int(booked), int(lines), Decimal(total)


@pytest.fixture(scope="module")
def town(serving):
    return PaymentTown(serving)


def test_killed_while_matching_and_while_registering(town):
    town.set_parameters()
    batch_id, count = town.make_list()
    town.call("payment.batch", "action_match", ids=[batch_id])
    town.kill_while(batch_id, "matching")
    town.start()
    town.call("payment.batch", "action_resume", ids=[batch_id])

    town.kill_while(batch_id, "registering")
    said, booked, lines, total = town.registered(batch_id)
    assert 0 < said < count
    assert (booked, lines, total) == (said, said, said)
    town.start()
    town.call("payment.batch", "action_resume", ids=[batch_id])
    town.wait_until(batch_id, "done", "review")

    assert "\n".join(map(str, town.left(batch_id))) == ""
    assert town.state(batch_id) == "done"
    assert town.registered(batch_id) == (count, count, count, count)
    check_ledger(town, batch_id, count)


def check_ledger(town, batch_id, count):
    """Entries balance; what payments cover and what is left over add up to what was paid."""
    unbalanced = town.rows(
        "SELECT move.id FROM account_move move JOIN account_move_line line "
        "ON line.move_id = move.id WHERE move.utility_payment_batch_id = "
        f"{batch_id} GROUP BY move.id HAVING sum(line.balance) <> 0"
    )
    assert unbalanced == []
    ((covered,),) = town.rows(
        "SELECT COALESCE(sum(allocation.amount), 0) FROM utility_payment_allocation allocation "
        "JOIN utility_payment payment ON payment.id = allocation.payment_id "
        f"WHERE payment.batch_id = {batch_id}"
    )
    ((left,),) = town.rows(
        "SELECT COALESCE(sum(-line.amount_residual), 0) FROM account_move_line line "
        "JOIN utility_payment payment ON payment.id = line.utility_payment_id "
        f"WHERE payment.batch_id = {batch_id}"
    )
    assert Decimal(covered) > 0
    assert Decimal(covered) + Decimal(left) == count
