from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..tools.decimals import to_decimal
from ..tools.reading_assessment import Assessment, Item

# from so many readings on they are written with one COPY
BULK = 40
# columns that follow from register and installation
PLACE = ("meter_id", "company_id", "service_point_id", "service_id", "premise_id", "building_id")


class Reading(models.Model):
    """How readings come on record: judged by the rules of validation, accepted or held."""

    _inherit = "utility.reading"

    # -- before anything is written ---------------------------------------------------------

    @api.model
    def _preview(self, vals_list):
        """What would become of readings, without recording them.

        :param vals_list: values as for `_record`; a row without register or value is passed over
        :return: a dict for each row: `verdict` (pass, warn, hold), `messages`, `previous_value`,
            `previous_date`, `usage` (register's unit times multiplier and factor) and `date`, the
            day it would count for; False where not known
        """
        asked = [
            index
            for index, vals in enumerate(vals_list)
            if vals.get("register_id") and vals.get("value") not in (None, False, "")
        ]
        items = self._items_of_vals([vals_list[index] for index in asked])
        previews = [self._prepare_preview() for _vals in vals_list]
        if items:
            Assessment(self.env, items)
            self._fetch_finding_words(items)
            for index, item in zip(asked, items, strict=True):
                previews[index] = self._prepare_preview(item)
        return previews

    @api.model
    def preview(self, vals_list):
        """What would become of readings, for entry screens; see `_preview`.

        :raise AccessError: the user may not record readings, or not see a register
        """
        self.check_access("create")
        ids = {int(vals["register_id"]) for vals in vals_list if vals.get("register_id")}
        self.env["utility.meter.register"].browse(ids).check_access("read")
        return [
            {
                **row,
                **{name: fields.Date.to_string(row[name]) for name in ("date", "previous_date")},
            }
            for row in self._preview(vals_list)
        ]

    @api.model
    def _prepare_preview(self, item=None):
        previous = item and item.previous
        return {
            "verdict": item.verdict if item else "pass",
            "messages": self._finding_messages(item) if item else [],
            "previous_value": float(previous.value) if previous else False,
            "previous_date": previous.date if previous else False,
            "usage": float(item.usage) if item and item.usage is not None else False,
            "date": item.date if item else False,
        }

    @api.model
    def _items_of_vals(self, vals_list):
        today = fields.Date.context_today(self)
        return [
            Item(
                register_id=int(vals["register_id"]),
                date=fields.Date.to_date(vals.get("date")) or today,
                value=to_decimal(float(vals.get("value") or 0), 4),
                source=vals.get("source") or "clerk",
                reading_type=vals.get("reading_type") or "actual",
                taken_on=fields.Date.to_date(vals.get("taken_on")) or None,
                installation_id=vals.get("installation_id"),
                rollover=bool(vals.get("rollover")),
                rollback=bool(vals.get("rollback")),
            )
            for vals in vals_list
        ]

    def _items(self):
        return [
            Item(
                id=reading.id,
                register_id=reading.register_id.id,
                date=reading.date,
                value=to_decimal(reading.value, 4),
                source=reading.source,
                reading_type=reading.reading_type,
                taken_on=reading.taken_on or None,
                installation_id=reading.installation_id.id,
                rollover=reading.rollover,
                rollback=reading.rollback,
            )
            for reading in self
        ]

    # -- recording --------------------------------------------------------------------------

    @api.model
    def _record(self, vals_list):
        """Record readings as they come: each is validated, then accepted or held.

        What was sent before (same `key` in the company), and what is on record with the same value
        for the same day, is returned as it is, not recorded again.

        :param vals_list: values for `create`; `key` is the sender's own name of the reading
        :return: the readings, in the order of `vals_list`
        """
        known = self._sent_before(vals_list)
        names = [vals.get("key") or index for index, vals in enumerate(vals_list)]
        fresh = {}
        for name, vals in zip(names, vals_list, strict=True):
            if name not in known:
                fresh.setdefault(name, vals)
        recorded = self._record_fresh(list(fresh.values()))
        found = {**known, **dict(zip(fresh, recorded, strict=True))}
        return self.browse(found[name] for name in names)

    @api.model
    def _sent_before(self, vals_list):
        """{key: id of the reading} of those keys that are on record."""
        keys = [vals["key"] for vals in vals_list if vals.get("key")]
        if not keys:
            return {}
        # sent before is sent before, whoever may see it
        readings = self.sudo().search(
            [("key", "in", keys), ("company_id", "=", self.env.company.id)]
        )
        return {reading.key: reading.id for reading in readings}

    @api.model
    def _record_fresh(self, vals_list):
        """Judge and write what was not sent before; ids in that order."""
        self.browse().check_access("create")
        items = self._items_of_vals(vals_list)
        if not items:
            return []
        Assessment(self.env, items)
        pairs = [
            (vals, item) for vals, item in zip(vals_list, items, strict=True) if not item.double_of
        ]
        created = self._insert(pairs)
        for reading, (_vals, item) in zip(created, pairs, strict=True):
            item.id = reading.id
        created._conclude([item for _vals, item in pairs])
        return [item.record_id for item in items]

    @api.model
    def _insert(self, pairs):
        """Readings as they were judged; many are written at once, unless they bring a picture.

        :param pairs: list of (values, item)
        """
        vals_list = [self._prepare_recorded_vals(vals, item) for vals, item in pairs]
        if len(vals_list) < BULK or any("photo" in vals for vals in vals_list):
            return self._insert_rows(vals_list)
        # the place was found by the meter that was read; a visit may be to another one
        replaced = ["_check_company"]
        if not any(vals.get("visit_id") for vals in vals_list):
            replaced.append("_check_place")
        return bulk_create(
            self,
            [
                {**vals, **self._prepare_place(item)}
                for vals, (_vals, item) in zip(vals_list, pairs, strict=True)
            ],
            replaced=replaced,
            shortcuts=dict.fromkeys(PLACE, ()),
            known_creators=("utility_metering",),
        )

    @api.model
    def _prepare_place(self, item):
        """What a reading takes from its register and its installation."""
        place = item.installation
        return {
            "meter_id": item.register.meter_id,
            "company_id": item.register.company_id,
            "service_point_id": place and place.point_id,
            "service_id": place and place.service_id,
            "premise_id": place and place.premise_id,
            "building_id": place and place.building_id,
        }

    @api.model
    def _prepare_recorded_vals(self, vals, item):
        return {
            **vals,
            "date": item.date,
            "taken_on": item.taken_on or False,
            "value": float(item.value),
            "installation_id": item.installation.id if item.installation else False,
            **self._prepare_judged_vals(item),
        }

    @api.model
    def _prepare_judged_vals(self, item):
        """What validation found out about a reading."""
        return {"state": item.state, "rollback": item.rollback, **self._prepare_figures(item)}

    @api.model
    def _prepare_figures(self, item):
        previous = item.previous
        return {
            "rollover": item.rollover,
            "previous_date": previous.date if previous else False,
            "previous_value": float(previous.value) if previous else 0,
            "usage": float(item.usage) if item.usage is not None else 0,
        }

    def _conclude(self, items):
        """What follows from readings that were just judged and written."""
        self._write_findings(items)
        accepted = self.browse(item.id for item in items if item.state == "accepted")
        if accepted:
            (accepted | accepted._refigure_followers())._readings_changed()

    @api.model
    def _write_findings(self, items):
        self._fetch_finding_words(items)
        bulk_create(
            # nobody may write findings by hand
            self.env["utility.reading.finding"].sudo(),
            [
                {
                    "reading_id": item.id,
                    "company_id": item.register.company_id,
                    "rule_id": finding.rule.id,
                    "check_code": finding.check,
                    "verdict": finding.verdict,
                    "message": message,
                }
                for item in items
                for finding, message in zip(
                    item.findings, self._finding_messages(item), strict=True
                )
            ],
            shortcuts={"company_id": ()},
        )

    # -- what other readings say after one came or went -------------------------------------

    def _followers(self):
        """The next reading in force after each of these, of the same register."""
        self.env["utility.reading"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT f.id
                  FROM utility_reading r
                 CROSS JOIN LATERAL (
                       SELECT n.id
                         FROM utility_reading n
                        WHERE n.register_id = r.register_id AND n.state = 'accepted'
                          AND n.reading_type != 'estimated'
                          AND (n.date, n.reading_type = 'initial')
                              > (r.date, r.reading_type = 'initial')
                        ORDER BY n.date, n.reading_type = 'initial'
                        LIMIT 1
                       ) f
                 WHERE r.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return self.browse(row[0] for row in rows) - self

    def _refigure_followers(self):
        """Bring up to date what was counted up to the readings that follow these. One that now
        shows less than the reading before it is held.

        :return: the readings that went out of force thereby
        """
        followers = self._followers()
        if not followers:
            return followers
        items = followers._items()
        Assessment(self.env, items, trusted=True)
        fallen = self.browse()
        for reading, item in zip(followers, items, strict=True):
            vals = self._prepare_figures(item)
            if item.facts.dial == "backward":
                vals |= {"state": "held", "decided_by": False, "decided_at": False}
                fallen += reading
            reading._put(vals)
        backward = [item for item in items if item.facts.dial == "backward"]
        fallen.finding_ids.sudo().unlink()
        self._write_findings(backward)
        return (fallen | fallen._refigure_followers()) if fallen else fallen
