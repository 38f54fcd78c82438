from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date


class CreditorSettlement(models.Model):
    """From a proposal to the ledger: what is owed to the creditor, and the invoice of the fee."""

    _inherit = "utility.creditor.settlement"

    def action_approve(self):
        for settlement in self:
            settlement._refuse_unless("draft")
            work = settlement.sudo()
            if not work.line_ids:
                raise UserError(self.env._("Nothing was collected for %s: count first.", work.name))
            work._refuse_changed()
            work._refuse_mixed_fees()
            work.write(
                {
                    "state": "approved",
                    "approved_by": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                }
            )
        return True

    def action_draft(self):
        for settlement in self:
            settlement._refuse_unless("approved")
            settlement.sudo().write({"state": "draft", "approved_by": False, "approved_at": False})
        return True

    def action_post(self):
        for settlement in self:
            settlement._refuse_unless("approved")
            # the entry follows from what was approved; the operator need not be an accountant
            settlement.sudo().with_company(settlement.company_id)._post()
        return True

    def action_cancel(self):
        for settlement in self:
            settlement._refuse_unless("draft", "approved", "posted")
            work = settlement.sudo().with_company(settlement.company_id)
            if work.state == "posted":
                work._reverse(fields.Date.context_today(self))
            work.state = "cancelled"
        return True

    def _refuse_unless(self, *states):
        self.ensure_one()
        self.check_access("write")
        self.sudo().lock_for_update()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(settlement)s is “%(state)s”: that cannot be done now.",
                    settlement=self.name,
                    state=names[self.state],
                )
            )

    def _refuse_changed(self):
        """:raise UserError: the ledger moved on since the days were counted"""
        self.creditor_id.lock_for_update(allow_referencing=True)
        shown = {(line.service_id.id, line.date): round(line.amount, 2) for line in self.line_ids}
        now = {
            (row["service_id"], row["date"]): round(row["amount"], 2) for row in self._differences()
        }
        if shown != now:
            raise UserError(
                self.env._(
                    "Payments were registered or moved since %s was counted: count again.",
                    self.name,
                )
            )

    def _refuse_mixed_fees(self):
        ways = set(self.service_ids.filtered("fee").mapped("fee_way"))
        if len(ways) > 1:
            raise UserError(
                self.env._(
                    "%s: the fee of some services is kept back, that of others is not. Agree on "
                    "one way with the creditor.",
                    self.name,
                )
            )

    # -- ledger -----------------------------------------------------------------------------

    def _post(self):
        journal = self.company_id._utility_payment_journal()
        self.company_id._utility_refuse_locked(self.date, journal)
        invoice = self._invoice_fee()
        move = self.env["account.move"].create(self._prepare_move(journal, invoice))
        move._post(soft=False)
        deducted = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        if deducted:
            owed = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
            (deducted | owed).reconcile()
        self.write({"state": "posted", "move_id": move.id, "invoice_id": invoice.id})

    def _prepare_move(self, journal, invoice):
        rows = self.service_ids.filtered("amount")
        lines = [
            {
                "name": self.env._("Collected: %s", row.service_id.name),
                "account_id": self._liability(row.service_id).id,
                "partner_id": self.creditor_id.id,
                "utility_service_id": row.service_id.id,
                "balance": row.amount,
            }
            for row in rows
        ]
        payable = sum(rows.mapped("amount"))
        if invoice and self.service_ids.filtered("fee").mapped("fee_way")[0] == "deducted":
            owed = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
            lines.append(
                {
                    "name": self.env._("Fee kept back: %s", invoice.name),
                    "account_id": owed.account_id.id,
                    "partner_id": self.creditor_id.commercial_partner_id.id,
                    "balance": -invoice.amount_total_signed,
                }
            )
            payable -= invoice.amount_total_signed
        lines.append(
            {
                "name": self.name,
                "account_id": self._payable_account().id,
                "partner_id": self.creditor_id.commercial_partner_id.id,
                "balance": -payable,
            }
        )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "date": self.date,
            "ref": self.env._("Settlement %s", self.name),
            "line_ids": [
                Command.create({**line, "date_maturity": self.date, "sequence": place})
                for place, line in enumerate(lines)
            ],
        }

    def _liability(self, service):
        if not service.liability_account_id:
            raise UserError(
                self.env._(
                    "Choose on the service %s the account of what is owed to its creditor.",
                    service.name,
                )
            )
        return service.liability_account_id

    def _payable_account(self):
        account = self.creditor_id.commercial_partner_id.property_account_payable_id
        if not account:
            raise UserError(
                self.env._(
                    "%s has no payable account: set one on the partner.", self.creditor_id.name
                )
            )
        return account

    def _invoice_fee(self):
        """The posted invoice of the fee, with its taxes; empty without a fee."""
        rows = self.service_ids.filtered("fee")
        invoices = self.env["account.move"]
        if not rows:
            return invoices
        is_invoice = sum(rows.mapped("fee")) >= 0
        sign = 1 if is_invoice else -1
        invoice = invoices.create(
            {
                "move_type": "out_invoice" if is_invoice else "out_refund",
                "journal_id": self._sale_journal().id,
                "company_id": self.company_id.id,
                "partner_id": self.creditor_id.id,
                "invoice_date": self.date,
                "date": self.date,
                "invoice_date_due": self.date,
                "ref": self.env._("Settlement %s", self.name),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": row.product_id.id,
                            "name": self.env._(
                                "Fee for collecting: %(service)s, %(first)s – %(last)s",
                                service=row.service_id.name,
                                first=format_date(self.env, self.date_from),
                                last=format_date(self.env, self.date_to),
                            ),
                            "quantity": 1,
                            "price_unit": sign * row.fee,
                        }
                    )
                    for row in rows
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _sale_journal(self):
        journal = self.env["account.journal"].search(
            [
                ("type", "=", "sale"),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.company_id.utility_bill_journal_id.id),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no sales journal for the invoice of the fee: make one in Odoo's "
                    "accounting.",
                    self.company_id.name,
                )
            )
        return journal

    def _reverse(self, day):
        """Entries against those of the settlement.

        :raise UserError: the creditor was paid
        """
        self.company_id._utility_refuse_locked(day, self.move_id.journal_id)
        if self._owed_lines().filtered(
            lambda line: line.matched_debit_ids or line.matched_credit_ids
        ):
            raise UserError(
                self.env._(
                    "%s is paid, or partly: undo the payment in the ledger first.", self.name
                )
            )
        for move in self.move_id | self.invoice_id:
            vals = {"date": day, "ref": self.env._("Cancelled: %s", self.name)}
            if move.is_invoice():
                vals["invoice_date"] = day
            move._reverse_moves([vals], cancel=True)
