import base64

from odoo import fields, models
from odoo.exceptions import UserError


class ImportProfileLoadWizard(models.TransientModel):
    """Reads a file of exported profiles."""

    _name = "utility.import.profile.load.wizard"
    _description = "Load Import Profiles"

    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()

    def action_load(self):
        try:
            text = base64.b64decode(self.file).decode()
        except UnicodeDecodeError as error:
            raise UserError(self.env._("This is no file of import profiles.")) from error
        profiles = self.env["utility.import.profile"]._import_json(text)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("utility_base.import_profile_action"),
            "domain": [("id", "in", profiles.ids)],
        }
