from odoo import api, fields, models
from odoo.tools import format_date

METHODS = [
    ("measured", "Measured"),
    ("estimated", "Estimated"),
    ("norm", "By norm"),
    ("allocated", "Allocated"),
    ("derived", "Derived"),
    ("agreed", "Agreed"),
]
REASONS = [
    ("missing", "No reading came"),
    ("unfit", "Meter in repair, faulty or not verified"),
    ("unmetered", "No meter"),
    ("no_rule", "No rule yields a quantity"),
]


class Usage(models.Model):
    """The quantity of a service point in a period, and how it was found.

    A live row is never overwritten: when the facts say something else later, it is voided and
    another one stands in its place.
    """

    _name = "utility.usage"
    _description = "Usage"
    _order = "date_start desc, service_point_id, id desc"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    building_id = fields.Many2one(
        related="service_point_id.building_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    point_kind = fields.Selection(related="service_point_id.kind", store=True, precompute=True)
    date_start = fields.Date("From", required=True, index=True)
    date_end = fields.Date("To", required=True, index=True)
    days = fields.Integer(compute="_compute_days", store=True, precompute=True, aggregator=None)
    quantity = fields.Float(required=True, digits="Utility Quantity")
    estimated_quantity = fields.Float(
        digits="Utility Quantity", help="The part of the quantity that was not measured."
    )
    uom_id = fields.Many2one(
        related="service_point_id.service_id.uom_id", store=True, precompute=True
    )
    daily = fields.Float(
        "A Day",
        compute="_compute_days",
        store=True,
        precompute=True,
        digits="Utility Quantity",
        aggregator="avg",
    )
    method = fields.Selection(METHODS, "Found by", required=True, index=True)
    reason = fields.Selection(REASONS, "Not Measured because")
    bands = fields.Json(
        "By Zone",
        help="Quantities as text by direction and time-of-use zone, where there is more than one: "
        "{'import:DAY': '80', 'import:NIGHT': '20', 'export': '5'}.",
    )
    trace = fields.Json(
        help="How the quantity was found, with ids and values of all that went into it, and the "
        "version of the engine."
    )
    recorded_at = fields.Datetime(
        "Recorded on", required=True, readonly=True, default=fields.Datetime.now
    )
    voided_at = fields.Datetime("Voided on", readonly=True, index="btree_not_null")
    void_reason = fields.Char(readonly=True)
    replaces_id = fields.Many2one(
        "utility.usage", readonly=True, copy=False, index="btree_not_null"
    )

    _one_live = models.Constraint(
        "EXCLUDE USING gist (service_point_id WITH =, daterange(date_start, date_end, '[]') "
        "WITH &&) WHERE (voided_at IS NULL)",
        "A point has one quantity for a day.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day may not come before the first one."
    )

    @api.depends("date_start", "date_end", "quantity")
    def _compute_days(self):
        for usage in self:
            usage.days = (
                (usage.date_end - usage.date_start).days + 1
                if usage.date_start and usage.date_end
                else 0
            )
            usage.daily = usage.quantity / usage.days if usage.days else 0

    @api.depends("service_point_id", "date_start", "date_end")
    def _compute_display_name(self):
        for usage in self:
            usage.display_name = "{} ({} – {})".format(
                usage.service_point_id.code or "",
                format_date(self.env, usage.date_start) if usage.date_start else "",
                format_date(self.env, usage.date_end) if usage.date_end else "",
            )
