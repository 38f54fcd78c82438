from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

PAYMENT_CODE = "UP"


class ResCompany(models.Model):
    """How payments are matched and booked."""

    _inherit = "res.company"

    utility_payment_journal_id = fields.Many2one(
        "account.journal",
        "Journal of Payments",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where lists of payments are booked. Empty: made when it is first needed.",
    )
    utility_sure_score = fields.Integer(
        "Payments Register Themselves from",
        default=90,
        help="Score from 0 to 100. A payment matched as surely as this, or surer, is registered "
        "without a person; 101: none.",
    )
    utility_doubtful_score = fields.Integer(
        "Doubtful from",
        default=40,
        help="What scores less counts as not matched.",
    )
    utility_payment_way = fields.Selection(
        [("bulk", "In bulk"), ("orm", "One by one, by Odoo")],
        "Registering",
        required=True,
        default="bulk",
    )

    def _utility_payment_journal(self):
        """The journal of payments, made on first use."""
        self.ensure_one()
        if not self.utility_payment_journal_id:
            self._utility_journal(
                "utility_payment_journal_id", "general", PAYMENT_CODE, self.env._("Payments")
            )
        return self.utility_payment_journal_id

    def _utility_refuse_locked(self, day, journal):
        """:raise UserError: the ledger takes no entry of that day"""
        locks = self._get_violated_lock_dates(day, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(day)s is locked in the ledger (%(locks)s): choose a later day, or have an "
                    "accountant open the period.",
                    day=format_date(self.env, day),
                    locks=self.env["res.company"]._format_lock_dates(locks),
                )
            )
