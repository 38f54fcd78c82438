from datetime import date

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import bulk, bulk_references
from ..tools.bulk import bulk_create
from .import_common import ImportCommon

OWN = {"id", "create_date", "write_date", "recorded_at", "parent_path", "signup_token"}


@tagged("post_install", "-at_install", "utility_import")
class TestBulk(ImportCommon):
    """What `bulk_create` stores is what `create` stores."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = {
            kind.level: kind for kind in cls.env["utility.premise.type"].search([], order="id desc")
        }
        cls.types = types
        cls.city, cls.street, cls.house = cls.env["utility.premise"], None, None
        cls.city = cls.city.create({"name": "Kaunas", "type_id": types["locality"].id})
        cls.street = cls.city.create(
            {
                "name": "Laisvės al.",
                "type_id": types["street"].id,
                "parent_id": cls.city.id,
            }
        )
        cls.house = cls.city.create(
            {
                "name": "12",
                "type_id": cls.env.ref("utility_base.premise_type_apartment_building").id,
                "parent_id": cls.street.id,
            }
        )
        cls.flat = cls.make_flat("1")
        cls.payer = cls.env["res.partner"].create({"name": "Jonas"})
        cls.account = cls.env["utility.account"].create(
            {
                "partner_id": cls.payer.id,
                "premise_id": cls.flat.id,
                "date_open": "2026-01-01",
            }
        )

    @classmethod
    def make_flat(cls, name):
        return cls.env["utility.premise"].create(
            {
                "name": name,
                "type_id": cls.flat_type.id,
                "parent_id": cls.house.id,
            }
        )

    def stored(self, records, left_out=()):
        """Columns of the records, with what must differ left out."""
        self.env.flush_all()
        self.env.cr.execute(
            f'SELECT * FROM "{records._table}" WHERE id = ANY(%s) ORDER BY id', [records.ids]
        )
        return [
            {name: value for name, value in row.items() if name not in OWN | set(left_out)}
            for row in self.env.cr.dictfetchall()
        ]

    def assert_same(self, model, one, other, left_out=(), **options):
        """Records of the values `one` by create and of `other` in bulk are equal, column by column,
        but for `left_out`, in which the values had to differ."""
        by_orm = self.env[model].create(one)
        in_bulk = bulk_create(self.env[model], other, **options)
        self.env.invalidate_all()
        self.assertEqual(self.stored(by_orm, left_out), self.stored(in_bulk, left_out))
        return by_orm, in_bulk

    def test_premises(self):
        def values(house):
            return [
                {"name": "7", "type_id": self.flat_type.id, "parent_id": house.id, "floor": 3},
                {
                    "name": "8",
                    "type_id": self.flat_type.id,
                    "parent_id": house.id,
                    "postcode": "44240",
                },
            ]

        by_orm, in_bulk = self.assert_same(
            "utility.premise", values(self.house), values(self.house)
        )
        self.assertEqual(
            in_bulk.mapped("address"), ["Laisvės al. 12-7, Kaunas", "Laisvės al. 12-8, Kaunas"]
        )
        self.assertEqual(in_bulk[0].parent_path, f"{self.house.parent_path}{in_bulk[0].id}/")
        self.assertEqual(in_bulk[0].building_id, self.house)
        found = self.env["utility.premise"].search([("id", "child_of", self.city.id)])
        self.assertLessEqual(set(in_bulk.ids), set(found.ids))

    def test_people(self):
        self.assert_same(
            "res.partner",
            [{"name": "Ona", "ref": "A1"}, {"name": "UAB Namas", "is_company": True, "ref": "A2"}],
            [{"name": "Ona", "ref": "A1"}, {"name": "UAB Namas", "is_company": True, "ref": "A2"}],
            left_out=("commercial_partner_id",),
        )

    def test_people_with_contact_data(self):
        vals = {"name": "Ona", "email": "Ona@Example.com", "phone": "+370 612 34567"}
        _by_orm, in_bulk = self.assert_same(
            "res.partner",
            [vals],
            [{**vals, "complete_name": "Ona"}],
            left_out=("commercial_partner_id",),
            shortcuts={"complete_name": ("_compute_complete_name",)},
        )
        self.assertEqual(in_bulk.commercial_partner_id, in_bulk)
        self.assertEqual(in_bulk.email_normalized, "ona@example.com")

    def test_accounts(self):
        flats = [self.make_flat(name) for name in ("21", "22")]
        one, other = (
            [
                {
                    "number": number,
                    "partner_id": self.payer.id,
                    "premise_id": flat.id,
                    "date_open": "2026-02-01",
                }
            ]
            for number, flat in zip((self.number(501), self.number(502)), flats, strict=True)
        )
        _by_orm, in_bulk = self.assert_same(
            "utility.account",
            one,
            other,
            left_out=("number", "premise_id", "search_text"),
        )
        self.assertEqual(in_bulk.search_text, f"{self.number(502)} Jonas Laisvės al. 12-22, Kaunas")
        self.assertEqual(in_bulk.building_id, self.house)

    def test_points_and_agreements(self):
        _by_orm, points = self.assert_same(
            "utility.service.point",
            [{"code": "P1", "service_id": self.water.id, "premise_id": self.flat.id}],
            [{"code": "P2", "service_id": self.water.id, "premise_id": self.flat.id}],
            left_out=("code",),
        )
        other = self.env["utility.service.point"].search([("code", "=", "P1")])
        _by_orm, agreements = self.assert_same(
            "utility.service.agreement",
            [
                {
                    "account_id": self.account.id,
                    "service_point_id": other.id,
                    "date_start": "2026-01-01",
                }
            ],
            [
                {
                    "account_id": self.account.id,
                    "service_point_id": points.id,
                    "date_start": "2026-01-01",
                }
            ],
            left_out=("service_point_id",),
        )
        self.assertEqual(agreements.service_id, self.water)
        self.assertEqual(agreements.share, 100)

    def test_dated_facts(self):
        people = self.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        self.assert_same(
            "utility.occupancy",
            [
                {
                    "premise_id": self.flat.id,
                    "partner_id": people[0].id,
                    "role": "resident",
                    "date_start": date(2026, 1, 1),
                }
            ],
            [
                {
                    "premise_id": self.flat.id,
                    "partner_id": people[1].id,
                    "role": "resident",
                    "date_start": date(2026, 1, 1),
                }
            ],
            left_out=("partner_id",),
        )

    def test_attribute_values(self):
        attribute = self.env["utility.attribute"].create({"name": "Area of test", "code": "area_t"})
        self.assert_same(
            "utility.attribute.value",
            [
                {
                    "attribute_id": attribute.id,
                    "premise_id": self.flat.id,
                    "value_number": 52.4,
                    "date_start": "2026-01-01",
                    "date_end": "2026-01-31",
                }
            ],
            [
                {
                    "attribute_id": attribute.id,
                    "premise_id": self.flat.id,
                    "value_number": 52.4,
                    "date_start": "2026-02-01",
                    "date_end": "2026-02-28",
                }
            ],
            left_out=("date_start", "date_end"),
        )

    def test_python_constraints_still_run(self):
        with self.assertRaisesRegex(Exception, "choose the premise"):
            bulk_create(self.env["utility.account"], [{"number": self.number(900)}])

    def test_untrusted_shortcut_is_dropped(self):
        """A compute method that another module overrides is asked, whatever the caller says."""
        original = bulk._definers
        self.patch(
            bulk,
            "_definers",
            lambda model, method: [
                *original(model, method),
                *(["l10n_xy"] if method == "_compute_address" else []),
            ],
        )
        premise = bulk_create(
            self.env["utility.premise"],
            [
                {
                    "name": "9",
                    "type_id": self.flat_type.id,
                    "parent_id": self.house.id,
                    "address": "wrong",
                }
            ],
            shortcuts={"address": ("_compute_address",)},
        )
        self.assertEqual(premise.address, "Laisvės al. 12-9, Kaunas")

    def test_unknown_override_of_create_steps_back(self):
        original = bulk._definers
        self.patch(
            bulk,
            "_definers",
            lambda model, method: [
                *original(model, method),
                *(["base_automation"] if method == "create" else []),
            ],
        )
        account = bulk_create(
            self.env["utility.account"],
            [
                {
                    "number": self.number(901),
                    "partner_id": self.payer.id,
                    "premise_id": self.flat.id,
                    "date_open": "2026-01-01",
                }
            ],
        )
        self.assertEqual(account.payer_ids.partner_id, self.payer, "made by the account's create")

    def test_rights(self):
        reader = new_test_user(self.env, "bulk_reader", "utility_base.group_reader")
        with self.assertRaises(AccessError):
            bulk_create(
                self.env["utility.premise"].with_user(reader),
                [
                    {"name": "1", "type_id": self.flat_type.id},
                ],
            )
        clerk = new_test_user(
            self.env,
            "bulk_clerk",
            "utility_base.group_clerk",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        clerk.utility_building_ids = self.house
        other = self.city.create(
            {
                "name": "14",
                "type_id": self.house.type_id.id,
                "parent_id": self.street.id,
            }
        )
        premises = self.env["utility.premise"].with_user(clerk)
        self.assertTrue(
            bulk_create(
                premises,
                [
                    {"name": "31", "type_id": self.flat_type.id, "parent_id": self.house.id},
                ],
            )
        )
        with self.assertRaises(AccessError):
            bulk_create(
                premises,
                [
                    {"name": "31", "type_id": self.flat_type.id, "parent_id": other.id},
                ],
            )

    # -- foreign keys -----------------------------------------------------------------------

    def role(self):
        self.env.cr.execute("SELECT current_setting('session_replication_role')")
        return self.env.cr.fetchone()[0]

    def test_missing_reference_is_refused_by_the_database(self):
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.make_point_in_bulk(premise_id=self.env["utility.premise"].search([]).ids[-1] + 999)
        self.assertEqual(self.role(), "origin")

    def test_failed_copy_brings_triggers_back(self):
        self.make_point_in_bulk()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.make_point_in_bulk()
        self.assertEqual(self.role(), "origin")

    def test_without_the_right_all_is_as_usual(self):
        self.patch(bulk_references, "_may_rest_triggers", lambda cr, table: False)
        self.assertTrue(self.make_point_in_bulk())

    def test_triggers_of_others_are_left_alone(self):
        self.env.cr.execute("""
            CREATE FUNCTION pg_temp.note_point() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN NEW.name := 'seen by a trigger'; RETURN NEW; END $$;
            CREATE TRIGGER note_point BEFORE INSERT ON utility_service_point
            FOR EACH ROW EXECUTE FUNCTION pg_temp.note_point()
        """)
        point = self.make_point_in_bulk()
        self.env.invalidate_all()
        self.assertEqual(point.name, "seen by a trigger")

    def make_point_in_bulk(self, **values):
        vals = {"code": "BULK", "service_id": self.water.id, "premise_id": self.flat.id, **values}
        return bulk_create(
            self.env["utility.service.point"],
            [{**vals, "building_id": self.house.id}],
            replaced=("_check_parent", "_check_company"),
            shortcuts={"building_id": ()},
        )
