"""Payments registered in bulk are what Odoo itself would have written: every column of every
table, bills and groups of reconciliations included."""

import random
from collections import Counter
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from ..models.posting_moulds import written_tables
from ..models.reconciling_rows import Reconciliation
from .ledger_snapshot import Snapshot
from .payment_common import PaymentKit
from .test_posting_bulk import BulkCommon, difference

SEED = 20260220


class _TakenBack(Exception):
    pass


class PaymentSnapshot(Snapshot):
    """With reconciliations called by the lines that they join."""

    # pylint: disable-next=missing-return
    def _name_moves(self, known_moves):
        super()._name_moves(known_moves)
        lines = self.names["account_move_line"]
        partials, fulls = {}, {}
        for partial_id, debit, credit, full_id in self._query(
            "SELECT id, debit_move_id, credit_move_id, full_reconcile_id "
            "FROM account_partial_reconcile"
        ):
            name = f"{lines.get(debit, debit)} / {lines.get(credit, credit)}"
            partials[partial_id] = f"partial {name}"
            fulls.setdefault(full_id, []).append(name)
        self.names["account_partial_reconcile"] = partials
        self.names["account_full_reconcile"] = {
            full_id: f"full {sorted(found)}" for full_id, found in fulls.items() if full_id
        }

    def _query(self, query):
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    def _named(self, table, row, references):
        if row.get("matching_number"):
            number = row["matching_number"]
            names = self.names[
                "account_partial_reconcile" if number[0] == "P" else "account_full_reconcile"
            ]
            row = {**row, "matching_number": names[int(number.lstrip("P"))]}
        if table == "utility_payment_allocation":
            row = {**row, "id": "new"}
        return super()._named(table, row, references)


@tagged("post_install", "-at_install")
class TestPaymentsInBulk(PaymentKit, BulkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_payment_kit()
        cls.runs = [cls._billed(f"2026-0{month}-01", SEED + month) for month in (1, 2)]

    @classmethod
    def _billed(cls, month, seed):
        run = (
            cls.env["utility.billing.run"]
            .sudo()
            .create({"month": month, "company_id": cls.company.id, "state": "approved"})
        )
        cls.make_charges(run, cls.random_charges(seed))
        run._prepare_ledger()
        ids = cls.accounts.ids + cls.account.ids
        batch = cls.env["utility.billing.posting"].create(
            {
                "run_id": run.id,
                "first_id": min(ids),
                "last_id": max(ids),
                "account_count": len(ids),
            }
        )
        cls.env["utility.posting"]._post_batch(batch)
        return run

    def random_payments(self, seed, service_bound=True):
        chance = random.Random(seed)
        found = []
        for place, account in enumerate(self.accounts):
            for _number in range(chance.choice((0, 1, 1, 2))):
                amount = chance.choice((5, 17.35, 100, 250.5, 1000, 20000))
                found.append((account, amount, self._more(chance, place, amount, service_bound)))
            if account.balance > 0 and chance.random() < 0.3:
                found.append((account, round(account.balance, 2)))
        return found

    def _more(self, chance, place, amount, service_bound):
        more = {
            "purpose": chance.choice(("Už butą", False)),
            "date": chance.choice(("2026-02-20", "2026-03-02")),
        }
        if place % 7 == 3:
            service = self.many[place % len(self.many)] if service_bound else False
            other = self.accounts[(place + 1) % len(self.accounts)]
            more["part_ids"] = [
                Command.create(
                    {
                        "account_id": self.accounts[place].id,
                        "amount": 3,
                        "service_id": service and service.id,
                    }
                ),
                Command.create({"account_id": other.id, "amount": amount - 3}),
            ]
        return more

    def register_by(self, way, payments):
        """What registering this way writes; then it is taken back."""
        self.company.utility_payment_way = way
        self.env.flush_all()
        self.env.invalidate_all()
        known = self.env["account.move"].search([]).ids
        before = written_tables(self.env.cr)
        try:
            with self.env.cr.savepoint():
                done = self.env["utility.payment.registering"]._register_payments(payments)
                self.env.flush_all()
                tables = {
                    table
                    for table, count in written_tables(self.env.cr).items()
                    if count > before.get(table, 0)
                }
                found = PaymentSnapshot(self.env, tables, known)
                raise _TakenBack
        except _TakenBack:
            self.env.invalidate_all()
        return done["way"], found

    def assertSame(self, payments, odoo="orm"):
        batch = self.make_batch(*payments)
        way, by_odoo = self.register_by(odoo, batch.payment_ids)
        self.assertEqual(way, "orm")
        way, in_bulk = self.register_by("bulk", batch.payment_ids)
        self.assertEqual(way, "bulk")
        self.assertEqual(set(by_odoo.tables), set(in_bulk.tables))
        for table, rows in by_odoo.tables.items():
            ours = in_bulk.tables[table]
            if Counter(map(str, rows)) != Counter(map(str, ours)):
                self.fail(difference(table, rows, ours))
        return in_bulk

    def test_random_payments(self):
        found = self.assertSame(self.random_payments(SEED))
        states = Counter(dict(row)["payment_state"] for row in found.tables["account_move"])
        self.assertGreater(states["paid"], 5)
        self.assertGreater(states["partial"], 5)

    def test_random_payments_by_service(self):
        self.env["utility.payment.policy"].create(
            {
                "company_id": self.company.id,
                "date_start": "2026-01-01",
                "by": "service",
                "first": "newest",
                "group_ids": [
                    Command.create({"service_ids": [Command.set(service.ids)]})
                    for service in self.many[:3]
                ],
            }
        )
        self.assertSame(self.random_payments(SEED + 1))

    def test_random_payments_on_bills_that_are_partly_paid(self):
        self.company.utility_payment_way = "bulk"
        before = self.make_batch(*self.random_payments(SEED + 2))
        self.env["utility.payment.registering"]._register_payments(before.payment_ids)
        self.assertSame(self.random_payments(SEED + 3))

    def test_as_odoo_would_reconcile_itself(self):
        """Oldest first, nothing bound to a service: Odoo's own plan finds the same."""
        payments = self.random_payments(SEED + 4, service_bound=False)
        batch = self.make_batch(*payments)
        with patch.object(Reconciliation, "foreign_pairs", lambda found, _company: found.pairs):
            _way, by_odoo = self.register_by("orm", batch.payment_ids)
        _way, in_bulk = self.register_by("bulk", batch.payment_ids)
        for table, rows in by_odoo.tables.items():
            ours = in_bulk.tables[table]
            if Counter(map(str, rows)) != Counter(map(str, ours)):
                self.fail(difference(table, rows, ours))
