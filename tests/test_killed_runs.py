"""A server that is killed in the middle of a billing run: once another one runs and the run is
taken up again, nothing is missing and nothing is doubled."""

import time
from collections import defaultdict

import pytest

from harness.mortal import Town
from suite import postgres

# accounts a batch, so that the town makes some twenty batches
BATCH = "12"
SECONDS = 300
BY_NOW = 3


class RunTown(Town):
    def work_in_small_batches(self):
        for name in ("batch_accounts", "accounts_at_once"):
            self.admin(
                "ir.config_parameter",
                "create",
                vals_list=[{"key": f"utility_billing.{name}", "value": BATCH}],
            )

    def progress(self, run_id):
        return self.call("billing.run", "progress_info", ids=[run_id])

    def wait(self, run_id, reached):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            info = self.progress(run_id)
            if reached(info):
                return info
            time.sleep(0.2)
        raise AssertionError(f"not reached in {SECONDS} s: {info}")

    def kill_in_the_middle(self, run_id):
        """Kill when some batches are done and others are not; start again, take the run up."""
        accounts = BY_NOW * int(BATCH)
        info = self.wait(run_id, lambda info: info["done"] >= accounts or not info["working"])
        assert info["working"]
        self.kill()
        left = self.batches(run_id, info["posting"])
        assert left["done"] >= BY_NOW
        assert left["todo"]
        self.start()
        self.call("billing.run", "action_resume", ids=[run_id])
        return self.wait(run_id, lambda info: not info["working"])

    def batches(self, run_id, posting):
        """{state: how many batches are in it}, asked of the database: no server runs."""
        table = f"utility_billing_{'posting' if posting else 'batch'}"
        query = (
            f"SELECT state || ' ' || count(*) FROM {table} WHERE run_id = {run_id} GROUP BY state"
        )
        counts = dict(row.split() for row in postgres.psql(query, self.database))
        return {state: int(counts.get(state, 0)) for state in ("todo", "done", "failed")}

    def charges(self, run_id):
        """{account: what it is charged, in order}"""
        found = defaultdict(list)
        for row in self.find(
            "charge",
            [["run_id", "=", run_id]],
            ["account_id", "service_id", "code", "kind", "date_start", "date_end", "amount"],
        ):
            account = row.pop("account_id")[0]
            row.pop("id")
            found[account].append(sorted((name, str(value)) for name, value in row.items()))
        return {account: sorted(rows) for account, rows in found.items()}


@pytest.fixture(scope="module")
def town(serving):
    return RunTown(serving)


def test_killed_while_calculating_and_while_posting(town):
    (whole,) = town.find("billing.run", [["state", "=", "review"]], ["month", "company_id"])
    town.work_in_small_batches()
    (run_id,) = town.call("billing.run", "create", vals_list=[{"month": whole["month"]}])
    town.call("billing.run", "action_calculate", ids=[run_id])
    info = town.kill_in_the_middle(run_id)
    assert (info["state"], info["percent"]) == ("review", 100)
    charges = town.charges(run_id)
    assert len(charges) > 200
    assert charges == town.charges(whole["id"])

    town.call("billing.run", "action_approve", ids=[run_id])
    town.call("billing.run", "action_post", ids=[run_id])
    info = town.kill_in_the_middle(run_id)
    assert info["state"] == "posted"
    check_bills(town, run_id, charges)


def check_bills(town, run_id, charges):
    """A bill for each payer of an account, numbers without a gap, all charges on bills."""
    bills = town.admin(
        "account.move",
        "search_read",
        domain=[
            ["utility_run_id", "=", run_id],
            ["move_type", "in", ["out_invoice", "out_refund"]],
        ],
        fields=["state", "utility_account_id", "partner_id"],
    )
    assert {bill["state"] for bill in bills} == {"posted"}
    billed = [(bill["utility_account_id"][0], bill["partner_id"][0]) for bill in bills]
    assert len(billed) == len(set(billed))
    charged = town.find("account", [["id", "in", list(charges)]], ["bill_to_account_id"])
    to_bill = {
        row["bill_to_account_id"][0] if row["bill_to_account_id"] else row["id"] for row in charged
    }
    assert {account for account, _payer in billed} == to_bill
    assert {row["state"] for row in town.find("charge", [["run_id", "=", run_id]], ["state"])} == {
        "posted"
    }
    numbers = defaultdict(list)
    # with the month that the town has posted before
    for bill in town.admin(
        "account.move",
        "search_read",
        domain=[
            ["utility_run_id", "!=", False],
            ["move_type", "in", ["out_invoice", "out_refund"]],
        ],
        fields=["sequence_prefix", "sequence_number"],
    ):
        numbers[bill["sequence_prefix"]].append(bill["sequence_number"])
    for found in numbers.values():
        assert sorted(found) == list(range(1, len(found) + 1))
