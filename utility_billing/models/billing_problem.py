from odoo import api, fields, models


class BillingProblem(models.Model):
    """An account that a run could not rate: held until what is missing is mended."""

    _name = "utility.billing.problem"
    _description = "Held Account"
    _order = "run_id desc, account_id"

    run_id = fields.Many2one(
        "utility.billing.run", required=True, index=True, readonly=True, ondelete="cascade"
    )
    batch_id = fields.Many2one(
        "utility.billing.batch", index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, readonly=True, ondelete="cascade"
    )
    service_point_id = fields.Many2one("utility.service.point", readonly=True, ondelete="cascade")
    service_id = fields.Many2one(related="service_point_id.service_id", store=True, precompute=True)
    premise_id = fields.Many2one(related="account_id.premise_id", store=True, precompute=True)
    date_start = fields.Date("From", readonly=True)
    date_end = fields.Date("To", readonly=True)
    code = fields.Char(readonly=True)
    message = fields.Char("What to Mend", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")], required=True, default="open", readonly=True
    )

    @api.depends("account_id", "service_id")
    def _compute_display_name(self):
        for problem in self:
            parts = (problem.account_id.display_name, problem.service_id.name)
            problem.display_name = ", ".join(filter(None, parts))

    def action_recalculate(self):
        """Rate the accounts of these problems again, each in its run."""
        for run, problems in self.grouped("run_id").items():
            run._recalculate_accounts(problems.account_id)
        return True

    def action_open_account(self):
        self.ensure_one()
        return self.account_id.get_formview_action()
