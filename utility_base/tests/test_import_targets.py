from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon

REGISTRY = """code;parent;name;type;floor
F2;H1;2;flat;1
T1;;Kaunas district;territory;
L1;T1;Garliava;locality;
S1;L1;Vytauto g.;street;
H1;S1;5;apartment_building;
F1;H1;1;flat;1
"""


@tagged("post_install", "-at_install", "utility_import")
class TestImportTargets(ImportCommon):
    """What rows become."""

    def registry_profile(self, **values):
        return self.make_profile(
            "premises",
            {
                "registry_code": "code",
                "parent_code": "parent",
                "name": "name",
                "type": "type",
                "floor": "floor",
            },
            **values,
        )

    def premise(self, code):
        return self.env["utility.premise"].search([("registry_code", "=", code)])

    def reasons(self, batch):
        return self.rows(batch, "invalid").mapped("reason")

    # -- premises ---------------------------------------------------------------------------

    def test_registry_in_any_order(self):
        batch = self.bring_in(self.registry_profile(), REGISTRY)
        self.assertEqual((batch.state, batch.imported_count), ("done", 6), self.reasons(batch))
        self.assertEqual(self.premise("F2").address, "Vytauto g. 5-2, Garliava")
        self.assertEqual(self.premise("F2").building_id, self.premise("H1"))
        self.assertEqual(self.premise("F2").floor, 1)

    def test_registry_in_small_slices(self):
        self.patch(type(self.env["utility.import.target.premise"]), "_slice_size", 2)
        batch = self.bring_in(self.registry_profile(), REGISTRY)
        self.assertEqual((batch.state, batch.imported_count), ("done", 6), self.reasons(batch))
        self.assertEqual(self.premise("F1").address, "Vytauto g. 5-1, Garliava")

    def test_registry_read_again(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        changed = REGISTRY.replace("Vytauto g.", "Vytauto pr.").replace(
            "F1;H1;1;flat;1", "F1;H1;1;flat;2"
        )
        batch = self.read(self.registry_profile(name="Again"), changed, "again.csv")
        self.assertEqual((batch.unchanged_count, batch.update_count), (4, 2))
        self.assertEqual(
            self.rows(batch, "valid").mapped("reason"),
            ["Name: Vytauto g. → Vytauto pr.", "Floor No.: 1 → 2"],
        )
        batch.action_import()
        self.assertEqual(self.premise("F1").address, "Vytauto pr. 5-1, Garliava")
        self.assertEqual(self.premise("F1").floor, 2)

    def test_circle(self):
        content = (
            REGISTRY + "A;C;A g.;street;\nB;A;1;apartment_building;\nC;B;2;flat;\nD;C;3;room;\n"
        )
        batch = self.bring_in(self.registry_profile(), content)
        self.assertEqual((batch.imported_count, batch.bad_count), (6, 4))
        self.assertIn("stands below itself: A → C → B → A (rows 8, 10, 9)", self.reasons(batch)[0])

    def test_circle_with_what_is_on_record(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        self.premise("S1").type_id.parent_type_ids = False
        batch = self.bring_in(
            self.registry_profile(name="Circle"),
            "code;parent;name;type;floor\nS1;F1;Vytauto g.;street;\n",
            "circle.csv",
        )
        self.assertEqual(batch.bad_count, 1)
        self.assertIn("stands below it", self.reasons(batch)[0])

    def test_unknown_parent_type_and_code_twice(self):
        content = REGISTRY + "F3;X9;3;flat;\nF4;H1;4;castle;\nF5;S1;5;flat;\nF1;H1;1;flat;1\n"
        batch = self.read(self.registry_profile(), content)
        unknown, kind, place, twice = self.reasons(batch)
        self.assertIn("no premise has the parent's code “X9”, neither on record nor in", unknown)
        self.assertIn("no premise type “castle”", kind)
        self.assertIn(
            "a premise of the type “Flat” cannot stand in one of the type “Street”", place
        )
        self.assertIn("The file says this twice", twice)
        self.assertIn("The other is row 7", twice)

    def test_address_parts(self):
        profile = self.make_profile(
            "premises",
            {
                "locality": "city",
                "street": "street",
                "building": "house",
                "unit": "flat",
                "postcode": "zip",
            },
        )
        content = (
            "city;street;house;flat;zip\nKaunas;Savanorių pr.;12;1;44240\n"
            "KAUNAS;savanorių pr.;12;2;44240\nKaunas;Savanorių pr.;;;\n"
        )
        batch = self.bring_in(profile, content)
        self.assertEqual(batch.imported_count + batch.unchanged_count, 3, self.reasons(batch))
        city = self.env["utility.premise"].search([("name", "=ilike", "kaunas")])
        self.assertEqual(len(city), 1)
        flats = self.env["utility.premise"].search([("postcode", "=", "44240")])
        self.assertEqual(
            flats.mapped("address"), ["Savanorių pr. 12-1, Kaunas", "Savanorių pr. 12-2, Kaunas"]
        )

    def test_flat_in_an_entrance_is_found(self):
        self.bring_in(self.registry_profile(), REGISTRY + "E1;H1;1;entrance;\nF9;E1;9;flat;\n")
        profile = self.whole_profile()
        content = self.whole_file(1).replace("Kaunas;Laisvės al.;12;1", "Garliava;Vytauto g.;5;9")
        self.bring_in(profile, content)
        self.assertEqual(self.account(self.number(1)).premise_id, self.premise("F9"))

    # -- people -----------------------------------------------------------------------------

    def people(self, **values):
        return self.make_profile(
            "people",
            {
                "name": "name",
                "ref": "code",
                "premise_code": "premise",
                "role": "role",
                "share": "share",
                "date_start": "from",
                "date_end": "to",
            },
            **values,
        )

    HEAD = "name;code;premise;role;share;from;to\n"

    def test_people(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        batch = self.bring_in(
            self.people(),
            self.HEAD
            + (
                "Jonas;A1;F1;owner;50;2026-01-01;\nOna;A2;F1;owner;50;2026-01-01;\n"
                "Petras;A3;F1;tenant;;2026-02-01;2026-05-31\nOna;A2;F2;owner;100;2026-01-01;\n"
            ),
        )
        self.assertEqual((batch.imported_count, batch.bad_count), (4, 0), self.reasons(batch))
        people = self.env["res.partner"].search([("ref", "in", ["A1", "A2", "A3"])])
        self.assertEqual(len(people), 3)
        facts = self.premise("F1").occupancy_ids
        self.assertEqual(sorted(facts.mapped("share")), [50, 50, 100])
        self.assertEqual(facts.filtered("is_resident").partner_id.name, "Petras")
        again = self.read(
            self.people(name="Again"),
            self.HEAD
            + ("Jonas;A1;F1;owner;50;2026-01-01;\nPetras;A3;F1;tenant;;2026-02-01;2026-05-31\n"),
            "again.csv",
        )
        self.assertEqual(again.unchanged_count, 2, self.rows(again).mapped("reason"))

    def test_people_bad_rows(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        self.bring_in(self.people(), self.HEAD + "Jonas;A1;F1;owner;80;2026-01-01;\n")
        batch = self.read(
            self.people(name="Bad"),
            self.HEAD
            + (
                "Ona;A2;F1;owner;40;2026-01-01;\nPetras;A3;F1;tenant;;2026-05-01;2026-04-01\n"
                "Rasa;A4;F9;owner;;;\n;A5;F1;owner;;;\nJonas;A1;F1;owner;60;2025-06-01;\n"
            ),
            "bad.csv",
        )
        share, inverted, unknown, nobody, overlap = self.reasons(batch)
        self.assertIn("shares would add up to 120 % on 2026-01-01", share)
        self.assertIn("the last day 2026-04-01 comes before the first day 2026-05-01", inverted)
        self.assertIn("no premise has the code “F9”", unknown)
        self.assertIn("the row gives no name", nobody)
        self.assertIn("is on record and cannot change on", overlap)

    def test_people_change_and_correction(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        self.bring_in(self.people(), self.HEAD + "Jonas;A1;F1;owner;100;2026-01-01;\n")
        self.bring_in(
            self.people(name="Change"), self.HEAD + "Jonas;A1;F1;owner;60;2026-03-01;\n", "c.csv"
        )
        facts = self.premise("F1").occupancy_ids.sorted("date_start")
        self.assertEqual(
            [(row.share, str(row.date_start), str(row.date_end)) for row in facts],
            [(100, "2026-01-01", "2026-02-28"), (60, "2026-03-01", "False")],
        )
        batch = self.bring_in(
            self.people(name="Correct", fact_mode="correction", fact_reason="Register extract"),
            self.HEAD + "Jonas;A1;F1;owner;70;2026-03-01;\n",
            "d.csv",
        )
        self.assertEqual(batch.imported_count, 1, self.reasons(batch))
        self.assertEqual(facts[1].void_reason, "Register extract")
        live = self.premise("F1").occupancy_ids.filtered(lambda row: not row.voided_at)
        self.assertEqual(sorted(live.mapped("share")), [70, 100])

    # -- accounts ---------------------------------------------------------------------------

    def accounts(self, **values):
        return self.make_profile(
            "accounts",
            {
                "number": "number",
                "payer_name": "payer",
                "premise_code": "premise",
                "date_open": "from",
                "kind": "kind",
                "bill_to": "with",
            },
            **values,
        )

    def test_accounts(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        head = "number;payer;premise;from;kind;with\n"
        collective = self.bring_in(
            self.accounts(), f"{head}{self.number(9)};UAB Namas;;2026-01-01;Collective;\n"
        )
        self.assertEqual(collective.imported_count, 1, self.reasons(collective))
        batch = self.bring_in(
            self.accounts(name="Members"),
            (
                f"{head}{self.number(1)};Jonas;F1;2026-01-01;individual;{self.number(9)}\n"
                f";Ona;F2;2026-01-01;individual;\n{self.number(3)};Rasa;F7;2026-01-01;individual;\n"
                f"{self.number(4)};Rasa;F1;2026-01-01;individual;{self.number(8)}\n"
            ),
            "members.csv",
        )
        self.assertEqual((batch.imported_count, batch.bad_count), (2, 2))
        member = self.account(self.number(1))
        self.assertEqual(member.bill_to_account_id, self.account(self.number(9)))
        given = self.env["utility.account"].browse(self.rows(batch, "imported")[1].res_id)
        self.assertRegex(given.number, r"^\d{8}$")
        again = self.read(
            self.accounts(name="Again"), f"{head};Ona;F2;2026-01-01;individual;\n", "again.csv"
        )
        self.assertEqual(again.unchanged_count, 1, "known by premise and payer")

    def test_closed_account_with_services(self):
        profile = self.whole_profile()
        profile.column_ids.filtered(lambda c: c.field_name == "date_close").source = "closed"
        content = (
            self.whole_file(1)
            .replace("opened\n", "opened;closed\n")
            .replace(";2026-01-01\n", ";2026-01-01;2026-06-30\n")
        )
        batch = self.bring_in(profile, content)
        self.assertEqual(batch.imported_count, 1, self.reasons(batch))
        account = self.account(self.number(1))
        self.assertEqual(str(account.date_close), "2026-06-30")
        self.assertEqual({str(row.date_end) for row in account.agreement_ids}, {"2026-06-30"})

    def test_services_in_several_rows(self):
        content = (
            self.whole_file(1, services="CW")
            + self.whole_file(1, services="HEAT").split("\n")[1]
            + "\n"
        )
        batch = self.bring_in(self.whole_profile(), content)
        self.assertEqual(batch.imported_count, 2, self.reasons(batch))
        account = self.account(self.number(1))
        self.assertEqual(account.agreement_ids.mapped("service_id.code"), ["CW", "HEAT"])
        other = content.replace("Payer 1;", "Nobody;", 1)
        batch = self.read(
            self.whole_profile(name="Two"),
            other.replace(self.number(1), self.number(5)).replace(";12;1;", ";12;77;"),
            "two.csv",
        )
        self.assertIn("says otherwise of account", self.reasons(batch)[0])

    # -- points and agreements --------------------------------------------------------------

    def points(self, **values):
        return self.make_profile(
            "points",
            {
                "code": "code",
                "service": "service",
                "premise_code": "premise",
                "kind": "kind",
                "parent_code": "from",
            },
            **values,
        )

    POINTS = (
        "code;service;premise;kind;from\nP1;CW;F1;unit;R1\nR1;CW;H1;riser;I1\n"
        "I1;CW;H1;Building inlet;\n"
    )

    def test_points(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        bad = "P2;HEAT;F1;unit;R1\nP3;CW;F1;unit;X\n"
        batch = self.bring_in(self.points(), self.POINTS + bad)
        self.assertEqual((batch.imported_count, batch.bad_count), (3, 2), self.reasons(batch))
        point = self.env["utility.service.point"].search([("code", "=", "P1")])
        self.assertEqual(point.parent_id.parent_id.code, "I1")
        self.assertEqual(point.parent_path, f"{point.parent_id.parent_path}{point.id}/")
        self.assertIn("carries another service", self.reasons(batch)[0])
        self.assertIn("no service point “X”", self.reasons(batch)[1])

    def agreements(self):
        """Point P1 in flat F1 with two accounts, and a profile of agreements."""
        self.bring_in(self.registry_profile(), REGISTRY)
        self.bring_in(self.points(), self.POINTS)
        one, two = self.number(1), self.number(2)
        self.bring_in(
            self.accounts(),
            f"number;payer;premise;from;kind;with\n{one};Jonas;F1;2026-01-01;;\n"
            f"{two};Ona;F1;2026-01-01;;\n",
        )
        columns = {
            "number": "account", "point_code": "point", "service": "service", "share": "share",
            "date_start": "from", "date_end": "to",
        }  # fmt: skip
        return self.make_profile("agreements", columns), one, two

    def test_agreements(self):
        profile, one, two = self.agreements()
        head = "account;point;service;share;from;to\n"
        batch = self.bring_in(
            profile,
            f"{head}{one};P1;;60;2026-01-01;\n{two};;CW;50;2026-01-01;\n"
            f"{two};P1;;40;2026-02-01;2026-01-01\n{two};P1;;40;2025-12-01;\n"
            f"{two};P1;;40;2026-01-01;\n",
        )
        total, inverted, before = self.reasons(batch)
        self.assertEqual(batch.imported_count, 2)
        self.assertIn("add up to 110 % on 2026-01-01", total)
        self.assertIn("comes before the first day", inverted)
        self.assertIn("beyond the days on which account", before)
        changed = self.bring_in(
            profile, f"{head}{one};P1;;55;2026-03-01;\n{two};P1;;40;2026-01-01;\n", "next.csv"
        )
        self.assertEqual((changed.imported_count, changed.unchanged_count), (1, 1))
        terms = self.account(one).agreement_ids.sorted("date_start")
        self.assertEqual(
            [(row.share, str(row.date_end)) for row in terms], [(60, "2026-02-28"), (55, "False")]
        )

    # -- attributes -------------------------------------------------------------------------

    def attributes(self):
        self.bring_in(self.registry_profile(), REGISTRY)
        choices = [{"name": "Brick", "code": "brick"}, {"name": "Panel", "code": "panel"}]
        self.env["utility.attribute"].create(
            [
                {"name": "Test area", "code": "t_area", "has_range": True, "minimum": 1,
                 "maximum": 500},
                {"name": "Lift", "code": "t_lift", "value_type": "boolean"},
                {"name": "Wall", "code": "t_wall", "value_type": "choice",
                 "choice_ids": [(0, 0, choice) for choice in choices]},
            ]
        )  # fmt: skip
        columns = {
            "attribute": "what", "value": "value", "premise_code": "premise", "date_start": "from",
        }  # fmt: skip
        return self.make_profile("attributes", columns, decimal_sign="comma")

    def test_attributes(self):
        profile, head = self.attributes(), "premise;what;value;from\n"
        self.bring_in(
            profile,
            f"{head}F1;t_area;52,4;2026-01-01\nH1;t_wall;Brick;2026-01-01\n"
            "H1;t_lift;yes;2026-01-01\n",
        )
        batch = self.bring_in(
            profile, head + "F1;t_area;52,4;2026-02-01\nH1;t_lift;no;2026-03-01\n", "next.csv"
        )
        self.assertEqual((batch.unchanged_count, batch.imported_count), (1, 1))
        values = self.premise("H1").attribute_value_ids.sorted("date_start")
        lift = values.filtered(lambda value: value.attribute_id.code == "t_lift")
        self.assertEqual(
            [(row.value_boolean, str(row.date_end)) for row in lift],
            [(True, "2026-02-28"), (False, "False")],
        )
        self.assertEqual(self.premise("F1").attribute_value_ids.value_number, 52.4)

    def test_attributes_bad_rows(self):
        batch = self.bring_in(
            self.attributes(),
            "premise;what;value;from\nF2;t_area;600;2026-01-01\nH1;t_wall;Glass;2026-02-01\n"
            "F2;t_age;1;\n",
        )
        area, wall, unknown = self.reasons(batch)
        self.assertIn("Test area: 600 is out of range, allowed is 1 to 500", area)
        self.assertIn("no choice “Glass”. Possible: Brick, Panel", wall)
        self.assertIn("no attribute “t_age”", unknown)

    # -- opening balances -------------------------------------------------------------------

    def ledger_account(self, code, kind):
        return self.env["account.account"].create({
            "name": code, "code": code, "account_type": kind, "company_ids": self.company.ids,
            "reconcile": kind == "asset_receivable",
        })  # fmt: skip

    def opening(self):
        receivable = self.ledger_account("112233", "asset_receivable")
        payers = self.env["res.partner"].search([("name", "like", "Payer ")])
        payers.property_account_receivable_id = receivable
        journal = self.env["account.journal"].create(
            {"name": "Opening", "code": "OPEN", "type": "general"}
        )
        return self.make_profile(
            "opening",
            {"number": "account", "amount": "amount", "reference": "doc", "date_due": "due"},
            fact_date="2026-01-31",
            journal_id=journal.id,
            opening_account_id=self.ledger_account("300999", "equity").id,
        )

    def test_opening_balances(self):
        self.bring_in(self.whole_profile(), self.whole_file(3))
        profile = self.opening()
        one, two, three = (self.number(n) for n in (1, 2, 3))
        content = (
            f"account;amount;doc;due\n{one};100.50;Nov;2025-12-15\n{one};20.25;Dec;2026-01-15\n"
            f"{two};-7.10;;\n{self.number(9)};1;;\n{three};0;;\n{one};100.50;Nov;2025-12-15\n"
        )
        batch = self.bring_in(profile, content)
        self.assertEqual((batch.imported_count, batch.bad_count), (3, 3), self.reasons(batch))
        self.assertEqual(self.account(one).balance, 120.75)
        self.assertEqual(self.account(two).balance, -7.10)
        move = self.env["account.move"].browse(self.rows(batch, "imported")[0].res_id)
        self.assertEqual(
            (move.state, str(move.date), len(move.line_ids)), ("posted", "2026-01-31", 4)
        )
        lines = move.line_ids.filtered(lambda line: line.utility_account_id.number == one)
        self.assertEqual(lines.mapped("balance"), [100.50, 20.25])
        self.assertEqual(str(lines[0].date_maturity), "2025-12-15")
        self.assertEqual(lines.partner_id.name, "Payer 1")
        again = self.bring_in(profile, content + f"{three};5;;\n", "again.csv")
        self.assertEqual((again.unchanged_count, again.imported_count), (4, 1))
        self.assertIn("Recorded already by row 2 of file.csv", self.rows(again)[0].reason)
        self.assertEqual(self.account(one).balance, 120.75)
        batch.undo("Other file was meant")
        self.env.invalidate_all()
        self.assertEqual(self.account(one).balance, 0)
        self.assertEqual(self.account(three).balance, 5)

    def test_opening_needs_its_settings(self):
        profile = self.make_profile("opening", {"number": "account", "amount": "amount"})
        with self.assertRaisesRegex(UserError, "choose the journal"):
            self.read(profile, "account;amount\n1;2\n")
