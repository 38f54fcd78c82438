"""A town to rate: households of eight services, made from one by copying its records set-wise.

The household lives in a flat of a building of 40 and takes cold and hot water, sewerage, heating,
electricity, waste, upkeep of the building and its lighting; the rates are of every common kind. A
copy has its own quantities and residents; one in ten has a benefit, one in twenty bears half of its
heating.
"""

from datetime import date, timedelta

FLATS = 40
SERVICES = 8
BEGIN = date(2020, 1, 1)
MONTH = date(2026, 1, 1)
# the price of electricity changes within the month that is billed
CHANGE = date(2026, 1, 11)
METERED = {"CW": "12.345", "HW": "4.5", "EL": "182"}
COUNTED = {**METERED, "SW": "16.845"}


def month_end(first):
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_before(first, count):
    """First days of the `count` months before a month, earliest first."""
    found = []
    for _month in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found[::-1]


class Copies:
    """Copies records by one statement each; what they refer to and was copied, too, is referred to
    as its copy. The copies of a record have consecutive ids; `place`, from 1 on, says which.

    :param first: place of the first copy
    :param last: place of the last one
    """

    def __init__(self, env, first, last):
        self.env = env
        self.first, self.last = first, last
        self.copied = {}

    def copy(self, record, where="TRUE", **columns):
        """:param columns: SQL of what is different in a copy; `place` is its number, {id} its id
        :return: id of the first copy"""
        table, cr = record._table, self.env.cr
        count = self.last - self.first + 1
        cr.execute(
            f"SELECT min(id) FROM (SELECT nextval('{table}_id_seq') AS id "
            f"FROM generate_series(1, {count})) drawn"
        )
        first_id = cr.fetchone()[0]
        own_id = f"({first_id - self.first} + place)"
        self.copied[record] = own_id
        found = {"id": own_id}
        for name, field in record._fields.items():
            if field.store and field.column_type and name != "id":
                column = columns.get(name) or self._column(record, field)
                found[f'"{name}"'] = column.replace("{id}", own_id)
        cr.execute(
            f"""
            INSERT INTO {table} ({", ".join(found)}) SELECT {", ".join(found.values())}
            FROM {table} proto, generate_series({self.first}, {self.last}) place
            WHERE proto.id = {record.id} AND {where}
            """
        )
        return first_id

    def _column(self, record, field):
        if field.type == "many2one" and not field.company_dependent:
            return self.copied.get(record[field.name], f'proto."{field.name}"')
        return f'proto."{field.name}"'


class Town:
    """A household on record, and as many copies of it as are asked for."""

    def __init__(self, env):
        self.env = env(
            context={**env.context, "mail_create_nolog": True, "mail_notrack": True, "tz": "UTC"}
        )
        self.company = env.company
        self.company.utility_billing_start = MONTH
        self.size, self.accounts = 0, []
        self._services()
        self._rates()
        self._household()
        self.months = []
        self._month(MONTH)
        self.env.flush_all()

    # -- services and rates -----------------------------------------------------------------

    def _services(self):
        cubic_metre, unit = "uom.product_uom_cubic_meter", "uom.product_uom_unit"
        hour = "uom.product_uom_kwh" if self.env.ref("uom.product_uom_kwh", False) else unit
        self.tax = self._tax()
        self.services = {}
        for code, name, kind, uom in (
            ("CW", "Cold water", "cold_water", cubic_metre),
            ("HW", "Hot water", "hot_water", cubic_metre),
            ("SW", "Sewerage", "sewerage", cubic_metre),
            ("HT", "Heating", "heat", hour),
            ("EL", "Electricity", "electricity", hour),
            ("WS", "Waste", "waste", unit),
            ("MT", "Upkeep", "maintenance", unit),
            ("LT", "Lighting", "other", hour),
        ):
            self.services[code] = self.env["utility.service"].create(
                {
                    "name": name,
                    "code": code,
                    "kind": kind,
                    "uom_id": self.env.ref(uom).id,
                    "tax_ids": self.tax.ids,
                }
            )
        self.env["utility.service.source"].create(
            {"service_id": self.services["HT"].id, "source": "allocated"}
        )

    def _tax(self):
        country = self.company.country_id or self.env.ref("base.lt")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "company_id": self.company.id, "country_id": country.id}
        )
        return self.env["account.tax"].create(
            {
                "name": "VAT 21 %",
                "amount": 21,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )

    def _rates(self):
        self.plan = self.env["utility.rate.plan"].create(
            {"name": "Town", "code": "TOWN", "company_id": self.company.id, "is_default": True}
        )
        self.zones = self.env["utility.tou.zone"].browse(
            [self._zone("DAY").id, self._zone("NIGHT").id]
        )
        area = self.env.ref("utility_base.attribute_heated_area").id
        marginal = [{"quantity_to": 6, "price": 1.1}, {"quantity_from": 6, "price": 1.6}]
        fee = {"code": "fee", "kind": "fixed", "price": 0.79}
        self._version("CW", BEGIN, {"code": "water", "lines": marginal}, fee)
        self._version("HW", BEGIN, {"code": "water", "price": 1.4}, fee)
        self._version(
            "SW",
            BEGIN,
            {"code": "waste_water", "price": 1.95},
            {"code": "levy", "kind": "percentage", "price": 3, "of": ["waste_water"]},
        )
        self._version("HT", BEGIN, {"code": "heat", "price": 0.0883})
        for start, day in ((BEGIN, 0.21), (CHANGE, 0.23)):
            lines = [
                {"zone_id": zone.id, "price": price}
                for zone, price in zip(self.zones, (day, 0.11), strict=True)
            ]
            daily = {"code": "grid", "kind": "fixed", "per": "day", "price": 0.1}
            self._version("EL", start, {"code": "energy", "lines": lines}, daily)
        person = {"code": "person", "kind": "attribute", "counted": "residents", "price": 2.15}
        self._version("WS", BEGIN, person)
        self._version(
            "MT",
            BEGIN,
            {"code": "upkeep", "kind": "attribute", "attribute_id": area, "price": 0.31},
            {"code": "lift", "kind": "formula", "formula": "min(residents, 3) * 0.9"},
        )
        common = {"code": "lighting", "source": "common", "price": 0.22}
        self._version("LT", BEGIN, common, {"code": "least", "kind": "minimum", "price": 0.5})

    def _zone(self, code):
        zones = self.env["utility.tou.zone"]
        return zones.search([("code", "=", code)], limit=1) or zones.create(
            {"name": code.capitalize(), "code": code}
        )

    def _version(self, service_code, start, *components):
        service = self.services[service_code]
        schedules = self.env["utility.rate.schedule"]
        schedule = schedules.search([("service_id", "=", service.id)]) or schedules.create(
            {"name": service.name, "plan_id": self.plan.id, "service_id": service.id}
        )
        version = self.env["utility.rate.version"].create(
            {"schedule_id": schedule.id, "date_start": start}
        )
        made = {}
        for number, component in enumerate(components, 1):
            vals = {"kind": "unit", "name": component["code"], "sequence": number, **component}
            of, lines = vals.pop("of", ()), vals.pop("lines", ())
            if lines:
                vals["priced_by"] = "lines"
            made[component["code"]] = self.env["utility.rate.component"].create(
                {
                    **vals,
                    "version_id": version.id,
                    "line_ids": [(0, 0, line) for line in lines],
                    "of_component_ids": [(6, 0, [made[code].id for code in of])],
                }
            )
        version.action_approve()

    # -- the household ----------------------------------------------------------------------

    def _household(self):
        town = self._premise("locality", "Kaunas")
        street = self._premise("street", "Savanorių pr.", town)
        self.building = self._premise("apartment_building", "1", street)
        self.flat = self._premise("flat", "1", self.building)
        self.payer = self.env["res.partner"].create({"name": "Jonas Petraitis"})
        self.account = self.env["utility.account"].create(
            {
                "company_id": self.company.id,
                "premise_id": self.flat.id,
                "partner_id": self.payer.id,
                "date_open": BEGIN,
            }
        )
        self.points, self.agreements = {}, {}
        for code, service in self.services.items():
            self.points[code] = self.env["utility.service.point"].create(
                {"service_id": service.id, "premise_id": self.flat.id, "code": f"{code}-0"}
            )
            self.agreements[code] = self.env["utility.service.agreement"].create(
                {
                    "account_id": self.account.id,
                    "service_point_id": self.points[code].id,
                    "company_id": self.company.id,
                    "billing_cycle_id": self.env.ref("utility_base.billing_cycle_monthly").id,
                    "date_start": BEGIN,
                }
            )
        self.values = self._value("heated_area", 54.2) | self._value("declared_residents", 3)
        self.benefit = self._benefit()

    def _premise(self, type_code, name, parent=None):
        return self.env["utility.premise"].create(
            {
                "type_id": self.env.ref(f"utility_base.premise_type_{type_code}").id,
                "name": name,
                "parent_id": parent.id if parent else False,
            }
        )

    def _value(self, code, number):
        attribute = self.env.ref(f"utility_base.attribute_{code}")
        values = self.env["utility.attribute.value"]
        return values.create(
            {
                **values._vals_for(attribute, number),
                "premise_id": self.flat.id,
                "date_start": BEGIN,
            }
        )

    def _month(self, first):
        """The household's usage and shares of a month."""
        last = month_end(first)
        usages = [self._usage(code, text, first, last) for code, text in COUNTED.items()]
        shares = [
            self._share("HT", "quantity", 420.5, first, last),
            self._share("LT", "common", 6.25, first, last),
        ]
        self.months.append((usages, shares))

    def _usage(self, code, quantity, first, last):
        span = {"from": str(first), "to": str(last)}
        method = "measured" if code in METERED else "derived"
        pieces, bands = [{**span, "quantity": quantity, "method": method}], None
        if code == "EL":
            bands = {"import:DAY": "140", "import:NIGHT": "42"}
            pieces = [{**pieces[0], "quantity": part, "band": band} for band, part in bands.items()]
        trace = {"engine": "1", **span, "quantity": quantity, "pieces": pieces}
        return self.env["utility.usage"].create(
            {
                "service_point_id": self.points[code].id,
                "date_start": first,
                "date_end": last,
                "quantity": float(quantity),
                "method": method,
                "bands": bands,
                "trace": trace,
            }
        )

    def _share(self, code, purpose, quantity, first, last):
        days = {"date_start": first, "date_end": last, "company_id": self.company.id}
        run = self.env["utility.allocation.run"].create({**days, "state": "approved"})
        return self.env["utility.allocation.share"].create(
            {
                **days,
                "run_id": run.id,
                "service_point_id": self.points[code].id,
                "service_id": self.services[code].id,
                "premise_id": self.flat.id,
                "purpose": purpose,
                "quantity": quantity,
            }
        )

    def _benefit(self):
        """Half of the heating and of the cold water, paid by a fund."""
        kind = self.env["utility.benefit.kind"].create(
            {
                "name": "Half",
                "code": "HALF",
                "kind": "percent",
                "value": 50,
                "service_ids": [(6, 0, [self.services[code].id for code in ("HT", "CW")])],
                "fund_partner_id": self._fund().id,
            }
        )
        return self.env["utility.benefit"].create(
            {
                "kind_id": kind.id,
                "partner_id": self.payer.id,
                "account_id": self.account.id,
                "company_id": self.company.id,
                "date_start": BEGIN,
            }
        )

    def _fund(self):
        """Who pays the benefit; nobody: the company bears it."""
        return self.env["res.partner"].create({"name": "Fund"})

    # -- copies -----------------------------------------------------------------------------

    def grow(self, size):
        """Copy the household until there are `size` of them besides itself.

        :param size: a multiple of FLATS
        """
        self.env.flush_all()
        copies = self.copies = Copies(self.env, self.size + 1, size)
        self._copy_places(copies)
        copies.copy(self.payer, name="'Payer ' || place")
        first_id = copies.copy(self.account, number="'B' || lpad(place::text, 8, '0')")
        for payer in self.env["utility.account.payer"].search(
            [("account_id", "=", self.account.id)]
        ):
            copies.copy(payer)
        for code, point in self.points.items():
            copies.copy(point, code=f"'{code}-' || place", parent_path="{id} || '/'")
            shared = {"share": "CASE WHEN place % 20 = 0 THEN 50 ELSE 100 END"}
            copies.copy(self.agreements[code], **(shared if code == "HT" else {}))
        area, residents = self.values
        copies.copy(area, value_number="30 + place % 50")
        copies.copy(residents, value_number="1 + place % 4")
        copies.copy(self.benefit, where="place % 10 = 0")
        for facts in self.months:
            self._copy_month(copies, *facts)
        self.accounts += range(first_id, first_id + size - self.size)
        self.size = size
        self._settle()

    def add_month(self, first):
        """One more month of facts for the households that came last."""
        self._month(first)
        self.env.flush_all()
        self._copy_month(self.copies, *self.months[-1])
        self._settle()

    def _copy_places(self, copies):
        buildings = Copies(self.env, (copies.first - 1) // FLATS + 1, copies.last // FLATS)
        path = self.building.parent_id.parent_path
        first_id = buildings.copy(
            self.building, name="place::text", parent_path=f"'{path}' || {{id}} || '/'"
        )
        building_id = f"({first_id} + (place - {copies.first}) / {FLATS})"
        copies.copied[self.building] = building_id
        copies.copy(
            self.flat,
            name="(place % 40 + 1)::text",
            parent_path=f"'{path}' || {building_id} || '/' || {{id}} || '/'",
        )

    def _copy_month(self, copies, usages, shares):
        varied = "proto.quantity * (50 + place % 100) / 100"
        for usage in usages:
            plain = not usage.bands
            pieces = f"jsonb_set(proto.trace, '{{pieces,0,quantity}}', to_jsonb(({varied})::text))"
            copies.copy(usage, **({"quantity": varied, "trace": pieces} if plain else {}))
        for share in shares:
            copies.copy(share, quantity=varied)

    def _settle(self):
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE")
        self.env.cr.commit()
        self.env.invalidate_all()
