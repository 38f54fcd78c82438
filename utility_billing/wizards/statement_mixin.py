from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang


class StatementMixin(models.AbstractModel):
    """Papers that tell what was charged and paid in a period, from the ledger. They have
    `currency_id`, `date_from` and `date_to`."""

    _name = "utility.statement.mixin"
    _description = "Statement of What Is Owed"

    def _in_order(self, sums):
        """Entries and what they come to, in the order of days, without what is nothing.

        :param sums: {(entry, ...): amount}
        :return: [((entry, ...), amount)]
        """
        # of one day what was charged stands before what lessens it
        ordered = sorted(
            sums.items(), key=lambda item: (item[0][0].date, item[0][0].move_type == "entry")
        )
        return [item for item in ordered if not self.currency_id.is_zero(item[1])]

    def _what(self, move, collector):
        """What an entry is to the account, in words.

        :param collector: who took the money in, of a payment
        """
        if collector:
            return self.env._("Payment, %s", collector.name)
        if move.move_type == "out_invoice":
            return self.env._("Bill")
        if move.utility_run_id:
            return self.env._("Benefits and subsidies")
        if move.origin_payment_id or move.statement_line_id:
            return self.env._("Payment")
        return move.ref or self.env._("Entry")

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _day(self, day):
        return format_date(self.env, day)
