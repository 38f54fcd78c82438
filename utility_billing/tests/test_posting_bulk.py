"""Bills in bulk are what Odoo itself would have written: every column of every table."""

import random
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from ..models.posting_moulds import ANALYTIC, written_tables
from .ledger_snapshot import OWN, Snapshot
from .posting_common import PostingCommon

BILLS = 40
SEED = 20260131


class _TakenBack(Exception):
    pass


class BulkCommon(PostingCommon):
    """Accounts of many kinds, and charges of a made-up month as bills of many shapes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_services()
        cls._make_payers()
        cls.accounts = cls._make_accounts()

    @classmethod
    def _make_services(cls):
        cls.reduced = cls.make_tax(9)
        cls.twofold = cls.make_tax(5, sequence=20)
        for tax in (cls.reduced, cls.twofold):
            cls.give_tax_account(tax)
        tag = cls.env["account.account.tag"].create(
            {"name": "+VAT 9", "applicability": "taxes", "country_id": cls.env.ref("base.lt").id}
        )
        parts = cls.reduced.invoice_repartition_line_ids | cls.reduced.refund_repartition_line_ids
        parts.tag_ids = tag
        product = cls.env["product.product"].create({"name": "Heat", "type": "service"})
        cls.many = [
            cls.make_service(f"BULK{number}", income_account_id=cls.revenue.id, **vals)
            for number, vals in enumerate(
                (
                    {"kind": "cold_water"},
                    {"kind": "heat", "product_id": product.id},
                    {"kind": "electricity"},
                    {"kind": "maintenance"},
                    {
                        "kind": "waste",
                        "ownership": "agency",
                        "creditor_partner_id": cls.make_person("Regional Waste").id,
                        "liability_account_id": cls.owed_to_creditors.id,
                    },
                    {"kind": "fund"},
                )
            )
        ]

    @classmethod
    def _make_payers(cls):
        company = cls.make_person("UAB Šaltinis", is_company=True)
        other = cls.make_ledger_account("121100", "Receivable, companies", "asset_receivable")
        desk = cls.make_person("Buhalterija", parent_id=company.id, type="invoice")
        company.property_account_receivable_id = other
        slow = cls.make_person("Lėtas Mokėtojas")
        slow.property_payment_term_id = cls.env.ref(
            "account.account_payment_term_end_following_month"
        )
        cls.payers = [cls.jonas, cls.ona, cls.tomas, company, desk, slow]
        cls.tomas.lang = "en_US"

    @classmethod
    def _make_accounts(cls):
        return cls.env["utility.account"].concat(
            *(
                cls.make_account(
                    cls.flat_2,
                    cls.payers[number % len(cls.payers)],
                    date_open="2020-01-01",
                    kind="legal" if number % 5 == 0 else "individual",
                    date_close="2026-01-31" if number % 17 == 3 else False,
                )
                for number in range(BILLS)
            )
        )

    @classmethod
    def make_charges(cls, run, charges):
        """Approved charges as a run would have stored them.

        :param charges: [(account, service, {values})]
        """
        cls.env["utility.charge"].sudo().create(
            [
                {
                    "company_id": cls.company.id,
                    "run_id": run.id,
                    "month": "2026-01-01",
                    "state": "approved",
                    "account_id": account.id,
                    "partner_id": account.partner_id.id,
                    "service_id": service.id,
                    "premise_id": account.premise_id.id,
                    "building_id": account.building_id.id,
                    "kind": "consumption",
                    "code": "use",
                    "date_start": "2026-01-01",
                    "date_end": "2026-01-31",
                    "period_start": "2026-01-01",
                    "period_end": "2026-01-31",
                    "uom_id": service.uom_id.id,
                    "trace": {},
                    **vals,
                }
                for account, service, vals in charges
            ]
        )

    @classmethod
    def random_charges(cls, seed):
        chance = random.Random(seed)
        return [
            (account, service, cls._random_charge(chance, place))
            for place, account in enumerate(cls.accounts)
            for service in chance.sample(cls.many, chance.randint(1, len(cls.many)))
            for _number in range(chance.choice((1, 1, 2, 3)))
        ]

    @classmethod
    def _random_charge(cls, chance, place):
        quantity = Decimal(chance.randint(1, 99999)) / 1000
        price = Decimal(chance.randint(1, 400000)) / 100000
        amount = (quantity * price).quantize(Decimal("0.01"))
        sign = -1 if place % 6 == 5 or chance.random() < 0.15 else 1
        taxes = chance.choice(
            (
                cls.vat,
                cls.vat,
                cls.reduced,
                cls.vat | cls.twofold,
                cls.env["account.tax"],
            )
        )
        return {
            "quantity": sign * quantity if chance.random() < 0.8 else 0,
            "price": price,
            "amount": sign * amount if place % 13 else 0,
            "code": chance.choice(("use", "fee")),
            "tax_key": ",".join(map(str, taxes.ids)),
            "tax_included": len(taxes) == 1 and chance.random() < 0.3,
            "is_correction": chance.random() < 0.2,
        }


@tagged("post_install", "-at_install")
class TestBulkIsOdoo(BulkCommon):
    def setUp(self):
        super().setUp()
        self.run = (
            self.env["utility.billing.run"]
            .sudo()
            .create({"month": "2026-01-01", "company_id": self.company.id, "state": "approved"})
        )
        self.known = self.env["account.move"].search([]).ids

    def post_by(self, way):
        """What posting this way writes; then it is taken back."""
        self.run._prepare_ledger()
        self.company.utility_posting_way = way
        self.env.flush_all()
        self.env.invalidate_all()
        before = written_tables(self.env.cr)
        try:
            with self.env.cr.savepoint():
                outcome = self.env["utility.posting"]._post_batch(self.batch)
                self.env.flush_all()
                self.assertEqual((outcome["way"], outcome["fallback_reason"]), (way, False))
                tables = {
                    table
                    for table, count in written_tables(self.env.cr).items()
                    if count > before.get(table, 0)
                }
                found = Snapshot(self.env, tables - OWN, self.known)
                raise _TakenBack
        except _TakenBack:
            self.env.invalidate_all()
        return found

    def _batch(self):
        ids = self.accounts.ids + self.account.ids
        return self.env["utility.billing.posting"].create(
            {
                "run_id": self.run.id,
                "first_id": min(ids),
                "last_id": max(ids),
                "account_count": len(ids),
            }
        )

    def assertSameLedger(self):
        self.batch = self._batch()
        by_odoo, in_bulk = self.post_by("orm"), self.post_by("bulk")
        self.assertEqual(set(by_odoo.tables), set(in_bulk.tables))
        for table, rows in by_odoo.tables.items():
            ours = in_bulk.tables[table]
            if Counter(map(str, rows)) != Counter(map(str, ours)):
                self.fail(difference(table, rows, ours))
        return by_odoo

    def test_random_bills(self):
        self.make_charges(self.run, self.random_charges(SEED))
        found = self.assertSameLedger()
        self.assertGreaterEqual(len(self.shapes(found)), 20)
        self.assertGreater(len(found.tables["account_move_line"]), BILLS)

    def test_random_bills_rounded_line_by_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.make_charges(self.run, self.random_charges(SEED + 1))
        self.assertSameLedger()

    def test_random_bills_with_analytic(self):
        """Of two buildings, and of a detached house, which is in no building."""
        self._analyse()
        self.accounts[::3].premise_id = self.other_flat
        detached = self.accounts[::4]
        detached.premise_id = self.private_house
        self.make_charges(
            self.run,
            [
                (account, service, {**vals, "building_id": False} if account in detached else vals)
                for account, service, vals in self.random_charges(SEED + 2)
            ],
        )
        found = self.assertSameLedger()
        self.assertEqual(
            {bool(row[self.by_building]) for row in map(dict, found.tables[ANALYTIC])},
            {True, False},
        )

    def _analyse(self):
        """By service and building; `by_building` is the column of buildings."""
        self.company.write({"utility_analytic_services": True, "utility_analytic_buildings": True})
        plan = self.env.ref("utility_billing.analytic_plan_buildings")
        self.by_building = plan._column_name()

    def test_a_line_that_comes_to_nothing_is_not_analysed(self):
        """+5.00 and -5.00 of a service: Odoo writes no analytic line of 0.00, the others' it does.

        The account of what is owed to others is reconciled: a line of 0.00 is so at once.
        """
        self._analyse()
        self.owed_to_creditors.reconcile = True
        heat, waste = self.many[1], self.many[4]
        vals = {"quantity": 0, "tax_key": str(self.vat.id)}
        self.make_charges(
            self.run,
            [
                (self.accounts[0], heat, {**vals, "amount": 5}),
                (self.accounts[0], heat, {**vals, "amount": -5}),
                (self.accounts[1], waste, {**vals, "amount": 7}),
                (self.accounts[2], waste, {**vals, "amount": 5}),
                (self.accounts[2], waste, {**vals, "amount": -5}),
                (self.accounts[2], self.many[3], {**vals, "amount": 3}),
            ],
        )
        found = self.assertSameLedger()
        rows = map(dict, found.tables[ANALYTIC])
        self.assertEqual(sorted(row["amount"] for row in rows), [3, 7])

    def test_a_bill_of_more_than_a_hundred_analysed_lines(self):
        self._analyse()
        collective = self.make_account(
            self.house, self.payers[3], kind="collective", date_open="2020-01-01"
        )
        self.accounts.bill_to_account_id = collective
        vals = {"quantity": 0, "amount": 2, "tax_key": str(self.vat.id)}
        self.make_charges(
            self.run,
            [
                (account, service, vals)
                for account in self.accounts
                for service in (self.many[0], self.many[1], self.many[3])
            ],
        )
        self.accounts += collective
        found = self.assertSameLedger()
        self.assertEqual((len(self.bills_in(found)), len(found.tables[ANALYTIC])), (1, 3 * BILLS))

    def test_bills_of_collective_accounts(self):
        collective = self.make_account(
            self.house, self.payers[3], kind="collective", date_open="2020-01-01"
        )
        self.accounts[:12].bill_to_account_id = collective
        self.accounts += collective
        self.make_charges(
            self.run,
            [row for row in self.random_charges(SEED + 3) if row[0] != collective],
        )
        found = self.assertSameLedger()
        self.assertLess(len(self.bills_in(found)), BILLS)

    def bills_in(self, snapshot):
        rows = map(dict, snapshot.tables["account_move"])
        return [row for row in rows if str(row["id"]).startswith("move ")]

    def shapes(self, snapshot):
        """Bills that differ in more than amounts: their type, accounts and taxes."""
        lines = {}
        for row in map(dict, snapshot.tables["account_move_line"]):
            lines.setdefault(row["move_id"], []).append(
                (row["account_id"], row["tax_line_id"] or 0, row["product_id"] or 0)
            )
        return {(row["move_type"], *sorted(lines[row["id"]])) for row in self.bills_in(snapshot)}


def difference(table, theirs, ours):
    """The first rows and columns in which two ways differ."""
    theirs, ours = list(theirs), list(ours)
    for row in theirs[:]:
        if row in ours:
            ours.remove(row)
            theirs.remove(row)
    said = [f"{table}: {len(theirs)} rows of Odoo's, {len(ours)} of ours differ"]
    for one, other in zip(theirs[:3], ours[:3], strict=False):
        one, other = dict(one), dict(other)
        said.append(f"  {one.get('id')} / {other.get('id')}")
        said += [
            f"    {column}: {value!r} of Odoo's, {other.get(column)!r} of ours"
            for column, value in one.items()
            if value != other.get(column)
        ]
    return "\n".join(said)
