"""Versions of rates as the engine reads them: a fixed number of queries for any number of them."""

import re
from collections import defaultdict
from decimal import Decimal
from functools import lru_cache

from odoo import models
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ..engine.facts import Component, Line, Version
from ..engine.formula import Formula

MOST_KEPT = 4096
NAME = re.compile(r"[^\W\d]\w*")
NAMES = (
    "id version_id code kind name per source counted attribute formula condition blocks limit_per "
    "limit_attribute limit_formula zones_share_limits limits_scaled limit_rounding proration "
    "proration_days month_split divided "
    "quantity_unit begun rounding rounding_unit tax_included has_own_taxes ratchet_percent "
    "ratchet_months ratchet_range unzoned reducible raised priced_by price of taxes"
).split()
# approved versions never change; what they refer to is part of the key
_kept = LRU(MOST_KEPT)


@lru_cache(maxsize=MOST_KEPT)
def parsed(text):
    """A formula whose names were checked when it was written."""
    return Formula(text, tuple(NAME.findall(text)))


class RateVersion(models.Model):
    _inherit = "utility.rate.version"

    def _compiled(self):
        """The versions as the engine takes them.

        :return: {version id: `engine.facts.Version`}
        """
        self.env.flush_all()
        keys = self._compile_keys()
        found = {id_: _kept[key] for id_, key in keys.items() if key and key in _kept}
        missing = [id_ for id_ in self.ids if id_ not in found]
        for id_, version in self._compile(missing).items():
            found[id_] = version
            if keys.get(id_):
                _kept[keys[id_]] = version
        return found

    def _compile_keys(self):
        """{version id: key, None where the version may still change}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.id, v.state, v.write_date, c.write_date,
                       (SELECT (count(*), max(w.write_date))::text
                          FROM utility_tou_window w WHERE w.calendar_id = v.calendar_id),
                       (SELECT (count(*), max(h.write_date))::text
                          FROM utility_holiday h WHERE h.company_id = v.company_id),
                       (SELECT (count(*), max(z.write_date))::text FROM utility_tou_zone z),
                       (SELECT max(a.write_date) FROM utility_attribute a)
                  FROM utility_rate_version v
             LEFT JOIN utility_tou_calendar c ON c.id = v.calendar_id
                 WHERE v.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return {
            id_: (self.env.cr.dbname, id_, *stamps) if state == "approved" else None
            for id_, state, *stamps in rows
        }

    def _compile(self, version_ids):
        if not version_ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT id, COALESCE(plan_id, 0), schedule_id, calendar_id, netting "
                "FROM utility_rate_version WHERE id = ANY(%s)",
                version_ids,
            )
        )
        components = self._compile_components(version_ids)
        calendars = self.env["utility.tou.calendar"]._compiled([row[3] for row in rows if row[3]])
        order = self._netting_order() if any(row[4] for row in rows) else ()
        return {
            id_: Version(
                id_,
                tuple(components.get(id_, ())),
                plan_id,
                schedule_id,
                calendars.get(calendar_id),
                order if netting else (),
            )
            for id_, plan_id, schedule_id, calendar_id, netting in rows
        }

    def _netting_order(self):
        """Zones as they are covered; a quantity without zones is covered as it is."""
        zones = self.env.execute_query(
            SQL("SELECT code FROM utility_tou_zone ORDER BY sequence, id")
        )
        return tuple(code for (code,) in zones) or ("",)

    def _compile_components(self, version_ids):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, c.version_id, c.code, c.kind, c.name ->> 'en_US', c.per, c.source,
                       c.counted, a.code, c.formula, c.condition, c.blocks, c.limit_per, l.code,
                       c.limit_formula, c.zones_share_limits, c.limits_scaled,
                       trim_scale(c.limit_rounding)::text, c.proration,
                       trim_scale(c.proration_days)::text, c.month_split, c.divided,
                       trim_scale(c.quantity_unit)::text, c.begun, c.rounding,
                       trim_scale(c.rounding_unit)::text, c.tax_included, c.has_own_taxes,
                       trim_scale(c.ratchet_percent)::text, c.ratchet_months, c.ratchet_range,
                       c.unzoned, c.reducible, c.raised, c.priced_by, trim_scale(c.price)::text,
                       ARRAY(SELECT o.code FROM utility_rate_component_of_rel r
                               JOIN utility_rate_component o ON o.id = r.of_component_id
                              WHERE r.component_id = c.id ORDER BY o.sequence, o.id),
                       (SELECT string_agg(t.id::text, ',' ORDER BY t.sequence, t.id)
                          FROM utility_rate_component_tax_rel r
                          JOIN account_tax t ON t.id = r.tax_id WHERE r.component_id = c.id)
                  FROM utility_rate_component c
             LEFT JOIN utility_attribute a ON a.id = c.attribute_id
             LEFT JOIN utility_attribute l ON l.id = c.limit_attribute_id
                 WHERE c.version_id = ANY(%s)
              ORDER BY c.version_id, c.sequence, c.id
                """,
                version_ids,
            )
        )
        lines = self._compile_lines(version_ids)
        found = defaultdict(list)
        for row in rows:
            row = dict(zip(NAMES, row, strict=True))
            found[row["version_id"]].append(_component(row, lines.get(row["id"], ())))
        return found

    def _compile_lines(self, version_ids):
        found = defaultdict(list)
        for component_id, upper, price, amount, zone, first, last in self.env.execute_query(
            SQL(
                """
                SELECT l.component_id, trim_scale(NULLIF(l.quantity_to, 0))::text,
                       trim_scale(COALESCE(l.price, 0))::text,
                       trim_scale(COALESCE(l.amount, 0))::text, z.code, l.month_from, l.month_to
                  FROM utility_rate_line l
                  JOIN utility_rate_component c ON c.id = l.component_id
             LEFT JOIN utility_tou_zone z ON z.id = l.zone_id
                 WHERE c.version_id = ANY(%s)
              ORDER BY l.component_id, z.sequence, z.id, l.month_from, l.quantity_from, l.id
                """,
                version_ids,
            )
        ):
            found[component_id].append(
                Line(
                    Decimal(price),
                    Decimal(upper) if upper else None,
                    Decimal(amount),
                    zone or "",
                    (first, last),
                )
            )
        return found


def _component(row, lines):
    one_price = row["priced_by"] == "price" and row["kind"] != "formula"
    limit_rounding = Decimal(row["limit_rounding"] or 0)
    counted = row["attribute"] if row["counted"] == "attribute" else row["counted"]
    return Component(
        id=row["id"],
        code=row["code"],
        kind=row["kind"],
        name=row["name"] or "",
        lines=(Line(Decimal(row["price"] or 0)),) if one_price else tuple(lines),
        per=row["per"],
        source=row["source"],
        attribute=(counted or "") if row["kind"] == "attribute" else "",
        formula=_formula(row["formula"]) if row["kind"] == "formula" else None,
        condition=_formula(row["condition"]),
        of=tuple(row["of"]),
        blocks=row["blocks"],
        limit_per=row["limit_per"],
        limit_attribute=row["limit_attribute"] or "",
        limit_formula=_formula(row["limit_formula"]) if row["limit_per"] == "formula" else None,
        zones_share_limits=bool(row["zones_share_limits"]),
        limits_scaled=bool(row["limits_scaled"]),
        limit_rounding=limit_rounding or None,
        proration=row["proration"],
        proration_days=Decimal(row["proration_days"] or 30),
        month_split=row["month_split"] or "",
        divided=bool(row["divided"]),
        quantity_unit=Decimal(row["quantity_unit"] or 1),
        begun=bool(row["begun"]),
        rounding=row["rounding"],
        rounding_unit=Decimal(row["rounding_unit"]),
        tax_included=bool(row["tax_included"]),
        taxes=(row["taxes"] or "") if row["has_own_taxes"] else None,
        ratchet_percent=Decimal(row["ratchet_percent"] or 0),
        ratchet_months=_months(row["ratchet_months"]),
        ratchet_range=row["ratchet_range"] or 0,
        unzoned=row["unzoned"],
        reducible=bool(row["reducible"]),
        raised=bool(row["raised"]),
    )


def _formula(text):
    return parsed(text.strip()) if (text or "").strip() else None


def _months(text):
    return tuple(int(month) for month in re.findall(r"\d+", text or ""))
