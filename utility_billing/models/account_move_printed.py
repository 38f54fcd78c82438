from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class AccountMove(models.Model):
    """Bills that were printed."""

    _inherit = "account.move"

    utility_print_line_ids = fields.One2many(
        "utility.print.line", "move_id", "Printing", readonly=True
    )
    utility_printed_at = fields.Datetime(
        "Printed on", compute="_compute_utility_printed_at", search="_search_utility_printed_at"
    )

    @api.depends("utility_print_line_ids.printed_at")
    def _compute_utility_printed_at(self):
        # that a bill was printed may be known by whoever sees the bill
        printed = dict(
            self.env["utility.print.line"]
            .sudo()
            ._read_group(
                [("move_id", "in", self.ids), ("printed_at", "!=", False)],
                ["move_id"],
                ["printed_at:max"],
            )
        )
        for move in self:
            move.utility_printed_at = printed.get(move._origin)

    @api.model
    def _search_utility_printed_at(self, operator, value):
        """Printed, or not; or printed at some time."""
        if operator == "in" and set(value) == {False}:
            return Domain("utility_print_line_ids", "not any", [("printed_at", "!=", False)])
        if operator == "not in" and set(value) == {False}:
            return Domain("utility_print_line_ids", "any", [("printed_at", "!=", False)])
        if operator in (">", ">=", "<", "<="):
            return Domain("utility_print_line_ids", "any", [("printed_at", operator, value)])
        return NotImplemented

    def action_utility_print(self):
        """A printing run of the chosen bills, to look at before it starts.

        :raise UserError: none of them is a bill of an account
        """
        bills = self.filtered(
            lambda move: (
                move.utility_account_id
                and move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund")
            )
        )
        if not bills:
            raise UserError(self.env._("Choose posted bills of utility accounts."))
        run = self.env["utility.print.run"].create(
            {
                "company_id": bills.company_id[:1].id,
                "move_ids": [Command.set(bills.ids)],
                "on_paper": False,
                "not_printed": False,
            }
        )
        return run._opened()
