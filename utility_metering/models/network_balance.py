from odoo import api, fields, models
from odoo.tools import SQL


class NetworkBalance(models.Model):
    """What a service point measured in a month against what the points below it did.

    The rows are derived from `utility.usage` and replaced in place whenever the month is
    calculated again. A point without usage of its own is looked through: the points below it count
    in its place. Where the usage of any of them is unknown, there is no loss to speak of.
    """

    _name = "utility.network.balance"
    _description = "Network Balance"
    _inherit = ["utility.latest.month.mixin"]
    _order = "date_start desc, loss desc nulls last, id"

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, readonly=True, index=True, ondelete="cascade"
    )
    service_id = fields.Many2one(
        "utility.service", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    premise_id = fields.Many2one("utility.premise", required=True, readonly=True, index=True)
    building_id = fields.Many2one("utility.premise", readonly=True, index=True)
    locality_id = fields.Many2one("utility.premise", readonly=True)
    point_kind = fields.Selection(related="service_point_id.kind", store=True)
    network_id = fields.Many2one(
        "utility.service.point", readonly=True, help="The source above the point."
    )
    district_id = fields.Many2one(
        "utility.service.point",
        readonly=True,
        help="The nearest main at or above the point.",
    )
    date_start = fields.Date("From", required=True, readonly=True, index=True)
    date_end = fields.Date("To", required=True, readonly=True)
    days = fields.Integer(readonly=True, aggregator=None)
    uom_id = fields.Many2one(related="service_id.uom_id")
    quantity = fields.Float("Own Usage", readonly=True, digits=(16, 3))
    children_quantity = fields.Float("Points below", readonly=True, digits=(16, 3))
    loss = fields.Float(
        readonly=True,
        digits=(16, 3),
        help="Own usage less that of the points below; nothing while the balance is incomplete.",
    )
    loss_percent = fields.Float(
        "Loss, %",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Of own usage. Of several rows: their losses in all, of what came in at the sources "
        "among them, or else of their usage in all.",
    )
    children_count = fields.Integer("Counted below", readonly=True)
    children_known = fields.Integer(
        "With Usage", readonly=True, help="Points below whose usage is known for every day."
    )
    children_measured = fields.Integer(
        "Measured", readonly=True, help="Points below whose whole usage was measured."
    )
    estimated_quantity = fields.Float(
        "Estimated",
        readonly=True,
        digits=(16, 3),
        help="What was not measured, or was measured over a longer time and cut by days, of own "
        "usage and of that of the points below.",
    )
    estimated_percent = fields.Float("Estimated, %", readonly=True, digits=(16, 2), aggregator=None)
    state = fields.Selection(
        [
            ("complete", "Complete"),
            ("own", "Incomplete: own usage"),
            ("children", "Incomplete: points below"),
        ],
        "Balance",
        required=True,
        readonly=True,
        index=True,
    )
    visits_done = fields.Integer(
        "Check Visits Done",
        readonly=True,
        help="In the month, at this point and at the consumers that it is balanced with.",
    )
    base_date_start = fields.Date("Base from", readonly=True)
    base_date_end = fields.Date("Base to", readonly=True)
    base_daily_loss = fields.Float(
        "Base Loss a Day",
        readonly=True,
        digits="Utility Quantity",
        aggregator="avg",
        help="Average of the complete months of the base period.",
    )
    base_loss = fields.Float(
        readonly=True,
        digits=(16, 3),
        help="What would be lost in this month if it went on as in the base period.",
    )
    won = fields.Float(
        readonly=True,
        digits=(16, 3),
        help="Base loss less loss: above 0 is won, below 0 is lost.",
    )
    won_percent = fields.Float(
        "Won, %",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Of the base loss; of several rows: what they won in all, of their base loss in all.",
    )
    severity = fields.Selection(
        [("0", "Usual"), ("1", "Unknown"), ("2", "Warning"), ("3", "Alarm")],
        compute="_compute_severity",
    )

    _one_a_month = models.Constraint(
        "UNIQUE (service_point_id, date_start)", "A point has one balance for a month."
    )

    @api.depends("service_point_id.code", "date_start")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.service_point_id.code} · {row._month_label()}"

    @api.depends("state", "loss_percent", "service_id")
    def _compute_severity(self):
        limits = (
            self.env["utility.loss.limit"].sudo()._for(self.service_id)
        )  # who reads may compare
        for row in self:
            row.severity = row._severity(limits[row.service_id])

    def _severity(self, limit):
        if self.state != "complete":
            return "1"
        if self.loss_percent >= limit.loss_percent:
            return "3"
        if self.loss_percent >= limit.loss_percent / 2 or (
            self.loss_percent <= -limit.surplus_percent
        ):
            return "2"
        return "0"

    def _read_group_select(self, aggregate_spec, query):
        """Percentages of several rows are weighed by what they are percentages of."""
        names = ("loss", "quantity", "won", "base_loss", "state", "service_point_id", "network_id")
        if aggregate_spec in ("loss_percent:avg", "won_percent:avg"):
            columns = {name: self._field_to_sql(self._table, name, query) for name in names}
        if aggregate_spec == "won_percent:avg":
            return SQL("100 * SUM(%(won)s) / NULLIF(ABS(SUM(%(base_loss)s)), 0)", **columns)
        if aggregate_spec == "loss_percent:avg":
            return SQL(
                """
                100 * SUM(%(loss)s) / COALESCE(
                    NULLIF(ABS(SUM(%(quantity)s) FILTER (
                        WHERE %(service_point_id)s = %(network_id)s AND %(state)s <> 'own')), 0),
                    NULLIF(ABS(SUM(%(quantity)s) FILTER (WHERE %(loss)s IS NOT NULL)), 0))""",
                **columns,
            )
        return super()._read_group_select(aggregate_spec, query)

    def _prepare_drawn(self):
        """What the drawing of the network shows of the month."""
        return {
            "month": fields.Date.to_string(self.date_start),
            "quantity": self.quantity,
            "loss": self.loss,
            "percent": self.loss_percent,
            "known": self.children_known,
            "count": self.children_count,
            "state": self.state,
            "severity": int(self.severity),
            "unit": self.uom_id.name,
        }

    # -- actions ------------------------------------------------------------------------------

    def action_open_children(self):
        return self._action_points(self.env._("Counted below %s", self.service_point_id.code))

    def action_open_missing(self):
        return self._action_points(
            self.env._("Usage unknown below %s", self.service_point_id.code), only_missing=True
        )

    def _action_points(self, name, only_missing=False):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "utility.service.point",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self._points_below(only_missing))],
        }

    def action_open_network(self):
        self.ensure_one()
        return self.service_point_id.action_open_network()
