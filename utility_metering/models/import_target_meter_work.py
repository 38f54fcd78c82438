from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create
from odoo.addons.utility_base.tools.import_item import CREATE

from .import_target_meter import PLAIN


class ImportTargetMeter(models.AbstractModel):
    """Writing meters with all that belongs to them, and taking them back."""

    _inherit = "utility.import.target.meter"

    @api.model
    def _write(self, batch, items):
        self._make_meters([item for item in items if item.action == CREATE])
        meters = self.env["utility.meter"]
        self._update_all(
            [
                (meters.browse(item.res_id), item.plan["vals"])
                for item in items
                if item.plan.get("vals")
            ]
        )
        finals = self._removal_readings(batch, items)
        self._remove_old(items)
        self._install(items)
        readings = finals + self._first_values(batch, items)
        self.env["utility.import.target.reading"]._record(readings)
        self._make_proofs(items)

    @api.model
    def _make_meters(self, items):
        meters = bulk_create(
            self.env["utility.meter"],
            [self._prepare_meter(item) for item in items],
            replaced=("_check_company",),
            # its create makes the registers, which is done below
            known_creators=("utility_metering",),
        )
        of_type = {
            kind: [register._prepare_register_vals() for register in kind.register_ids]
            for kind in {item.plan["type"] for item in items}
        }
        registers = []
        for item, meter_id in zip(items, meters.ids, strict=True):
            item.becomes("utility.meter", meter_id)
            item.has_made("utility.meter", meter_id)
            registers += [{"meter_id": meter_id, **vals} for vals in of_type[item.plan["type"]]]
        bulk_create(
            self.env["utility.meter.register"],
            [{**vals, "company_id": self.env.company.id} for vals in registers],
            replaced=("_check_company",),
            shortcuts={"company_id": ()},
        )

    @api.model
    def _prepare_meter(self, item):
        return {
            "serial": item.get("serial"),
            "type_id": item.plan["type"].id,
            "company_id": self.env.company.id,
            **{name: item.values[name] for name in PLAIN if name in item.values},
        }

    # -- where it hangs ---------------------------------------------------------------------

    @api.model
    def _remove_old(self, items):
        """An exchange shares its day: the old meter ends on the day on which the new one begins."""
        by_day = defaultdict(list)
        for item in items:
            if item.plan.get("closes"):
                by_day[item.plan["day"]].append(item.plan["closes"]["id"])
        for day, ids in by_day.items():
            self.env["utility.meter.installation"].browse(ids)._close(day)

    @api.model
    def _install(self, items):
        new = [item for item in items if item.plan.get("installation")]
        installations = bulk_create(
            self.env["utility.meter.installation"],
            [{"meter_id": item.res_id, **item.plan["installation"]} for item in new],
            replaced=("_check_kind", "_check_company"),
            # its create moves the readings of an installation that is corrected: none here
            known_creators=("utility_metering",),
        )
        for item, installation_id in zip(new, installations.ids, strict=True):
            item.has_made("utility.meter.installation", installation_id)
            item.plan["hangs"] = installation_id

    # -- what it showed ---------------------------------------------------------------------

    @api.model
    def _removal_readings(self, batch, items):
        return [
            (
                item,
                self._prepare_reading(
                    batch,
                    register["id"],
                    item.plan["closes"]["id"],
                    item.plan["day"],
                    value,
                    "final",
                ),
            )
            for item in items
            if item.plan.get("closes")
            for register, value in item.plan["finals"]
        ]

    @api.model
    def _first_values(self, batch, items):
        wanted = [item for item in items if item.plan.get("initials")]
        registers = self._registers_of([item.res_id for item in wanted])
        readings = []
        for item in wanted:
            place = item.plan.get("current") or {
                "id": item.plan["hangs"],
                "start": item.plan["day"],
            }
            for register, value in item.plan["initials"]:
                vals = self._prepare_reading(
                    batch,
                    register["id"] or registers[item.res_id, register["code"]],
                    place["id"],
                    place["start"],
                    value,
                    "initial",
                )
                readings.append((item, vals))
        return readings

    @api.model
    def _registers_of(self, meter_ids):
        return {
            (meter_id, code): register_id
            for meter_id, code, register_id in self.env.execute_query(
                SQL(
                    "SELECT meter_id, code, id FROM utility_meter_register "
                    "WHERE meter_id = ANY(%s)",
                    list(meter_ids),
                )
            )
        }

    @api.model
    def _prepare_reading(self, batch, register_id, installation_id, day, value, reading_type):
        return {
            "register_id": register_id,
            "installation_id": installation_id,
            "date": day,
            "value": value,
            "source": "file",
            "reading_type": reading_type,
            "import_batch_id": batch.id,
        }

    # -- verifications and seals ------------------------------------------------------------

    @api.model
    def _make_proofs(self, items):
        verifications = self.env["utility.meter.verification"]
        for item in items:
            fact = item.plan.get("verification")
            if fact and item.action != CREATE and not fact.get("replaces_id"):
                verifications._end_earlier({"meter_id": item.res_id, **fact})
        self._make_facts(items, "verification", verifications._name)
        self._make_facts(items, "seal", "utility.meter.seal", company_id=self.env.company.id)

    @api.model
    def _make_facts(self, items, name, model, **further):
        wanted = [item for item in items if item.plan.get(name)]
        facts = self._record_facts(
            model,
            [{"meter_id": item.res_id, **further, **item.plan[name]} for item in wanted],
            # a verification's create ends the one before it, which is done already
            known_creators=("utility_metering",),
        )
        for item, fact_id in zip(wanted, facts.ids, strict=True):
            item.has_made(model, fact_id)

    # -- taking back ------------------------------------------------------------------------

    @api.model
    def _undo(self, made, reason):
        """Void what the batch installed, let meters that it removed hang again, reject its
        readings and archive its meters.

        :raise UserError: something was recorded since that builds on it
        """
        installations = self._made(made, "utility.meter.installation")
        readings = self._made(made, "utility.reading")
        meters = self._made(made, "utility.meter")
        self._refuse_used(installations, readings, meters)
        self.env["utility.import.target.reading"]._undo(made, reason)
        installations.check_access("write")
        installations._void(reason)
        removed = readings.filtered(lambda reading: reading.reading_type == "final")
        removed.installation_id.filtered("date_end")._supersede({"date_end": False}, reason=reason)
        return super()._undo(
            {
                name: ids
                for name, ids in made.items()
                if name not in ("utility.reading", "utility.meter.installation")
            },
            reason,
        )

    @api.model
    def _made(self, made, model):
        return self.env[model].browse(made.get(model, ())).exists()

    @api.model
    def _refuse_used(self, installations, readings, meters):
        later = self.env["utility.reading"].search(
            [
                ("installation_id", "in", installations.ids),
                ("id", "not in", readings.ids),
                ("voided_at", "=", False),
            ],
            limit=3,
        )
        if later:
            raise UserError(
                self.env._(
                    "These readings were recorded since: %(readings)s. Reject them, or take the "
                    "import back that brought them, first.",
                    readings=", ".join(later.mapped("display_name")),
                )
            )
        moved = (meters.installation_ids - installations).filtered(lambda row: not row.voided_at)
        closed = installations.filtered(lambda row: row.date_end and not row.voided_at)
        if moved or closed:
            raise UserError(
                self.env._(
                    "Meter %(meters)s was removed or moved since: void that first.",
                    meters=", ".join((moved | closed).meter_id.mapped("serial")),
                )
            )
