from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class RouteWizard(models.TransientModel):
    """Makes routes from the streets or buildings of a place; what a route has is left out."""

    _name = "utility.route.wizard"
    _description = "Make Routes"

    premise_ids = fields.Many2many(
        "utility.premise",
        string="Places",
        domain="[('level', 'not in', ('unit', 'section'))]",
        help="Towns, streets or buildings.",
    )
    split = fields.Selection(
        [
            ("street", "A route for each street"),
            ("building", "A route for each building"),
            ("one", "One route for all"),
        ],
        "Make",
        required=True,
        default="street",
    )
    name = fields.Char("Name of the Route")
    user_ids = fields.Many2many("res.users", string="Controllers", domain="[('share', '=', False)]")
    service_ids = fields.Many2many("utility.service", help="Empty: every metered service.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    preview = fields.Text("Will Be Made", compute="_compute_preview")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "utility.premise":
            values["premise_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    @api.depends("premise_ids", "split", "name", "company_id")
    def _compute_preview(self):
        for wizard in self:
            planned = wizard._planned()
            lines = [name for name, _places in planned[:20]]
            if len(planned) > len(lines):
                lines.append(self.env._("and %s more", len(planned) - len(lines)))
            wizard.preview = "\n".join(lines)

    def action_make(self):
        self.ensure_one()
        planned = self._planned()
        if not planned:
            raise UserError(
                self.env._(
                    "There is nothing to make a route of: choose places with buildings that no "
                    "route passes yet."
                )
            )
        routes = self.env["utility.route"].create(
            [
                {
                    "name": name,
                    "company_id": self.company_id.id,
                    "premise_ids": [Command.set(places.ids)],
                    "user_ids": [Command.set(self.user_ids.ids)],
                    "service_ids": [Command.set(self.service_ids.ids)],
                }
                for name, places in planned
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_metering.route_action")
        return {**action, "domain": [("id", "in", routes.ids)], "context": {}}

    def _planned(self):
        """[(name, places)] of the routes that would be made, in the order of addresses."""
        places = self.premise_ids._origin
        if not places:
            return []
        if self.split == "one":
            return [(self.name or ", ".join(places.mapped("address")), places)]
        buildings = self._buildings(places)
        if self.split == "building":
            return [(building.address, building) for building in buildings]
        streets = buildings.street_id.sorted("address_sort")
        planned = [(street.address, street) for street in streets]
        for town, scattered in (
            buildings.filtered(lambda row: not row.street_id).grouped("locality_id").items()
        ):
            planned.append((town.address or scattered[0].address, scattered))
        return planned

    def _buildings(self, places):
        """Buildings within the places that no route of the company passes."""
        routes = self.env["utility.route"].search([("company_id", "=", self.company_id.id)])
        domain = Domain("id", "child_of", places.ids) & Domain("level", "=", "building")
        if routes.premise_ids:
            domain &= ~Domain("id", "child_of", routes.premise_ids.ids)
        return self.env["utility.premise"].search(domain)
