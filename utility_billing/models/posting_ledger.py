"""What rows of the ledger are made by, beyond the facts of a batch; kept for the batch."""

from functools import cached_property

from odoo.tools import float_is_zero, float_round

from .posting_taxes import facts_of
from .receivables import receivables_of


class LedgerFacts:
    def __init__(self, facts):
        self.facts, self.env = facts, facts.env
        self.company, self.currency = facts.company, facts.currency
        self.payers, self.quantity_places = facts.payers, facts.quantity_places
        self.per_line = self.company.tax_calculation_rounding_method == "round_per_line"
        self._receivables = receivables_of(self.env, self.company, list(self.payers))
        self._tax_facts, self._due, self._columns = {}, {}, {}
        self._residual = {}

    def round(self, value):
        return float_round(value, precision_rounding=self.currency.rounding)

    def is_zero(self, value):
        return float_is_zero(value, precision_rounding=self.currency.rounding)

    def distribute(self, digits, rest, factors):
        return self.env["account.tax"]._distribute_delta_amount_smoothly(digits, rest, factors)

    def is_plain(self, prepared):
        """Whether the bill's taxes are such as `BillTaxes` knows."""
        return all(
            self.tax_facts(line["tax_ids"]) is not None
            for line in prepared.vals["invoice_line_ids"]
        )

    def tax_facts(self, tax_ids):
        key = tuple(tax_ids)
        if key not in self._tax_facts:
            self._tax_facts[key] = facts_of(self.env["account.tax"].browse(key))
        return self._tax_facts[key]

    def receivable_of(self, payer):
        """Id of the ledger account on which a payer owes."""
        return self._receivables[payer.id]

    def keeps_residual(self, account_id):
        """Whether lines of the account are open until they are reconciled."""
        if account_id not in self._residual:
            account = self.env["account.account"].browse(account_id)
            self._residual[account_id] = account.reconcile or account.account_type in (
                "asset_cash",
                "liability_credit_card",
            )
        return self._residual[account_id]

    def due_date(self, vals):
        """As text: the last day of the payment term."""
        if not vals["invoice_payment_term_id"]:
            return str(vals["invoice_date_due"])
        key = vals["invoice_payment_term_id"], vals["invoice_date"]
        if key not in self._due:
            term = self.env["account.payment.term"].browse(key[0])
            self._due[key] = str(term.line_ids._get_due_date(key[1]))
        return self._due[key]

    def analytic_columns(self, shares):
        """{column of an analytic line: text}, of a line's distribution."""
        key = next(iter(shares))
        if key not in self._columns:
            accounts = self.env["account.analytic.account"].browse(map(int, key.split(",")))
            self._columns[key] = {
                account.plan_id._column_name(): str(account.id) for account in accounts
            }
        return self._columns[key]

    @cached_property
    def log(self):
        """{column: text} of who wrote when."""
        now, uid = str(self.env.cr.now()), str(self.env.uid)
        return {"create_uid": uid, "write_uid": uid, "create_date": now, "write_date": now}
