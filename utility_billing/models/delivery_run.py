from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from .bill_delivery import CHANNELS, HANDED_OVER

BATCH = 200
SMALL = 20


class DeliveryRun(models.Model):
    """Bills sent together, in slices, apart from posting."""

    _name = "utility.delivery.run"
    _description = "Sending of Bills"
    _inherit = ["utility.run.mixin"]
    _order = "id desc"
    _channel = "root.utility_delivery"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    billing_run_id = fields.Many2one(
        "utility.billing.run", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    channel = fields.Selection(
        CHANNELS, "By", readonly=True, help="Empty: as each account gets its bills."
    )
    again = fields.Boolean("Also What Was Sent Before", readonly=True)
    state = fields.Selection(
        [("calculating", "Being Sent"), ("done", "Done")],
        required=True,
        readonly=True,
        default="calculating",
    )
    slice_ids = fields.One2many("utility.delivery.slice", "run_id", readonly=True)
    delivery_ids = fields.One2many("utility.bill.delivery", "run_id", "Deliveries", readonly=True)
    bill_count = fields.Integer("Bills", readonly=True)
    progress = fields.Float("Progress, %", compute="_compute_progress")
    waiting_count = fields.Integer("Waiting", compute="_compute_counts")
    sent_count = fields.Integer("Handed Over", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")

    @api.depends("slice_ids.state")
    def _compute_progress(self):
        for run in self:
            run.progress = run._done_share("bill_count") if run.slice_ids else 100.0

    @api.depends("delivery_ids.state", "delivery_ids.is_current")
    def _compute_counts(self):
        counts = {}
        for run, state, count in self.env["utility.bill.delivery"]._read_group(
            [("run_id", "in", self.ids), ("is_current", "=", True)],
            ["run_id", "state"],
            ["__count"],
        ):
            counts.setdefault(run, {})[state] = count
        for run in self:
            of_run = counts.get(run, {})
            run.waiting_count = of_run.get("waiting", 0)
            run.failed_count = of_run.get("failed", 0)
            run.sent_count = sum(of_run.get(state, 0) for state in HANDED_OVER)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A sending goes on by itself: it is not changed by hand."))
        return super().write(vals)

    # -- business ---------------------------------------------------------------------------

    @api.model
    def _start(self, moves, name, billing_run=None, channel=None, again=False):
        """Send bills: at once when there are few, else as jobs.

        :param channel: for all of them; None: as each account gets its bills
        :param again: also bills that were sent before
        :raise UserError: there is nothing to send
        """
        self.env["utility.bill.delivery"]._refuse_unless_sender()
        bills = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("id", "in", moves.ids),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("utility_account_id", "!=", False),
                ],
                ["company_id"],
                ["id:array_agg"],
            )
        )
        if not bills:
            raise UserError(
                self.env._("There is nothing to send: choose posted bills of accounts.")
            )
        # a sending and its slices are written by nobody by hand
        runs = self.sudo().create(
            [
                {
                    **self._beginning(),
                    "name": name,
                    "company_id": company.id,
                    "billing_run_id": billing_run.id if billing_run else False,
                    "channel": channel or False,
                    "again": again,
                    "bill_count": len(ids),
                    "slice_ids": [
                        fields.Command.create({"move_ids": part, "bill_count": len(part)})
                        for part in split_every(BATCH, sorted(ids), list)
                    ],
                }
                for company, ids in bills
            ]
        )
        runs = runs.sudo(False)
        for run in runs:
            if run.bill_count <= SMALL:
                run.slice_ids._job_calculate()
                run._finish()
            else:
                run.slice_ids._enqueue()
        return runs

    def _conclude(self):
        self.sudo().write({"state": "done", "ended_at": fields.Datetime.now()})
        self.env["utility.bill.delivery"]._wake_queue()
        (self.billing_run_id or self.delivery_ids.billing_run_id)._job_delivered()

    def action_open_deliveries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.bill_delivery_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}
