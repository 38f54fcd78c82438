import base64

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..tools.export_text import safe_text
from ..tools.import_expression import Expression
from ..tools.import_values import ValueProblem, ValueReader
from .import_common import ImportCommon


@tagged("post_install", "-at_install", "utility_import")
class TestImportRows(ImportCommon):
    """Which rows of a file are read: kinds of rows, totals, rows that end early."""

    def premises(self, **values):
        return self.make_profile(
            "premises",
            {"name": "3", "type": {"default_value": "Town"}},
            has_header=False,
            delimiter="tab",
            **values,
        )

    def test_rows_that_end_early(self):
        content = "P\t1\tKaunas\t\t\nP\t2\tVilnius\nP\t3\tAlytus\t\t\t\t\n"
        batch = self.read_file(self.premises(), content)
        self.assertIn("the row has 3 cells, the header has 5", self.rows(batch)[1].reason)
        batch = self.read_file(self.premises(column_count=4), content)
        self.assertEqual([row.source_problem for row in self.rows(batch)], [False] * 3)
        self.assertEqual(
            [row.parsed["name"] for row in self.rows(batch)][1:], ["Vilnius", "Alytus"]
        )

    def test_first_row_may_be_the_shortest(self):
        batch = self.read_file(self.premises(column_count=4), "P\t1\nP\t2\tVilnius\n")
        self.assertEqual(self.rows(batch)[1].parsed["name"], "Vilnius")

    def test_only_some_rows(self):
        profile = self.premises(row_formula='column("1") == "P"')
        batch = self.read_file(profile, "H\t1\tAll\nP\t2\tVilnius\nT\t3\tEnd\n")
        self.assertEqual(self.rows(batch).mapped("state")[::2], ["skipped", "skipped"])
        self.assertEqual(batch.row_count, 3)
        self.assertIn('only rows where column("1") == "P"', self.rows(batch)[0].skip_reason)
        self.assertEqual(self.rows(batch)[2].source["3"], "End", "what it said is kept")

    def test_left_out_rows_are_not_in_the_preview(self):
        profile = self.premises(row_formula='column("1") == "P"')
        profile.sample_file = base64.b64encode(b"H\t1\tAll\nP\t2\tVilnius\n")
        self.assertIn("All", profile.sample_html)
        self.assertNotIn("All", profile.read_html)
        self.assertIn("Vilnius", profile.read_html)

    def test_totals(self):
        profile = self.premises(
            decimal_sign="comma",
            thousands_sign="space",
            total_ids=[
                (0, 0, {"kind": kind, "condition": f'column("1") == "{mark}"', "value": value})
                for kind, mark, value in (
                    ("amount", "S", 'column("2")'),
                    ("count", "N", 'part(column("2"), " ", -1)'),
                    ("opening", "O", 'column("2")'),
                    ("closing", "C", 'column("2")'),
                    ("debit", "D", 'column("2")'),
                )
            ],
        )
        batch = self.read_file(
            profile,
            "O\t100,00\t\nP\t2\tVilnius\nS\t1 000,50\t\nS\t0,50\t\nN\trows: 12\t\nC\t5\t\nO\t7\t\n"
            "C\t8\t\nD\tnone\t\n",
        )
        self.assertEqual(
            batch.stated, {"opening": "100", "amount": "1001", "count": "12", "closing": "8"}
        )
        self.assertEqual(len(self.rows(batch, "skipped")), 8)
        self.assertFalse(batch.totals_problem, "premises have no totals")

    def test_reader_that_knows_totals(self):
        profiles = type(self.env["utility.import.profile"])
        readers = self.env["utility.import.profile"]._import_readers()
        readers["csv"]["totals"] = lambda profile, stream: {
            "count": len(stream.read()),
            "debit": None,
        }
        self.patch(profiles, "_import_readers", lambda profile: readers)
        batch = self.read_file(self.premises(), "P\t2\tVilnius\n")
        self.assertEqual(batch.stated, {"count": "12"})

    def test_formulas_are_checked(self):
        for values in (
            {"row_formula": "value.x"},
            {"total_ids": [(0, 0, {"kind": "count", "condition": "1", "value": "open(1)"})]},
        ):
            with self.assertRaisesRegex(ValidationError, "cannot be used"):
                self.premises(**values)

    def test_profile_as_a_file(self):
        profile = self.premises(
            column_count=4,
            row_formula='column("1") == "P"',
            total_ids=[(0, 0, {"kind": "count", "condition": "False", "value": "1"})],
        )
        data = profile._export()
        made = profile.create(profile._prepare_from_export(data))
        self.assertEqual(made._export(), data)

    def test_parts_from_the_end(self):
        parts = Expression('part(value, " | ", -1) + part(value, " | ", -3) + part(value, "x", -2)')
        self.assertEqual(parts.evaluate("a | b | c", {}), "ca")

    def test_formulas_remember_by_text(self):
        joined = Expression('column("a") + value')
        found = [joined.evaluate(value, {"a": cell}) for value, cell in ("x1", "x2", "x1", "y1")]
        self.assertEqual(found, ["1x", "2x", "1x", "1y"])
        cell = Expression('column("a")')
        for value in (1, True, 1.0, "1"):
            self.assertIs(type(cell.evaluate("", {"a": value})), type(value))
        named = Expression('column(column("a"))')
        self.assertEqual(named.evaluate("", {"a": "b", "b": "1"}), "1")
        self.assertEqual(named.evaluate("", {"a": "b", "b": "2"}), "2")

    def test_amounts_as_they_are_written(self):
        reader = ValueReader(self.env, ",", " ")
        for text, amount in (
            ("12", 12.0), ("12,3", 12.3), ("+0,05", 0.05), ("-1 234,50", -1234.5), (" 7,00", 7.0),
            (",5", 0.5), ("999999999999,99", 999999999999.99),
        ):  # fmt: skip
            self.assertEqual(reader.read_money(text), amount)
        for text in ("12.3", "1,234", "1 23,0", "", "1,2,3", "--1"):
            with self.assertRaises(ValueProblem, msg=text):
                reader.read_money(text)

    def test_texts_that_go_out(self):
        self.assertEqual(safe_text("=1+1"), "'=1+1")
        self.assertEqual(safe_text("-5,20"), "-5,20")
