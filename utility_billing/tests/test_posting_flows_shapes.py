"""Odoo's own flows over bills in bulk of many shapes: of several taxes with tags of their own,
below zero, for companies and their desks, with terms of payment of all kinds."""

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_posting_bulk import SEED, BulkCommon

# said when the bill is made; computed anew, Odoo would choose by partner, product and journal
SAID = {
    "account.move": {"invoice_payment_term_id", "partner_shipping_id"},
    # `balance` is computed as 0 of any invoice's line: Odoo sets it with the taxes
    "account.move.line": {"account_id", "balance", "price_unit", "sequence", "tax_ids"},
}
# by whom and when it was touched
TOUCHED = ("write_date", "write_uid", "is_manually_modified")


@tagged("post_install", "-at_install")
class TestFlowsOfManyShapes(BulkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat.name, cls.reduced.name, cls.twofold.name = "VAT 21", "VAT 9", "Levy 5"
        for tax in (cls.vat, cls.reduced, cls.twofold):
            cls._give_tags(tax)
        cls.run_ = (
            cls.env["utility.billing.run"]
            .sudo()
            .create({"month": "2026-01-01", "company_id": cls.company.id, "state": "approved"})
        )
        cls.make_charges(cls.run_, cls.random_charges(SEED))
        cls.bills = cls.post(cls.run_).sorted("name")
        cls.bank = cls.make_bank_journal()

    @classmethod
    def _give_tags(cls, tax):
        """Every part of the tax is told in a box of its own."""
        for parts in (tax.invoice_repartition_line_ids, tax.refund_repartition_line_ids):
            for part in parts:
                name = f"{tax.name} {part.document_type} {part.repartition_type}"
                part.tag_ids = [
                    Command.clear(),
                    Command.create(
                        {
                            "name": name,
                            "applicability": "taxes",
                            "country_id": cls.env.ref("base.lt").id,
                        }
                    ),
                ]

    def test_they_are_of_twenty_shapes(self):
        self.assertEqual(
            (self.run_.posting_ids.way, self.run_.posting_ids.fallback_reason), ("bulk", False)
        )
        shapes = {
            (
                bill.move_type,
                *sorted(
                    (line.account_id.id, line.tax_line_id.id, line.product_id.id)
                    for line in bill.line_ids
                ),
            )
            for bill in self.bills
        }
        self.assertGreaterEqual(len(shapes), 20)
        self.assertEqual(set(self.bills.mapped("move_type")), {"out_invoice", "out_refund"})

    def test_computing_everything_again_changes_nothing(self):
        before = self.stored()
        for records in (self.bills, self.bills.line_ids):
            for name, field in records._fields.items():
                if field.store and field.compute and name not in SAID[records._name]:
                    self.env.add_to_compute(field, records)
        changed = self.changed(before)
        self.assertEqual(sorted(changed), [], changed)

    def test_back_to_draft_and_posted_again_they_are_the_same(self):
        before = self.stored()
        self.bills.button_draft()
        self.bills.action_post()
        self.assertEqual(self.changed(before), {})

    def stored(self):
        """{table: {id: {column: value}}} of the bills, with the taxes and tags of their lines."""
        self.env.flush_all()
        found = {}
        for table, column in (("account_move", "id"), ("account_move_line", "move_id")):
            self.env.cr.execute(
                f"SELECT * FROM {table} WHERE {column} = ANY(%s)",  # noqa: S608
                [self.bills.ids],
            )
            names = [entry.name for entry in self.env.cr.description]
            found[table] = {
                row[names.index("id")]: dict(zip(names, row, strict=True))
                for row in self.env.cr.fetchall()
            }
        for line in self.bills.line_ids:
            row = found["account_move_line"][line.id]
            row |= {"tax_ids": line.tax_ids.ids, "tax_tag_ids": line.tax_tag_ids.ids}
        return found

    def changed(self, before):
        """{table.column: an example (before, now)}"""
        self.env.flush_all()
        self.env.invalidate_all()
        now = self.stored()
        self.assertEqual(
            {table: set(rows) for table, rows in before.items()},
            {table: set(rows) for table, rows in now.items()},
        )
        return {
            f"{table}.{column}": (value, now[table][row_id][column])
            for table, rows in before.items()
            for row_id, row in rows.items()
            for column, value in row.items()
            if column not in TOUCHED and now[table][row_id][column] != value
        }

    def test_the_boxes_of_the_tax_report(self):
        """What bears a box's tag is what the tax says of it: the base of lines with the tax, and
        the lines of the tax itself, of invoices and of credit notes apart."""
        boxes = defaultdict(float)
        for line in self.bills.line_ids:
            kind = "refund" if line.move_id.move_type == "out_refund" else "invoice"
            for tax in line.tax_ids.flatten_taxes_hierarchy():
                boxes[f"{self.tax_name(tax)} {kind} base"] += line.balance
            if line.tax_line_id:
                boxes[f"{self.tax_name(line.tax_line_id)} {kind} tax"] += line.balance
        told = self.env["account.move.line"]._read_group(
            [("move_id", "in", self.bills.ids), ("tax_tag_ids", "!=", False)],
            ["tax_tag_ids"],
            ["balance:sum"],
        )
        self.assertEqual(
            {tag.name: round(balance, 2) for tag, balance in told},
            {name: round(balance, 2) for name, balance in boxes.items()},
        )
        self.assertEqual(len(told), 12)

    def tax_name(self, tax):
        """Of the tax that this one was made after, for prices with it or without."""
        return (tax.utility_twin_of_id or tax).name

    def test_credit_notes_take_them_back(self):
        for kind, bills in self.bills.grouped("move_type").items():
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=bills.ids)
                .create({"journal_id": bills.journal_id.id, "date": "2026-03-16"})
            )
            wizard.refund_moves()
            notes = bills.reversal_move_ids
            notes.action_post()
            self.assertEqual(len(notes), len(bills), kind)
            self.assertEqual(notes.mapped("amount_total"), bills.mapped("amount_total"))
        self.assertEqual(set(self.accounts.mapped("balance")), {0.0})

    def test_payments_are_registered(self):
        bills = self.bills.filtered(lambda bill: bill.amount_residual > 0)
        invoices = bills.filtered(lambda bill: bill.move_type == "out_invoice")
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"journal_id": self.bank.id, "group_payment": False})
        )
        payments = wizard._create_payments()
        self.assertEqual(len(payments), len(invoices))
        self.assertLessEqual(set(invoices.mapped("payment_state")), {"paid", "in_payment"})
        self.assertEqual(sum(invoices.mapped("amount_residual")), 0)

    def test_a_locked_period_keeps_them(self):
        self.company.fiscalyear_lock_date = "2026-02-28"
        for bill in self.bills:
            with self.assertRaises(UserError):
                bill.button_draft()

    def test_they_are_printed(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", self.bills.ids
        )
        for bill in self.bills:
            self.assertIn(bill.name.encode(), html)
