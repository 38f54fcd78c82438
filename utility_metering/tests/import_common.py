"""Files of meters and readings, written in the test, for the house of `MeteringCommon`."""

from odoo.addons.utility_base.tests.import_common import ImportCommon

from .common import MeteringCommon

READINGS = {
    "serial": "meter",
    "meter_type": "type",
    "point_code": "point",
    "number": "account",
    "service": "service",
    "register": "register",
    "date": "date",
    "value": "value",
    "value_t1": "T1",
    "value_t2": "T2",
    "reading_type": "kind",
    "source": "source",
    "note": "note",
    "key": "key",
}
METERS = {
    "serial": "meter",
    "meter_type": "type",
    "point_code": "point",
    "number": "account",
    "service": "service",
    "street": "street",
    "building": "house",
    "unit": "flat",
    "locality": "town",
    "date_installed": "installed",
    "reading": "first",
    "reading_t1": "first T1",
    "reading_t2": "first T2",
    "place": "place",
    "beside": "beside",
    "counting": "counting",
    "ct_ratio": "ct",
    "ownership": "owner",
    "manufacture_year": "year",
    "old_serial": "old meter",
    "old_reading": "old reading",
    "verified_on": "verified",
    "valid_until": "valid until",
    "certificate": "certificate",
    "seal": "seal",
    "allocator_factor": "k",
    "container_volume": "volume",
    "container_count": "containers",
}


class MeterImportCommon(MeteringCommon, ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day_zone, cls.night_zone = cls.env["utility.tou.zone"].create(
            [{"name": "Day", "code": "DAY-T"}, {"name": "Night", "code": "NIGHT-T"}]
        )

    @classmethod
    def profile_of(cls, target, columns, content, **values):
        """A profile that reads those of the columns which are in the file's header."""
        headers = content.split("\n", 1)[0].split(";")
        return cls.make_profile(
            target,
            {name: header for name, header in columns.items() if header in headers},
            **{"name": f"{target} {cls.env['utility.import.profile'].search_count([])}", **values},
        )

    def import_readings(self, content, **values):
        return self.bring_in(self.profile_of("readings", READINGS, content, **values), content)

    def import_meters(self, content, **values):
        return self.bring_in(self.profile_of("meters", METERS, content, **values), content)

    def reason(self, batch, number=None):
        """Why the only bad row, or the row of that number, is bad."""
        rows = self.rows(batch, "invalid")
        if number:
            rows = rows.filtered(lambda row: row.number == number)
        self.assertEqual(len(rows), 1, self.rows(batch).mapped("reason"))
        return rows.reason

    def assert_done(self, batch, imported, unchanged=0):
        self.assertEqual(
            (batch.state, batch.imported_count, batch.unchanged_count),
            ("done" if imported else "validated", imported, unchanged),
            self.rows(batch).mapped("reason"),
        )

    def readings_of(self, register):
        """[(day, value, kind, state)] of the register, earliest first."""
        readings = self.env["utility.reading"].search(
            [("register_id", "=", register.id)], order="date, id"
        )
        return [
            (str(reading.date), reading.value, reading.reading_type, reading.state)
            for reading in readings
        ]

    def meter_named(self, serial):
        return self.env["utility.meter"].search(
            [("serial", "=", serial), ("company_id", "=", self.company.id)]
        )

    @classmethod
    def make_two_rate_meter(cls, serial="E1", point=None):
        """An electricity meter with registers T1 and T2 at a point of its own."""
        cls.power = cls.make_service("EL", name="Electricity", kind="electricity")
        cls.power_point = cls.make_point(cls.power, cls.flat, "EL-1")
        kind = cls.make_meter_type(
            "E2",
            [
                {"code": "T1", "name": "Day", "sequence": 1},
                {"code": "T2", "name": "Night", "sequence": 2},
            ],
            service_kind="electricity",
        )
        meter = cls.make_meter(serial, kind)
        cls.make_installation(meter, cls.power_point, "2025-01-01", initial=0)
        return meter
