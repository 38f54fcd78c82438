from odoo import models
from odoo.exceptions import UserError


class Payment(models.Model):
    """Corrections begin on the payment's screen."""

    _inherit = "utility.payment"

    def action_return(self):
        """The bank took it back, or it was entered in error."""
        return self._action_correct("return")

    def action_transfer(self):
        """It was paid for the wrong account."""
        return self._action_correct("transfer")

    def action_refund(self):
        """What is left over goes back to the payer."""
        return self._action_correct("refund")

    def action_reallocate(self):
        """It is to cover something else."""
        return self._action_correct("reallocation")

    def _action_correct(self, kind):
        """A new correction of the payment, to be filled in."""
        self.ensure_one()
        if self.state != "registered":
            raise UserError(
                self.env._(
                    "%s is not in the ledger, or was returned: there is nothing to correct.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.payment.correction",
            "view_mode": "form",
            "context": {"default_kind": kind, "default_payment_id": self.id},
        }

    def action_open_corrections(self):
        self.ensure_one()
        return self.correction_ids._action_open(self.env._("Corrections"))

    def action_preview(self):
        """What the payment would cover, by this policy and that."""
        self.ensure_one()
        return self.env["utility.payment.preview"]._action_ask(payment_id=self.id)
