"""Taking an import back.

What a batch created is taken back as far as that can be done without rewriting what others built
on: dated facts are voided with the reason, ledger entries reversed, other records archived. It is
all or nothing: a record that is in use (a payment reconciled with an opening balance) stops it with
a message that names it. What the batch only changed is not changed back: a dated fact that was
closed for another stays closed; the rows say what was there before.
"""

from odoo import models
from odoo.exceptions import UserError


class ImportBatch(models.Model):
    _inherit = "utility.import.batch"

    def action_undo(self):
        """Ask why."""
        self.ensure_one()
        self._refuse_unless("partly", "done")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take the Import Back"),
            "res_model": "utility.import.undo.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_batch_id": self.id},
        }

    def undo(self, reason):
        """Void, reverse or archive what the batch created.

        :raise UserError: no reason, nothing imported, or something is in use
        :raise AccessError: the user may not write what was created
        """
        self.ensure_one()
        self._refuse_unless("partly", "done")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why %s is taken back.", self.name))
        rows = self.env["utility.import.row"].search(
            [
                ("batch_id", "=", self.id),
                ("state", "=", "imported"),
            ]
        )
        made = {}
        for row in rows:
            for model, ids in (row.made or {}).items():
                made.setdefault(model, []).extend(ids)
        words = self.env._(
            "Import of %(file)s taken back: %(reason)s", file=self.file_name, reason=reason
        )
        self._run_target()._undo(made, words)
        rows.write({"state": "undone", "effect_key": False})
        self.state = "undone"
        self.message_post(body=words)
        return True
