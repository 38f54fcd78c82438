from odoo import api, fields, models


class ImportMendWizard(models.TransientModel):
    """Bad rows of a file side by side with what they should have said."""

    _name = "utility.import.mend.wizard"
    _description = "Mend Rows"

    row_ids = fields.Many2many("utility.import.row", string="Rows", required=True)
    line_ids = fields.One2many("utility.import.mend.line", "wizard_id", "Cells")
    with_all = fields.Boolean(
        "Show All Fields", help="Otherwise only what is wrong, or missing and needed, is shown."
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards._make_lines()
        return wizards

    def _make_lines(self):
        for wizard in self:
            self.env["utility.import.mend.line"].create(
                [vals for row in wizard.row_ids for vals in wizard._prepare_lines(row)]
            )

    def _prepare_lines(self, row):
        wrong = set(row.problem_fields or ())
        parsed = row.parsed or {}
        mapping = row.batch_id._mapping_of_batch()
        lines = [
            {
                "wizard_id": self.id,
                "row_id": row.id,
                "field_name": column.name,
                "label": column.field.label,
                "source": str(column.raw(row.source or {})),
                "value": "" if parsed.get(column.name) is None else str(parsed[column.name]),
                "is_wrong": column.name in wrong,
            }
            for column in mapping.columns
        ]
        return sorted(lines, key=lambda line: not line["is_wrong"])

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mend Rows"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_apply(self):
        """Take over what was changed and check the rows again."""
        self.ensure_one()
        still_bad = 0
        for row in self.row_ids:
            lines = self.line_ids.filtered(lambda line, row=row: line.row_id == row)
            changes = {
                line.field_name: line._typed()
                for line in lines
                if (line.value or "") != line._former()
            }
            still_bad += not row.mend(changes)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if still_bad else "success",
                "message": self.env._(
                    "%(good)s rows are good now, %(bad)s still are not.",
                    good=len(self.row_ids) - still_bad,
                    bad=still_bad,
                )
                if still_bad
                else self.env._("The rows are good now: import them."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
