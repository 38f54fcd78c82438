from odoo import api, fields, models


class ImportProfile(models.Model):
    """Registers and statements of who takes money in."""

    _inherit = "utility.import.profile"

    collector_id = fields.Many2one(
        "utility.payment.collector",
        "Payments Came Through",
        check_company=True,
        index="btree_not_null",
        help="Whose registers or statements the files are.",
    )
    readings_profile_id = fields.Many2one(
        "utility.import.profile",
        "Their Readings Go by",
        check_company=True,
        domain="[('target', '=', 'readings')]",
        help="Profile by which meter readings that stand in a register of payments are imported. "
        "Empty: made when the first ones come.",
    )

    @api.model
    def _import_targets(self):
        return {
            **super()._import_targets(),
            "payments": {
                "label": self.env._("Payments: registers and bank statements"),
                "model": "utility.import.target.payment",
            },
        }
