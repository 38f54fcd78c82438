from odoo import fields, models

KINDS = ("absence", "quality", "manual", "one_off")


class Adjustment(models.Model):
    """What adjustments came to on bills, and on those that are being made."""

    _inherit = "utility.adjustment"

    charged_amount = fields.Monetary(
        "On Bills",
        compute="_compute_charged",
        help="What it has brought so far, also what is not approved yet; before tax.",
    )
    charge_count = fields.Integer("Charges", compute="_compute_charged")

    def _compute_charged(self):
        found = {
            source_id: (amount, count)
            for source_id, amount, count in self.env["utility.charge"]._read_group(
                self._domain_charges(), ["source_id"], ["amount:sum", "__count"]
            )
        }
        for adjustment in self:
            adjustment.charged_amount, adjustment.charge_count = found.get(adjustment.id, (0, 0))

    def _domain_charges(self):
        return [
            ("source_id", "in", self.ids),
            ("kind", "in", KINDS),
            ("state", "!=", "cancelled"),
        ]

    def action_open_charges(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charges"),
            "res_model": "utility.charge",
            "view_mode": "list,pivot,form",
            "domain": self._domain_charges(),
        }
