from odoo import api, fields, models


class PaymentCollector(models.Model):
    """Where a collector's transfers arrive, and the bank's lines that brought them."""

    _inherit = "utility.payment.collector"

    bank_journal_ids = fields.Many2many(
        "account.journal",
        "utility_payment_collector_journal_rel",
        string="Transfers Arrive in",
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="The company's own bank accounts to which the collector pays. Empty: any of them.",
    )
    bank_line_count = fields.Integer("Transfers", compute="_compute_bank_line_count")

    def _compute_bank_line_count(self):
        # how many there are may be known to all who see the collector
        counts = dict(
            self.env["account.bank.statement.line"]
            .sudo()
            ._read_group(
                [("utility_collector_id", "in", self.ids)], ["utility_collector_id"], ["__count"]
            )
        )
        for collector in self:
            collector.bank_line_count = counts.get(collector, 0)

    def action_open_bank_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_reconcile.bank_statement_line_action_to_clear"
        )
        return {
            **action,
            "name": self.env._("Transfers of %s", self.name),
            "domain": [("utility_collector_id", "=", self.id)],
            "context": {},
        }

    @api.model
    def _of_company(self, company):
        """Collectors who pay over by bank."""
        return self.search([("company_id", "=", company.id), ("kind", "!=", "desk")])
