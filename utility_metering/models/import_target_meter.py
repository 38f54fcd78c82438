from odoo import api, models

from odoo.addons.utility_base.tools.import_fields import ImportField
from odoo.addons.utility_base.tools.import_item import CREATE, UNCHANGED, UPDATE
from odoo.addons.utility_base.tools.import_references import PremiseReferences, premise_fields

from ..tools.import_meters import MeterReferences, value_fields

PLAIN = ("ownership", "manufacture_year")


class ImportTargetMeter(models.AbstractModel):
    """Meters with where they hang, their first readings, verifications and seals."""

    _name = "utility.import.target.meter"
    _description = "Import: Meters"
    _inherit = ["utility.import.target"]

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is a meter, recognised by its serial number and type, and where it hangs: at a "
            "service point, or at the account's or the premise's point of its service. Where "
            "another meter hangs there, a last reading of that one makes it an exchange."
        )

    @api.model
    def _target_fields(self, profile):
        return [
            *self._device_fields(),
            *self._point_fields(),
            *premise_fields(self.env),
            *self._installation_fields(),
            *self._exchange_fields(),
            *self._proof_fields(),
        ]

    @api.model
    def _device_fields(self):
        meters = self.env["utility.meter"]._fields
        return [
            ImportField(
                "serial",
                self.env._("Serial Number"),
                required=True,
                aliases=(
                    "meter",
                    "serial",
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
            ),
            ImportField(
                "meter_type",
                self.env._("Meter Type"),
                aliases=("type", "model", "tipas", "skaitiklio tipas", "тип", "тип счетчика"),
                looks_up=self.env._("a meter type by its code or name"),
            ),
            ImportField(
                "ownership",
                self.env._("Ownership"),
                kind="selection",
                choices=tuple(meters["ownership"]._description_selection(self.env)),
                aliases=("owner", "savininkas", "собственность", "власність"),
            ),
            ImportField(
                "manufacture_year",
                self.env._("Year of Manufacture"),
                kind="integer",
                aliases=("year", "made in", "pagaminimo metai", "год выпуска", "рік випуску"),
            ),
        ]

    @api.model
    def _point_fields(self):
        return [
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
                help=self.env._("Empty: what the meter's type measures."),
            ),
        ]

    @api.model
    def _installation_fields(self):
        places = self.env["utility.meter.installation"]._fields
        return [
            ImportField(
                "date_installed",
                self.env._("Installed on"),
                kind="date",
                aliases=("installed", "from", "sumontuotas", "дата установки", "встановлено"),
                help=self.env._("Empty: the profile's day."),
            ),
            *value_fields(
                self.env,
                "reading",
                self.env._("First Reading"),
                (
                    "initial reading",
                    "pradinis rodmuo",
                    "начальное показание",
                    "початковий показник",
                ),
                ("reading", "first reading", "rodmuo", "показание"),
            ),
            ImportField(
                "counting",
                self.env._("Counting"),
                kind="selection",
                choices=tuple(places["counting"]._description_selection(self.env)),
            ),
            ImportField(
                "place",
                self.env._("Where It Hangs"),
                aliases=("room", "vieta", "patalpa", "место установки", "місце"),
            ),
            ImportField(
                "beside",
                self.env._("Hangs beside Others"),
                kind="boolean",
                help=self.env._("Yes: a further meter at its point, not in exchange for another."),
            ),
            ImportField(
                "ct_ratio",
                self.env._("Current Transformers"),
                aliases=("ct", "ct ratio", "transformacijos koeficientas", "коэффициент тт"),
                help=self.env._("Primary and secondary current, 200/5; or the ratio alone, 40."),
            ),
            ImportField(
                "vt_ratio",
                self.env._("Voltage Transformers"),
                aliases=("vt", "vt ratio", "коэффициент тн"),
                help=self.env._("Primary and secondary voltage, 10000/100; or the ratio alone."),
            ),
            ImportField(
                "allocator_factor",
                self.env._("Allocator Factor"),
                kind="number",
                aliases=("k", "factor", "koeficientas", "коэффициент"),
            ),
            ImportField("container_volume", self.env._("Volume of a Container"), kind="number"),
            ImportField("container_count", self.env._("Containers"), kind="integer"),
        ]

    @api.model
    def _exchange_fields(self):
        return [
            ImportField(
                "old_serial",
                self.env._("Removed Meter, Serial Number"),
                aliases=("old meter", "old serial", "senas skaitiklis", "старый счетчик"),
                looks_up=self.env._("the meter that hung there, by its serial number"),
            ),
            *value_fields(
                self.env,
                "old_reading",
                self.env._("Removed Meter, Last Reading"),
                ("final reading", "galutinis rodmuo", "конечное показание"),
                ("old reading", "final reading", "galutinis rodmuo", "конечное показание"),
            ),
        ]

    @api.model
    def _proof_fields(self):
        seals = self.env["utility.meter.seal"]._fields
        return [
            ImportField(
                "verified_on",
                self.env._("Verified on"),
                kind="date",
                aliases=("verified", "patikra", "patikros data", "дата поверки", "дата повірки"),
            ),
            ImportField(
                "valid_until",
                self.env._("Verification Valid until"),
                kind="date",
                aliases=("valid until", "patikra iki", "galioja iki", "поверка до"),
                help=self.env._("Empty: as the meter's type says."),
            ),
            ImportField(
                "certificate",
                self.env._("Certificate Number"),
                aliases=("certificate", "sertifikatas", "свидетельство"),
            ),
            ImportField("seal", self.env._("Seal Number"), aliases=("seal", "plomba", "пломба")),
            ImportField(
                "seal_place",
                self.env._("Seal, Place"),
                kind="selection",
                choices=tuple(seals["place"]._description_selection(self.env)),
            ),
        ]

    @api.model
    def _key_fields(self):
        return ("serial", "meter_type")

    @api.model
    def _target_models(self):
        return {
            "utility.reading": ("create",),
            "utility.meter.seal": ("create",),
            "utility.meter.verification": ("create", "write"),
            "utility.meter.installation": ("create", "write"),
            "utility.meter": ("create", "write"),
        }

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        found = MeterReferences(self.env, items, ("serial", "old_serial"))
        self._find_premises(items, found)
        types = self._types()
        for item in items:
            self._find_device(item, found, types)
        self._refuse_forbidden(items, found)
        proofs = self._proofs(items)
        firsts = self._first_readings(items)
        taken = {}
        for item in items:
            if item.is_good:
                self._plan_place(batch.profile_id, item, found, taken, firsts)
                self._plan_verification(batch.profile_id, item, proofs)
                self._plan_seal(batch.profile_id, item, proofs)
                self._plan_device(batch.profile_id, item)

    @api.model
    def _find_premises(self, items, found):
        """The points at premises that rows name, where they name neither a point nor an account."""
        references = PremiseReferences(self.env)
        named = [
            item
            for item in items
            if not (item.get("point_code") or item.get("number")) and references.add(item)
        ]
        references.look_up()
        for item in named:
            item.plan["premise_id"] = references.get(item)
        found.look_up_premises({item.plan["premise_id"] for item in named} - {None})

    @api.model
    def _types(self):
        """{code or name, in lower case: meter type} that the company may use."""
        kinds = self.env["utility.meter.type"].search(
            [("company_id", "in", (False, self.env.company.id))]
        )
        found = {kind.name.casefold(): kind for kind in kinds}
        found.update((kind.code.casefold(), kind) for kind in kinds)
        return found

    @api.model
    def _find_device(self, item, found, types):
        """The meter on record and its type."""
        word = item.get("meter_type")
        kind = types.get(word.casefold()) if word else None
        if word and not kind:
            item.fail(
                self.env._("there is no meter type “%s”: make it in Configuration", word),
                "meter_type",
            )
            return
        meters = [
            meter
            for meter in found.by_serial.get(item.get("serial"), ())
            if not kind or meter["type_id"] == kind.id
        ]
        if not kind and len(meters) != 1:
            item.fail(
                self.env._(
                    "%(count)s meters have the serial number “%(serial)s”: name the type",
                    count=len(meters),
                    serial=item.get("serial"),
                )
                if meters
                else self.env._("a new meter needs its type"),
                "meter_type",
            )
            return
        item.plan["record"] = record = meters[0] if meters else None
        item.plan["type"] = kind or self.env["utility.meter.type"].browse(record["type_id"])
        item.plan["registers"] = (
            found.registers[record["id"]] if record else self._type_registers(kind)
        )

    @api.model
    def _type_registers(self, kind):
        """The registers that a new meter of the type will have, as `MeterReferences` has them."""
        return [
            {
                "id": None,
                "code": register.code,
                "name": register.name,
                "purpose": register.purpose,
                "counting": register.counting,
                "zone": register.zone_id.code,
            }
            for register in kind.register_ids.sorted("sequence")
        ]

    @api.model
    def _refuse_forbidden(self, items, found):
        records = [item.plan["record"]["id"] for item in items if item.plan.get("record")]
        may = self._permitted("utility.meter", records, "write")
        for item in items:
            if item.plan.get("record") and item.plan["record"]["id"] not in may:
                item.fail(self.env._("you may not change meter %s", item.get("serial")))
        found.permitted = self._permitted("utility.service.point", list(found.service_of), "read")

    @api.model
    def _plan_device(self, profile, item):
        """What becomes of the meter itself, and with all that was planned before, of the row."""
        if not item.is_good:
            return
        record = item.plan["record"]
        wanted = {name: item.values[name] for name in PLAIN if name in item.values}
        if not record:
            item.action = CREATE
            return
        item.becomes("utility.meter", record["id"])
        if profile.existing == "update":
            self._note_changes(item, "utility.meter", record, wanted)
        facts = ("installation", "initials", "verification", "seal")
        changed = item.changes or any(item.plan.get(name) for name in facts)
        item.action = UPDATE if changed else UNCHANGED
