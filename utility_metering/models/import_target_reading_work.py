from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import float_texts
from odoo.addons.utility_base.tools.import_item import CREATE, UNCHANGED, UPDATE


class ImportTargetReading(models.AbstractModel):
    """What is on record already, writing, taking back."""

    _inherit = "utility.import.target.reading"

    # -- against what is on record ----------------------------------------------------------

    @api.model
    def _compare(self, profile, items):
        """Leave out what is on record; refuse another value of a register and day."""
        good = [item for item in items if item.is_good]
        on_record, by_key = self._on_record(good), self._by_key(good)
        decimals = self.env["decimal.precision"].precision_get("Meter Reading")
        taken = {}
        for item in good:
            fresh = []
            for vals in item.plan["readings"]:
                sent = by_key.get(vals["key"])
                rows = on_record.get((vals["register_id"], vals["date"]), [])
                known = [sent] if sent else self._same_value(rows, vals["value"], decimals)
                if known:
                    self._point_at(item, known[0])
                elif self._is_first(item, vals, rows, taken, decimals, profile):
                    fresh.append(vals)
            item.plan["readings"] = fresh
            if item.is_good and not item.action:
                item.action = CREATE if fresh else UNCHANGED

    @api.model
    def _on_record(self, items):
        """{(register, day): [readings]}; what an import that was taken back left is not there."""
        wanted = {
            (vals["register_id"], vals["date"]) for item in items for vals in item.plan["readings"]
        }
        found = {}
        if not wanted:
            return found
        registers, days = zip(*wanted, strict=True)
        self.env["utility.reading"].flush_model()
        for register_id, day, *row in self.env.execute_query(
            SQL(
                """
            SELECT r.register_id, w.date::text, r.id, r.value, r.state, r.reading_type
            FROM utility_reading r
            JOIN unnest(%s::int[], %s::date[]) AS w (register_id, date)
                ON w.register_id = r.register_id AND w.date IN (r.date, r.taken_on)
            LEFT JOIN utility_import_batch b ON b.id = r.import_batch_id
            WHERE NOT (r.state = 'rejected' AND COALESCE(b.state, '') = 'undone')
            ORDER BY (r.state = 'accepted') DESC, r.id DESC
            """,
                list(registers),
                list(days),
            )
        ):
            found.setdefault((register_id, day), []).append(
                dict(zip(("id", "value", "state", "reading_type"), row, strict=True))
            )
        return found

    @api.model
    def _by_key(self, items):
        """{sender's key: reading} of those that were sent before, whatever way."""
        keys = [vals["key"] for item in items for vals in item.plan["readings"] if vals["key"]]
        if not keys:
            return {}
        return {
            key: {"id": reading_id, "state": state}
            for key, reading_id, state in self.env.execute_query(
                SQL(
                    "SELECT key, id, state FROM utility_reading "
                    "WHERE company_id = %s AND key = ANY(%s)",
                    self.env.company.id,
                    keys,
                )
            )
        }

    @api.model
    def _same_value(self, rows, value, decimals):
        shown = _shown(value, decimals)
        return [row for row in rows if _shown(row["value"], decimals) == shown]

    @api.model
    def _point_at(self, item, reading):
        item.becomes("utility.reading", reading["id"])
        states = dict(self.env["utility.reading"]._fields["state"]._description_selection(self.env))
        if reading["state"] != "accepted":
            item.changes.append(
                self.env._("On record already, in state “%s”", states[reading["state"]])
            )

    @api.model
    def _is_first(self, item, vals, rows, taken, decimals, profile):
        """Whether nothing else says another value of the register and day; the same row twice is
        one reading."""
        is_initial = vals["reading_type"] == "initial"
        place = (vals["register_id"], vals["date"], is_initial)
        shown = _shown(vals["value"], decimals)
        number, before = taken.setdefault(place, (item.number, shown))
        if number != item.number:
            if before != shown:
                item.fail(
                    self.env._(
                        "row %(row)s gives %(value)s for the same register and day",
                        row=number,
                        value=before,
                    ),
                    "value",
                )
            return False
        other = next(
            (
                row
                for row in rows
                if row["state"] == "accepted" and (row["reading_type"] == "initial") == is_initial
            ),
            None,
        )
        return not other or self._may_correct(item, vals, other, decimals, profile)

    @api.model
    def _may_correct(self, item, vals, other, decimals, profile):
        """Whether the row's value may take the place of the one on record; it fails if not."""
        known = _shown(other["value"], decimals)
        item.becomes("utility.reading", other["id"])
        if profile.existing == "leave":
            item.changes.append(self.env._("On record with %s, left as it is", known))
            return False
        if profile.fact_mode == "correction":
            vals["corrects"] = other["id"]
            item.changes.append(
                self.env._(
                    "Value: %(before)s → %(after)s",
                    before=known,
                    after=_shown(vals["value"], decimals),
                )
            )
            item.action = UPDATE
            return True
        item.fail(
            self.env._(
                "the register has %(value)s on %(day)s already: mend the day or the value, correct "
                "the reading on record, or use a profile that corrects",
                value=known,
                day=vals["date"],
            ),
            "value",
            "date",
        )
        return False

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        """Record the rows' readings, validate them all at once, say what was held and why."""
        self._correct_readings(batch, items)
        wanted = [
            (item, vals)
            for item in items
            for vals in item.plan["readings"]
            if not vals.get("corrects")
        ]
        self._record(wanted)

    @api.model
    def _record(self, wanted):
        """Record readings for their rows and say of each row what was made, what was on record and
        what was held.

        :param wanted: list of (item, values of a reading)
        """
        readings = self.env["utility.reading"]
        last = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM utility_reading"))[0][0]
        recorded = readings._record([vals for _item, vals in wanted])
        outcome = self._outcome_of(recorded)
        states = dict(readings._fields["state"]._description_selection(self.env))
        for (item, _vals), reading_id in zip(wanted, recorded._ids, strict=True):
            state, found = outcome[reading_id]
            if not item.res_id:
                item.becomes("utility.reading", reading_id)
            if reading_id > last:
                item.has_made("utility.reading", reading_id)
            if state != "accepted" or found:
                item.changes.append(f"{states[state]}: {found}" if found else states[state])

    @api.model
    def _outcome_of(self, readings):
        """{reading id: (state, what the rules found)}"""
        self.env.flush_all()
        return {
            reading_id: (state, found)
            for reading_id, state, found in self.env.execute_query(
                SQL(
                    """
                SELECT r.id, r.state, string_agg(f.message, '; ' ORDER BY f.id)
                FROM utility_reading r
                LEFT JOIN utility_reading_finding f ON f.reading_id = r.id
                WHERE r.id = ANY(%s) GROUP BY r.id
                """,
                    list(readings._ids),
                )
            )
        }

    @api.model
    def _correct_readings(self, batch, items):
        readings = self.env["utility.reading"]
        for item in items:
            for vals in item.plan["readings"]:
                if vals.get("corrects"):
                    reading = readings.browse(vals["corrects"])._correct(
                        vals["value"],
                        batch.profile_id.fact_reason or self.env._("Corrected by an imported file"),
                    )
                    item.becomes("utility.reading", reading.id)

    # -- taking back ------------------------------------------------------------------------

    @api.model
    def _undo(self, made, reason):
        """The readings are rejected; usage is what it was without them."""
        readings = self.env["utility.reading"].browse(made.get("utility.reading", ())).exists()
        readings.check_access("write")
        # the same file may come again: a key is free then
        readings.filtered("key").write({"key": False})
        readings._take_out(reason)


def _shown(value, decimals):
    return float_texts([value], decimals)[0]
