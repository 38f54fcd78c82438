from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import UtilityCommon


@tagged("post_install", "-at_install")
class TestAddress(UtilityCommon):
    def test_addresses_as_people_write_them(self):
        site = self.make_premise("container_site", "K-4", self.house)
        for premise, address in (
            (self.town, "Kaunas"),
            (self.avenue, "Savanorių pr., Kaunas"),
            (self.house, "Savanorių pr. 12, Kaunas"),
            (self.entrance, "Savanorių pr. 12, ent. 1, Kaunas"),
            (self.flat, "Savanorių pr. 12-1, Kaunas"),
            (self.shop, "Savanorių pr. 12, Kirpykla, Kaunas"),
            (self.private_house, "Ąžuolų g. 7, Kaunas"),
            (site, "Savanorių pr. 12, containers K-4, Kaunas"),
        ):
            self.assertEqual(premise.address, address)
            self.assertEqual(premise.display_name, address)

    def test_places_above(self):
        self.assertEqual(self.flat.building_id, self.house)
        self.assertEqual(self.flat.street_id, self.avenue)
        self.assertEqual(self.flat.locality_id, self.town)
        self.assertFalse(self.house.building_id)

    def test_rename_reaches_every_premise_below(self):
        self.avenue.name = "Laisvės al."
        self.assertEqual(self.flat.address, "Laisvės al. 12-1, Kaunas")
        self.town.name = "Vilnius"
        self.assertEqual(self.flat.address, "Laisvės al. 12-1, Vilnius")
        self.assertEqual(self.private_house.address, "Ąžuolų g. 7, Vilnius")

    def test_rename_reaches_below_while_parents_are_pending(self):
        """Several levels renamed before anything is read or written to the database."""
        self.env.flush_all()
        (self.town | self.avenue).invalidate_recordset()
        self.house.name = "12A"
        self.avenue.name = "Laisvės al."
        self.flat.name = "1B"
        self.town.name = "Vilnius"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.flat.address, "Laisvės al. 12A-1B, Vilnius")
        self.assertEqual(self.entrance.address, "Laisvės al. 12A, ent. 1, Vilnius")
        self.assertIn("Laisvės al. 12A-1B, Vilnius", self.account.search_text)

    def test_moving_a_house_takes_its_flats_along(self):
        self.house.parent_id = self.street
        self.assertEqual(self.flat.address, "Ąžuolų g. 12-1, Kaunas")
        self.assertEqual(self.flat.street_id, self.street)

    def test_flat_moved_to_another_house_takes_its_account_and_people(self):
        self.flat.parent_id = self.other_house
        self.assertEqual(self.flat.building_id, self.other_house)
        self.assertEqual(self.account.building_id, self.other_house)
        self.assertEqual(self.ownership.building_id, self.other_house)

    def test_number_two_comes_before_ten(self):
        tenth = self.make_premise("flat", "10", self.entrance)
        found = self.env["utility.premise"].search(
            [
                ("parent_id", "=", self.entrance.id),
                ("level", "=", "unit"),
            ]
        )
        self.assertEqual(found, self.flat | self.flat_2 | self.flat_3 | tenth)


@tagged("post_install", "-at_install")
class TestSearch(UtilityCommon):
    def _found(self, text):
        found = self.env["utility.premise"].name_search(text, limit=50)
        return {premise_id for premise_id, _name in found}

    def test_any_part_in_any_case_and_order(self):
        for text in (
            "Savanorių 12-1",
            "savanoriu 12-1",
            "SAVANORIŲ PR. 12-1",
            "kaunas savanoriu 12-1",
            "12-1, Kaunas",
            "anori 2-1",
        ):
            self.assertIn(self.flat.id, self._found(text), text)
            self.assertNotIn(self.private_house.id, self._found(text), text)

    def test_diacritics_typed_or_not(self):
        for text in ("Ąžuolų", "azuolu", "ĄŽUOLŲ", "AZUOLU", "ąžuolu 7"):
            self.assertIn(self.private_house.id, self._found(text), text)

    def test_diacritics_typed_where_there_are_none(self):
        plain = self.make_premise("street", "Azuolyno g.", self.town)
        self.assertIn(plain.id, self._found("ąžuolyno"))

    def test_cyrillic(self):
        city = self.make_premise("locality", "Київ")
        street = self.make_premise("street", "вул. Шевченка", city)
        house = self.make_premise("private_house", "5", street)
        for text in ("шевченка 5", "ШЕВЧЕНКА", "київ 5", "евчен"):
            self.assertIn(house.id, self._found(text), text)

    def test_by_codes(self):
        self.flat.write({"cadastral_code": "4400-1234-5678:0001", "registry_code": "AOB-77"})
        self.assertEqual(self._found("4400-1234-5678:0001"), {self.flat.id})
        self.assertEqual(self._found("aob-77"), {self.flat.id})

    def test_nothing_is_found_by_what_is_not_there(self):
        self.assertFalse(self._found("savanorių 99"))


@tagged("post_install", "-at_install")
class TestPremise(UtilityCommon):
    def test_cycle_is_refused_and_both_ends_named(self):
        with self.assertRaisesRegex(ValidationError, "Savanorių pr. 12, Kaunas cannot stand below"):
            self.house.parent_id = self.flat
        with self.assertRaisesRegex(ValidationError, "cannot stand below"):
            self.house.parent_id = self.house
        self.assertEqual(self.house.parent_id, self.avenue)

    def test_parent_type_is_checked_and_named(self):
        with self.assertRaisesRegex(
            ValidationError, "9: a Flat cannot stand in a Street.*Apartment"
        ):
            self.make_premise("flat", "9", self.avenue)
        with self.assertRaisesRegex(ValidationError, "1: a Flat cannot stand in a Locality"):
            self.flat.parent_id = self.town

    @mute_logger("odoo.sql_db")
    def test_registry_code_is_unique_and_may_be_empty(self):
        self.flat.registry_code = "AOB-77"
        self.assertFalse(self.flat_2.registry_code or self.flat_3.registry_code)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.flat_2.registry_code = "AOB-77"
            self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_position_lies_on_earth(self):
        for vals in ({"latitude": 90.1}, {"longitude": -180.5}):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.flat.write(vals)
                self.env.flush_all()

    def test_residents_on_a_day(self):
        self.make_occupancy(self.flat, self.ona, "resident", "2026-01-01", "2026-01-31")
        self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-15")
        self.make_occupancy(self.flat, self.tomas, "absent", "2026-02-10", "2026-02-20")
        self.assertFalse(self.ownership.is_resident, "an owner lives here only if it is said so")
        for day, persons in (
            ("2025-12-31", 0),
            ("2026-01-14", 1),
            ("2026-01-15", 2),
            ("2026-01-31", 2),
            ("2026-02-01", 1),
            ("2026-02-10", 0),
            ("2026-02-20", 0),
            ("2026-02-21", 1),
        ):
            self.assertEqual(self.flat.residents_on(day), persons, day)

    def test_person_who_is_tenant_and_resident_counts_once(self):
        self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-15")
        self.make_occupancy(self.flat, self.tomas, "resident", "2026-01-15")
        self.assertEqual(self.flat.residents_on("2026-02-01"), 1)

    def test_a_building_counts_the_people_of_its_flats_once(self):
        self.make_occupancy(self.flat, self.tomas, "tenant", "2026-01-15")
        self.make_occupancy(self.flat_2, self.tomas, "resident", "2026-01-15")
        self.make_occupancy(self.flat_2, self.ona, "resident", "2026-01-15")
        self.make_occupancy(self.flat_2, self.ona, "absent", "2026-03-01", "2026-03-31")
        self.assertEqual(self.flat_2.residents_on("2026-02-01"), 2)
        self.assertEqual(self.flat.building_id.residents_on("2026-02-01"), 2)
        self.assertEqual(self.flat.building_id.residents_on("2026-03-01"), 1)

    def test_absent_cannot_live_here(self):
        with self.assertRaisesRegex(ValidationError, "Tomas Žukauskas.*absent"):
            self.make_occupancy(self.flat, self.tomas, "absent", "2026-01-01", is_resident=True)

    def test_vacancy_of_today(self):
        self.assertTrue(self.flat.is_vacant)
        self.make_occupancy(self.flat, self.tomas, "tenant", "2026-03-16")
        self.assertEqual(self.flat.resident_count, 1)
        self.assertFalse(self.flat.is_vacant)
        self.assertFalse(self.house.is_vacant, "a house is no unit")

    def test_owners_never_have_more_than_everything(self):
        half = self.ownership._supersede({"share": 60}, date_start=self.day("2026-01-01"))
        self.make_occupancy(self.flat, self.ona, "owner", "2026-01-01", "2026-06-30", share=40)
        with self.assertRaisesRegex(ValidationError, r"12-1.*add up to 100\.5 % on 01/01/2026"):
            self.make_occupancy(
                self.flat, self.tomas, "owner", "2026-01-01", "2026-01-01", share=0.5
            )
        with self.assertRaisesRegex(ValidationError, r"12-1.*add up to 101 %"):
            self.make_occupancy(self.flat, self.tomas, "owner", "2026-06-30", share=1)
        self.make_occupancy(self.flat, self.tomas, "owner", "2026-07-01", share=40)
        self.assertEqual(half.share, 60)

    def test_share_of_one_owner_lies_within_limits(self):
        for share in (0, -5, 120):
            with self.assertRaisesRegex(
                ValidationError, f"Ona.*2026.*at most 100 %, not {share} %"
            ):
                self.make_occupancy(self.flat_2, self.ona, "owner", "2026-01-01", share=share)

    def test_thirds_make_a_whole(self):
        for person in (self.jonas, self.ona, self.tomas):
            self.make_occupancy(self.flat_2, person, "owner", "2026-01-01", share=33.3333)
        self.assertFalse(self.flat_2.owner_share_gap)
        self.assertAlmostEqual(self.flat_2.owner_share, 99.9999, 4)

    def test_gap_in_owners_shares_is_seen_and_found(self):
        premises = self.env["utility.premise"]
        self.make_occupancy(self.flat_2, self.ona, "owner", "2026-01-01", share=50)
        self.assertTrue(self.flat_2.owner_share_gap)
        self.assertFalse(self.flat.owner_share_gap or self.flat_3.owner_share_gap)
        flats = [("parent_id", "=", self.entrance.id)]
        gaps = premises.search([*flats, ("owner_share_gap", "=", True)])
        self.assertEqual(gaps, self.flat_2)
        self.assertEqual(
            premises.search([*flats, ("owner_share_gap", "=", False)]), self.flat | self.flat_3
        )

    def test_type_in_use_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "“Flat” is the type of Savanorių"):
            self.flat.type_id.unlink()
