from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.workbook import workbook

PERSONAL = "utility_base.group_personal_data"
TEXTS = ("account_id", "premise_id", "service_id", "benefit_kind_id", "document_number")


class BenefitStatement(models.TransientModel):
    """The list that a fund pays by: persons, their rights, services, amounts."""

    _name = "utility.benefit.statement"
    _description = "List for a Fund"
    _inherit = ["utility.report.file.mixin"]
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    fund_partner_id = fields.Many2one(
        "res.partner",
        "Fund",
        required=True,
        domain="[('id', 'in', fund_ids)]",
        default=lambda self: self._default_fund(),
    )
    fund_ids = fields.Many2many("res.partner", string="Funds", compute="_compute_fund_ids")
    date_from = fields.Date(
        "Billed from", required=True, default=lambda self: self._default_month()
    )
    date_to = fields.Date(
        "Billed to",
        required=True,
        default=lambda self: fields.Date.end_of(self._default_month(), "month"),
    )

    @api.model
    def _default_month(self):
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), months=1)

    @api.model
    def _default_fund(self):
        funds = self._funds(self.env.company)
        return funds if len(funds) == 1 else False

    @api.model
    def _funds(self, company):
        """Who pays by kinds of benefits, or subsidies: few, while charges are many."""
        domain = [("company_id", "=", company.id), ("fund_partner_id", "!=", False)]
        kinds = self.env["utility.benefit.kind"].with_context(active_test=False).search(domain)
        subsidies = self.env["utility.subsidy"]._read_group(domain, ["fund_partner_id"])
        return kinds.fund_partner_id.union(*(fund for (fund,) in subsidies))

    @api.depends("company_id")
    def _compute_fund_ids(self):
        for statement in self:
            statement.fund_ids = self._funds(statement.company_id)

    def _domain(self):
        """Approved and posted; what was cancelled the fund never pays."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("fund_partner_id", "=", self.fund_partner_id.id)
            & Domain("month", ">=", fields.Date.start_of(self.date_from, "month"))
            & Domain("month", "<=", self.date_to)
            & Domain("state", "in", ("approved", "posted"))
        )

    def action_show(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.benefit_report_action"
        )
        return {
            **action,
            "name": self.env._("Benefits paid by %s", self.fund_partner_id.name),
            "domain": list(self._domain()),
            "context": {},
        }

    def _workbook(self):
        rows = self.env["utility.benefit.report"].search(
            self._domain(), order="person_id, account_id, month, id"
        )
        title = self.env._("Benefits and subsidies")
        content = workbook(
            title,
            self._notes(),
            self._columns(),
            (self._row(row) for row in rows),
            total=self.env._("Total"),
        )
        return f"benefits-{self.date_from}-{self.date_to}.xlsx", content

    def _notes(self):
        period = "{} – {}".format(
            *(format_date(self.env, day) for day in (self.date_from, self.date_to))
        )
        return [
            " · ".join((self.company_id.name, self.fund_partner_id.name, period)),
            self.env._("Amounts with tax, in %s", self.company_id.currency_id.name),
        ]

    def _sees_codes(self):
        return self.env.user.has_group(PERSONAL)

    def _columns(self):
        rows = self.env["utility.benefit.report"]
        labels = {name: field["string"] for name, field in rows.fields_get().items()}
        codes = [(labels["personal_code"], "text", False)] if self._sees_codes() else []
        return [
            (labels["person_id"], "text", False),
            *codes,
            *((labels[name], "text", False) for name in TEXTS),
            (labels["month"], "day", False),
            (labels["date_start"], "day", False),
            (labels["date_end"], "day", False),
            (labels["quantity"], "number", False),
            (labels["base"], "money", True),
            (labels["percent"], "number", False),
            (labels["amount"], "money", True),
        ]

    def _row(self, row):
        codes = [row.personal_code] if self._sees_codes() else []
        return (
            row.person_id.name,
            *codes,
            row.account_id.number,
            row.premise_id.display_name,
            row.service_id.name,
            row.benefit_kind_id.name
            or dict(row._fields["kind"]._description_selection(self.env))[row.kind],
            row.document_number,
            row.month,
            row.date_start,
            row.date_end,
            row.quantity,
            row.base,
            row.percent,
            row.amount,
        )
