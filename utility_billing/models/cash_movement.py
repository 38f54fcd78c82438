from odoo import fields, models
from odoo.exceptions import UserError

KINDS = [("bank", "Handed to the bank"), ("out", "Paid out"), ("in", "Change brought")]


class CashMovement(models.Model):
    """Cash that goes into a drawer or out of it, other than payments."""

    _name = "utility.cash.movement"
    _description = "Cash in and out of a Drawer"
    _order = "id desc"
    _check_company_auto = True

    shift_id = fields.Many2one("utility.cash.shift", required=True, index=True, ondelete="restrict")
    desk_id = fields.Many2one(related="shift_id.desk_id", store=True)
    company_id = fields.Many2one(
        related="shift_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True)
    amount = fields.Monetary(required=True)
    reason = fields.Char()
    at_close = fields.Boolean(help="Handed over when the drawer was counted.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    move_id = fields.Many2one("account.move", "Entry", readonly=True, index="btree_not_null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Say how much: more than nothing.")

    def _book(self):
        """The entry between the drawer and where its cash goes to, or comes from.

        :raise UserError: the desk has no account for it
        """
        for movement in self:
            desk = movement.desk_id
            kind = dict(self._fields["kind"]._description_selection(self.env))[movement.kind]
            other = desk.paid_out_account_id if movement.kind == "out" else desk.bank_account_id
            if not other:
                raise UserError(
                    self.env._(
                        "“%(kind)s” cannot be booked: an accountant chooses the account for it on "
                        "the cash desk %(desk)s.",
                        kind=kind,
                        desk=desk.name,
                    )
                )
            sign = 1 if movement.kind == "in" else -1
            name = ": ".join(filter(None, (kind, movement.reason)))
            movement.move_id = movement.shift_id._book(other, sign * movement.amount, name)

    def action_open_entry(self):
        self.ensure_one()
        return self.move_id.get_formview_action()
