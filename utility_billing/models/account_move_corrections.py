from odoo import fields, models


class AccountMove(models.Model):
    """Which bill corrects, replaces or cancels which."""

    _inherit = "account.move"

    utility_corrects_id = fields.Many2one(
        "account.move",
        "Corrects Bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The bill that this one corrects, replaces or cancels.",
    )
    utility_correction_ids = fields.One2many(
        "account.move", "utility_corrects_id", "Corrected by", readonly=True
    )
    utility_rebill_id = fields.Many2one(
        "utility.rebill",
        "Cancels in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The cancellation that this entry was made by.",
    )
    utility_cancelled_by_id = fields.Many2one(
        "utility.rebill",
        "Cancelled by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _utility_original(self):
        """The bill that this one corrects, replaces or cancels, whoever made it."""
        self.ensure_one()
        return self.reversed_entry_id or self.utility_corrects_id

    def action_utility_rebill(self):
        """Begin to cancel bills and to bill their accounts again."""
        return self.env["utility.rebill"]._begin(self)
