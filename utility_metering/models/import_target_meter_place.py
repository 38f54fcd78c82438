from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL, float_compare

from ..tools.import_meters import register_values

# columns of an installation that a row may say, as they are called in both
PLACE = ("counting", "place", "allocator_factor", "container_volume", "container_count")
RATIOS = {"ct_ratio": ("ct_primary", "ct_secondary"), "vt_ratio": ("vt_primary", "vt_secondary")}


class ImportTargetMeter(models.AbstractModel):
    """Where a row's meter hangs, what it showed, how it was verified and sealed."""

    _inherit = "utility.import.target.meter"

    # -- the point --------------------------------------------------------------------------

    @api.model
    def _find_point(self, item, found, day):
        """Id of the point that the row names; None where it names none, or where it fails."""
        service = found.service(item)
        points = found.named_points(item, day, service)
        if points is None and "premise_id" in item.plan:
            points = found.at_premise[item.plan["premise_id"]]
        if points is None or not item.is_good:
            return None
        kind = item.plan["type"].service_kind
        fitting = [
            point_id
            for point_id in points
            if item.get("point_code")
            or (
                found.service_of[point_id] == service.id
                if service
                else found.kinds.get(found.service_of[point_id]) == kind
            )
        ]
        if len(fitting) != 1:
            self._refuse_point(item, service, len(fitting))
            return None
        if fitting[0] not in found.permitted:
            item.fail(self.env._("you may not see that service point"), "point_code")
            return None
        return fitting[0]

    @api.model
    def _refuse_point(self, item, service, count):
        words = {
            "count": count,
            "service": service.name if service else item.plan["type"].display_name,
        }
        item.fail(
            self.env._(
                "%(count)s service points of %(service)s are there: name the point by its code",
                **words,
            )
            if count
            else self.env._(
                "there is no service point for %(service)s: import the service points first, or "
                "mend what names it",
                **words,
            ),
            "point_code",
            "service",
        )

    # -- the installation -------------------------------------------------------------------

    @api.model
    def _plan_place(self, profile, item, found, taken, firsts):
        """The installation that the row makes, with its first readings and an exchange's last."""
        item.plan["day"] = day = self._day(item.get("date_installed"), self._first_day(profile))
        values = self._place_values(item)
        point_id = self._find_point(item, found, day)
        if not item.is_good:
            return
        initials = register_values(self.env, item, item.plan["registers"], "reading")
        if not point_id:
            if initials or item.get("date_installed"):
                item.fail(
                    self.env._("the row says when the meter was installed, but not where"),
                    "point_code",
                )
            return
        record = item.plan["record"]
        history = found.installations[record["id"]] if record else []
        current = next((row for row in history if not row["end"]), None)
        if current and current["point_id"] == point_id:
            self._compare_place(profile, item, current, values, initials, firsts)
            return
        self._refuse_elsewhere(item, history, day)
        self._refuse_kind(item, found, point_id)
        if item.is_good:
            self._plan_exchange(item, found, point_id, day)
        if item.is_good:
            self._refuse_taken(item, point_id, taken)
        item.plan["point_id"] = point_id
        item.plan["installation"] = {"service_point_id": point_id, "date_start": day, **values}
        item.plan["initials"] = initials

    @api.model
    def _place_values(self, item):
        values = {name: item.values[name] for name in PLACE if name in item.values}
        for name, (primary, secondary) in RATIOS.items():
            if not item.get(name):
                continue
            parts = str(item.get(name)).replace(":", "/").replace(",", ".").split("/")
            try:
                values[primary], values[secondary] = float(parts[0]), float((*parts, 1)[1])
            except ValueError:
                values[primary] = 0
            if len(parts) > 2 or min(values[primary], values.get(secondary, 0)) <= 0:
                item.fail(self.env._("“%s” is no ratio: write 200/5, or 40", item.get(name)), name)
        return values

    @api.model
    def _refuse_elsewhere(self, item, history, day):
        for row in history:
            if not row["end"]:
                item.fail(
                    self.env._(
                        "meter %(meter)s hangs at %(point)s since %(start)s: remove it there first",
                        meter=item.get("serial"),
                        point=row["code"],
                        start=row["start"],
                    ),
                    "serial",
                    "point_code",
                )
            elif row["end"] >= day:
                item.fail(
                    self.env._(
                        "meter %(meter)s hung at %(point)s until %(end)s: it can be installed from "
                        "the next day on",
                        meter=item.get("serial"),
                        point=row["code"],
                        end=row["end"],
                    ),
                    "date_installed",
                )

    @api.model
    def _refuse_kind(self, item, found, point_id):
        """As the installation's own check: what it counts is what the point delivers."""
        if item.get("counting", "add") != "add":
            return
        kinds = (item.plan["type"].service_kind, found.kinds.get(found.service_of[point_id]))
        if kinds[0] != kinds[1]:
            services = self.env["utility.service"]._fields["kind"]
            labels = dict(services._description_selection(self.env))
            item.fail(
                self.env._(
                    "the meter measures %(measures)s, the point delivers %(delivers)s",
                    measures=labels[kinds[0]],
                    delivers=labels.get(kinds[1], ""),
                ),
                "meter_type",
                "point_code",
            )

    @api.model
    def _is_alone(self, item):
        """Whether the row's meter takes the place of another at its point."""
        return (
            item.plan["type"].technology == "dial"
            and item.get("counting", "add") == "add"
            and not item.get("beside")
        )

    @api.model
    def _plan_exchange(self, item, found, point_id, day):
        """Let the meter that hangs there end on the day, if the row gives its last reading."""
        hanging = [
            row
            for row in found.at_point[point_id]
            if row["counting"] == "add"
            and row["meter_id"] in found.meters
            and (not row["end"] or row["end"] > day)
        ]
        serial = item.get("old_serial")
        if serial:
            hanging = [row for row in hanging if found.meters[row["meter_id"]]["serial"] == serial]
            if not hanging:
                item.fail(self.env._("no meter %s hangs there on that day", serial), "old_serial")
        elif not self._is_alone(item):
            return
        if not hanging:
            return
        meters = found.words(found.meters[row["meter_id"]] for row in hanging)
        if len(hanging) > 1:
            item.fail(
                self.env._(
                    "several meters hang there: %(meters)s. Name the one that was removed, or say "
                    "that the new one hangs beside them",
                    meters=meters,
                ),
                "old_serial",
                "beside",
            )
            return
        self._plan_removal(item, found, hanging[0], meters, day)

    @api.model
    def _plan_removal(self, item, found, old, meters, day):
        registers = found.registers[old["meter_id"]]
        finals = register_values(self.env, item, registers, "old_reading")
        if not item.is_good:
            return
        lacking = {each["id"] for each in registers if each["purpose"] in ("import", "export")} - {
            register["id"] for register, _value in finals
        }
        if lacking:
            item.fail(
                self.env._(
                    "%(meter)s hangs there since %(start)s. If it was exchanged, give its last "
                    "reading; else say that the new one hangs beside it, or remove it first",
                    meter=meters,
                    start=old["start"],
                ),
                "old_reading",
                "beside",
            )
        elif old["end"] or old["start"] >= day:
            item.fail(
                self.env._(
                    "%(meter)s hangs there from %(start)s to %(end)s: it cannot be removed on "
                    "%(day)s",
                    meter=meters,
                    start=old["start"],
                    end=old["end"] or "…",
                    day=day,
                ),
                "date_installed",
            )
        item.plan["closes"] = old
        item.plan["finals"] = finals

    @api.model
    def _refuse_taken(self, item, point_id, taken):
        """Two rows of the file hang a meter each at one point, and neither says beside."""
        if not self._is_alone(item):
            return
        other = taken.setdefault(point_id, item)
        if other is not item:
            item.fail(
                self.env._(
                    "row %s hangs a meter there too: if both are there, say that this one hangs "
                    "beside the other",
                    other.number,
                ),
                "beside",
            )

    # -- the same place ---------------------------------------------------------------------

    @api.model
    def _compare_place(self, profile, item, current, values, initials, firsts):
        """The meter hangs there already: what differs is for the meter's card to correct."""
        if profile.existing == "leave":
            return
        record = self.env["utility.meter.installation"].browse(current["id"])
        wanted = dict(values)
        if item.get("date_installed"):
            wanted["date_start"] = self._day(item.get("date_installed"))
        for name, value in wanted.items():
            field = record._fields[name]
            if field.type == "float":
                differs = float_compare(record[name], value, precision_digits=3)
            else:
                differs = (record[name] or False) != (value or False)
            if differs:
                item.fail(
                    self.env._(
                        "%(field)s is %(before)s on record, not %(after)s: correct the "
                        "installation on the meter's card",
                        field=field._description_string(self.env),
                        before=record[name] or self.env._("empty"),
                        after=value,
                    ),
                    name if name in item.values else "date_installed",
                )
        self._compare_initials(item, current, initials, firsts)

    @api.model
    def _compare_initials(self, item, current, initials, firsts):
        fresh = []
        for register, value in initials:
            known = firsts.get(register["id"], {}).get(current["start"])
            if known is None:
                fresh.append((register, value))
            elif float_compare(known, value, precision_digits=4):
                item.fail(
                    self.env._(
                        "the first reading of register %(register)s is %(before)s on record, not "
                        "%(after)s: correct that reading",
                        register=register["code"],
                        before=f"{known:g}",
                        after=f"{value:g}",
                    ),
                    "reading",
                )
        item.plan["initials"] = fresh
        item.plan["current"] = current

    @api.model
    def _first_readings(self, items):
        """{register: {day: value}} of the initial readings of meters on record."""
        ids = [item.plan["record"]["id"] for item in items if item.plan.get("record")]
        found = {}
        for register_id, day, value in (
            self.env.execute_query(
                SQL(
                    "SELECT register_id, date, value FROM utility_reading WHERE meter_id = ANY(%s) "
                    "AND reading_type = 'initial' AND state IN ('new', 'held', 'accepted')",
                    ids,
                )
            )
            if ids
            else ()
        ):
            found.setdefault(register_id, {})[day] = float(value)
        return found

    # -- verification and seal --------------------------------------------------------------

    @api.model
    def _proofs(self, items):
        """What is on record: {"verifications": {(meter, day): row}, "seals": {number: meter}}."""
        ids = [item.plan["record"]["id"] for item in items if item.plan.get("record")]
        numbers = [item.get("seal") for item in items if item.get("seal")]
        names = ("id", "date_end", "certificate")
        verifications = {
            (meter_id, day): dict(zip(names, row, strict=True))
            for meter_id, day, *row in self.env.execute_query(
                SQL(
                    "SELECT meter_id, date_start, id, date_end, certificate "
                    "FROM utility_meter_verification "
                    "WHERE voided_at IS NULL AND result = 'passed' AND meter_id = ANY(%s)",
                    ids,
                )
            )
        }
        seals = dict(
            self.env.execute_query(
                SQL(
                    "SELECT number, meter_id FROM utility_meter_seal WHERE voided_at IS NULL "
                    "AND date_end IS NULL AND company_id = %s AND number = ANY(%s)",
                    self.env.company.id,
                    numbers,
                )
            )
        )
        return {"verifications": verifications, "seals": seals}

    @api.model
    def _plan_verification(self, profile, item, proofs):
        start, end = self._day(item.get("verified_on")), self._day(item.get("valid_until"))
        kind = item.plan["type"]
        if not start and end and kind.verification_months:
            start = end - relativedelta(months=kind.verification_months)
        if not start:
            if end or item.get("certificate"):
                item.fail(self.env._("name the day of the verification"), "verified_on")
            return
        end = end or kind._valid_until(start)
        if end and end < start:
            item.fail(self._inverted(start, end), "valid_until")
            return
        fact = {
            "date_start": start,
            "date_end": end or False,
            "certificate": item.get("certificate", False),
        }
        record = item.plan["record"]
        known = proofs["verifications"].get((record["id"], start)) if record else None
        if not known:
            item.plan["verification"] = fact
            return
        same = (known["date_end"] or False) == fact["date_end"] and (
            not fact["certificate"] or fact["certificate"] == known["certificate"]
        )
        if same or profile.existing == "leave":
            return
        verification = self.env["utility.meter.verification"].browse(known["id"])
        replacing = self._replacing(profile, item, verification, start)
        if replacing:
            item.plan["verification"] = {**replacing, **fact}

    @api.model
    def _plan_seal(self, profile, item, proofs):
        number = item.get("seal")
        if not number:
            return
        record = item.plan["record"]
        meter_id = proofs["seals"].get(number)
        if meter_id and not (record and meter_id == record["id"]):
            item.fail(
                self.env._(
                    "seal %s is on another meter: mend its number, or remove it there", number
                ),
                "seal",
            )
            return
        other = proofs.setdefault("taken", {}).setdefault(number, item)
        if other is not item:
            item.fail(self.env._("row %s has the same seal number", other.number), "seal")
        elif not meter_id:
            item.plan["seal"] = {
                "number": number,
                "place": item.get("seal_place", "connection"),
                "date_start": item.plan["day"],
            }
