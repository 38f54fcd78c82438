from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.document_template import MODELS


class TemplatePreview(models.TransientModel):
    """Shows a template filled in for a record of the user's choice."""

    _name = "utility.template.preview"
    _description = "Preview of a Template"

    template_id = fields.Many2one("utility.document.template", required=True)
    kind = fields.Selection(related="template_id.kind")
    agreement_document_id = fields.Many2one(
        "utility.agreement.document",
        "Filled in for",
        compute="_compute_example",
        store=True,
        readonly=False,
    )
    correspondence_id = fields.Many2one(
        "utility.correspondence",
        "Filled in for Letter",
        compute="_compute_example",
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "utility.account",
        "Filled in for Account",
        compute="_compute_example",
        store=True,
        readonly=False,
    )
    subject = fields.Char(compute="_compute_text")
    body = fields.Html(compute="_compute_text", sanitize=False)
    error = fields.Text(compute="_compute_text")

    @api.depends("template_id")
    def _compute_example(self):
        for preview in self:
            is_letter = preview.template_id.kind == "letter"
            preview.agreement_document_id = not is_letter and self.env[MODELS["agreement"]].search(
                [], limit=1
            )
            preview.correspondence_id = False
            preview.account_id = is_letter and self.env["utility.account"].search(
                [("partner_id", "!=", False)], limit=1
            )

    @api.depends("template_id", "agreement_document_id", "correspondence_id", "account_id")
    def _compute_text(self):
        for preview in self:
            preview.subject = preview.body = preview.error = False
            record = preview._record()
            if record is None:
                continue
            try:
                preview.subject, preview.body = preview.template_id._fill_in(record)
            except UserError as error:
                preview.error = str(error)

    def _record(self):
        if self.kind == "agreement":
            return self.agreement_document_id or None
        if self.correspondence_id:
            return self.correspondence_id
        if not self.account_id:
            return None
        return self.env["utility.correspondence"].new(
            {
                "account_ids": self.account_id.ids,
                "partner_id": self.account_id.partner_id.id,
                "company_id": self.account_id.company_id.id,
            }
        )
