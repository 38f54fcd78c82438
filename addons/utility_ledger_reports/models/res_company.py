from odoo import fields, models

# report: (model of its wizard, its field of journals, how it names its days)
REPORTS = {
    # about all journals: it says what is owed
    "trial_balance": ("trial.balance.report.wizard", None, "period"),
    "general_ledger": ("general.ledger.report.wizard", "account_journal_ids", "period"),
    "open_items": ("open.items.report.wizard", None, "day"),
}


class ResCompany(models.Model):
    """Reports on the ledger, begun with what bills are booked in."""

    _inherit = "res.company"

    def _utility_ledger_report(self, report, name):
        """The report's wizard: receivable accounts, journals of bills, this year to last month's
        end.

        :param report: a key of `REPORTS`
        :param name: title of the window
        """
        self.ensure_one()
        model, journals, days = REPORTS[report]
        receivable = self.env["account.account"].search(
            [("company_ids", "in", self.ids), ("account_type", "=", "asset_receivable")]
        )
        defaults = {
            "company_id": self.id,
            "receivable_accounts_only": True,
            "account_ids": receivable.ids,
            **self._utility_ledger_days(days),
        }
        if journals:
            bills = self.utility_bill_journal_id | self.utility_fund_journal_id
            defaults[journals] = bills.ids
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{field}": value for field, value in defaults.items()},
        }

    def _utility_ledger_days(self, days):
        last = fields.Date.subtract(
            fields.Date.start_of(fields.Date.context_today(self), "month"), days=1
        )
        if days == "day":
            return {"date_at": last}
        return {"date_from": fields.Date.start_of(last, "year"), "date_to": last}
