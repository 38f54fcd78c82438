import hashlib
import json

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.bill_content import BillContent

CHANGEABLE = {"is_current", "attachment_id"}


class BillCopy(models.Model):
    """What a bill said when it was first printed, sent or shown: every reprint says the same,
    whatever has changed since."""

    _name = "utility.bill.copy"
    _description = "Kept Bill"
    _order = "id desc"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "account.move", "Bill", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    account_id = fields.Many2one(
        "utility.account", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    content = fields.Json(required=True, readonly=True)
    layout_id = fields.Many2one("utility.bill.layout", readonly=True, ondelete="restrict")
    lang = fields.Char("Language", readonly=True)
    sha256 = fields.Char("Checksum", readonly=True, help="SHA-256 of the content.")
    made_at = fields.Datetime("Kept on", required=True, readonly=True)
    made_by_id = fields.Many2one("res.users", "Kept by", readonly=True)
    is_current = fields.Boolean(
        default=True, readonly=True, help="No longer, once the bill has been reset to draft."
    )
    attachment_id = fields.Many2one(
        "ir.attachment",
        "PDF",
        readonly=True,
        ondelete="set null",
        help="Kept where the layout is the users' own: the template may change again.",
    )

    _one_current = models.UniqueIndex("(move_id) WHERE is_current")

    def write(self, vals):
        if set(vals) - CHANGEABLE:
            raise UserError(
                self.env._("What was sent is kept as it is: correct the bill by another one.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was sent is kept: it cannot be deleted."))

    @api.model
    def _current(self, moves):
        """{move id: copy}"""
        found = self.search([("move_id", "in", moves.ids), ("is_current", "=", True)])
        return {copy.move_id.id: copy for copy in found}

    @api.model
    def _keep(self, moves, contents, layouts):
        """Keep the contents of bills that are not kept yet.

        :param layouts: {move id: layout}
        """
        now = fields.Datetime.now()
        rows = []
        for move, content in zip(moves, contents, strict=True):
            text = canonical(content)
            rows.append(
                (
                    move.id,
                    move.company_id.id,
                    move.utility_account_id.id or None,
                    text,
                    layouts[move.id].id or None,
                    content.lang,
                    hashlib.sha256(text.encode()).hexdigest(),
                    now,
                    self.env.uid,
                    True,
                )
            )
        # whoever keeps the same bill at the same moment is told to try again, not refused
        execute_values(
            self.env.cr._obj,
            "INSERT INTO utility_bill_copy (move_id, company_id, account_id, content, layout_id, "
            "lang, sha256, made_at, made_by_id, is_current) VALUES %s "
            "ON CONFLICT (move_id) WHERE is_current DO NOTHING",
            rows,
        )
        self.invalidate_model()

    def _content(self):
        self.ensure_one()
        return BillContent.from_json(self.content)

    def _is_unchanged(self):
        """Whether the content is what was kept."""
        self.ensure_one()
        return hashlib.sha256(canonical(self._content()).encode()).hexdigest() == self.sha256

    def action_open_bill(self):
        self.ensure_one()
        return self.move_id._action_utility_bill()


def canonical(content):
    """A content as JSON that is the same for the same content."""
    return json.dumps(content.as_json(), ensure_ascii=False, sort_keys=True)
