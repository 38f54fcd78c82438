import re

from odoo import api, fields, models

KINDS = [
    ("regular", "Regular"),
    ("first", "First"),
    ("final", "Final"),
    ("correction", "Correction"),
    ("one_off", "One-Off"),
    ("advance", "Advance"),
]


class AccountMove(models.Model):
    """The bill is Odoo's invoice."""

    _inherit = "account.move"

    utility_run_id = fields.Many2one(
        "utility.billing.run",
        "Billing Run",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    utility_posting_id = fields.Many2one(
        "utility.billing.posting",
        "Posting Batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    utility_month = fields.Date("Month", readonly=True, copy=False, help="First day of it.")
    utility_bill_kind = fields.Selection(KINDS, "Kind of Bill", readonly=True, copy=False)
    utility_balance_before = fields.Monetary(
        "Balance Before",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
        help="What was owed under the account when the bill was made; below zero: overpaid.",
    )

    def _utility_charges(self):
        """The charges that the bills carry, in their order.

        Found by account: the move line of a charge has no index of its own.
        """
        lines = self.line_ids
        accounts = lines.utility_account_id
        return self.env["utility.charge"].search(
            [("account_id", "in", accounts.ids), ("move_line_id", "in", lines.ids)], order="id"
        )

    def _locked_increment(self, format_string, format_values):
        """In a journal of bills a number comes from its counter, also for a bill made by hand."""
        if not self.journal_id.utility_numbers:
            return super()._locked_increment(format_string, format_values)
        self.flush_recordset()
        values = {**format_values, "seq": 0}
        number = self.env["utility.bill.counter"]._next(
            self.journal_id, format_string.format(**values)
        )
        return format_string.format(**{**values, "seq": number})

    @api.model
    def _utility_split(self, name):
        """(what stands before the running number of a name, the number), as Odoo splits names."""
        plain = self._make_regex_non_capturing(self._sequence_fixed_regex.replace("?P<seq>", ""))
        found = re.match(plain, name)
        return name[: found.start(1)], int(found.group(1) or 0)
