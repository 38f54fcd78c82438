from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from .allocation_assignment import PURPOSES


class AllocationShare(models.Model):
    """What a premise bears of a building's quantity or cost. Never overwritten: a run that says
    otherwise voids it and puts another one in its place."""

    _name = "utility.allocation.share"
    _description = "Share"
    _order = "run_id desc, address_sort, date_start, id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "utility.allocation.run", required=True, index=True, readonly=True, ondelete="restrict"
    )
    assignment_id = fields.Many2one(
        "utility.allocation.assignment", index=True, readonly=True, ondelete="restrict"
    )
    service_point_id = fields.Many2one(
        "utility.service.point",
        index=True,
        readonly=True,
        ondelete="restrict",
        help="The premise's point of the charged service; empty where it has none.",
    )
    premise_id = fields.Many2one(
        "utility.premise", required=True, index=True, readonly=True, ondelete="restrict"
    )
    building_id = fields.Many2one(
        related="premise_id.building_id", store=True, index=True, precompute=True
    )
    address_sort = fields.Char(related="premise_id.address_sort", store=True, precompute=True)
    account_id = fields.Many2one(
        "utility.account",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        help="Who had the premise on these days, where payers changed within the period; "
        "otherwise the agreements of the service point say who pays.",
    )
    service_id = fields.Many2one(
        "utility.service", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    date_start = fields.Date("From", required=True, index=True, readonly=True)
    date_end = fields.Date("To", required=True, index=True, readonly=True)
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    quantity = fields.Float(digits="Utility Quantity", readonly=True)
    uom_id = fields.Many2one(related="service_id.uom_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    factors = fields.Json(
        readonly=True, help="What it was found from: own values, weights and parts by step."
    )
    explanation = fields.Char("How", compute="_compute_explanation")
    recorded_at = fields.Datetime(
        "Recorded on", required=True, readonly=True, default=fields.Datetime.now
    )
    voided_at = fields.Datetime("Voided on", readonly=True, index="btree_not_null")
    replaces_id = fields.Many2one("utility.allocation.share", readonly=True, index="btree_not_null")

    _one_kind = models.Constraint(
        "CHECK (quantity IS NULL OR amount IS NULL OR quantity = 0 OR amount = 0)",
        "A share is a quantity or an amount.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end >= date_start)", "The last day may not come before the first one."
    )
    _live_of_point = models.Index(
        "(service_point_id, date_start, date_end) WHERE voided_at IS NULL"
    )

    @api.depends("premise_id", "service_id", "date_start", "date_end")
    def _compute_display_name(self):
        for share in self:
            share.display_name = "{}, {} ({} – {})".format(
                share.premise_id.address or "",
                share.service_id.name or "",
                format_date(self.env, share.date_start) if share.date_start else "",
                format_date(self.env, share.date_end) if share.date_end else "",
            )

    @api.depends("factors", "amount")
    def _compute_explanation(self):
        """Weight × value of a unit, for each step that gave something."""
        for share in self:
            parts = []
            for step in (share.factors or {}).get("steps", ()):
                if step.get("unit"):
                    parts.append(
                        self.env._(
                            "%(step)s: %(weight)s × %(unit)s = %(part)s",
                            step=step["name"],
                            weight=step["weight"],
                            unit=step["unit"],
                            part=step["part"],
                        )
                    )
                else:
                    parts.append(
                        self.env._("%(step)s: %(part)s", step=step["name"], part=step["part"])
                    )
            if (share.factors or {}).get("borne"):
                parts.append(self.env._("What is left, borne by the association"))
            if (share.factors or {}).get("of"):
                parts.append(
                    self.env._(
                        "%(part)s of %(whole)s, by the accounts' shares",
                        part=format_amount(self.env, share.amount, share.currency_id),
                        whole=format_amount(
                            self.env, float(share.factors["of"]), share.currency_id
                        ),
                    )
                )
            share.explanation = "; ".join(parts)
