from odoo import api, fields, models
from odoo.tools import float_repr, format_date


class RateLine(models.Model):
    """A price of a component: of a block, a zone, a season, or of several of these."""

    _name = "utility.rate.line"
    _description = "Price of a Tariff's Component"
    _order = "component_id, zone_id, month_from, quantity_from, id"

    component_id = fields.Many2one(
        "utility.rate.component", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="component_id.company_id", store=True, index=True)
    quantity_from = fields.Float(
        "Above",
        digits="Utility Quantity",
        required=True,
        default=0,
        help="The block begins beyond this quantity.",
    )
    quantity_to = fields.Float(
        "Up to",
        digits="Utility Quantity",
        required=True,
        default=0,
        help="Last unit of the block, included; 0: no end.",
    )
    price = fields.Float(digits="Utility Price", required=True, default=0, help="For one unit.")
    amount = fields.Float(
        digits="Utility Price",
        required=True,
        default=0,
        help="Due once when the quantity ends in this block; only where all of the quantity takes "
        "the price of one block.",
    )
    zone_id = fields.Many2one(
        "utility.tou.zone", ondelete="restrict", help="Empty: any zone without its own."
    )
    month_from = fields.Integer("From Month", required=True, default=1)
    month_to = fields.Integer(
        "To Month", required=True, default=12, help="May lie before the first: 10 to 4."
    )

    _months_range = models.Constraint(
        "CHECK (month_from BETWEEN 1 AND 12 AND month_to BETWEEN 1 AND 12)",
        "Months are numbered 1 to 12.",
    )
    _quantities_in_order = models.Constraint(
        "CHECK (quantity_from >= 0 AND (quantity_to = 0 OR quantity_to > quantity_from))",
        "A block ends above where it begins.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        components = self.env["utility.rate.component"].browse(
            {vals["component_id"] for vals in vals_list if vals.get("component_id")}
        )
        components.version_id._begin_change()
        return super().create(vals_list)

    def write(self, vals):
        self.component_id.version_id._begin_change()
        done = super().write(vals)
        if "component_id" in vals:
            self.component_id.version_id._begin_change()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_unlocked(self):
        self.component_id.version_id._begin_change()

    def _in_season(self, month):
        self.ensure_one()
        first, last = self.month_from, self.month_to
        return first <= month <= last if first <= last else month >= first or month <= last

    def _words_where(self, unit):
        """The block, zone and season of a price in words."""
        self.ensure_one()
        parts = []
        if self.quantity_to:
            parts.append(
                self.env._("to %(limit)s %(unit)s", limit=short_number(self.quantity_to), unit=unit)
            )
        elif self.quantity_from:
            parts.append(
                self.env._(
                    "above %(limit)s %(unit)s", limit=short_number(self.quantity_from), unit=unit
                )
            )
        if self.zone_id:
            parts.append(self.zone_id.name)
        if (self.month_from, self.month_to) != (1, 12):
            parts.append(
                self.env._(
                    "%(first)s–%(last)s",
                    first=self._month_name(self.month_from),
                    last=self._month_name(self.month_to),
                )
            )
        return ", ".join(part.strip() for part in parts)

    def _month_name(self, month):
        return format_date(self.env, f"2000-{month:02}-01", date_format="MMM")


def short_number(value):
    """A number without idle zeros, in at most 8 places."""
    text = float_repr(value or 0, 8)
    return text.rstrip("0").rstrip(".")
