from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.dial_history import Dial, daily_average, steps, used_between

# how far back the hints beside a line look
HISTORY = 40
COMMON_POINTS = ("source", "main", "inlet", "riser")
YEAR = relativedelta(years=1)
ONE_DAY = timedelta(days=1)


class Reading(models.Model):
    """What the screen for entering readings shows: one line for each register that hangs in a
    building, on a route, at a point, or belongs to an account or a meter."""

    _inherit = "utility.reading"

    @api.model
    def entry_options(self):
        """What may be chosen above the lines.

        :return: {day, can_enter, services, routes: [{id, name}], sources: [[value, label]]}
        """
        self.check_access("read")
        metered = self.env["utility.meter.installation"]._read_group(
            [("voided_at", "=", False)], ["service_id"]
        )
        services = self.env["utility.service"].union(*(service for (service,) in metered))
        return {
            "day": fields.Date.to_string(self._entry_day()),
            "can_enter": self.has_access("create"),
            "services": [{"id": service.id, "name": service.name} for service in services.sorted()],
            "routes": self.env["utility.route"].search_read([], ["name"]),
            "sources": [
                option
                for option in self._fields["source"]._description_selection(self.env)
                if option[0] not in ("file", "automatic")
            ],
        }

    @api.model
    def _entry_day(self):
        """The day for which readings are most likely entered: today, or the last day of the month
        before while a reading window still takes in readings for it."""
        today = fields.Date.context_today(self)
        windows = self.env["utility.reading.window"].search([])
        if today.day <= max(windows.mapped("days_after"), default=0):
            return today.replace(day=1) - ONE_DAY
        return today

    @api.model
    def entry_sheet(
        self,
        premise_id=None,
        service_id=None,
        date=None,
        route_id=None,
        meter_id=None,
        service_point_id=None,
        account_id=None,
    ):
        """The lines to fill, in the order of addresses; the number of queries does not depend on
        their number.

        :param premise_id: building, entrance, street, flat: all within
        :param service_id: only this service
        :param date: ISO day of the readings, by default today
        :param route_id: the places and services of a route
        :param meter_id: only this meter
        :param service_point_id: only the meters of this point
        :param account_id: only the meters of the points that the account takes from
        :return: {title, date, can_enter, premise_id, building, entrances, lines}
        :raise AccessError: the user may not read readings, or not what was asked for
        """
        self.check_access("read")
        day = fields.Date.to_date(date) or self._entry_day()
        place = self._entry_place(premise_id, route_id, meter_id, service_point_id, account_id)
        domain = self._entry_domain(place, day)
        if service_id:
            domain &= Domain("service_id", "=", service_id)
        # what is removed on the day has its final reading from the act
        hanging = self.env["utility.meter.installation"]
        installations = hanging.search(
            domain & hanging._domain_in_force(day) & Domain("date_end", "!=", day)
        )
        return {
            "title": place.display_name or "",
            "date": fields.Date.to_string(day),
            "can_enter": self.has_access("create"),
            **self._entry_building(place),
            "lines": self._entry_lines(installations, day),
        }

    @api.model
    def _entry_place(self, premise_id, route_id, meter_id, service_point_id, account_id):
        """The record that bounds the sheet."""
        for model, record_id in (
            ("utility.meter", meter_id),
            ("utility.service.point", service_point_id),
            ("utility.account", account_id),
            ("utility.route", route_id),
            ("utility.premise", premise_id),
        ):
            if record_id:
                place = self.env[model].browse(record_id)
                place.check_access("read")
                return place
        return self.env["utility.premise"]

    @api.model
    def _entry_domain(self, place, day):
        """Installations within the place."""
        if place._name == "utility.route":
            domain = Domain("premise_id", "child_of", place.premise_ids.ids)
            if place.service_ids:
                domain &= Domain("service_id", "in", place.service_ids.ids)
            return domain
        if place._name == "utility.account":
            agreements = self.env["utility.service.agreement"]
            taken = agreements.search(
                Domain("account_id", "=", place.id) & agreements._domain_in_force(day)
            )
            return Domain("service_point_id", "in", taken.service_point_id.ids)
        if place._name == "utility.premise":
            return Domain("premise_id", "child_of", place.ids)
        field = {"utility.meter": "meter_id", "utility.service.point": "service_point_id"}
        return Domain(field[place._name], "=", place.id)

    @api.model
    def _entry_building(self, place):
        """The building that is read, and its entrances to choose from."""
        if place._name != "utility.premise":
            return {"premise_id": False, "building": False, "entrances": []}
        building = place if place.level == "building" else place.building_id
        entrances = self.env["utility.premise"].search(
            [("parent_id", "=", building.id), ("level", "=", "section")]
        )
        return {
            "premise_id": place.id,
            "building": building and {"id": building.id, "name": building.display_name},
            "entrances": [
                {"id": entrance.id, "name": entrance._labelled_name()} for entrance in entrances
            ],
        }

    # -- lines ------------------------------------------------------------------------------

    @api.model
    def _entry_lines(self, installations, day):
        pairs = [
            (installation, register)
            for installation in installations
            for register in installation.meter_id.register_ids
        ]
        pairs.sort(key=lambda pair: self._entry_order(*pair))
        series = self._entry_series(pairs, day)
        known = self._entry_known(pairs, day)
        payers = self._entry_payers(installations.service_point_id, day)
        return [
            {
                **self._entry_where(installation),
                **self._entry_dial(installation, register),
                **self._entry_history(
                    installation, register, series[installation.id, register.id], day
                ),
                "payer": payers.get(installation.service_point_id.id, ""),
                **known[register.id],
            }
            for installation, register in pairs
        ]

    @api.model
    def _entry_order(self, installation, register):
        return (
            installation.premise_id.address_sort or "",
            installation.premise_id.id,
            installation.service_id.sequence,
            installation.service_point_id.code,
            installation.place or "",
            installation.meter_id.serial,
            register.sequence,
            register.id,
        )

    @api.model
    def _entry_where(self, installation):
        premise, point = installation.premise_id, installation.service_point_id
        common = point.kind in COMMON_POINTS
        group = premise if common or not premise.parent_id else premise.parent_id
        kinds = dict(point._fields["kind"]._description_selection(self.env))
        return {
            "premise_id": premise.id,
            "flat": kinds[point.kind] if common else premise._labelled_name(),
            "address": premise.address or premise.name,
            "group_id": group.id,
            "group": group.address or group.name,
            "service_point_id": point.id,
            "point": point.code,
            "service": installation.service_id.name,
            "place": installation.place or "",
        }

    @api.model
    def _entry_dial(self, installation, register):
        registers = installation.meter_id.register_ids
        label = register.zone_id.name or (register.name if len(registers) > 1 else "")
        return {
            "register_id": register.id,
            "installation_id": installation.id,
            "meter_id": installation.meter_id.id,
            "serial": installation.meter_id.serial,
            "register": label,
            "digits": register.digits,
            "decimals": register.decimals,
            "ratio": register.multiplier * installation.factor,
            "amounts": register.counting == "amount",
            "uom": register.uom_id.name,
        }

    @api.model
    def _entry_series(self, pairs, day):
        """{(installation id, register id): dials before `day` that somebody saw, oldest first}."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT place.installation_id, place.register_id, dial.date, dial.value,
                          dial.rollover
                     FROM unnest(%s::int[], %s::int[]) AS place (installation_id, register_id)
                    CROSS JOIN LATERAL (
                       SELECT date, id, value, rollover
                         FROM utility_reading
                        WHERE state = 'accepted'
                          AND register_id = place.register_id
                          AND installation_id = place.installation_id
                          AND reading_type != 'estimated'
                          AND (date < %s OR date = %s AND reading_type = 'initial')
                        ORDER BY date DESC, id DESC
                        LIMIT %s) AS dial
                    ORDER BY dial.date, dial.id""",
                [installation.id for installation, _register in pairs],
                [register.id for _installation, register in pairs],
                day,
                day,
                HISTORY,
            )
        )
        series = defaultdict(list)
        for installation_id, register_id, date, value, rollover in rows:
            dial = Dial(date, Decimal(value), bool(rollover))
            series[installation_id, register_id].append(dial)
        return series

    @api.model
    def _entry_history(self, installation, register, dials, day):
        """The previous reading, and what might be expected since: quantities after multiplier and
        factor."""
        previous = dials[-1] if dials else None
        found = steps(dials, Decimal(10) ** register.digits, register.counting == "amount")
        average = daily_average(found)
        expected = last_year = None
        if previous and previous.day < day:
            if average is not None:
                expected = average * (day - previous.day).days
            last_year = used_between(found, previous.day + ONE_DAY - YEAR, day - YEAR)
        ratio = register.multiplier * installation.factor

        def quantity(value):
            return False if value is None else round(float(value) * ratio, 3)

        return {
            "previous_date": previous and fields.Date.to_string(previous.day) or False,
            "previous_value": float(previous.value) if previous else False,
            "expected": quantity(expected),
            "last_year": quantity(last_year),
        }

    @api.model
    def _entry_known(self, pairs, day):
        """{register id: {reading, held}}: what is on record for the day, and how many readings
        before it wait for a decision."""
        known = {register.id: {"reading": False, "held": 0} for _row, register in pairs}
        readings = self.search(
            Domain("register_id", "in", list(known))
            & Domain("installation_id", "in", [row.id for row, _register in pairs])
            & Domain("reading_type", "!=", "initial")
            & (
                (Domain("date", "=", day) | Domain("taken_on", "=", day))
                & Domain("state", "in", ("new", "held", "accepted"))
                | Domain("date", "<", day) & Domain("state", "=", "held")
            ),
            order="id",
        )
        for reading in readings:
            if day in (reading.date, reading.taken_on):
                known[reading.register_id.id]["reading"] = reading._entry_outcome()
            else:
                known[reading.register_id.id]["held"] += 1
        return known

    @api.model
    def _entry_payers(self, points, day):
        """{point id: “number payer”} of the accounts that take from the point, where the user may
        know them."""
        agreements = self.env["utility.service.agreement"]
        if not agreements.has_access("read"):
            return {}
        names = defaultdict(list)
        for agreement in agreements.search(
            Domain("service_point_id", "in", points.ids) & agreements._domain_in_force(day)
        ):
            account = agreement.account_id
            parts = (account.number, account.partner_id.name)
            names[agreement.service_point_id.id].append(" ".join(part for part in parts if part))
        return {point_id: ", ".join(found) for point_id, found in names.items()}

    def _entry_outcome(self):
        """What became of a reading, for its line."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "date": fields.Date.to_string(self.date),
            "value": self.value,
            "state": self.state,
            "state_label": states[self.state],
            "messages": self.finding_ids.mapped("message")
            or ([self.state_reason] if self.state_reason else []),
        }
