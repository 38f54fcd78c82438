from odoo import api, fields, models
from odoo.exceptions import UserError


class ReadingDecisionWizard(models.TransientModel):
    """Asks why, and for a correction what it should say."""

    _name = "utility.reading.decision.wizard"
    _description = "Decide about Readings"

    decision = fields.Selection(
        [
            ("accept", "Accept"),
            ("rollover", "Accept: the register rolled over"),
            ("rollback", "Accept: the register went backward"),
            ("correct", "Correct"),
            ("reject", "Reject"),
            ("visit", "Ask for a check visit"),
        ],
        required=True,
        default="accept",
    )
    reading_ids = fields.Many2many("utility.reading", string="Readings", required=True)
    reading_count = fields.Integer(compute="_compute_reading_count")
    reason = fields.Char(required=True)
    value = fields.Float(
        "New Value", digits="Meter Reading", compute="_compute_new", store=True, readonly=False
    )
    date = fields.Date("New Day", compute="_compute_new", store=True, readonly=False)
    turn = fields.Selection(
        [("rollover", "The register rolled over"), ("rollback", "It really went backward")],
        "Shows Less Because",
    )
    previous_value = fields.Float(digits="Meter Reading", compute="_compute_preview")
    previous_date = fields.Date("Previous on", compute="_compute_preview")
    usage = fields.Float(digits="Utility Quantity", compute="_compute_preview")
    warnings = fields.Text(compute="_compute_preview")

    @api.depends("reading_ids")
    def _compute_reading_count(self):
        for wizard in self:
            wizard.reading_count = len(wizard.reading_ids)

    @api.depends("reading_ids")
    def _compute_new(self):
        for wizard in self:
            reading = wizard.reading_ids[:1]
            wizard.value = reading.value
            wizard.date = reading.date

    @api.depends("reading_ids", "value", "date", "turn", "decision")
    def _compute_preview(self):
        for wizard in self:
            preview = wizard._preview_correction() or {}
            wizard.previous_value = preview.get("previous_value")
            wizard.previous_date = preview.get("previous_date")
            wizard.usage = preview.get("usage")
            wizard.warnings = "\n".join(preview.get("messages") or [])

    def _preview_correction(self):
        """What the corrected reading would meet, with the wrong one out of the way."""
        reading = self.reading_ids[:1]._origin
        if self.decision != "correct" or not reading or not self.date:
            return None
        return reading._preview_correction(
            self.value, self.date, self.turn == "rollover", self.turn == "rollback"
        )

    def action_decide(self):
        self.ensure_one()
        readings = self.reading_ids
        if self.decision == "correct" and len(readings) != 1:
            raise UserError(self.env._("Readings are corrected one by one."))
        getattr(self, f"_decide_{self.decision}")(readings)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _decide_accept(self, readings):
        readings._accept(self.reason)

    def _decide_rollover(self, readings):
        readings._accept(self.reason, rollover=True)

    def _decide_rollback(self, readings):
        readings._accept(self.reason, rollback=True)

    def _decide_reject(self, readings):
        readings._reject(self.reason)

    def _decide_visit(self, readings):
        readings._plan_visit(self.reason)

    def _decide_correct(self, readings):
        readings._correct(
            self.value,
            self.reason,
            date=self.date if self.date != readings.date else None,
            rollover=self.turn == "rollover",
            rollback=self.turn == "rollback",
        )
