from odoo import fields, models


class PaymentBatch(models.Model):
    """A list says what of its file is not in it yet."""

    _inherit = "utility.payment.batch"

    staged_count = fields.Integer("Lines in the Import", compute="_compute_staged_count")

    def _compute_staged_count(self):
        for batch in self:
            # files are their importers'; what a list lacks concerns all who see it
            file = batch.import_batch_id.sudo()
            batch.staged_count = file.bad_count + file.good_count + file.new_count

    def action_open_staged(self):
        """The lines of the file, to be mended, imported or left out."""
        self.ensure_one()
        return self.import_batch_id.action_open_rows()
