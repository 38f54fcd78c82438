from odoo import models
from odoo.exceptions import UserError

from .payment import OPEN


class Payment(models.Model):
    _inherit = "utility.payment"

    def _take_back(self):
        """:raise UserError: the line is of another sum than the payment"""
        self.ensure_one()
        other = self.takes_back_id
        if self.state not in OPEN:
            raise UserError(self.env._("%s is settled already.", self.display_name))
        if self.currency_id.compare_amounts(self.amount, -other.amount) != 0:
            raise UserError(
                self.env._(
                    "%(line)s is not the whole of %(payment)s: return a part of it by hand, and "
                    "leave this line out.",
                    line=self.display_name,
                    payment=other.display_name,
                )
            )
        correction = other._return(
            self.purpose or self.env._("Taken back: %s", self.display_name),
            self.batch_id.date_booked or self.date,
        )
        self.write({"state": "registered", "refusal": False, "move_id": correction.move_id.id})
