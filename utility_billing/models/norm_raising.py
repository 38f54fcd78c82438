from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.utility_base.models.dated_mixin import no_overlap
from odoo.addons.utility_metering.engine.spans import cut, day_after, edges

from ..engine.facts import Dated


class NormRaising(models.Model):
    """By how much a norm is raised where a meter could have been installed and none was."""

    _name = "utility.norm.raising"
    _description = "Raising Coefficient of Norms"
    _inherit = ["utility.dated.mixin"]
    _order = "service_id, date_start desc, id desc"
    _rec_name = "service_id"
    _fact_key = ("service_id",)
    _fact_key_optional = ("premise_id", "possible_attribute_id")
    _fact_editors = "utility_base.group_billing_operator"

    service_id = fields.Many2one("utility.service", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        related="service_id.company_id", store=True, index=True, precompute=True
    )
    coefficient = fields.Float(
        required=True,
        digits=(8, 4),
        default=1.5,
        help="The norm times this is charged; what it is raised by is a line of its own.",
    )
    premise_id = fields.Many2one(
        "utility.premise",
        "Where",
        ondelete="restrict",
        help="A locality, street or building; empty: everywhere. The nearest one counts.",
    )
    possible_attribute_id = fields.Many2one(
        "utility.attribute",
        "A Meter Can Be Installed",
        ondelete="restrict",
        domain="[('value_type', '=', 'boolean'), ('for_premises', '=', True)]",
        default=lambda self: self.env.ref("utility_billing.attribute_meter_possible", False),
        help="The characteristic of the premise, or else of its building, that says so; empty: "
        "norms are raised everywhere.",
    )
    possible_value = fields.Boolean(
        "Raised Where It Is",
        default=True,
        help="Yes: raised where the characteristic is yes. No: where it is no.",
    )
    where_unknown = fields.Boolean(
        "Also Where It Is Not Recorded",
        help="Without a record of whether a meter can be installed the norm is raised, too.",
    )
    replaces_id = fields.Many2one(
        "utility.norm.raising", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key, optional=_fact_key_optional)
    _at_least_one = models.Constraint(
        "CHECK (coefficient >= 1)", "A norm is raised by a coefficient of 1 or more."
    )

    @api.depends("service_id.name", "coefficient")
    def _compute_display_name(self):
        for raising in self:
            raising.display_name = f"{raising.service_id.name or ''} × {raising.coefficient:g}"

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            if vals.get("coefficient", 1.5) < 1:
                raise ValidationError(
                    self.env._(
                        "%(what)s: a norm is raised by a coefficient of 1 or more, not "
                        "%(coefficient)s.",
                        what=self._vals_period_label(vals),
                        coefficient=f"{vals['coefficient']:g}",
                    )
                )
        return super()._refuse_bad(vals_list)

    # -- for the rating ---------------------------------------------------------------------

    @api.model
    def _for_points(self, point_ids, since, until):
        """Coefficients for the norms of service points on the days since to until, both included.

        :return: {point id: (`Dated`, ...)} in order, without points that have none
        """
        points = self._points(point_ids)
        rows = self._live_rows({point[1] for point in points}, since, until)
        if not rows:
            return {}
        values = self._possible_values(points, rows, since, until)
        found = {}
        for point_id, service_id, path, premise_id, building_id in points:
            fitting = [row for row in rows.get(service_id, ()) if _is_within(row, path)]
            places = [place for place in (premise_id, building_id) if place]
            dated = _by_days(fitting, places, values, since, until) if fitting else ()
            if dated:
                found[point_id] = dated
        return found

    @api.model
    def _points(self, point_ids):
        return self.env.execute_query(
            SQL(
                """
            SELECT point.id, point.service_id, premise.parent_path, premise.id, premise.building_id
            FROM utility_service_point point
            JOIN utility_premise premise ON premise.id = point.premise_id
            WHERE point.id = ANY(%s)
            """,
                list(point_ids),
            )
        )

    @api.model
    def _live_rows(self, service_ids, since, until):
        """{service id: [row]}, the nearest place first."""
        names = "id start end coefficient premise_id attribute_id value unknown".split()
        found = {}
        for service_id, _depth, *row in self.env.execute_query(
            SQL(
                """
            SELECT raising.service_id, COALESCE(length(premise.parent_path), 0) AS depth,
                   raising.id, raising.date_start,
                   COALESCE(raising.date_end, 'infinity'::date),
                   trim_scale(raising.coefficient)::text, raising.premise_id,
                   raising.possible_attribute_id, raising.possible_value, raising.where_unknown
            FROM utility_norm_raising raising
            LEFT JOIN utility_premise premise ON premise.id = raising.premise_id
            WHERE raising.voided_at IS NULL AND raising.service_id = ANY(%s)
            AND raising.date_start <= %s
            AND (raising.date_end IS NULL OR raising.date_end >= %s)
            ORDER BY depth DESC, raising.possible_attribute_id, raising.id
            """,
                list(service_ids),
                until,
                since,
            )
        ):
            fact = dict(zip(names, row, strict=True))
            fact["coefficient"] = Decimal(fact["coefficient"])
            found.setdefault(service_id, []).append(fact)
        return found

    @api.model
    def _possible_values(self, points, rows, since, until):
        """{(premise id, attribute id): [(start, end, yes or no)]}"""
        attributes = {row["attribute_id"] for of in rows.values() for row in of} - {None}
        places = {place for point in points for place in point[3:] if place}
        found = {}
        for place, attribute_id, *value in self.env.execute_query(
            SQL(
                """
            SELECT premise_id, attribute_id, date_start, COALESCE(date_end, 'infinity'::date),
                   COALESCE(value_boolean, FALSE)
            FROM utility_attribute_value
            WHERE voided_at IS NULL AND premise_id = ANY(%s) AND attribute_id = ANY(%s)
            AND date_start <= %s AND (date_end IS NULL OR date_end >= %s)
            """,
                list(places),
                list(attributes),
                until,
                since,
            )
        ):
            found.setdefault((place, attribute_id), []).append(tuple(value))
        return found


def _is_within(row, path):
    return not row["premise_id"] or f"/{row['premise_id']}/" in f"/{path}"


def _by_days(rows, places, values, since, until):
    """What is in force on each day, neighbours that say the same joined."""
    spans = [(row["start"], row["end"]) for row in rows]
    spans += [
        value[:2]
        for place in places
        for row in rows
        for value in values.get((place, row["attribute_id"]), ())
    ]
    found = []
    for first, last in cut((since, until), edges(spans, (since, until))):
        row = next((row for row in rows if _applies(row, places, values, first)), None)
        if row is None:
            continue
        before = found[-1] if found else None
        if before and before.source_id == row["id"] and day_after(before.end) == first:
            found[-1] = before._replace(end=last)
        else:
            found.append(Dated(first, last, row["coefficient"], row["id"]))
    return tuple(found)


def _applies(row, places, values, day):
    if not row["start"] <= day <= row["end"]:
        return False
    if not row["attribute_id"]:
        return True
    for place in places:
        for start, end, value in values.get((place, row["attribute_id"]), ()):
            if start <= day <= end:
                return value == bool(row["value"])
    return bool(row["unknown"])
