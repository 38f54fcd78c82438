from odoo import api, fields, models

from ..engine.facts import RatingError
from ..models.rating_facts import RatingFacts


class CorrectionPreview(models.TransientModel):
    """What an account was charged for past periods, what it should be, and which facts changed."""

    _name = "utility.correction.preview"
    _description = "Corrections to Come"
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    account_id = fields.Many2one("utility.account", required=True, readonly=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    line_ids = fields.One2many(
        "utility.correction.preview.line",
        "preview_id",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
    )
    was = fields.Monetary("Was Charged", compute="_compute_sums")
    due = fields.Monetary("Is Due", compute="_compute_sums")
    difference = fields.Monetary(compute="_compute_sums")

    @api.depends("account_id")
    def _compute_line_ids(self):
        for preview in self:
            preview.line_ids = [fields.Command.create(vals) for vals in preview._prepare_lines()]

    @api.depends("line_ids.was", "line_ids.due")
    def _compute_sums(self):
        for preview in self:
            preview.was = sum(preview.line_ids.mapped("was"))
            preview.due = sum(preview.line_ids.mapped("due"))
            preview.difference = preview.due - preview.was

    def _prepare_lines(self):
        run = self.env["utility.billing.run"].new({"company_id": self.account_id.company_id.id})
        changed = run._changed(self.account_id)
        redone = run._redone(changed)
        if not redone:
            return []
        rating = self.env["utility.rating"]
        found = rating._rate_facts(RatingFacts(self.env, redone))
        was = self.env["utility.charge"]._charged_before(set(found))
        lines = [
            self._prepare_line(run, key, charges, was.get(key, {}), changed)
            for key, charges in found.items()
        ]
        return [line for line in lines if line["message"] or line["was"] != line["due"]]

    def _prepare_line(self, run, key, charges, was, changed):
        point = self.env["utility.service.point"].browse(key[1])
        failed = isinstance(charges, RatingError)
        before = float(sum(line.amount for line in was.values()))
        return {
            "service_id": point.service_id.id,
            "date_start": key[2][0],
            "date_end": key[2][1],
            "was": before,
            "due": before if failed else float(sum(charge.amount for charge in charges)),
            "reason": run._words_of(changed[key[:2]][key[2]]),
            "message": self.env["utility.rating"]._message(charges, point) if failed else False,
        }
