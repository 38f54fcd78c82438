"""What the administrator reads in the town: to know what to type, and what has come of it."""

from datetime import date

from harness.books import Books
from journeys.records import Records


class Facts(Records):
    def __init__(self, town):
        self.database = town.database
        super().__init__(town.json2("admin"))
        self.books = Books(town.database, self.call)
        (run,) = self.find("billing.run", [["state", "=", "review"]], ["month", "company_id"])
        self.run_id = run["id"]
        self.company_id = run["company_id"][0]
        self.month = date.fromisoformat(run["month"])
        held = self.find("reading", [["state", "=", "held"]], ["date"])
        self.month_end = date.fromisoformat(max(row["date"] for row in held))

    def run(self, run_id, *fields):
        return self.one("billing.run", [["id", "=", run_id]], fields)

    def newest(self, model, *fields):
        return self.one(model, [], fields, order="id desc", limit=1)

    def account_at(self, address):
        """The open account of a place, by the beginning of its address."""
        return self.one(
            "account",
            [["address", "=like", f"{address},%"], ["state", "in", ["open"]]],
            ["number", "partner_id", "premise_id", "balance", "address"],
        )

    def balance(self, account):
        return round(self.call("utility.account", "balance_on", ids=[account["id"]]), 2)

    def readings(self, point, day):
        """Readings of a point's meter on a day, the newest first."""
        return self.find(
            "reading",
            [["service_point_id.code", "=", point], ["date", "=", day.isoformat()]],
            ["value", "usage", "state", "source", "meter_id", "register_id"],
            order="id desc",
        )

    def last_reading(self, point):
        """{value, serial} of the newest reading in force."""
        reading = self.one(
            "reading",
            [["service_point_id.code", "=", point], ["state", "=", "accepted"]],
            ["value", "meter_id", "register_id"],
            order="date desc, id desc",
            limit=1,
        )
        meter = self.one("meter", [["id", "=", reading["meter_id"][0]]], ["serial"])
        return {**reading, "serial": meter["serial"]}

    def charges(self, run_id, account, *domain):
        return self.find(
            "charge",
            [["run_id", "=", run_id], ["account_id", "=", account["id"]], *domain],
            ["code", "amount", "quantity", "price", "is_correction", "period_start"],
        )

    def open_bills(self, run_id):
        """Bills of a run with something to pay, in their numbers' order."""
        return self.call(
            "account.move",
            "search_read",
            domain=[
                ["utility_run_id", "=", run_id],
                ["move_type", "=", "out_invoice"],
                ["amount_residual", ">", 0],
            ],
            fields=[
                "name",
                "payment_reference",
                "amount_residual",
                "partner_id",
                "utility_account_id",
            ],
            order="name",
        )
