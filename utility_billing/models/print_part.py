import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from .bill_printing import file_name


class PrintPart(models.Model):
    """Some bills of a printing run, in their order: a file, made in one transaction."""

    _name = "utility.print.part"
    _description = "Part of a Printing Run"
    _inherit = ["utility.run.slice.failing.mixin"]
    _order = "run_id desc, number"

    run_id = fields.Many2one("utility.print.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    number = fields.Integer("Part", required=True)
    line_ids = fields.One2many("utility.print.line", "part_id", "Bills")
    bill_count = fields.Integer("Bills in Part", required=True)
    page_count = fields.Integer("Pages")
    first_bill = fields.Char()
    last_bill = fields.Char()
    attachment_id = fields.Many2one("ir.attachment", "File", ondelete="set null", copy=False)
    file_size = fields.Integer(related="attachment_id.file_size")
    seconds = fields.Float(digits=(10, 2))
    reported_count = fields.Integer("By Own Layout")
    reported_seconds = fields.Float("Seconds by Own Layout", digits=(10, 2))

    @api.depends("run_id.name", "number")
    def _compute_display_name(self):
        for part in self:
            part.display_name = f"{part.run_id.name} ({part.number})"

    # -- the work ---------------------------------------------------------------------------

    def _calculate(self):
        begun = time.perf_counter()
        # a part is the run's own, and its bills were chosen by who may see them
        part = self.sudo()
        lines = part.line_ids.sorted("sequence")
        moves = lines.move_id
        made = part._make(moves)
        lines._mark_printed(made.pages)
        part.write(
            {
                "state": "done",
                "message": False,
                "page_count": sum(made.pages),
                "first_bill": moves[0].name,
                "last_bill": moves[-1].name,
                "seconds": time.perf_counter() - begun,
                "reported_count": made.reported,
                "reported_seconds": made.reported_seconds,
            }
        )

    def _make(self, moves):
        """Print to a file of the part, or to a file of each bill."""
        printing = self.env["utility.bill.printing"]
        name = file_name(f"{self.run_id.name}-{self.number}")
        if self.run_id.output == "bills":
            made = printing._as_many(moves)
            self._attach_to_bills(moves, made.files)
        elif self.run_id.output == "zip":
            made = printing._as_zip(moves)
            self._attach(f"{name}.zip", made.files[0][1], "application/zip")
        else:
            made = printing._as_one(moves, self.display_name)
            self._attach(f"{name}.pdf", made.files[0][1], "application/pdf")
        return made

    def _attach(self, name, content, mimetype):
        self.attachment_id.unlink()
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.company_id.id,
            }
        )

    def _attach_to_bills(self, moves, files):
        """A bill that has its file keeps it: it says the same."""
        names = {f"{file_name(name)}.pdf": pdf for name, pdf in files}
        known = dict(
            self.env["ir.attachment"]._read_group(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", moves.ids),
                    ("name", "in", list(names)),
                ],
                ["res_id"],
                ["id:recordset"],
            )
        )
        self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": pdf,
                    "mimetype": "application/pdf",
                    "res_model": "account.move",
                    "res_id": move.id,
                    "company_id": self.company_id.id,
                }
                for move, (name, pdf) in zip(moves, names.items(), strict=True)
                if move.id not in known
            ]
        )

    # -- buttons ----------------------------------------------------------------------------

    def action_download(self):
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(
                self.env._(
                    "The file of %s was removed after a time. Print it again: it says the same.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "utility.print.line",
            "view_mode": "list",
            "domain": [("part_id", "=", self.id)],
        }

    # -- age --------------------------------------------------------------------------------

    @api.autovacuum
    def _gc_files(self):
        """Files that are older than the company keeps them; they can be made again."""
        for company in self.env["res.company"].sudo().search([("utility_print_days", ">", 0)]):
            day = fields.Datetime.subtract(fields.Datetime.now(), days=company.utility_print_days)
            old = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("attachment_id", "!=", False),
                    ("attachment_id.create_date", "<", day),
                ],
                limit=1000,
            )
            old.attachment_id.unlink()
