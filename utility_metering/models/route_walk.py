from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.utility_base.tools.trees import within

NOT_TAKEN = ("initial", "estimated")
LIVE_STATES = ("new", "held", "accepted")
# what decides whose meters a controller sees
RIGHTS = frozenset({"user_ids", "premise_ids", "active"})


class RouteWalk(models.Model):
    """Which addresses a route passes, and how far its readings of the period have come."""

    _inherit = "utility.route"

    user_ids = fields.Many2many(
        "res.users",
        "utility_route_user_rel",
        "route_id",
        "user_id",
        domain="[('share', '=', False)]",
    )
    billing_cycle_id = fields.Many2one(
        "utility.billing.cycle",
        "Walked",
        default=lambda self: self.env.ref(
            "utility_base.billing_cycle_monthly", raise_if_not_found=False
        ),
        help="How often: a meter counts as read when it has a reading of the running period.",
    )
    walk_premise_ids = fields.Many2many(
        "utility.premise", string="Addresses in Walking Order", compute="_compute_walk_premise_ids"
    )
    point_count = fields.Integer("Points", compute="_compute_counts")
    read_count = fields.Integer("Read", compute="_compute_counts", help="In the running period.")
    left_count = fields.Integer("Left", compute="_compute_counts")
    progress = fields.Float("Done, %", compute="_compute_counts", aggregator=None)
    visit_count = fields.Integer("Planned Visits", compute="_compute_visit_count")

    # -- computes ---------------------------------------------------------------------------

    @api.depends("premise_ids", "service_ids", "company_id")
    def _compute_walk_premise_ids(self):
        for route in self:
            rows = route._installations()
            # places come in the order of their addresses
            route.walk_premise_ids = self.env["utility.premise"].search(
                [("id", "in", rows.premise_id.ids)]
            )

    @api.depends("premise_ids", "service_ids", "company_id", "billing_cycle_id")
    def _compute_counts(self):
        counts = self._count_points()
        for route in self:
            points, left = counts.get(route._origin.id, (0, 0))
            route.point_count, route.left_count = points, left
            route.read_count = points - left
            route.progress = 100 * (points - left) / points if points else 0

    @api.depends("premise_ids")
    def _compute_visit_count(self):
        for route in self:
            route.visit_count = self.env["utility.check.visit"].search_count(
                route._domain_places() & Domain("state", "=", "planned")
            )

    # -- CRUD -------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        routes = super().create(vals_list)
        self._rights_changed()
        return routes

    def write(self, vals):
        done = super().write(vals)
        if RIGHTS & vals.keys():
            self._rights_changed()
        return done

    def unlink(self):
        done = super().unlink()
        self._rights_changed()
        return done

    def _rights_changed(self):
        """Record rules are cached with the places of the user's routes in them."""
        self.env.registry.clear_cache()

    # -- business ---------------------------------------------------------------------------

    def _period(self, day=None):
        """First and last day of the period that the route is walked for."""
        self.ensure_one()
        day = day or fields.Date.context_today(self)
        cycle = (
            self.sudo().billing_cycle_id
            or self.env.ref("utility_base.billing_cycle_monthly").sudo()
        )  # controllers do not read cycles
        return cycle._period_on(day)

    def _domain_places(self):
        """What hangs or happens in the route's places, of its services and company."""
        self.ensure_one()
        domain = Domain("premise_id", "child_of", self.premise_ids.ids)
        domain &= Domain("company_id", "=", self.company_id.id)
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        return domain

    def _installations(self, day=None):
        """Meters that a controller has to read on the route, in no order."""
        installations = self.env["utility.meter.installation"]
        return installations.search(
            self._domain_places()
            & installations._domain_in_force(day or fields.Date.context_today(self))
            & Domain("meter_id.type_id.remote", "=", False)
        )

    def _count_points(self):
        """Points with meters on each route, and those of them that are not read in its period.

        :return: {route id: (points, left)}
        """
        today, counts = fields.Date.context_today(self), {}
        by_period = defaultdict(list)
        for route in self._origin:
            by_period[route._period(today)].append(route.id)
        self.env.flush_all()
        for (first, last), ids in by_period.items():
            rows = self.env.execute_query(self._query_counts(ids, today, first, last))
            counts.update({route_id: (points, left) for route_id, points, left in rows})
        return counts

    def _query_counts(self, ids, today, first, last):
        return SQL(
            """
            SELECT route.id, count(DISTINCT inst.service_point_id),
                   count(DISTINCT inst.service_point_id) FILTER (WHERE EXISTS (
                       SELECT 1 FROM utility_meter_register register
                        WHERE register.meter_id = inst.meter_id AND register.active
                          AND register.purpose <> 'info' AND NOT EXISTS (
                              SELECT 1 FROM utility_reading reading
                               WHERE reading.register_id = register.id
                                 AND reading.date BETWEEN %(first)s AND %(last)s
                                 AND reading.state IN %(states)s
                                 AND reading.reading_type NOT IN %(types)s)))
              FROM utility_route route
              JOIN %(places)s rel ON rel.utility_route_id = route.id
              JOIN utility_premise place ON place.id = rel.utility_premise_id
              JOIN utility_premise premise ON %(within)s
              JOIN utility_meter_installation inst ON inst.premise_id = premise.id
                   AND inst.company_id = route.company_id AND inst.voided_at IS NULL
                   AND inst.date_start <= %(today)s
                   AND (inst.date_end IS NULL OR inst.date_end >= %(today)s)
              JOIN utility_meter meter ON meter.id = inst.meter_id
              JOIN utility_meter_type kind ON kind.id = meter.type_id
                   AND kind.remote IS NOT TRUE
             WHERE route.id IN %(ids)s
               AND (NOT EXISTS (SELECT 1 FROM %(services)s s WHERE s.utility_route_id = route.id)
                    OR EXISTS (SELECT 1 FROM %(services)s s WHERE s.utility_route_id = route.id
                                  AND s.utility_service_id = inst.service_id))
             GROUP BY route.id
            """,
            first=first,
            last=last,
            today=today,
            within=within("premise", "place"),
            states=LIVE_STATES,
            types=NOT_TAKEN,
            ids=tuple(ids),
            places=SQL.identifier(self._fields["premise_ids"].relation),
            services=SQL.identifier(self._fields["service_ids"].relation),
        )

    @api.model
    def _controllers_of(self, points):
        """Who walks past each service point: {point id: controllers of its routes}."""
        by_place = defaultdict(self.browse)
        for route in self.search([("company_id", "in", points.company_id.ids)]):
            for place in route.premise_ids:
                by_place[place.id] |= route
        found = {}
        for point in points:
            way = [int(part) for part in (point.premise_id.parent_path or "").split("/") if part]
            routes = self.union(*(by_place[place] for place in way if place in by_place))
            found[point.id] = routes.filtered(
                lambda route, point=point: (
                    route.company_id == point.company_id
                    and (not route.service_ids or point.service_id in route.service_ids)
                )
            ).user_ids
        return found

    # -- buttons ----------------------------------------------------------------------------

    def action_open_meters(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meters of %s", self.name),
            "res_model": "utility.meter",
            "view_mode": "list,form",
            "domain": [("id", "in", self._installations().meter_id.ids)],
        }

    def action_open_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_metering.check_visit_action"
        )
        action["domain"] = list(self._domain_places())
        return action

    def action_open_calls(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_metering.route_call_action")
        action["domain"] = [("premise_id", "child_of", self.premise_ids.ids)]
        return action

    def action_open_field_page(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/utility/field#route={self.id}",
            "target": "new",
        }
