from odoo import fields, models

from odoo.addons.utility_base.models.dated_mixin import no_overlap


class Norm(models.Model):
    """How much a resident, a square metre or a premise is held to use in a month."""

    _name = "utility.norm"
    _description = "Norm of Consumption"
    _inherit = ["utility.dated.mixin"]
    _order = "service_id, sequence, date_start desc, id desc"
    _rec_name = "name"
    _fact_key = ("service_id", "name")
    _fact_editors = "utility_base.group_meter_engineer,utility_base.group_billing_operator"

    name = fields.Char(required=True, help="For whom it is: “flats with bath, no hot water”.")
    sequence = fields.Integer(default=10, help="The first norm that fits a premise is taken.")
    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    uom_id = fields.Many2one(related="service_id.uom_id")
    basis = fields.Selection(
        [
            ("resident", "a resident"),
            ("area", "a square metre"),
            ("premise", "a premise"),
        ],
        "For",
        required=True,
        default="resident",
    )
    quantity = fields.Float(
        "Quantity a Month",
        required=True,
        digits="Utility Quantity",
        help="In the service's unit; a part of a month counts by its days.",
    )
    area_attribute_id = fields.Many2one(
        "utility.attribute",
        "Area",
        domain="[('value_type', '=', 'number'), ('for_premises', '=', True)]",
        help="Which area counts; empty: heated area, or else total area.",
    )
    premise_id = fields.Many2one(
        "utility.premise", "Where", help="A locality, street or building; empty: everywhere."
    )
    attribute_id = fields.Many2one(
        "utility.attribute",
        "Amenity",
        domain="[('value_type', 'in', ('choice', 'boolean')), ('for_premises', '=', True)]",
        help="Only premises with this characteristic, their own or their building's.",
    )
    choice_id = fields.Many2one(
        "utility.attribute.choice",
        "Amenity Is",
        domain="[('attribute_id', '=', attribute_id)]",
    )
    residents_from = fields.Integer("Residents from", default=0)
    residents_to = fields.Integer("Residents to", default=0, help="0: any number.")
    range_attribute_id = fields.Many2one(
        "utility.attribute",
        "Characteristic",
        domain="[('value_type', '=', 'number'), ('for_premises', '=', True)]",
        help="Only premises whose number lies in the range, their own or their building's: "
        "floors, year of construction.",
    )
    range_from = fields.Float("From Value", digits=(16, 6), help="Included.")
    range_to = fields.Float("To Value", digits=(16, 6), help="Included; 0: without limit.")
    month_from = fields.Integer(default=1, required=True, help="First month in which it applies.")
    month_to = fields.Integer(
        default=12, required=True, help="Last month; may lie before the first: 10 to 4."
    )
    replaces_id = fields.Many2one("utility.norm", copy=False, readonly=True, index="btree_not_null")

    _no_overlap = no_overlap(*_fact_key)
    _months_range = models.Constraint(
        "CHECK (month_from BETWEEN 1 AND 12 AND month_to BETWEEN 1 AND 12)",
        "Months are numbered 1 to 12.",
    )
    _range_in_order = models.Constraint(
        "CHECK (COALESCE(range_to, 0) = 0 OR range_to >= COALESCE(range_from, 0))",
        "The range's last value may not lie below its first.",
    )
    _quantity_not_negative = models.Constraint("CHECK (quantity >= 0)", "A norm is 0 or more.")
