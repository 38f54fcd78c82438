from odoo import fields, models
from odoo.tools import SQL


class PrintLine(models.Model):
    """A bill of a printing run, at its place in the pile; once printed, the mark that it was."""

    _name = "utility.print.line"
    _description = "Printed Bill"
    _order = "run_id desc, sequence, id"

    run_id = fields.Many2one("utility.print.run", required=True, index=True, ondelete="cascade")
    part_id = fields.Many2one("utility.print.part", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    sequence = fields.Integer("Place", required=True)
    move_id = fields.Many2one("account.move", "Bill", required=True, index=True, ondelete="cascade")
    account_id = fields.Many2one("utility.account", index="btree_not_null", ondelete="cascade")
    building_id = fields.Many2one(related="account_id.building_id")
    page_count = fields.Integer("Pages")
    printed_at = fields.Datetime("Printed on", index="btree_not_null")
    printed_by = fields.Many2one("res.users")

    def _mark_printed(self, pages):
        """Say that the bills are printed, now and by whom.

        :param pages: of each bill
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE utility_print_line line
                SET page_count = marked.pages, printed_at = %s, printed_by = %s
                FROM unnest(%s, %s) marked (id, pages) WHERE marked.id = line.id
                """,
                fields.Datetime.now(),
                self.env.uid,
                self.ids,
                list(pages),
            )
        )
        self.invalidate_recordset(["page_count", "printed_at", "printed_by"])
