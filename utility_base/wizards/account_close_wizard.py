from odoo import fields, models


class AccountCloseWizard(models.TransientModel):
    """Closes accounts that nobody takes over: a demolished house, a merged flat."""

    _name = "utility.account.close.wizard"
    _description = "Close Accounts"

    account_ids = fields.Many2many(
        "utility.account",
        string="Accounts",
        required=True,
        default=lambda self: (
            self.env["utility.account"]
            .browse(self.env.context.get("active_ids"))
            .filtered(lambda account: not account.date_close)
        ),
    )
    date = fields.Date("Last Day", required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)
    owed = fields.Integer("Accounts That Still Owe", compute="_compute_owed")

    def _compute_owed(self):
        for wizard in self:
            wizard.owed = len(wizard.account_ids.filtered(lambda account: account.balance > 0))

    def action_close(self):
        self.ensure_one()
        self.account_ids._close(self.date)
        for account in self.account_ids:
            account.message_post(body=self.env._("Closed: %s", self.reason))
        return {"type": "ir.actions.client", "tag": "soft_reload"}
