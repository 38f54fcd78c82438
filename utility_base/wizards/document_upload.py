from odoo import fields, models
from odoo.exceptions import UserError

from ..models.document import LINKS


class DocumentUpload(models.TransientModel):
    """Asks what the uploaded files are and files each as a document."""

    _name = "utility.document.upload"
    _description = "File Documents"

    attachment_ids = fields.Many2many("ir.attachment")
    type_id = fields.Many2one("utility.document.type")
    direction = fields.Selection(
        [("in", "Received"), ("out", "Issued by us")], default="in", required=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    valid_until = fields.Date()
    requires_expiry = fields.Boolean(related="type_id.requires_expiry")
    number = fields.Char(help="For one file only; left empty, the type's numbering gives it.")
    as_one = fields.Boolean(
        "All Files Are One Document", help="The first file is the document, the others go with it."
    )
    description = fields.Text()
    account_id = fields.Many2one("utility.account")
    premise_id = fields.Many2one("utility.premise")
    service_point_id = fields.Many2one("utility.service.point")
    partner_id = fields.Many2one("res.partner", "Person or Company")
    agreement_document_id = fields.Many2one("utility.agreement.document", "Agreement")
    correspondence_id = fields.Many2one("utility.correspondence", "Letter")

    def action_file(self):
        """File the uploads and show them."""
        documents = self._file()
        if self.env.context.get("stay_here"):
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.document_action")
        return {**action, "domain": [("id", "in", documents.ids)], "context": {}}

    def _file(self):
        if not self.attachment_ids:
            raise UserError(self.env._("There is no file to be filed: upload one first."))
        names = ", ".join(self.attachment_ids.mapped("name"))
        if not self.type_id:
            raise UserError(self.env._("%s: choose the type of the document first.", names))
        groups = [self.attachment_ids] if self.as_one else list(self.attachment_ids)
        if self.number and len(groups) > 1:
            raise UserError(
                self.env._(
                    "%s: one number cannot be given to several documents. File them one by one, or "
                    "as one document.",
                    names,
                )
            )
        return self.env["utility.document"].create([self._prepare_vals(files) for files in groups])

    def _prepare_vals(self, files):
        return {
            "name": files[0].name.rsplit(".", 1)[0],
            "attachment_id": files[0].id,
            "attachment_ids": [fields.Command.set(files[1:].ids)],
            "type_id": self.type_id.id,
            "direction": self.direction,
            "date": self.date,
            "valid_until": self.valid_until,
            "number": self.number,
            "description": self.description,
            **{name: self[name].id for name in LINKS},
        }
