"""What rows of meters and readings refer to: meters by serial number, and what hangs at a point."""

from collections import defaultdict

from odoo.tools import SQL

from odoo.addons.utility_base.tools.import_fields import ImportField
from odoo.addons.utility_base.tools.import_references import (
    accounts_by_number,
    points_by_code,
    services_by_code,
)

ZONES = ("T1", "T2", "T3", "T4")
METER = (
    "id",
    "serial",
    "type_id",
    "type_code",
    "type_name",
    "service_kind",
    "technology",
    "ownership",
    "manufacture_year",
)
INSTALLATION = (
    "id",
    "meter_id",
    "point_id",
    "service_id",
    "premise_id",
    "building_id",
    "start",
    "end",
    "counting",
    "code",
)
REGISTER = ("id", "meter_id", "code", "name", "purpose", "counting", "zone")


def in_force(start, end, day):
    """Whether an installation measures on `day`; a shared day belongs to both sides."""
    return start <= day and (not end or day <= end)


class MeterReferences:
    """Meters, installations, registers and points that rows name, by a fixed number of queries.

    :ivar by_serial: {serial: [meter]}
    :ivar meters: {id: meter}
    :ivar installations: {meter id: [installation]}, earliest first
    :ivar at_point: {point id: [installation]}
    :ivar at_premise: {premise id: [point ids]}
    :ivar registers: {meter id: [register]}, in their order
    """

    def __init__(self, env, items, serials=("serial",)):
        self.env = env
        self.services = services_by_code(env)
        self.accounts = accounts_by_number(env, {item.get("number") for item in items} - {None})
        codes = {item.get("point_code") for item in items} - {None}
        self.points = points_by_code(env, codes)
        self.agreements = self._agreements()
        self.service_of = {point["id"]: point["service_id"] for point in self.points.values()}
        for rows in self.agreements.values():
            self.service_of.update((row[2], row[1]) for row in rows)
        self.kinds = {service.id: service.kind for service in self.services.values()}
        names = {item.get(name) for item in items for name in serials} - {None}
        self.meters = self._meters(SQL("m.serial = ANY(%s)", list(names))) if names else {}
        self.installations, self.at_point = defaultdict(list), defaultdict(list)
        self.at_premise = defaultdict(list)
        self.look_up_installations(self.service_of)
        self.by_serial = defaultdict(list)
        for meter in self.meters.values():
            self.by_serial[meter["serial"]].append(meter)
        self.registers = self._registers()

    def _agreements(self):
        """{account id: [(service, point, first day, last day)]}, live ones."""
        found = defaultdict(list)
        ids = [account["id"] for account in self.accounts.values()]
        for account_id, *row in (
            self.env.execute_query(
                SQL(
                    "SELECT account_id, id, service_id, service_point_id, date_start, date_end "
                    "FROM utility_service_agreement WHERE voided_at IS NULL AND account_id = "
                    "ANY(%s)",
                    ids,
                )
            )
            if ids
            else ()
        ):
            found[account_id].append(row)
        return found

    def _meters(self, condition):
        rows = self.env.execute_query(
            SQL(
                "SELECT m.id, m.serial, m.type_id, t.code, t.name, m.service_kind, t.technology, "
                "m.ownership, m.manufacture_year "
                "FROM utility_meter m JOIN utility_meter_type t ON t.id = m.type_id "
                "WHERE m.company_id = %s AND m.active AND %s ORDER BY m.id",
                self.env.company.id,
                condition,
            )
        )
        return {row[0]: dict(zip(METER, row, strict=True)) for row in rows}

    def look_up_installations(self, point_ids):
        """Installations of the meters known so far and of all that hang at the points."""
        rows = self.env.execute_query(
            SQL(
                "SELECT i.id, i.meter_id, i.service_point_id, i.service_id, i.premise_id, "
                "i.building_id, i.date_start, i.date_end, i.counting, p.code "
                "FROM utility_meter_installation i "
                "JOIN utility_service_point p ON p.id = i.service_point_id "
                "WHERE i.voided_at IS NULL AND (i.meter_id = ANY(%s) OR i.service_point_id = "
                "ANY(%s)) ORDER BY i.date_start, i.id",
                list(self.meters),
                list(point_ids),
            )
        )
        self.installations.clear()
        self.at_point.clear()
        for row in rows:
            installation = dict(zip(INSTALLATION, row, strict=True))
            self.installations[installation["meter_id"]].append(installation)
            self.at_point[installation["point_id"]].append(installation)
        others = set(self.installations) - set(self.meters)
        if others:
            self.meters.update(self._meters(SQL("m.id = ANY(%s)", list(others))))

    def look_up_premises(self, premise_ids):
        """Points, and what hangs at them, of premises that rows name."""
        if not premise_ids:
            return
        for point_id, premise_id, service_id in self.env.execute_query(
            SQL(
                "SELECT id, premise_id, service_id FROM utility_service_point "
                "WHERE company_id = %s AND active AND premise_id = ANY(%s) ORDER BY id",
                self.env.company.id,
                list(premise_ids),
            )
        ):
            self.at_premise[premise_id].append(point_id)
            self.service_of[point_id] = service_id
        self.look_up_installations(self.service_of)
        self.registers = self._registers()

    def _registers(self):
        found = defaultdict(list)
        for row in self.env.execute_query(
            SQL(
                "SELECT r.id, r.meter_id, r.code, r.name, r.purpose, r.counting, z.code "
                "FROM utility_meter_register r LEFT JOIN utility_tou_zone z ON z.id = r.zone_id "
                "WHERE r.active AND r.meter_id = ANY(%s) ORDER BY r.sequence, r.id",
                list(self.meters),
            )
        ):
            register = dict(zip(REGISTER, row, strict=True))
            found[register["meter_id"]].append(register)
        return found

    # -- what a row means -------------------------------------------------------------------

    def service(self, item):
        """The row's service; None where it names none, or one that is not there: it fails."""
        word = item.get("service")
        service = self.services.get(word.casefold()) if word else None
        if word and not service:
            item.fail(self.env._("there is no service “%s”", word), "service")
        return service

    def named_points(self, item, day, service):
        """Ids of the points that the row names by code or account; None where it names none."""
        env = self.env
        code, number = item.get("point_code"), item.get("number")
        if code:
            point = self.points.get(code)
            if not point:
                item.fail(env._("no service point has the code “%s”", code), "point_code")
                return []
            return [point["id"]]
        if not number:
            return None
        account = self.accounts.get(number)
        if not account:
            item.fail(
                env._(
                    "no account has the number “%s”: import the accounts first, or mend the number",
                    number,
                ),
                "number",
            )
            return []
        points = {
            point_id
            for _id, service_id, point_id, start, end in self.agreements[account["id"]]
            if (not service or service_id == service.id) and start <= day <= (end or day)
        }
        if not points:
            item.fail(
                env._(
                    "account %(number)s takes %(service)s at no point on %(day)s",
                    number=number,
                    service=service.name if service else env._("any service"),
                    day=day,
                ),
                "number",
                "service",
            )
        return sorted(points)

    def place_of(self, meter, day):
        """Where the meter hangs on `day`: its installation; None in store."""
        for row in self.installations[meter["id"]]:
            if in_force(row["start"], row["end"], day):
                return row
        return None

    def words(self, meters):
        """Meters for a message: “A100 (W15)”."""
        return ", ".join(f"{meter['serial']} ({meter['type_code']})" for meter in meters)


def says_type(meter, word):
    """Whether a row's word is the code or the name of the meter's type."""
    return word.casefold() in (meter["type_code"].casefold(), meter["type_name"].casefold())


def register_named(registers, word):
    """The register whose code, zone or name the word is; else, for T1, T2…, the one in that place
    where no register bears such a name; None for none."""
    wanted = word.casefold()
    for name in ("code", "zone", "name"):
        for register in registers:
            if (register[name] or "").casefold() == wanted:
                return register
    counted = [register for register in registers if register["purpose"] == "import"]
    place = wanted[1:]
    if not (wanted.startswith("t") and place.isdigit()):
        return None
    names = {
        (register[name] or "").casefold() for register in registers for name in ("code", "zone")
    }
    if any(name.startswith("t") and name[1:].isdigit() for name in names):
        return None
    return counted[int(place) - 1] if 0 < int(place) <= len(counted) else None


def register_values(env, item, registers, prefix, word=None):
    """[(register, value)] of what a row gives for the registers of one meter, in the columns
    `prefix`, `prefix_t1`, …; the item fails where a register is not to be told.

    :param word: code, zone or name of the register that the column `prefix` is of
    """
    found = {}
    for name in (prefix, *(f"{prefix}_{zone.lower()}" for zone in ZONES)):
        if name not in item.values:
            continue
        named = word if name == prefix else name.removeprefix(f"{prefix}_").upper()
        register = register_named(registers, named) if named else only_register(registers)
        codes = ", ".join(each["code"] for each in registers)
        if not register:
            item.fail(
                env._(
                    "the meter has no register “%(word)s”; it has %(codes)s",
                    word=named,
                    codes=codes,
                )
                if named
                else env._(
                    "the meter has the registers %(codes)s: name one of them, or give each a "
                    "column",
                    codes=codes,
                ),
                "register" if word and name == prefix else name,
            )
        elif register["code"] in found:
            item.fail(
                env._("the row gives register %(register)s two values", register=register["code"]),
                name,
            )
        else:
            found[register["code"]] = (register, item.values[name])
    return list(found.values())


def only_register(registers):
    """The register that a single value is of: the only one that counts, or the total of them."""
    counted = [register for register in registers if register["purpose"] != "info"]
    totals = [register for register in registers if register["purpose"] == "total"]
    few = counted if len(counted) == 1 else totals
    return few[0] if len(few) == 1 else None


def value_fields(env, prefix, label, aliases=(), words=()):
    """The columns that `register_values` reads.

    :param words: what stands before the zone in a header: “reading” of “reading T1”
    """
    return [
        ImportField(prefix, label, kind="number", aliases=aliases),
        *(
            ImportField(
                f"{prefix}_{zone.lower()}",
                f"{label}, {zone}",
                kind="number",
                aliases=tuple(f"{word} {zone}".strip() for word in words),
                help=env._("Of the register or time-of-use zone %(zone)s.", zone=zone),
            )
            for zone in ZONES
        ),
    ]
