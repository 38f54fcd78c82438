from odoo import fields, models
from odoo.exceptions import UserError

MEANS = [("cash", "Cash"), ("card", "Card")]


class Payment(models.Model):
    """A payment that was taken at a cash desk has a receipt."""

    _inherit = "utility.payment"

    shift_id = fields.Many2one(
        "utility.cash.shift", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    desk_id = fields.Many2one(
        related="shift_id.desk_id", store=True, precompute=True, index="btree_not_null"
    )
    receipt_number = fields.Integer(
        "Number of the Receipt", readonly=True, copy=False, aggregator=None
    )
    receipt_name = fields.Char("Receipt", readonly=True, copy=False, index="btree_not_null")
    receipt_key = fields.Char(
        readonly=True, copy=False, help="Made by the cashier's screen: one key is one receipt."
    )
    receipt_means = fields.Selection(MEANS, "Taken in", readonly=True, copy=False)
    receipt_at = fields.Datetime("Taken at", readonly=True, copy=False)
    given = fields.Monetary(readonly=True, copy=False, help="What the payer handed over.")
    rounding = fields.Monetary(
        "Rounding of Cash",
        readonly=True,
        copy=False,
        help="Taken more, or less, than was paid because the smallest coins are out of use.",
    )
    change = fields.Monetary("Change Given", readonly=True, copy=False)
    receipt_content = fields.Json("Receipt as Printed", readonly=True, copy=False)
    is_void = fields.Boolean(
        "Voided", readonly=True, copy=False, help="Taken back in the shift; the money was returned."
    )

    _receipt_number_once = models.UniqueIndex(
        "(desk_id, receipt_number) WHERE receipt_number IS NOT NULL AND desk_id IS NOT NULL",
        "A cash desk gives each number once.",
    )
    _receipt_key_once = models.UniqueIndex(
        "(receipt_key) WHERE receipt_key IS NOT NULL", "This money was taken already."
    )

    def _name_of_receipt(self):
        self.ensure_one()
        return f"{self.desk_id.receipt_prefix or ''}{self.receipt_number}"

    def _void_receipt(self, reason):
        """Give the money of a receipt of the open shift back.

        :raise UserError: it cannot be voided any more
        """
        self.ensure_one()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why receipt %s is voided.", self.receipt_name))
        if self.is_void:
            raise UserError(self.env._("Receipt %s is voided already.", self.receipt_name))
        if self.shift_id.state != "open":
            raise UserError(
                self.env._(
                    "The shift of receipt %s is closed: the office returns such a payment.",
                    self.receipt_name,
                )
            )
        self._return(reason)
        self.is_void = True

    def action_print_receipt(self):
        self.ensure_one()
        if not self.receipt_content:
            raise UserError(self.env._("%s was not taken at a cash desk.", self.display_name))
        report = self.env["ir.actions.report"]._get_report("utility_billing.cash_receipt_report")
        return report.report_action(self)
