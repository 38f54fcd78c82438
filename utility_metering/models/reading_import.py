from odoo import fields, models


class Reading(models.Model):
    _inherit = "utility.reading"

    import_batch_id = fields.Many2one(
        "utility.import.batch",
        "Came in by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="utility_base.group_importer,utility_base.group_auditor",
    )
