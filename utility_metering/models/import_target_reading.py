from odoo import api, models

from odoo.addons.utility_base.tools.import_fields import ImportField

from ..tools.import_meters import MeterReferences, register_values, says_type, value_fields


class ImportTargetReading(models.AbstractModel):
    """Readings of meters; each is validated, then accepted or held, as any other."""

    _name = "utility.import.target.reading"
    _description = "Import: Readings"
    _inherit = ["utility.import.target"]

    # the same line twice is one reading
    _one_row_each = False

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is what a meter showed at the end of a day. The meter is found by its serial "
            "number, or hangs at the service point or at the account's point of the service. What "
            "the rules hold is imported and waits in the list of held readings."
        )

    @api.model
    def _target_fields(self, profile):
        return [*self._meter_fields(), *self._value_fields(), *self._origin_fields()]

    @api.model
    def _meter_fields(self):
        return [
            ImportField(
                "serial",
                self.env._("Meter, Serial Number"),
                aliases=(
                    "meter",
                    "serial",
                    "serial number",
                    "meter number",
                    "skaitiklis",
                    "skaitiklio nr",
                    "skaitiklio numeris",
                    "счетчик",
                    "счётчик",
                    "номер счетчика",
                    "номер счётчика",
                    "заводской номер",
                    "лічильник",
                    "номер лічильника",
                ),
                looks_up=self.env._("a meter by its serial number"),
            ),
            ImportField(
                "meter_type",
                self.env._("Meter Type"),
                aliases=("type", "model", "tipas", "skaitiklio tipas", "тип", "тип счетчика"),
                looks_up=self.env._(
                    "a meter type by its code or name, where serial numbers repeat"
                ),
            ),
            ImportField(
                "point_code",
                self.env._("Service Point"),
                aliases=("point", "point code", "taškas", "точка учета", "точка учёта"),
                looks_up=self.env._("a service point by its code"),
            ),
            ImportField(
                "number",
                self.env._("Account Number"),
                aliases=(
                    "account",
                    "number",
                    "sąskaita",
                    "mokėtojo kodas",
                    "лицевой счет",
                    "лицевой счёт",
                    "особовий рахунок",
                ),
                looks_up=self.env._("an account by its number"),
            ),
            ImportField(
                "service",
                self.env._("Service"),
                aliases=("paslauga", "услуга", "послуга"),
                looks_up=self.env._("a service by its code or name"),
            ),
        ]

    @api.model
    def _value_fields(self):
        return [
            ImportField(
                "date",
                self.env._("Read on"),
                kind="date",
                required=True,
                aliases=(
                    "date",
                    "reading date",
                    "data",
                    "rodmens data",
                    "дата",
                    "дата показания",
                    "дата показань",
                ),
                help=self.env._("The register showed the value at the end of this day."),
            ),
            ImportField(
                "register",
                self.env._("Register"),
                aliases=("zone", "tariff", "registras", "zona", "зона", "тариф"),
                looks_up=self.env._("a register by its code, its zone or its name"),
            ),
            *value_fields(
                self.env,
                "value",
                self.env._("Value"),
                ("reading", "rodmuo", "rodmenys", "показание", "показания", "показання"),
                ("", "reading", "rodmuo", "показание", "показання"),
            ),
        ]

    @api.model
    def _origin_fields(self):
        readings = self.env["utility.reading"]._fields
        return [
            ImportField(
                "source",
                self.env._("Source"),
                kind="selection",
                default="file",
                choices=tuple(readings["source"]._description_selection(self.env)),
                aliases=("šaltinis", "источник", "джерело"),
            ),
            ImportField(
                "reading_type",
                self.env._("Kind"),
                kind="selection",
                default="actual",
                choices=tuple(readings["reading_type"]._description_selection(self.env)),
                aliases=("kind", "reading type", "rūšis", "вид"),
            ),
            ImportField("note", self.env._("Note"), aliases=("pastaba", "примечание", "примітка")),
            ImportField(
                "key",
                self.env._("Sender's Key"),
                aliases=("id", "key", "uid"),
                help=self.env._("The same key twice is the same reading."),
            ),
        ]

    @api.model
    def _target_models(self):
        return {"utility.reading": ("create",)}

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        found = MeterReferences(self.env, items)
        for item in items:
            self._find_meter(item, found)
        may = self._permitted(
            "utility.meter",
            [item.plan["meter"]["id"] for item in items if item.plan.get("meter")],
            "read",
        )
        for item in items:
            if item.plan.get("meter") and item.plan["meter"]["id"] not in may:
                item.fail(self.env._("you may not see that meter"))
            if item.is_good:
                self._plan_readings(batch, item, found)
        self._compare(batch.profile_id, items)

    @api.model
    def _find_meter(self, item, found):
        """The meter and the installation that the row's reading belongs to."""
        if not item.get("date"):
            return
        day = self._day(item.get("date"))
        service = found.service(item)
        points = found.named_points(item, day, service)
        if not item.is_good:
            return
        if item.get("serial"):
            meter = self._meter_by_serial(item, found, day, service, points)
        elif points is not None:
            meter = self._meter_at(item, found, day, service, points)
        else:
            item.fail(
                self.env._(
                    "the row names no meter: give a serial number, a service point, or an account "
                    "and its service"
                ),
                "serial",
                "point_code",
                "number",
            )
            return
        if meter:
            item.plan["meter"] = meter
            item.plan["installation"] = self._place(item, found, meter, day)

    @api.model
    def _meter_by_serial(self, item, found, day, service, points):
        serial, word = item.get("serial"), item.get("meter_type")
        meters = found.by_serial.get(serial, [])
        if not meters:
            item.fail(
                self.env._(
                    "no meter has the serial number “%s”: import the meters first, or mend the "
                    "number",
                    serial,
                ),
                "serial",
            )
            return None
        if word:
            meters = [meter for meter in meters if says_type(meter, word)]
        if service:
            meters = [meter for meter in meters if meter["service_kind"] == service.kind]
        if not meters:
            item.fail(
                self.env._(
                    "the meter with the serial number “%(serial)s” is %(meters)s: neither the type "
                    "nor the service of the row",
                    serial=serial,
                    meters=found.words(found.by_serial[serial]),
                ),
                "serial",
                "meter_type",
                "service",
            )
            return None
        return self._narrowed(item, found, day, points, meters)

    @api.model
    def _narrowed(self, item, found, day, points, meters):
        """The one of the meters that hangs at the points, or hangs at all, on the day."""
        places = {meter["id"]: found.place_of(meter, day) for meter in meters}
        if points is not None:
            there = [
                meter
                for meter in meters
                if places[meter["id"]] and places[meter["id"]]["point_id"] in points
            ]
            if not there:
                item.fail(
                    self.env._(
                        "meter %(meter)s does not hang there on %(day)s; it hangs at %(place)s",
                        meter=found.words(meters),
                        day=item.get("date"),
                        place=", ".join(
                            sorted({place["code"] for place in places.values() if place})
                        )
                        or self.env._("no point"),
                    ),
                    "serial",
                    "point_code",
                    "number",
                )
                return None
            meters = there
        elif len(meters) > 1:
            meters = [meter for meter in meters if places[meter["id"]]] or meters
        if len(meters) > 1:
            item.fail(
                self.env._(
                    "%(count)s meters have the serial number “%(serial)s”: %(meters)s. Name the "
                    "type, the service or the point.",
                    count=len(meters),
                    serial=item.get("serial"),
                    meters=found.words(meters),
                ),
                "meter_type",
                "service",
                "point_code",
            )
            return None
        return meters[0]

    @api.model
    def _meter_at(self, item, found, day, service, points):
        """The one meter that hangs at the row's points on the day."""
        if not item.get("point_code") and not service:
            item.fail(self.env._("name the account's service, or the meter"), "service")
            return None
        places = self._hanging(found, points, day)
        meters = [found.meters[place["meter_id"]] for place in places]
        if item.get("meter_type"):
            meters = [meter for meter in meters if says_type(meter, item.get("meter_type"))]
        if len(meters) == 1:
            return meters[0]
        item.fail(
            self.env._(
                "%(count)s meters hang there on %(day)s: %(meters)s. Name the serial number.",
                count=len(meters),
                day=item.get("date"),
                meters=found.words(meters),
            )
            if meters
            else self.env._("no meter hangs there on %(day)s", day=item.get("date")),
            "serial",
            "date",
        )
        return None

    @api.model
    def _hanging(self, found, points, day):
        """Installations at the points on the day, by active meters; of an exchange's day, the one
        that begins: the last reading of the old meter names its serial number."""
        places = [
            place
            for point_id in points
            for place in found.at_point[point_id]
            if place["meter_id"] in found.meters
            and place["start"] <= day
            and (not place["end"] or day < place["end"])
        ]
        return places or [
            place
            for point_id in points
            for place in found.at_point[point_id]
            if place["meter_id"] in found.meters and place["end"] == day
        ]

    @api.model
    def _place(self, item, found, meter, day):
        place = found.place_of(meter, day)
        if place:
            return place
        history = found.installations[meter["id"]]
        last = history[-1] if history else None
        if last and last["end"] and last["end"] < day:
            reason = self.env._(
                "meter %(meter)s was removed from %(point)s on %(end)s, before the reading: mend "
                "the serial number or the day",
                meter=meter["serial"],
                point=last["code"],
                end=last["end"],
            )
        elif history:
            reason = self.env._(
                "meter %(meter)s was not yet installed on %(day)s: it hangs at %(point)s since "
                "%(start)s",
                meter=meter["serial"],
                day=item.get("date"),
                point=history[0]["code"],
                start=history[0]["start"],
            )
        else:
            reason = self.env._(
                "meter %s hangs nowhere: import its installation first", meter["serial"]
            )
        item.fail(reason, "serial", "date")
        return None

    @api.model
    def _plan_readings(self, batch, item, found):
        """The readings that the row is: one for each register of which it gives a value."""
        registers = found.registers[item.plan["meter"]["id"]]
        values = register_values(self.env, item, registers, "value", item.get("register"))
        if not values and item.is_good:
            item.fail(self.env._("the row gives no value"), "value")
        item.plan["readings"] = [
            self._prepare_reading(batch, item, register, value, len(values) > 1)
            for register, value in values
        ]

    @api.model
    def _prepare_reading(self, batch, item, register, value, is_one_of_several):
        key = item.get("key")
        return {
            "register_id": register["id"],
            "installation_id": item.plan["installation"]["id"],
            "date": item.get("date"),
            "value": value,
            "source": item.get("source", "file"),
            "reading_type": item.get("reading_type", "actual"),
            "note": item.get("note", False),
            "key": (f"{key}:{register['code']}" if is_one_of_several else key) if key else False,
            "import_batch_id": batch.id,
        }
