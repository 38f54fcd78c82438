from odoo import api, fields, models
from odoo.tools import SQL

from .bill_delivery import HANDED_OVER


class BillingRun(models.Model):
    """The end of the month: bills in people's hands."""

    _inherit = "utility.billing.run"

    delivery_ids = fields.One2many(
        "utility.bill.delivery", "billing_run_id", "Deliveries", readonly=True
    )
    unsent_count = fields.Integer("Not Yet Sent", compute="_compute_deliveries")
    delivery_waiting_count = fields.Integer("Waiting", compute="_compute_deliveries")
    delivery_sent_count = fields.Integer("Handed Over", compute="_compute_deliveries")
    delivery_failed_count = fields.Integer("Not Delivered", compute="_compute_deliveries")
    delivered_at = fields.Datetime("Delivered on", readonly=True, copy=False)

    @api.depends("state", "delivery_ids.state", "delivery_ids.is_current")
    def _compute_deliveries(self):
        counts = {}
        for run, state, count in self.env["utility.bill.delivery"]._read_group(
            [("billing_run_id", "in", self.ids), ("is_current", "=", True)],
            ["billing_run_id", "state"],
            ["__count"],
        ):
            counts.setdefault(run, {})[state] = count
        for run in self:
            of_run = counts.get(run, {})
            run.delivery_waiting_count = of_run.get("waiting", 0)
            run.delivery_failed_count = of_run.get("failed", 0)
            run.delivery_sent_count = sum(of_run.get(state, 0) for state in HANDED_OVER)
            run.unsent_count = max(0, run.bill_count - sum(of_run.values()))

    # -- buttons ----------------------------------------------------------------------------

    def action_send(self):
        """Look at how the bills will go, then send them."""
        self.ensure_one()
        self._refuse_unless("posted", "delivered")
        return self.env["utility.delivery.send"]._action_for_run(self)

    def action_open_deliveries(self):
        return self._action_deliveries({})

    def action_open_failed_deliveries(self):
        return self._action_deliveries({"search_default_failed": 1})

    def _action_deliveries(self, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.bill_delivery_action"
        )
        return {
            **action,
            "domain": [("billing_run_id", "=", self.id)],
            "context": {"search_default_current": 1, **context},
        }

    # -- business ---------------------------------------------------------------------------

    def _bills(self):
        # bills are the ledger's; who sends them need not be an accountant
        return (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("utility_run_id", "=", self.id),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("state", "=", "posted"),
                ],
                order="id",
            )
        )

    def _has_waiting(self):
        return bool(
            self.env["utility.bill.delivery"]
            .sudo()
            .search(
                [
                    ("billing_run_id", "=", self.id),
                    ("is_current", "=", True),
                    ("state", "=", "waiting"),
                ],
                limit=1,
            )
        )

    def _has_undelivered(self):
        self.env.flush_all()
        return bool(
            self.env.execute_query(
                SQL(
                    """
                SELECT 1 FROM account_move move
                LEFT JOIN utility_bill_delivery delivery
                ON delivery.move_id = move.id AND delivery.is_current
                WHERE move.utility_run_id = %s AND move.state = 'posted'
                AND move.move_type IN ('out_invoice', 'out_refund')
                AND (delivery.state IS NULL OR delivery.state != ALL(%s)) LIMIT 1
                """,
                    self.id,
                    list(HANDED_OVER),
                )
            )
        )

    def _job_delivered(self):
        """A posted run is delivered when each of its bills is out of our hands or let be."""
        for run in self.filtered(lambda run: run.state == "posted"):
            if not run._has_undelivered():
                # the user may write the run; its steps are written by nobody else
                run.sudo().write({"state": "delivered", "delivered_at": fields.Datetime.now()})

    def _not_delivered(self):
        """Something of a delivered run waits again."""
        done = self.filtered(lambda run: run.state == "delivered")
        done.sudo().write({"state": "posted", "delivered_at": False})
