from odoo import api, fields, models
from odoo.fields import Domain

BILLS = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    """The bill as operators and clerks see it: Odoo's own form is the accountants'."""

    _inherit = "account.move"

    utility_charge_ids = fields.Many2many(
        "utility.charge",
        compute="_compute_utility_charge_ids",
        string="Charges",
        groups="utility_base.group_reader",
    )

    def _compute_utility_charge_ids(self):
        for move in self:
            move.utility_charge_ids = move._utility_charges() if move.ids else False

    @api.model
    def _action_utility_bills(self, domain, name=None):
        """The bills of a domain, on their own screens."""
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_billing.bill_action")
        domain = Domain(domain) & Domain("move_type", "in", BILLS)
        return {
            **action,
            "name": name or self.env._("Bills"),
            "domain": list(domain),
            "context": {"create": False},
        }

    def _action_utility_bill(self):
        """One bill on its own screen."""
        return self._action_utility_form("utility_billing.bill_view_form", create=False)

    def action_utility_ledger(self):
        """The same bill as an accountant sees it."""
        return self._action_utility_form("account.view_move_form")

    def _action_utility_form(self, view, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move",
            "res_id": self.id,
            "views": [(self.env.ref(view).id, "form")],
            "context": context,
        }
