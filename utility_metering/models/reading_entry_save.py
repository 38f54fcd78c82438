from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

CUSTOMER_SOURCES = ("portal", "phone", "sms", "email")


class Reading(models.Model):
    """What the screen for entering readings sends."""

    _inherit = "utility.reading"

    @api.model
    def entry_save(self, lines):
        """Record what was typed. Every line has an answer of its own: one that cannot be recorded
        does not stop the others, and a line sent twice is recorded once.

        :param lines: list of {key, register_id, date, value, source}, with `photo` (base64) and
            `note` where there are any; `value` as the register shows it
        :return: list of {key, reading} or {key, error}, in the order of `lines`; `reading` is
            {id, date, value, state, state_label, messages}
        :raise AccessError: the user may not record readings, or not of these registers
        """
        self.check_access("create")
        registers = self.env["utility.meter.register"].browse(
            {line["register_id"] for line in lines}
        )
        registers.check_access("read")
        vals_list = self._entry_vals(lines, registers)
        refused = self._entry_refused(vals_list)
        results = {key: {"key": key, "error": error} for key, error in refused.items()}
        sound = [vals for vals in vals_list if vals["key"] not in refused]
        for vals, reading in zip(sound, self._entry_record(sound), strict=True):
            results[vals["key"]] = {"key": vals["key"], **reading}
        return [results[line["key"]] for line in lines]

    @api.model
    def _entry_vals(self, lines, registers):
        """Values for `_record`; the installation is found for all lines at once."""
        installations = registers.meter_id.installation_ids.grouped("meter_id")
        vals_list = []
        for line in lines:
            day = fields.Date.to_date(line["date"])
            meter = registers.browse(line["register_id"]).meter_id
            hanging = installations.get(meter, self.env["utility.meter.installation"])
            source = line.get("source") or "clerk"
            vals = {
                "key": line["key"],
                "register_id": line["register_id"],
                "installation_id": hanging._in_force(day).sorted("date_start")[:1].id,
                "date": day,
                "value": line["value"],
                "source": source,
                "reading_type": "customer" if source in CUSTOMER_SOURCES else "actual",
            }
            vals.update({name: line[name] for name in ("photo", "note") if line.get(name)})
            vals_list.append(vals)
        return vals_list

    @api.model
    def _entry_refused(self, vals_list):
        """{key: why} of lines for whose day another reading is accepted, or sent along."""
        accepted = self.search(
            [
                ("register_id", "in", [vals["register_id"] for vals in vals_list]),
                ("date", "in", [vals["date"] for vals in vals_list]),
                ("state", "=", "accepted"),
                ("reading_type", "!=", "initial"),
            ]
        )
        taken = {(reading.register_id.id, reading.date): reading for reading in accepted}
        known, sent, refused = self._sent_before(vals_list), set(), {}
        for vals in vals_list:
            place = (vals["register_id"], vals["date"])
            if vals["key"] not in known and place in taken:
                refused[vals["key"]] = taken[place]._entry_taken()
            elif place in sent:
                refused[vals["key"]] = self.env._("Another line has a value for the same day.")
            sent.add(place)
        return refused

    def _entry_taken(self):
        return self.env._(
            "%(value)s is on record for %(day)s already. Correct that reading instead.",
            value=self.register_id._shown(self.value),
            day=format_date(self.env, self.date),
        )

    @api.model
    def _entry_record(self, vals_list):
        """Record all at once; where that fails, one by one, so that only the bad ones stay out."""
        if not vals_list:
            return []
        try:
            with self.env.cr.savepoint():
                readings = self._record(vals_list)
                return [{"reading": reading._entry_outcome()} for reading in readings]
        except AccessError:
            raise
        except UserError as error:
            if len(vals_list) == 1:
                return [{"error": str(error)}]
        return [self._entry_record([vals])[0] for vals in vals_list]

    @api.model
    def _entry_action(self, name, **params):
        """The screen for entering readings, bounded by `params` of `entry_sheet`."""
        return {
            "type": "ir.actions.client",
            "tag": "utility_metering.entry_grid",
            "name": name,
            "params": params,
        }
