from decimal import ROUND_HALF_UP, Decimal

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

MOST_DECIMALS = 8
# prices that are money: a percentage stays what it is
PRICED = ("fixed", "unit", "attribute", "demand", "minimum", "maximum")


class RatePriceWizard(models.TransientModel):
    """New prices for many tariffs: drafts from a day on, like what is in force, but dearer."""

    _name = "utility.rate.price.wizard"
    _description = "Change Prices of Many Tariffs"

    schedule_ids = fields.Many2many(
        "utility.rate.schedule",
        "utility_rate_price_wizard_rel",
        string="Tariffs",
        required=True,
        default=lambda self: self._default_schedules(),
    )
    date_start = fields.Date("From", required=True, default=lambda self: self._default_date_start())
    operation = fields.Selection(
        [("percent", "By per cent"), ("amount", "By an amount")], required=True, default="percent"
    )
    percent = fields.Float("Per Cent", digits=(16, 6), help="−5 lowers the prices by 5 %.")
    amount = fields.Float(digits="Utility Price", help="Added to each price; −0.10 lowers it.")
    decimals = fields.Integer(default=4, help="Decimal places of the new prices, 0 to 8.")
    kinds = fields.Selection(
        [("all", "All prices"), ("unit", "Prices per unit only"), ("fixed", "Fixed amounts only")],
        "Which Prices",
        required=True,
        default="all",
        help="Percentages and formulas stay as they are.",
    )
    basis = fields.Text("Decision", help="Who set the prices, when, in which document.")

    def _default_schedules(self):
        if self.env.context.get("active_model") == "utility.rate.schedule":
            return self.env.context.get("active_ids") or []
        return []

    def _default_date_start(self):
        next_month = fields.Date.add(fields.Date.context_today(self), months=1)
        return fields.Date.start_of(next_month, "month")

    def action_run(self):
        """Make the drafts and show them.

        :raise UserError: a tariff has no version to begin with, or nothing changes
        """
        self.ensure_one()
        self._check_inputs()
        drafts = self.env["utility.rate.version"]
        for schedule in self.schedule_ids:
            drafts |= self._draft(schedule)
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("utility_billing.rate_version_action"),
            "domain": [("id", "in", drafts.ids)],
            "context": {},
            "target": "main",
        }

    def _check_inputs(self):
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise ValidationError(self.env._("A price keeps 0 to 8 decimal places."))
        if not (self.percent if self.operation == "percent" else self.amount):
            raise UserError(self.env._("Say by how much the prices change."))

    def _draft(self, schedule):
        present = schedule._version_on(self.date_start)
        if not present:
            raise UserError(
                self.env._(
                    "%(tariff)s has no approved version on that day: there is no price to begin "
                    "with.",
                    tariff=schedule.display_name,
                )
            )
        draft = present.copy({"date_start": self.date_start, "basis": self.basis or present.basis})
        for component in draft.component_ids.filtered(self._concerns):
            if component.priced_by == "price":
                component.price = self._changed(component.price, schedule)
            for line in component.line_ids:
                line.price = self._changed(line.price, schedule)
        if self.kinds != "unit":
            for line in draft.component_ids.line_ids:
                # what a block costs once is a fixed amount, whatever its component
                line.amount = self._changed(line.amount, schedule)
        return draft

    def _concerns(self, component):
        if self.kinds == "all":
            return component.kind in PRICED
        if self.kinds == "unit":
            return component.kind in ("unit", "attribute", "demand")
        return component.kind == "fixed"

    def _changed(self, price, schedule):
        """The new price, half up to the wanted places; a price of 0 is free and stays."""
        old = Decimal(str(price))
        if not old:
            return price
        if self.operation == "percent":
            new = old * (100 + Decimal(str(self.percent))) / 100
        else:
            new = old + Decimal(str(self.amount))
        if new < 0 < old:
            raise ValidationError(
                self.env._(
                    "%(tariff)s: the price of %(price)s would fall below 0.",
                    tariff=schedule.display_name,
                    price=f"{price:g}",
                )
            )
        return float(new.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP))
