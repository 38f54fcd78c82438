from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.workbook import workbook

COLUMNS = ("opening", "charged", "recalculated", "funds", "paid", "other", "closing")


class Turnover(models.TransientModel):
    """What accounts owed, were charged and paid in a period, and owe at its end.

    Opening + charged + recalculated − paid by funds − paid + other = closing, and closing is the
    ledger's balance, to the cent, for each account. By service the same holds for each row; what is
    paid for no service in particular stands in a row without one.
    """

    _name = "utility.turnover"
    _description = "Turnover Balance"
    _inherit = ["utility.report.file.mixin"]
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_month(), help="First day."
    )
    date_to = fields.Date(
        "To",
        required=True,
        default=lambda self: fields.Date.end_of(self._default_month(), "month"),
        help="Last day.",
    )
    premise_ids = fields.Many2many(
        "utility.premise",
        "utility_turnover_premise_rel",
        string="Places",
        help="Buildings, streets or towns with all that is in them; empty: everywhere.",
    )
    account_ids = fields.Many2many(
        "utility.account",
        "utility_turnover_account_rel",
        string="Accounts",
        check_company=True,
        help="Empty: all of the places.",
    )
    by_service = fields.Boolean(
        help="A row for each service. What is not paid for a service in particular has its own."
    )
    line_ids = fields.One2many("utility.turnover.line", "turnover_id", readonly=True)

    @api.model
    def _default_month(self):
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), months=1)

    def _domain_accounts(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self.account_ids:
            domain &= Domain("id", "in", self.account_ids.ids)
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        return domain

    def action_show(self):
        """Sum up, and open the rows."""
        self.ensure_one()
        self._sum_up()
        return {
            "type": "ir.actions.act_window",
            "name": self._title(),
            "res_model": "utility.turnover.line",
            "view_mode": "list,pivot",
            "domain": [("turnover_id", "=", self.id)],
            "context": {
                "turnover_by_service": self.by_service,
                "pivot_row_groupby": ["building_id", *(["service_name"] * self.by_service)],
            },
        }

    def _sum_up(self):
        if self.date_to < self.date_from:
            raise UserError(
                self.env._("The last day may not come before the first one: mend the period.")
            )
        self._fill()

    def _title(self):
        return self.env._(
            "Turnover balance, %(first)s – %(last)s",
            first=format_date(self.env, self.date_from),
            last=format_date(self.env, self.date_to),
        )

    # -- as a file --------------------------------------------------------------------------

    def _workbook(self):
        self._sum_up()
        title = self.env._("Turnover balance")
        content = workbook(
            title,
            self._notes(),
            self._columns(),
            (self._row(line) for line in self.line_ids.sorted(lambda line: line._order_key())),
            total=self.env._("Total"),
        )
        return f"turnover-{self.date_from}-{self.date_to}.xlsx", content

    def _notes(self):
        period = "{} – {}".format(
            *(format_date(self.env, day) for day in (self.date_from, self.date_to))
        )
        places = ", ".join(self.premise_ids.mapped("display_name"))
        return [
            " · ".join(part for part in (self.company_id.name, period, places) if part),
            self.env._(
                "Opening + charged + recalculated − paid by funds − paid + other = closing, in "
                "%(currency)s",
                currency=self.company_id.currency_id.name,
            ),
        ]

    def _columns(self):
        lines = self.env["utility.turnover.line"]
        names = ["account_id", "partner_id", "premise_id", *(["service_id"] * self.by_service)]
        labels = lines.fields_get([*names, *COLUMNS], ["string"])
        return [
            *((labels[name]["string"], "text", False) for name in names),
            *((labels[name]["string"], "money", True) for name in COLUMNS),
        ]

    def _row(self, line):
        return (
            line.account_id.number,
            line.partner_id.name,
            line.premise_id.display_name,
            *([line.service_name] * self.by_service),
            *(line[name] for name in COLUMNS),
        )
