from odoo import api, fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class CreditorAgreement(models.Model):
    """What the company keeps of what it collects for a creditor, from a day on: for one service,
    or for all of his that have no agreement of their own."""

    _name = "utility.creditor.agreement"
    _description = "Agreement with a Creditor"
    _inherit = ["utility.dated.mixin"]
    _order = "creditor_id, service_id, date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("company_id", "creditor_id")
    _fact_key_optional = ("service_id",)
    _fact_editors = "utility_base.group_billing_operator,account.group_account_manager"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    creditor_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    service_id = fields.Many2one(
        "utility.service",
        check_company=True,
        ondelete="restrict",
        domain="[('creditor_partner_id', '=', creditor_id), ('company_id', '=', company_id)]",
        help="Empty: all services of the creditor without an agreement of their own.",
    )
    percent = fields.Float("Fee, %", digits=(6, 4), help="Of what is collected, returns taken off.")
    fixed = fields.Monetary("Fee a Settlement", help="Added to the per cent; without tax.")
    way = fields.Selection(
        [
            ("invoiced", "Invoiced: the creditor pays it"),
            ("deducted", "Invoiced, and kept back from what he gets"),
        ],
        "Fee Is",
        required=True,
        default="deducted",
    )
    product_id = fields.Many2one(
        "product.product",
        "Product of the Fee",
        check_company=True,
        ondelete="restrict",
        help="Its income account and taxes are those of the invoice.",
    )
    replaces_id = fields.Many2one(
        "utility.creditor.agreement", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key, optional=_fact_key_optional)
    _fee_positive = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100 AND fixed >= 0)",
        "A fee is from 0 to 100 per cent, and not below zero.",
    )
    _fee_has_product = models.Constraint(
        "CHECK ((percent = 0 AND fixed = 0) OR product_id IS NOT NULL)",
        "Choose the product that the fee is invoiced as.",
    )

    @api.depends("creditor_id.name", "service_id.name", "percent")
    def _compute_display_name(self):
        for row in self:
            names = filter(None, (row.creditor_id.name, row.service_id.name))
            row.display_name = f"{' · '.join(names)}: {row.percent:g} %"

    @api.model
    def _on(self, settlement, service, day):
        """The agreement about a service on a day: its own, or that of all services."""
        rows = self.search(
            [
                ("company_id", "=", settlement.company_id.id),
                ("creditor_id", "=", settlement.creditor_id.id),
                ("service_id", "in", [service.id, False]),
                ("voided_at", "=", False),
                ("date_start", "<=", day),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ]
        )
        return rows.sorted(lambda row: not row.service_id)[:1]
