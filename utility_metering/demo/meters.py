from odoo import models

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.dial import difference
from . import plan

NAMED = {
    "exchanged": plan.stories.EXCHANGED,
    "rolled": plan.stories.ROLLED,
    "silent": plan.stories.SILENT,
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _metering_plan(self):
        return plan.draw_up(self._town())

    def _load_meters(self):
        """Every meter with its type's registers, its verification, its seal, where it hangs."""
        devices = self._metering_plan().devices
        types = {kind.code: kind for kind in self.env["utility.meter.type"].search([])}
        meters = self.env["utility.meter"].create(
            [
                {
                    "serial": device.serial,
                    "type_id": types[device.type_code].id,
                    "company_id": self.env.company.id,
                    "manufacture_year": device.verified.year,
                    "ownership": "building" if device.place == "cellar" else "company",
                }
                for device in devices
            ]
        )
        hung = list(zip(devices, meters, strict=True))
        self._load_verifications(hung)
        points = self._points()
        self.env["utility.meter.installation"].create(
            [
                self._fact(
                    device.start,
                    device.end,
                    meter_id=meter.id,
                    service_point_id=points[device.point].id,
                    counting=device.counting,
                    place=device.place.capitalize() or False,
                    **device.factors,
                )
                for device, meter in hung
            ]
        )
        self.env["utility.meter.seal"].create(
            [
                self._fact(
                    device.start,
                    number=device.seal,
                    meter_id=meter.id,
                    company_id=self.env.company.id,
                )
                for device, meter in hung
            ]
        )
        self._load_lift_schedule(hung)
        self._load_outages({device.serial: meter for device, meter in hung})
        by_point = {device.point: meter for device, meter in hung}
        self._name_records(**{f"meter_{name}": by_point[point] for name, point in NAMED.items()})

    def _load_verifications(self, hung):
        self.env["utility.meter.verification"].create(
            [
                self._fact(
                    device.verified,
                    meter.type_id._valid_until(device.verified),
                    meter_id=meter.id,
                    certificate=f"MP-{device.verified.year}-{device.serial}",
                )
                for device, meter in hung
            ]
        )

    def _load_lift_schedule(self, hung):
        lifted = [meter.installation_id for device, meter in hung if device.type_code == "LIFTS"]
        self.env["utility.lift.schedule"].create(
            [
                self._fact(
                    self._town().calendar.start,
                    installation_id=installation.id,
                    weekday="1",
                    containers=4,
                )
                for installation in lifted
            ]
        )

    def _load_outages(self, meters):
        self.env["utility.meter.outage"].create(
            [
                self._fact(start, end, meter_id=meters[serial].id, cause=cause)
                for serial, cause, start, end in self._metering_plan().outages
            ]
        )

    # -- readings ---------------------------------------------------------------------------

    def _load_readings(self):
        """Two years of readings as they were accepted, each when it came."""
        planned = self._metering_plan()
        readings = [*self._first_readings(planned.devices), *planned.readings]
        vals_list = self._prepare_reading_vals(readings)
        bulk_create(
            self.env["utility.reading"],
            vals_list,
            # a reading of the plan is one of the meter that hangs there
            replaced=("_check_company", "_check_place"),
            known_creators=("utility_metering",),
        )

    def _first_readings(self, devices):
        """A meter that hung before the history began started at nothing."""
        begins = self._town().calendar.start
        return [
            plan.kinds.Seen(device.serial, dial.code, device.start, 0, "controller", "initial")
            for device in devices
            if device.start < begins and device.type_code != "LIFTS"
            for dial in device.dials
        ]

    def _prepare_reading_vals(self, readings):
        """Values of readings, each with the one before it on its register."""
        registers = self._registers()
        calendar, previous, vals_list = self._town().calendar, {}, []
        for seen in sorted(readings, key=lambda seen: (seen.day, seen.kind != "initial")):
            register = registers[seen.serial, seen.dial]
            before = previous.get(register)
            vals = self._prepare_seen_vals(seen, register)
            vals.update(
                state="accepted",
                recorded_at=calendar.learned(seen.taken or seen.day),
                decided_at=calendar.learned(seen.taken or seen.day),
                decided_by=self.env.ref("utility_base.demo_user_meter_engineer").id,
            )
            if before and register.counting == "cumulative":
                vals.update(previous_date=before.day, previous_value=float(before.value))
                vals["usage"] = (
                    float(difference(before.value, seen.value, register.digits, seen.rollover))
                    * register.multiplier
                    * register.meter_id.installation_ids[:1].factor
                )
            previous[register] = seen
            vals_list.append(vals)
        return vals_list

    def _registers(self):
        """{(serial, code): register}"""
        registers = self.env["utility.meter.register"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return {(register.meter_id.serial, register.code): register for register in registers}

    def _prepare_seen_vals(self, seen, register):
        taken = seen.taken if seen.taken and seen.taken != seen.day else False
        return {
            "register_id": register.id,
            "installation_id": register.meter_id.installation_ids[:1].id,
            "date": seen.day,
            "taken_on": taken,
            "value": float(seen.value),
            "source": seen.source,
            "reading_type": seen.kind,
            "rollover": seen.rollover,
            "note": seen.note or False,
        }

    def _load_late_readings(self):
        """Last month's readings that look wrong came through the front door, and are held."""
        registers = self._registers()
        late = self._metering_plan().late
        self.env["utility.reading"]._record(
            [self._prepare_seen_vals(seen, registers[seen.serial, seen.dial]) for seen in late]
        )
