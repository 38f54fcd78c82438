import base64

from odoo import fields, models


class FileMixin(models.AbstractModel):
    """A question that can be answered as an XLSX file."""

    _name = "utility.report.file.mixin"
    _description = "Report as a File"

    file = fields.Binary(attachment=False, readonly=True)
    file_name = fields.Char(readonly=True)

    def _workbook(self):
        """:return: (file name, content)"""
        raise NotImplementedError

    def action_export(self):
        """Make the file and download it."""
        self.ensure_one()
        name, content = self._workbook()
        self.write({"file": base64.b64encode(content), "file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{name}?download=true",
            "target": "download",
        }
