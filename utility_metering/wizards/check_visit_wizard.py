from odoo import fields, models


class CheckVisitWizard(models.TransientModel):
    """Assigns or closes visits, one or many."""

    _name = "utility.check.visit.wizard"
    _description = "Assign or Close Visits"

    verdict = fields.Selection(
        [
            ("assign", "Assign"),
            ("done", "Done"),
            ("refused", "Access refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="assign",
    )
    visit_ids = fields.Many2many("utility.check.visit", string="Visits", required=True)
    user_id = fields.Many2one(
        "res.users", "Controller", domain="[('share', '=', False)]", ondelete="cascade"
    )
    date_planned = fields.Date("Planned for")
    date_done = fields.Date("On", default=fields.Date.context_today)
    text = fields.Text("Result")

    def action_apply(self):
        self.ensure_one()
        if self.verdict == "assign":
            vals = {"user_id": self.user_id.id}
            if self.date_planned:
                vals["date_planned"] = self.date_planned
            self.visit_ids.write(vals)
        else:
            self.visit_ids._finish(self.verdict, self.text, day=self.date_done)
        return {"type": "ir.actions.act_window_close"}
