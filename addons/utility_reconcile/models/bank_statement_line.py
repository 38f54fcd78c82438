from odoo import api, fields, models

from odoo.addons.base.models.res_bank import sanitize_account_number


class AccountBankStatementLine(models.Model):
    """The line that brings a collector's transfer."""

    _inherit = "account.bank.statement.line"

    utility_collector_id = fields.Many2one(
        "utility.payment.collector",
        "Collector",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Whose transfer it is, or may be.",
    )
    utility_bank_payment_id = fields.Many2one(
        "utility.payment",
        "Payment in the List",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The payment that the bank's file of payments has, and this line too.",
    )
    utility_is_undone = fields.Boolean(
        "Undone by Hand",
        readonly=True,
        copy=False,
        help="Its reconciliation was taken back: it is not made by itself again.",
    )

    # -- in the place of searches by parts of texts -----------------------------------------

    def _of_collectors(self):
        """Lines of statements to which collectors pay."""
        # which journals they are is the same for whoever brings the statement in
        collectors = self.env["utility.payment.collector"].sudo()
        known = {}
        for company in self.company_id:
            found = collectors._of_company(company)
            journals = found.mapped("bank_journal_ids")
            anywhere = any(not collector.bank_journal_ids for collector in found)
            known[company] = (anywhere, journals)
        return self.filtered(
            lambda line: (
                line.journal_id.type == "bank"
                and (known[line.company_id][0] or line.journal_id in known[line.company_id][1])
            )
        )

    @api.model
    def _clears(self, line):
        """Whether ours may clear it: in the company's currency."""
        currency = line.company_id.currency_id
        return not line.foreign_currency_id and line.currency_id in (currency, line.browse())

    def _retrieve_partner(self):
        """Payers by the account that they pay from, wholly as it is: a part of a name is looked
        for in no list of a hundred thousand."""
        ours = self._of_collectors()
        if not self.env.context.get("skip_retrieve_partner"):
            ours._partners_by_account()
        return super(AccountBankStatementLine, self - ours)._retrieve_partner()

    def _partners_by_account(self):
        lines = self.filtered(lambda line: line.account_number and not line.partner_id)
        numbers = {line: sanitize_account_number(line.account_number) for line in lines}
        owners = dict(
            self.env["res.partner.bank"]._read_group(
                [
                    ("sanitized_acc_number", "in", list(set(numbers.values()))),
                    ("company_id", "in", [False, *self.company_id.ids]),
                ],
                ["sanitized_acc_number"],
                ["partner_id:recordset"],
            )
        )
        for line, number in numbers.items():
            partners = owners.get(number, self.env["res.partner"]).commercial_partner_id
            if len(partners) == 1:
                line.partner_id = partners

    def _do_auto_reconcile_invoices(self):
        """Bills are paid through lists of payments: they are not looked for by texts."""
        ours = self._of_collectors()
        to_do, done = super(AccountBankStatementLine, self - ours)._do_auto_reconcile_invoices()
        return to_do | ours, done
