from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_repr, format_date

from .route_walk import LIVE_STATES, NOT_TAKEN

USERS = ("utility_base.group_field_controller", "utility_base.group_meter_engineer")
# visits assigned to the user outside of his routes are walked as a route of their own
OWN_VISITS = 0


class FieldPage(models.AbstractModel):
    """What the phone of a field controller shows: routes, and one route with all its meters.

    Rights are those of the records: a controller gets what lies on his routes.
    """

    _name = "utility.field.page"
    _description = "Field Page"

    @api.model
    def _may_use(self):
        return any(self.env.user.has_group(group) for group in USERS)

    # -- routes -----------------------------------------------------------------------------

    @api.model
    def _routes(self):
        """The user's routes, the ones he is a controller of first."""
        routes = self.env["utility.route"].search([])
        own = routes.filtered(lambda route: self.env.user in route.user_ids)
        if not self.env.user.has_group("utility_base.group_meter_engineer"):
            routes = own
        sheets = [
            {
                "id": route.id,
                "name": route.name,
                "note": route.note or "",
                "own": route in own,
                "points": route.point_count,
                "left": route.left_count,
                "visits": route.visit_count,
            }
            for route in own + (routes - own)
        ]
        lonely = self._own_visits(own)
        if lonely:
            sheets.insert(
                0,
                {
                    "id": OWN_VISITS,
                    "name": self.env._("Visits assigned to me"),
                    "note": "",
                    "own": True,
                    "points": len(lonely),
                    "left": len(lonely),
                    "visits": len(lonely),
                },
            )
        return sheets

    @api.model
    def _own_visits(self, routes):
        """Planned visits of the user that lie outside of these routes."""
        domain = Domain("state", "=", "planned") & Domain("user_id", "=", self.env.uid)
        if routes.premise_ids:
            domain &= ~Domain("premise_id", "child_of", routes.premise_ids.ids)
        return self.env["utility.check.visit"].search(domain)

    # -- one route --------------------------------------------------------------------------

    @api.model
    def _sheet(self, route_id):
        """A route as the phone walks it: places in the order of their addresses, each with its
        meters, registers, seals, visits and what was done there in the running period.

        The number of queries does not depend on the number of meters.
        """
        routes = self.env["utility.route"]
        today = fields.Date.context_today(self)
        if route_id == OWN_VISITS:
            own = routes.search([("user_ids", "in", self.env.uid)])
            visits, name = self._own_visits(own), self.env._("Visits assigned to me")
            first, last = routes.new({})._period(today)
            domain = Domain("service_point_id", "in", visits.service_point_id.ids)
        else:
            route = routes.browse(route_id)
            route.check_access("read")
            name, (first, last) = route.name, route._period(today)
            domain = route._domain_places()
            visits = self.env["utility.check.visit"].search(
                domain & Domain("state", "=", "planned")
            )
        rows = self._meters_to_read(domain, visits, today)
        facts = {
            "today": today,
            "first": first,
            "last": last,
            "history": self._history(rows.meter_id.register_ids, first, today),
            "seals": self._seals(rows.meter_id, today),
        }
        premises = self.env["utility.premise"].search(
            [("id", "in", (rows.premise_id | visits.premise_id).ids)]
        )
        calls, refusals = self._calls(premises, first, last)
        by_premise = rows.grouped("premise_id")
        visits_of = visits.grouped("premise_id")
        empty, no_visits = rows.browse(), visits.browse()
        return {
            "id": route_id,
            "name": name,
            "period": f"{format_date(self.env, first)} – {format_date(self.env, last)}",
            "premises": [
                {
                    **self._premise_vals(premise),
                    "absent": calls.get(premise.id, 0),
                    "refused": premise.id in refusals,
                    "meters": self._meter_vals(by_premise.get(premise, empty), facts),
                    "visits": [
                        self._visit_vals(visit) for visit in visits_of.get(premise, no_visits)
                    ],
                }
                for premise in premises
            ],
        }

    @api.model
    def _meters_to_read(self, domain, visits, today):
        """Installations of the route, and those that a visit goes to whatever they are."""
        installations = self.env["utility.meter.installation"]
        dials = domain & Domain("meter_id.type_id.remote", "=", False)
        if visits:
            dials |= Domain("service_point_id", "in", visits.service_point_id.ids)
        return installations.search(
            dials & installations._domain_in_force(today), order="service_id, id"
        )

    def _premise_vals(self, premise):
        """Units are listed under the address of what they lie in."""
        unit = premise.level == "unit" and premise.parent_id
        group = premise.parent_id if unit else premise
        return {
            "id": premise.id,
            "address": premise.address,
            "group": group.address or group.name,
            "label": f"{premise.type_id.name} {premise.name}" if unit else premise.type_id.name,
            "floor": premise.floor or 0,
        }

    def _meter_vals(self, rows, facts):
        return [
            {
                "id": row.meter_id.id,
                "point_id": row.service_point_id.id,
                "point": row.service_point_id.code,
                "serial": row.meter_id.serial,
                "type": row.meter_id.type_id.name,
                "service": row.service_id.name,
                "kind": row.service_id.kind,
                "place": row.place or "",
                "seals": facts["seals"].get(row.meter_id.id, []),
                "registers": [
                    self._register_vals(register, facts)
                    for register in row.meter_id.register_ids
                    if register.purpose != "info"
                ],
            }
            for row in rows
        ]

    def _register_vals(self, register, facts):
        known = facts["history"].get(register.id, {})
        last, read = known.get("last"), known.get("read")
        return {
            "id": register.id,
            "name": register.zone_id.name or (register.name if register.name != "1" else ""),
            "unit": register.uom_id.name,
            "digits": register.digits,
            "decimals": register.decimals,
            "last": {
                "value": float_repr(last[0], register.decimals),
                "date": format_date(self.env, last[1]),
            }
            if last
            else None,
            **self._expected(register, known, facts["today"]),
            "read": read
            and {
                "value": float_repr(read[0], register.decimals),
                "date": format_date(self.env, read[1]),
                "state": read[2],
                "why": read[3] or "",
            },
        }

    def _expected(self, register, known, today):
        """What the dial goes on to by its own daily average of the last 13 months."""
        last, base = known.get("last"), known.get("base")
        if register.counting != "cumulative" or not base or base[1] == last[1]:
            return {"expected": "", "usage": ""}
        daily = (last[0] - base[0]) / (last[1] - base[1]).days
        if daily < 0:
            return {"expected": "", "usage": ""}
        usage = daily * (today - last[1]).days
        decimals = min(register.decimals, 1)
        return {
            "expected": float_repr(last[0] + usage, 0),
            "usage": float_repr(usage, decimals),
        }

    @api.model
    def _history(self, registers, first, today):
        """Of each register: its last accepted reading before the period and the oldest of 13
        months before (value, date); the reading of the period (value, date, state, why).

        The user sees these registers, so their readings need no rule of their own.
        """
        if not registers:
            return {}
        self.env["utility.reading"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT register_id,
                       (array_agg(value ORDER BY date DESC, id DESC) FILTER (WHERE past))[1],
                       max(date) FILTER (WHERE past),
                       (array_agg(value ORDER BY date, id) FILTER (WHERE base))[1],
                       min(date) FILTER (WHERE base),
                       (array_agg(value ORDER BY date DESC, id DESC) FILTER (WHERE now))[1],
                       max(date) FILTER (WHERE now),
                       (array_agg(state ORDER BY date DESC, id DESC) FILTER (WHERE now))[1],
                       (array_agg(state_reason ORDER BY date DESC, id DESC)
                            FILTER (WHERE now))[1]
                  FROM (SELECT id, register_id, value, date, state, state_reason,
                               state = 'accepted' AND (date < %(first)s OR NOT own) AS past,
                               state = 'accepted' AND (date < %(first)s OR NOT own)
                                   AND date >= %(since)s AS base,
                               date >= %(first)s AND own AND state IN %(states)s AS now
                          FROM (SELECT *, reading_type NOT IN %(types)s AS own
                                  FROM utility_reading
                                 WHERE register_id IN %(registers)s AND date <= %(today)s) taken
                       ) marked
                 GROUP BY register_id
                """,
                first=first,
                today=today,
                since=fields.Date.subtract(first, months=13),
                states=LIVE_STATES,
                types=NOT_TAKEN,
                registers=tuple(registers.ids),
            )
        )
        return {
            register: {
                "last": (last, last_on) if last_on else None,
                "base": (base, base_on) if base_on else None,
                "read": (read, read_on, state, why) if read_on else None,
            }
            for register, last, last_on, base, base_on, read, read_on, state, why in rows
        }

    @api.model
    def _seals(self, meters, today):
        seals, found = self.env["utility.meter.seal"], defaultdict(list)
        places = dict(seals._fields["place"]._description_selection(self.env))
        domain = Domain("meter_id", "in", meters.ids) & seals._domain_in_force(today)
        for seal in seals.search(domain):
            found[seal.meter_id.id].append(
                {"id": seal.id, "number": seal.number, "place": places[seal.place]}
            )
        return found

    @api.model
    def _calls(self, premises, first, last):
        """How often nobody was at home, {premise id: times}, and where access was refused."""
        period = Domain("date", ">=", first) & Domain("date", "<=", last)
        here = Domain("premise_id", "in", premises.ids) & period
        calls = self.env["utility.route.call"]._read_group(here, ["premise_id"], ["__count"])
        refused = self.env["utility.meter.act"]._read_group(
            here & Domain("kind", "=", "refusal"), ["premise_id"]
        )
        return {premise.id: times for premise, times in calls}, {
            premise.id for (premise,) in refused
        }

    def _visit_vals(self, visit):
        return {
            "id": visit.id,
            "point_id": visit.service_point_id.id,
            "point": visit.service_point_id.code,
            "service": visit.service_id.name,
            "reason": visit.reason,
            "date": format_date(self.env, visit.date_planned) if visit.date_planned else "",
            "overdue": visit.is_overdue,
        }
