from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import MeteringCommon


class WorkCase(MeteringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter_type.verification_months = 48
        cls.engineer = cls.make_user("meter_engineer")
        cls.make_reading(cls.register, "2026-02-28", 340)

    def start(self, operation, user=None, **defaults):
        """The wizard as the engineer gets it on the screen."""
        context = {f"default_{name}": value for name, value in defaults.items()}
        works = self.env["utility.meter.work"].with_user(user or self.engineer)
        return Form(
            works.with_context(default_operation=operation, **context),
            f"utility_metering.meter_work_{operation}_view_form",
        )

    def apply(self, form):
        action = form.save().action_apply()
        return self.env["utility.meter.act"].browse(action["res_id"])

    def exchange(self, final=350, serial="B200", date="2026-03-10", **defaults):
        form = self.start("install", service_point_id=self.point.id, **defaults)
        form.date = date
        form.new_serial = serial
        with form.line_ids.edit(0) as line:
            line.value = final
        with form.line_ids.edit(1) as line:
            line.value = 2
        return form

    def assertRefused(self, form, words, error=UserError):
        with self.assertRaises(error) as caught, self.cr.savepoint():
            self.apply(form)
        self.assertIn(words, str(caught.exception))
        self.env.invalidate_all()

    def readings_of(self, meter):
        readings = self.env["utility.reading"].search(
            [("meter_id", "=", meter.id), ("state", "=", "accepted")], order="date, id"
        )
        return [(str(row.date), row.value, row.reading_type) for row in readings]


@tagged("post_install", "-at_install")
class TestInstall(WorkCase):
    def test_first_meter_of_a_point(self):
        form = self.start("install", service_point_id=self.point_2.id)
        self.assertFalse(form.meter_id)
        form.new_serial = " B200 "
        form.new_type_id = self.meter_type
        form.date = "2026-03-01"
        form.verified_on = "2026-02-28"
        self.assertEqual(str(form.valid_until), "2030-02-28")
        form.customer_name = "Ona"
        with form.line_ids.edit(0) as line:
            line.value = 1.5
        with form.seal_ids.new() as seal:
            seal.number = "S-1"
        act = self.apply(form)
        meter = act.meter_id
        self.assertEqual((act.kind, act.number, meter.serial), ("installation", "00001", "B200"))
        self.assertEqual(meter.state, "installed")
        self.assertEqual(meter.service_point_id, self.point_2)
        self.assertEqual(str(meter.valid_until), "2030-02-28")
        self.assertEqual(self.readings_of(meter), [("2026-03-01", 1.5, "initial")])
        self.assertEqual(act.seal_ids.number, "S-1")
        self.assertEqual(act.reading_ids.installation_id, meter.installation_id)

    def test_meter_from_the_store_is_found_by_its_number(self):
        spare = self.make_meter("C300")
        form = self.start("install", service_point_id=self.point_2.id)
        form.new_serial = "c300"
        self.assertEqual(form.new_meter_id, spare)
        self.assertEqual(form.new_type_id, self.meter_type)
        act = self.apply(form)
        self.assertEqual(act.meter_id, spare)
        self.assertEqual(spare.state, "installed")

    def test_exchange_in_mid_month_is_one_screen(self):
        form = self.exchange()
        self.assertEqual(form.meter_id, self.meter)
        self.assertEqual(form.new_type_id, self.meter_type)
        self.assertEqual(form.line_ids._records[0]["last_value"], "00340.000")
        act = self.apply(form)
        self.assertEqual((act.kind, act.meter_id), ("exchange", self.meter))
        self.assertEqual(str(self.installation.date_end), "2026-03-10")
        self.assertEqual(self.meter.state, "store")
        new = act.new_meter_id
        self.assertEqual(str(new.installation_id.date_start), "2026-03-10")
        self.assertEqual(
            self.readings_of(self.meter)[-2:],
            [("2026-02-28", 340, "actual"), ("2026-03-10", 350, "final")],
        )
        self.assertEqual(self.readings_of(new), [("2026-03-10", 2, "initial")])

    def test_exchange_takes_terms_and_seals_over(self):
        self.installation._void("Typed again")
        self.make_installation(self.meter, self.point, "2025-01-01", place="Kitchen")
        seal = self.env["utility.meter.seal"].create(
            {"number": "S-9", "meter_id": self.meter.id, "date_start": "2025-01-01"}
        )
        form = self.exchange(old_meter_to="scrapped")
        act = self.apply(form)
        self.assertEqual(act.new_meter_id.installation_id.place, "Kitchen")
        self.assertEqual(str(seal.date_end), "2026-03-10")
        self.assertEqual(act.removed_seal_ids, seal)
        self.assertEqual(self.meter.state, "scrapped")

    def test_old_meter_may_go_to_repair(self):
        self.apply(self.exchange(old_meter_to="repair"))
        self.assertEqual(self.meter.state, "repair")
        self.assertFalse(self.meter.installation_id)
        form = self.start("install", service_point_id=self.point_2.id)
        form.new_serial = "A100"
        self.assertRefused(form, "in repair. End the repair first")
        repair = self.start("repair", meter_id=self.meter.id)
        repair.date = "2026-03-15"
        self.apply(repair)
        self.assertEqual(self.meter.state, "store")

    def test_final_reading_may_not_be_lower(self):
        form = self.exchange(final=339.999)
        self.assertRefused(form, "00339.999, less than 00340.000 on 02/28/2026")
        form = self.exchange(final=0)
        with form.line_ids.edit(0) as line:
            line.unread = True
        act = self.apply(form)
        self.assertEqual(act.reading_ids.reading_type, "initial")

    def test_rolled_over_dial_is_told_apart(self):
        form = self.exchange(final=3)
        with form.line_ids.edit(0) as line:
            line.rollover = True
        act = self.apply(form)
        final = act.reading_ids.filtered(lambda row: row.reading_type == "final")
        self.assertEqual((final.value, final.rollover, final.state), (3, True, "accepted"))

    def test_too_many_digits(self):
        self.assertRefused(self.exchange(final=100000), "has 5 digits before the point")

    def test_days_that_cannot_be(self):
        self.assertRefused(self.exchange(date="2026-03-17"), "is in the future")
        self.assertRefused(self.exchange(date="2026-02-27"), "was read later, on 02/28/2026")
        self.assertRefused(self.exchange(date="2024-12-31"), "was installed on 01/01/2025")

    def test_reading_of_the_same_day_counts_as_the_final_one(self):
        self.make_reading(self.register, "2026-03-10", 350)
        self.assertRefused(self.exchange(final=351), "showed 00350.000, not 00351.000")
        act = self.apply(self.exchange(final=350))
        self.assertEqual(act.reading_ids.reading_type, "initial")

    def test_meter_hangs_elsewhere(self):
        form = self.start("install", service_point_id=self.point_2.id)
        form.new_serial = "A100"
        self.assertRefused(form, "A100 hangs at CW-1")

    def test_meter_is_scrapped(self):
        spare = self.make_meter("C300")
        spare.action_scrap()

        def install():
            form = self.start("install", service_point_id=self.point_2.id)
            form.new_serial = "C300"
            return form

        self.assertRefused(install(), "is scrapped. Put it back to store first")
        spare.with_user(self.engineer).action_to_store()
        self.assertEqual(self.apply(install()).meter_id.state, "installed")

    def test_meter_does_not_replace_itself(self):
        form = self.exchange(serial="A100")
        self.assertRefused(form, "is the meter that hangs there")

    def test_meter_measures_something_else(self):
        gas = self.make_meter_type("G4", service_kind="gas")
        form = self.start("install", service_point_id=self.point_2.id)
        form.new_serial = "G1"
        form.new_type_id = gas
        self.assertRefused(form, "Choose another point", ValidationError)

    def test_verification_after_the_installation(self):
        form = self.exchange()
        form.verified_on = "2026-03-11"
        self.assertRefused(form, "after it was installed")

    def test_installed_meter_is_not_scrapped(self):
        with self.assertRaisesRegex(UserError, "hangs at CW-1"):
            self.meter.action_scrap()

    def test_store_takes_back_only_what_was_scrapped(self):
        with self.assertRaisesRegex(UserError, "is not scrapped"):
            self.meter.action_to_store()


@tagged("post_install", "-at_install")
class TestRemoval(WorkCase):
    def test_removal(self):
        form = self.start("removal", meter_id=self.meter.id)
        form.date = "2026-03-15"
        with form.line_ids.edit(0) as line:
            line.value = 345.25
        act = self.apply(form)
        self.assertEqual((act.kind, act.service_point_id), ("removal", self.point))
        self.assertEqual(self.meter.state, "store")
        self.assertEqual(self.readings_of(self.meter)[-1], ("2026-03-15", 345.25, "final"))

    def test_meter_in_store_cannot_be_removed(self):
        form = self.start("removal", meter_id=self.meter.id)
        self.installation._close("2026-03-01")
        self.assertRefused(form, "hangs nowhere")


@tagged("post_install", "-at_install")
class TestVerification(WorkCase):
    def verify(self, **values):
        form = self.start("verification", meter_id=self.meter.id)
        for name, value in {"date": "2026-03-15", **values}.items():
            form[name] = value
        if form.line_ids._records:
            with form.line_ids.edit(0) as line:
                line.value = 345
        return form

    def test_passed_on_the_spot(self):
        act = self.apply(self.verify(certificate="C-7"))
        self.assertEqual(str(self.meter.verified_on), "2026-03-15")
        self.assertEqual(str(self.meter.valid_until), "2030-03-15")
        self.assertEqual(self.meter.verification_state, "valid")
        self.assertEqual(act.verification_ids.certificate, "C-7")
        self.assertEqual(self.readings_of(self.meter)[-1], ("2026-03-15", 345, "check"))
        self.assertEqual(self.meter.state, "installed")

    def test_failed_puts_it_out_of_use_from_the_next_day(self):
        self.apply(self.verify(result="failed"))
        outage = self.meter.outage_ids
        self.assertEqual((outage.cause, str(outage.date_start)), ("fault", "2026-03-16"))
        self.assertFalse(self.meter.valid_until)
        self.assertTrue(self.meter.has_fault)
        self.assertEqual(self.meter.state, "installed")

    def test_taken_away_and_brought_back(self):
        self.apply(self.verify(date="2026-03-02", verified_at="away"))
        self.assertEqual(self.meter.state, "repair")
        self.assertFalse(self.meter.verification_ids)
        back = self.verify(date="2026-03-12", date_back="2026-03-09")
        self.assertEqual(str(back.valid_until), "2030-03-09")
        self.apply(back)
        outage = self.meter.outage_ids
        self.assertEqual(
            (outage.cause, str(outage.date_start), str(outage.date_end)),
            ("verification", "2026-03-03", "2026-03-12"),
        )
        self.assertEqual(self.meter.state, "installed")
        self.assertEqual(str(self.meter.verified_on), "2026-03-09")

    def test_it_cannot_be_taken_twice(self):
        self.apply(self.verify(date="2026-03-02", verified_at="away"))
        again = self.start("verification", meter_id=self.meter.id, verified_at="away")
        self.assertRefused(again, "goes on since 03/03/2026. End it first")

    def test_days_that_cannot_be(self):
        self.assertRefused(self.verify(date_back="2026-03-16"), "comes after the day of the work")
        self.assertRefused(self.verify(valid_until="2026-03-01"), "cannot end on 03/01/2026")

    def test_state_of_verification(self):
        self.assertEqual(self.meter.verification_state, "unknown")
        for last_day, state in (
            ("2026-03-15", "overdue"),
            ("2026-03-16", "soon"),
            ("2026-06-16", "soon"),
            ("2026-06-17", "valid"),
        ):
            verification = self.env["utility.meter.verification"].create(
                {"meter_id": self.meter.id, "date_start": "2022-01-01", "date_end": last_day}
            )
            self.assertEqual(self.meter.verification_state, state, last_day)
            verification._void("Next")
        self.meter_type.verification_months = 0
        self.assertEqual(self.meter.verification_state, "none")


@tagged("post_install", "-at_install")
class TestRepairAndSeals(WorkCase):
    def repair(self, day, **values):
        form = self.start("repair", meter_id=self.meter.id)
        form.date = day
        for name, value in values.items():
            form[name] = value
        with form.line_ids.edit(0) as line:
            line.value = 345
        return form

    def test_repair_from_start_to_end(self):
        self.apply(self.repair("2026-03-05"))
        self.assertEqual(self.meter.state, "repair")
        self.assertEqual(self.meter.away_cause, "repair")
        self.apply(self.repair("2026-03-11"))
        outage = self.meter.outage_ids
        self.assertEqual(
            (str(outage.date_start), str(outage.date_end)), ("2026-03-06", "2026-03-11")
        )
        self.assertEqual(self.meter.state, "installed")
        self.assertEqual(self.meter.installation_id, self.installation)

    def test_back_on_the_same_day_it_never_was_out_of_use(self):
        self.apply(self.repair("2026-03-05", cause="fault"))
        self.assertEqual(self.meter.state, "installed")
        self.apply(self.repair("2026-03-05"))
        self.assertTrue(self.meter.outage_ids.voided_at)
        self.assertFalse(self.meter.has_fault)

    def test_it_cannot_end_before_it_began(self):
        self.apply(self.repair("2026-03-05"))
        form = self.repair("2026-03-03")
        with form.line_ids.edit(0) as line:
            line.unread = True
        self.assertRefused(form, "Choose a later day")

    def test_seal_is_changed(self):
        old = self.env["utility.meter.seal"].create(
            {"number": "S-1", "meter_id": self.meter.id, "date_start": "2025-01-01"}
        )
        form = self.start("sealing", meter_id=self.meter.id)
        form.removed_seal_ids.add(old)
        with form.seal_ids.new() as seal:
            seal.number = "S-2"
            seal.place = "body"
        act = self.apply(form)
        self.assertEqual(str(old.date_end), "2026-03-16")
        self.assertEqual((act.seal_ids.number, act.seal_ids.place), ("S-2", "body"))
        self.assertFalse(act.reading_ids)

    def test_sealing_wants_a_seal(self):
        form = self.start("sealing", meter_id=self.meter.id)
        self.assertRefused(form, "Type the number of a new seal")


@tagged("post_install", "-at_install")
class TestUndo(WorkCase):
    def undo(self, installation, **values):
        undo = Form(
            self.env["utility.installation.undo"]
            .with_user(self.engineer)
            .with_context(default_installation_id=installation.id)
        )
        for name, value in {"reason": "Wrong line", **values}.items():
            undo[name] = value
        undo.save().action_apply()

    def test_exchange_that_never_was(self):
        act = self.apply(self.exchange())
        new = act.new_meter_id
        self.undo(new.installation_id, mode="void")
        self.assertEqual((new.state, self.meter.state), ("store", "installed"))
        self.assertEqual(self.readings_of(new), [])
        self.assertEqual(set(act.reading_ids.mapped("state")), {"rejected"})
        hanging = self.meter.installation_id
        self.assertFalse(hanging.date_end)
        self.assertEqual(self.readings_of(self.meter)[-1], ("2026-02-28", 340, "actual"))
        readings = self.register.reading_ids.filtered(lambda row: not row.voided_at)
        self.assertEqual(readings.installation_id, hanging)

    def test_seals_and_repair_are_taken_back_with_it(self):
        old_seal = self.env["utility.meter.seal"].create(
            {"number": "S-1", "meter_id": self.meter.id, "date_start": "2025-01-01"}
        )
        form = self.exchange(old_meter_to="repair")
        with form.seal_ids.new() as seal:
            seal.number = "S-2"
        act = self.apply(form)
        self.undo(act.new_meter_id.installation_id, mode="void")
        self.assertEqual(self.meter.state, "installed")
        self.assertTrue(act.seal_ids.voided_at)
        self.assertTrue(old_seal.voided_at)
        live = self.meter.seal_ids.filtered(lambda seal: not seal.voided_at)
        self.assertEqual((live.number, live.date_end), ("S-1", False))
        self.assertIn("Taken back: Wrong line", act.message_ids[:1].body)

    def test_old_meter_may_stay_off(self):
        new = self.apply(self.exchange()).new_meter_id
        self.undo(new.installation_id, mode="void", reopen=False)
        self.assertEqual(self.meter.state, "store")
        self.assertEqual(self.readings_of(self.meter)[-1], ("2026-03-10", 350, "final"))

    def test_exchange_of_another_day(self):
        new = self.apply(self.exchange()).new_meter_id
        self.undo(new.installation_id, date_start="2026-03-05")
        self.assertEqual(str(new.installation_id.date_start), "2026-03-05")
        self.assertEqual(self.readings_of(new), [("2026-03-05", 2, "initial")])
        self.assertEqual(self.readings_of(self.meter)[-1], ("2026-03-05", 350, "final"))
        ended = self.meter.installation_ids.filtered(lambda row: not row.voided_at)
        self.assertEqual(str(ended.date_end), "2026-03-05")

    def test_at_another_point(self):
        self.undo(self.installation, service_point_id=self.point_2)
        self.assertEqual(self.meter.service_point_id, self.point_2)
        live = self.register.reading_ids.filtered(lambda row: row.state == "accepted")
        self.assertEqual(live.service_point_id, self.point_2)
        self.assertEqual(live.premise_id, self.flat_2)
        self.assertEqual(self.installation.void_reason, "Wrong line")

    def test_readings_stand_in_the_way(self):
        with self.assertRaisesRegex(UserError, "Reject that reading first"):
            self.undo(self.installation, date_start="2026-03-01")

    def test_nothing_to_correct(self):
        with self.assertRaisesRegex(UserError, "Type the right day"):
            self.undo(self.installation)


@tagged("post_install", "-at_install")
class TestRoles(WorkCase):
    def test_clerk_and_auditor_do_no_work_at_meters(self):
        values = {
            "operation": "removal",
            "meter_id": self.meter.id,
            "service_point_id": self.point.id,
        }
        for role in ("clerk", "auditor", "billing_operator", "field_controller"):
            works = self.env["utility.meter.work"].with_user(self.make_user(role))
            with self.assertRaises(AccessError, msg=role):
                works.create(values)
        self.assertFalse(self.installation.date_end)

    def test_auditor_changes_nothing(self):
        auditor = self.make_user("auditor")
        with self.assertRaises(AccessError):
            self.make_meter("Z1").with_user(auditor).action_scrap()
        with self.assertRaises(AccessError):
            self.installation.with_user(auditor).void("No")
        with self.assertRaises(AccessError):
            self.env["utility.meter.act"].with_user(auditor).create({"kind": "check"})

    def test_engineer_of_a_building(self):
        engineer = self.make_user("meter_engineer", buildings=self.house)
        form = self.start("removal", user=engineer, meter_id=self.meter.id)
        with form.line_ids.edit(0) as line:
            line.value = 350
        self.assertEqual(self.apply(form).kind, "removal")
        form = self.start("verification", user=engineer, meter_id=self.meter.id)
        self.assertFalse(self.apply(form).premise_id)

    def test_everybody_reads_the_card(self):
        for role in ("clerk", "auditor", "manager", "field_controller"):
            controls = role == "field_controller"
            meter = self.meter.with_user(
                self.make_controller() if controls else self.make_user(role)
            )
            self.assertFalse(meter.is_away)
            titles = [entry["key"] for entry in meter.timeline()]
            self.assertIn("installation", titles, role)
            self.assertIn("reading", titles, role)
