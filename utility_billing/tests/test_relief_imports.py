from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.utility_base.tests.import_common import ImportCommon

from .relief_common import ReliefCommon

BENEFITS = {
    "number": "account",
    "kind": "benefit",
    "name": "name",
    "premise_code": "premise",
    "date_start": "from",
    "date_end": "to",
    "persons": "persons",
    "value": "percent",
    "document_number": "document",
}
SUBSIDIES = {
    "number": "account",
    "date_start": "month",
    "date_end": "last month",
    "amount": "amount",
    "fund": "fund",
    "register_number": "decision",
    "services": "services",
}


class ReliefImportCommon(ReliefCommon, ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.make_kind("VET")

    def bring(self, target, columns, content, **values):
        headers = content.split("\n", 1)[0].split(";")
        profile = self.make_profile(
            target,
            {name: header for name, header in columns.items() if header in headers},
            name=f"{target} {self.env['utility.import.profile'].search_count([])}",
            **values,
        )
        return self.bring_in(profile, content)

    def outcome(self, batch):
        return [(row.state, row.reason or "") for row in self.rows(batch)]


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestBenefitImport(ReliefImportCommon):
    def benefits(self, content, **values):
        return self.bring("benefits", BENEFITS, content, **values)

    def live(self):
        rows = self.env["utility.benefit"].search([("voided_at", "=", False)], order="date_start")
        return [
            (row.partner_id.name, str(row.date_start), str(row.date_end or ""), row.persons)
            for row in rows
        ]

    def test_the_same_row_twice_changes_nothing(self):
        content = (
            "account;benefit;name;from;to;persons;document\n"
            f"{self.account.number};VET;Jonas Petraitis;2026-01-01;;2;A-17\n"
        )
        self.assertEqual(self.outcome(self.benefits(content)), [("imported", "")])
        self.assertEqual(self.live(), [("Jonas Petraitis", "2026-01-01", "", 2)])
        self.assertEqual(self.outcome(self.benefits(content)), [("unchanged", "")])
        self.assertEqual(len(self.live()), 1)
        self.assertEqual(self.env["utility.benefit"].search([]).document_number, "A-17")

    def test_a_changed_row_supersedes(self):
        head = "account;benefit;from;to;persons\n"
        self.benefits(f"{head}{self.account.number};VET;2026-01-01;;1\n")
        self.benefits(f"{head}{self.account.number};VET;2026-03-01;;3\n")
        self.assertEqual(
            self.live(),
            [
                ("Jonas Petraitis", "2026-01-01", "2026-02-28", 1),
                ("Jonas Petraitis", "2026-03-01", "", 3),
            ],
        )
        # the same days, said otherwise: it was wrong
        self.benefits(f"{head}{self.account.number};VET;2026-03-01;;2\n")
        self.assertEqual([row[3] for row in self.live()], [1, 2])

    def test_a_row_that_only_ends(self):
        head = "account;benefit;from;to\n"
        self.benefits(f"{head}{self.account.number};VET;2026-01-01;\n")
        batch = self.benefits(f"{head}{self.account.number};VET;2026-01-01;2026-06-30\n")
        self.assertEqual(self.rows(batch).state, "imported")
        self.assertEqual(self.live(), [("Jonas Petraitis", "2026-01-01", "2026-06-30", 1)])
        self.assertEqual(self.env["utility.benefit"].search_count([]), 1)

    def test_by_premise(self):
        """Who lives there is known by the name."""
        self.flat_2.registry_code = "R-2"
        self.make_occupancy(self.flat_2, self.ona, "owner", "2020-01-01")
        self.make_person("Ona Kazlauskienė")
        self.benefits("premise;benefit;name;from\nR-2;Benefit VET;ona kazlauskienė;2026-01-01\n")
        benefit = self.env["utility.benefit"].search([])
        self.assertEqual((benefit.premise_id, benefit.partner_id), (self.flat_2, self.ona))

    def test_rows_that_are_held(self):
        batch = self.benefits(
            "account;benefit;name;from;to\n"
            f"{self.account.number};HERO;Jonas Petraitis;2026-01-01;\n"
            "999;VET;Jonas Petraitis;2026-01-01;\n"
            f"{self.account.number};VET;Nobody Known;2026-01-01;\n"
            f"{self.account.number};VET;Jonas Petraitis;2026-02-01;2026-01-01\n"
            ";VET;Jonas Petraitis;2026-01-01;\n"
        )
        words = (
            "there is no kind of benefit “HERO”",
            "there is no account “999”",
            "nobody on record is “Nobody Known”",
            "comes before the first day",
            "neither an account nor a premise",
        )
        for (state, reason), expected in zip(self.outcome(batch), words, strict=True):
            self.assertEqual(state, "invalid")
            self.assertIn(expected, reason)

    def test_a_whole_register_ends_who_is_missing(self):
        other_kind = self.make_kind("OTHER")
        kept = self.make_benefit(other_kind)
        head = "account;benefit;from\n"
        both = (
            f"{head}{self.account.number};VET;2026-01-01\n{self.account_2.number};VET;2026-01-01\n"
        )
        self.benefits(both, ends_missing=True)
        content = f"{head}{self.account.number};VET;2026-01-01\n"
        batch = self.benefits(content)
        self.assertFalse(batch.is_whole_register)
        with self.assertRaisesRegex(UserError, "Only a whole register"):
            batch.action_end_missing()
        # nothing to import, so the button ends it
        batch = self.benefits(content, ends_missing=True)
        batch.action_end_missing()
        self.assertEqual(
            sorted(self.live()),
            [
                ("Jonas Petraitis", "2026-01-01", "", 1),
                ("Jonas Petraitis", "2026-01-01", "", 1),
                ("Ona Kazlauskienė", "2026-01-01", "2026-03-15", 1),
            ],
        )
        self.assertFalse(kept.date_end)

    def test_a_whole_register_with_news_ends_by_itself(self):
        self.make_benefit(self.kind)
        self.benefits(
            f"account;benefit;from\n{self.account_2.number};VET;2026-03-01\n", ends_missing=True
        )
        self.assertEqual(
            self.live(),
            [
                ("Jonas Petraitis", "2026-01-01", "2026-03-15", 1),
                ("Ona Kazlauskienė", "2026-03-01", "", 1),
            ],
        )

    def test_a_register_with_a_bad_row_ends_nobody(self):
        self.make_benefit(self.kind)
        self.benefits(
            f"account;benefit;from\n{self.account_2.number};VET;2026-03-01\n999;VET;2026-03-01\n",
            ends_missing=True,
        )
        self.assertIn(("Jonas Petraitis", "2026-01-01", "", 1), self.live())

    def test_taken_back(self):
        batch = self.benefits(f"account;benefit;from\n{self.account.number};VET;2026-01-01\n")
        batch.undo("Wrong file")
        self.assertEqual(self.live(), [])

    def test_the_ready_profile_reads_a_register(self):
        profile = self.env.ref("utility_billing.import_profile_benefits")
        self.assertEqual(
            {column.field_name: column.source for column in profile.column_ids if column.source},
            {
                "number": "Account",
                "kind": "Benefit",
                "name": "Name",
                "personal_code": "Personal code",
                "date_start": "From",
                "date_end": "To",
                "persons": "Persons",
                "document_number": "Document",
                "document_issuer": "Issued by",
            },
        )


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestSubsidyImport(ReliefImportCommon):
    def subsidies(self, content, **values):
        values.setdefault("date_formats", "yyyy-mm-dd; yyyy-mm")
        return self.bring("subsidies", SUBSIDIES, content, **values)

    def live(self):
        rows = self.env["utility.subsidy"].search([("voided_at", "=", False)], order="date_start")
        return [(str(row.date_start), str(row.date_end), row.amount) for row in rows]

    def test_month_by_month(self):
        head = "account;month;amount;fund;decision;services\n"
        first = f"{head}{self.account.number};2026-01;20.50;soc;17;CW, Heating\n"
        self.assertEqual(self.outcome(self.subsidies(first)), [("imported", "")])
        self.assertEqual(self.outcome(self.subsidies(first)), [("unchanged", "")])
        subsidy = self.env["utility.subsidy"].search([])
        self.assertEqual(
            (subsidy.fund_partner_id, subsidy.partner_id, subsidy.service_ids),
            (self.fund, self.jonas, self.water | self.heat),
        )
        self.subsidies(f"{head}{self.account.number};2026-02;21;SOC;17;\n")
        # the same month again, another amount: the fund corrects itself
        self.subsidies(f"{head}{self.account.number};2026-02-15;22;Social Fund;17;\n")
        self.assertEqual(
            self.live(),
            [("2026-01-01", "2026-01-31", 20.5), ("2026-02-01", "2026-02-28", 22)],
        )
        self.assertEqual(self.env["utility.subsidy"].search_count([]), 3)

    def test_several_months_change_from_one_on(self):
        head = "account;month;last month;amount;fund;decision\n"
        self.subsidies(f"{head}{self.account.number};2026-01;2026-12;20;SOC;17\n")
        self.subsidies(f"{head}{self.account.number};2026-04;2026-12;25;SOC;17\n")
        self.assertEqual(
            self.live(),
            [("2026-01-01", "2026-03-31", 20), ("2026-04-01", "2026-12-31", 25)],
        )

    def test_rows_that_are_held(self):
        batch = self.subsidies(
            "account;month;amount;fund;decision;services\n"
            f"{self.account.number};2026-01;20;Nobody;17;\n"
            f"{self.account.number};2026-02;0;SOC;17;\n"
            f"{self.account.number};2026-03;5;SOC;17;Steam\n"
            "999;2026-01;5;SOC;17;\n"
        )
        words = (
            "no company on record is “Nobody”",
            "a subsidy is more than 0",
            "there is no service “Steam”",
            "there is no account “999”",
        )
        for (state, reason), expected in zip(self.outcome(batch), words, strict=True):
            self.assertEqual(state, "invalid")
            self.assertIn(expected, reason)
