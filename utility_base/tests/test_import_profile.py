import base64
import json

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportProfile(ImportCommon):
    """Mapping: what stands in a cell and what it is read as."""

    def column(self, profile, name):
        return profile.column_ids.filtered(lambda column: column.field_name == name)

    def parsed(self, profile, content):
        return [row.parsed for row in self.rows(self.read(profile, content))]

    def with_sample(self, profile, content):
        profile.write({"sample_file": base64.b64encode(content.encode()), "sample_name": "s.csv"})
        return profile

    def test_lookup_formula_and_constant(self):
        profile = self.whole_profile()
        kind = self.column(profile, "kind")
        kind.write({"expression": '"legal" if begins(column("payer"), "UAB") else "individual"'})
        self.column(profile, "services").write(
            {
                "lookup_ids": [
                    (0, 0, {"source": "water+heat", "target": "CW HEAT"}),
                    (0, 0, {"source": "water", "target": "CW"}),
                ],
                "lookup_strict": True,
            }
        )
        self.column(profile, "share").default_value = "50"
        self.column(profile, "payer_name").write({"conversion": "spaces"})
        number = self.number(1)
        content = (
            "account;payer;city;street;house;flat;services;opened\n"
            f"{number};  UAB   Namas ;Kaunas;L;12;1;water+heat;2026-01-01\n"
            f"{self.number(2)};Jonas;Kaunas;L;12;2;gas;2026-01-01\n"
        )
        first, second = self.rows(self.read(profile, content))
        self.assertEqual(first.parsed["kind"], "legal")
        self.assertEqual(first.parsed["services"], "CW HEAT")
        self.assertEqual(first.parsed["share"], 50)
        self.assertEqual(first.parsed["payer_name"], "UAB Namas")
        self.assertEqual(first.source["payer"], "  UAB   Namas ", "the source as it came")
        self.assertEqual(second.reason, "Services: “gas” is not in the table of values")

    def test_numbers_and_dates_as_the_profile_says(self):
        profile = self.make_profile(
            "opening",
            {"number": "a", "amount": "b", "date_due": "c"},
            decimal_sign="comma",
            thousands_sign="point",
            date_formats="dd.mm.yy",
            journal_id=self.env["account.journal"]
            .create(
                {
                    "name": "Opening",
                    "code": "OPN",
                    "type": "general",
                }
            )
            .id,
            opening_account_id=self.env["account.account"]
            .create(
                {
                    "name": "Opening",
                    "code": "300999",
                    "account_type": "equity",
                    "company_ids": [(6, 0, self.company.ids)],
                }
            )
            .id,
        )
        parsed = self.parsed(profile, "a;b;c\n1;1.234,56;31.12.25\n2;-0,5;01.02.26\n3;1.2;1.1.26\n")
        self.assertEqual(parsed[0], {"number": "1", "amount": 1234.56, "date_due": "2025-12-31"})
        self.assertEqual(parsed[1]["amount"], -0.5)
        self.assertEqual(parsed[2]["amount"], "1.2", "what cannot be read stays as it is")

    def test_dangerous_formulas(self):
        column = self.column(self.whole_profile(), "kind")
        for text in (
            "value.__class__",
            "().__class__",
            '__import__("os")',
            "[x for x in value]",
            "9 ** 9 ** 9",
            "lambda: 1",
            "open('x')",
            "value" * 200,
            "1 +",
        ):
            with self.assertRaises(ValidationError, msg=text), self.env.cr.savepoint():
                column.expression = text

    def test_formula_that_fails_makes_the_row_bad(self):
        profile = self.whole_profile()
        self.column(profile, "share").write({"expression": "100 / number(column('flat'))"})
        content = self.whole_file(1) + self.whole_file(1, first=2).split("\n")[1].replace(
            ";12;2;", ";12;0;"
        )
        bad = self.rows(self.read(profile, content), "invalid")
        self.assertIn("Share, %: the formula fails: float division by zero", bad.reason)

    def test_text_that_grows_is_stopped(self):
        profile = self.whole_profile()
        grow = "replace(" * 6 + "value" + ", '1', '1111111111')" * 6
        self.column(profile, "kind").write({"source": "account", "expression": grow})
        batch = self.read(profile, self.whole_file(1))
        self.assertIn("the formula fails", self.rows(batch).reason)

    def test_needed_by_the_profile(self):
        profile = self.whole_profile()
        self.column(profile, "payer_name").required = True
        content = self.whole_file(1).replace("Payer 1", " ")
        self.assertEqual(self.rows(self.read(profile, content)).reason, "Payer, Name: is empty")

    def test_mapping_is_guessed_from_headers(self):
        profile = self.with_sample(
            self.make_profile("accounts_whole", {}),
            "Mokėtojo "
            "kodas;Mokėtojas;Miestas;Gatvė;Namas;Butas;Paslaugos;E-MAIL\n1;2;3;4;5;6;7;8\n",
        )
        profile.action_guess()
        found = {column.field_name: column.source for column in profile.column_ids if column.source}
        self.assertEqual(
            found,
            {
                "number": "Mokėtojo kodas",
                "payer_name": "Mokėtojas",
                "locality": "Miestas",
                "street": "Gatvė",
                "building": "Namas",
                "unit": "Butas",
                "services": "Paslaugos",
                "payer_email": "E-MAIL",
            },
        )

    def test_preview_beside_the_mapping(self):
        profile = self.with_sample(self.whole_profile(), self.whole_file(2))
        self.assertEqual(profile.sample_headers[:3], ["account", "payer", "city"])
        self.assertIn("Payer 2", profile.sample_html)
        self.assertIn("Account Number", profile.read_html)
        with Form(profile) as form:
            with form.column_ids.edit(10) as line:
                line.source = "nothing"
            self.assertIn("has no column", form.read_html)
            with form.column_ids.edit(10) as line:
                line.source = "payer"
            self.assertIn("“Payer 1” is no date of the form", form.read_html)

    def test_preview_of_a_broken_sample(self):
        profile = self.with_sample(self.whole_profile(), "a;a\n1;2\n")
        self.assertIn("Two columns are called", profile.sample_html)
        profile = self.with_sample(self.whole_profile(), "<b>a</b>;b\n<script>;2\n")
        self.assertNotIn("<script>", profile.sample_html)

    def test_another_target_has_other_fields(self):
        profile = self.whole_profile()
        profile.target = "premises"
        profile.invalidate_recordset()
        self.assertEqual(profile.column_ids[0].field_name, "registry_code")
        self.assertFalse(self.column(profile, "payer_name"))
        self.assertEqual(self.column(profile, "street").source, "street")

    def test_profile_travels_as_a_file(self):
        profile = self.whole_profile(decimal_sign="comma")
        self.column(profile, "services").lookup_ids = [(0, 0, {"source": "1", "target": "CW"})]
        action = profile.action_export()
        attachment = self.env["ir.attachment"].browse(
            int(action["url"].split("/")[3].split("?")[0])
        )
        data = json.loads(attachment.raw)
        data["utility_import_profiles"][0]["name"] = "Came by mail"
        wizard = self.env["utility.import.profile.load.wizard"].create(
            {
                "file": base64.b64encode(json.dumps(data).encode()),
            }
        )
        loaded = self.env["utility.import.profile"].search(wizard.action_load()["domain"])
        self.assertEqual((loaded.name, loaded.decimal_sign), ("Came by mail", "comma"))
        self.assertEqual(self.column(loaded, "services").lookup_ids.target, "CW")
        self.assertEqual(self.column(loaded, "number").source, "account")
        self.assertEqual(len(loaded.column_ids), len(profile.column_ids))
        with self.assertRaises(UserError):
            self.env["utility.import.profile"]._import_json("[1]")

    def test_copy(self):
        copy = self.whole_profile().copy()
        self.assertEqual(copy.name, "Test accounts_whole (copy)")
        self.assertEqual(self.column(copy, "number").source, "account")

    def test_signs_must_differ(self):
        with self.assertRaises(ValidationError):
            self.whole_profile(decimal_sign="comma", thousands_sign="comma")
