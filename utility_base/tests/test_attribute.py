from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UtilityCommon


class AttributeCase(UtilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = cls.env["utility.attribute.value"]
        cls.livestock = cls.make_attribute(
            "livestock_heads", has_range=True, minimum=0, maximum=50, decimals=0
        )
        cls.norm_area = cls.make_attribute(
            "norm_area", uom_id=cls.env.ref("uom.product_uom_square_meter").id
        )


@tagged("post_install", "-at_install")
class TestAttribute(AttributeCase):
    def test_every_type_holds_its_value(self):
        stove = self.make_attribute(
            "stove",
            "choice",
            choice_ids=[
                Command.create({"name": "Gas stove", "code": "gas"}),
                Command.create({"name": "Electric", "code": "electric"}),
            ],
        )
        rows = (
            (self.norm_area, 54.126, 54.13, "54.13 m²"),
            (self.make_attribute("door_code", "text"), "12#3", "12#3", "12#3"),
            (self.make_attribute("has_bath", "boolean"), True, True, "Yes"),
            (
                self.make_attribute("built_on", "date"),
                "1986-05-04",
                self.day("1986-05-04"),
                "05/04/1986",
            ),
            (stove, "gas", "gas", "Gas stove"),
            (stove, "Electric", "electric", "Electric"),
        )
        for premise, (attribute, raw, value, text) in zip(
            (self.flat, self.flat, self.flat, self.flat, self.flat, self.flat_2), rows, strict=True
        ):
            fact = self.make_value(attribute, premise, raw)
            self.assertEqual(fact._value(), value)
            self.assertEqual(fact.value_display, text)
            self.assertEqual(fact.owner_name, premise.address)

    def test_out_of_range_names_attribute_owner_and_limits(self):
        for raw in (-1, 51):
            with self.assertRaisesRegex(
                ValidationError,
                f"Livestock heads of Savanorių pr. 12-1, Kaunas: {raw} is out of range, .* 0 to 50",
            ):
                self.make_value(self.livestock, self.flat, raw)
        for raw, premise in ((0, self.flat), (50, self.flat_2)):
            self.make_value(self.livestock, premise, raw)

    def test_choice_must_be_one_of_the_list(self):
        stove = self.make_attribute(
            "stove",
            "choice",
            choice_ids=[
                Command.create({"name": "Gas stove", "code": "gas"}),
            ],
        )
        heating = self.make_attribute(
            "heating_kind",
            "choice",
            choice_ids=[
                Command.create({"name": "Central", "code": "central"}),
            ],
        )
        with self.assertRaisesRegex(ValidationError, "no choice “wood”. Possible: Gas stove"):
            self.make_value(stove, self.flat, "wood")
        for choice_id in (False, heating.choice_ids.id):
            with self.assertRaisesRegex(
                ValidationError, "Stove of .*12-1.*choose one of Gas stove"
            ):
                self.values.create(
                    {
                        "attribute_id": stove.id,
                        "premise_id": self.flat.id,
                        "choice_id": choice_id,
                    }
                )

    def test_text_and_date_must_say_something(self):
        for value_type, raw in (("text", ""), ("date", False)):
            attribute = self.make_attribute(f"some_{value_type}", value_type)
            with self.assertRaisesRegex(ValidationError, "12-1, Kaunas: the value is missing"):
                self.make_value(attribute, self.flat, raw)

    def test_only_what_may_have_it_has_it(self):
        flats_only = self.make_attribute(
            "rooms",
            premise_type_ids=[
                Command.set(self.flat.type_id.ids),
            ],
        )
        self.make_value(flats_only, self.flat, 3)
        for owner in (self.house, self.account, self.jonas):
            with self.assertRaisesRegex(ValidationError, "Rooms is not an attribute of"):
                self.make_value(flats_only, owner, 3)
        for_all = self.make_attribute(
            "rank", for_accounts=True, for_service_points=True, for_partners=True
        )
        point = self.make_point(self.make_service(), self.flat, "P-1")
        for owner in (self.flat, self.account, self.jonas, point):
            self.assertEqual(self.make_value(for_all, owner, 7)._owner(), owner)

    @mute_logger("odoo.sql_db")
    def test_value_has_exactly_one_owner(self):
        for owners in ({}, {"premise_id": self.flat.id, "account_id": self.account.id}):
            with self.assertRaisesRegex(ValidationError, "belongs to exactly one"):
                self.values.create(
                    {
                        "attribute_id": self.livestock.id,
                        "value_number": 1,
                        **owners,
                    }
                )

    def test_values_are_dated(self):
        self.make_value(self.norm_area, self.flat, 50, "2020-01-01")
        old = self.values.search([("attribute_id", "=", self.norm_area.id)])
        old._supersede({"value_number": 54.5}, date_start=self.day("2026-02-01"))
        self.assertEqual(self.flat.attribute_on("norm_area", "2026-01-31"), 50)
        self.assertEqual(self.flat.attribute_on("norm_area", "2026-02-01"), 54.5)
        self.assertEqual(self.flat.attribute_on("norm_area"), 54.5)
        self.assertIsNone(self.flat.attribute_on("norm_area", "2019-12-31"))
        self.assertIsNone(self.flat_2.attribute_on("norm_area"))

    def test_overlapping_values_name_owner_and_attribute(self):
        self.make_value(self.norm_area, self.flat, 50, "2020-01-01")
        with self.assertRaisesRegex(ValidationError, "Norm area.*12-1.*overlaps.*50.00 m²"):
            self.make_value(self.norm_area, self.flat, 51, "2026-01-01")
        self.make_value(self.norm_area, self.flat_2, 51, "2026-01-01")

    def test_required_attribute_is_missed_and_found(self):
        self.make_attribute(
            "must_know",
            required=True,
            premise_type_ids=[
                Command.set(self.flat.type_id.ids),
            ],
        )
        attribute = self.env["utility.attribute"].search([("code", "=", "must_know")])
        self.make_value(attribute, self.flat, 1, "2026-01-01", "2026-03-15")
        self.make_value(attribute, self.flat_2, 1, "2026-03-16")
        self.assertIn("Must know", self.flat.missing_attributes, "it ended yesterday")
        self.assertNotIn("Must know", self.flat_2.missing_attributes or "")
        self.assertNotIn("Must know", self.house.missing_attributes or "")
        (
            self.env["utility.attribute"].search([("required", "=", True)]) - attribute
        ).required = False
        flats = [("parent_id", "=", self.entrance.id)]
        premises = self.env["utility.premise"]
        self.assertEqual(
            premises.search([*flats, ("is_incomplete", "=", True)]), self.flat | self.flat_3
        )
        self.assertEqual(premises.search([*flats, ("is_incomplete", "=", False)]), self.flat_2)

    def test_definition_keeps_its_type_once_used(self):
        self.make_value(self.livestock, self.flat, 3)
        with self.assertRaisesRegex(ValidationError, "Values are recorded already"):
            self.livestock.value_type = "text"
        self.norm_area.value_type = "text"

    def test_code_can_stand_in_a_formula(self):
        for code in ("heated area", "2nd", "a-b", "class", ""):
            with self.assertRaisesRegex(ValidationError, "cannot be used in formulas"):
                self.make_attribute("good").write(
                    {"code": code or False} if code else {"code": " "}
                )
            self.env["utility.attribute"].search([("code", "=", "good")]).active = False
            self.env["utility.attribute"].with_context(active_test=False).search(
                [("code", "=", "good")]
            ).unlink()

    @mute_logger("odoo.sql_db")
    def test_limits_of_a_definition(self):
        for vals in ({"minimum": 5, "maximum": 4, "has_range": True}, {"decimals": 7}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.livestock.write(vals)
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestMassChange(AttributeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flats = cls.flat | cls.flat_2 | cls.flat_3
        cls.make_value(cls.livestock, cls.flat, 4)
        cls.make_value(cls.livestock, cls.flat_2, 40)

    def _wizard(self, **vals):
        return self.env["utility.attribute.mass.wizard"].create(
            {
                "attribute_id": self.livestock.id,
                "model": "utility.premise",
                "domain": f"[('id', 'in', {self.flats.ids})]",
                "date_start": "2026-04-01",
                **vals,
            }
        )

    def _on(self, day):
        return [flat.attribute_on("livestock_heads", day) for flat in self.flats]

    def _preview(self, wizard):
        wizard.action_preview()
        return [
            (line.owner[-10:], line.before, line.after, line.problem or "")
            for line in wizard.line_ids
        ]

    def test_set_previews_and_keeps_history(self):
        wizard = self._wizard(operation="set", value_number=4, note="Census 2026")
        self.assertEqual(
            self._preview(wizard),
            [
                ("-2, Kaunas", "40", "4", ""),
                ("-3, Kaunas", "", "4", ""),
            ],
        )
        self.assertEqual((wizard.total, wizard.changing), (3, 2))
        self.assertEqual(self._on("2026-04-01"), [4, 40, None], "a preview records nothing")
        wizard.action_run()
        self.assertEqual(self._on("2026-03-31"), [4, 40, None])
        self.assertEqual(self._on("2026-04-01"), [4, 4, 4])
        self.assertEqual(
            self.flat_2.attribute_value_ids.sorted("date_start")[-1].note, "Census 2026"
        )
        with self.assertRaisesRegex(UserError, "Nothing changes"):
            self._wizard(operation="set", value_number=4).action_run()

    def test_add_and_multiply_touch_only_what_has_a_value(self):
        wizard = self._wizard(operation="add", value_number=2)
        self.assertEqual(
            self._preview(wizard),
            [
                ("-1, Kaunas", "4", "6", ""),
                ("-2, Kaunas", "40", "42", ""),
            ],
        )
        wizard.action_run()
        self._wizard(operation="multiply", value_number=1.1, date_start="2026-05-01").action_run()
        self.assertEqual(self._on("2026-04-30"), [6, 42, None])
        self.assertEqual(self._on("2026-05-01"), [7, 46, None], "6.6 and 46.2 without decimals")

    def test_out_of_range_is_shown_and_left_alone(self):
        wizard = self._wizard(operation="add", value_number=11)
        self.assertEqual(self._preview(wizard)[1], ("-2, Kaunas", "40", "51", "Out of range"))
        self.assertEqual(wizard.changing, 1)
        wizard.action_run()
        self.assertEqual(self._on("2026-04-01"), [15, 40, None])

    def test_same_day_is_left_to_hand(self):
        wizard = self._wizard(operation="add", value_number=1, date_start="2020-01-01")
        self.assertIn("begins on this very day", self._preview(wizard)[0][3])
        with self.assertRaisesRegex(UserError, "Nothing changes"):
            wizard.action_run()

    def test_value_that_rounds_to_what_is_there_is_no_change(self):
        self.make_value(self.norm_area, self.flat, 54.13)
        wizard = self._wizard(
            attribute_id=self.norm_area.id,
            operation="set",
            value_number=54.1299,
            domain=f"[('id', '=', {self.flat.id})]",
        )
        self.assertEqual(self._preview(wizard), [])

    def test_planned_value_ends_the_new_one(self):
        self.make_value(self.livestock, self.flat_3, 9, "2026-06-01")
        self._wizard(operation="set", value_number=5).action_run()
        self.assertEqual(self._on("2026-04-01"), [5, 5, 5])
        self.assertEqual(self._on("2026-06-01"), [5, 5, 9])

    def test_filter_is_data_never_code(self):
        for domain in (
            "__import__('os').system('true')",
            "[('name', '=', open('/etc/passwd').read())]",
            "[('name'",
            "[('no_such_field', '=', 1)]",
            "42",
            "('" * 200,
        ):
            with self.subTest(domain[:40]), self.assertRaisesRegex(UserError, "cannot be read"):
                self._wizard(domain=domain).action_preview()

    def test_value_must_be_given(self):
        text = self.make_attribute("door_code", "text")
        with self.assertRaisesRegex(UserError, "Say which value Door code gets"):
            self._wizard(attribute_id=text.id).action_preview()

    def test_attribute_of_another_kind_of_record(self):
        with self.assertRaisesRegex(UserError, "Livestock heads is not an attribute of that kind"):
            self._wizard(model="utility.account", domain="[]").action_preview()
