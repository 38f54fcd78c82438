import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestClaims(BillingCommon):
    """Days of a supply are billed once: the database refuses a second claim of any of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.make_service("CLAIM", kind="maintenance", is_quantified=False)
        cls.point = cls.make_point(cls.service, cls.account.premise_id, "CLAIM-1")

    def claim(self, start, end, **vals):
        return self.env["utility.charge.claim"].create(
            {
                "company_id": self.company.id,
                "account_id": self.account.id,
                "service_point_id": self.point.id,
                "kind": "supply",
                "date_start": start,
                "date_end": end,
                "facts_at": "2026-03-01 00:00:00",
                **vals,
            }
        )

    def assert_refused(self, start, end, error=psycopg2.errors.ExclusionViolation, **vals):
        with self.assertRaises(error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.claim(start, end, **vals)

    def test_a_day_of_a_supply_is_claimed_once(self):
        self.claim("2026-01-10", "2026-01-20")
        for start, end in (
            ("2026-01-10", "2026-01-20"),
            ("2026-01-01", "2026-01-31"),
            ("2026-01-12", "2026-01-12"),
            ("2026-01-01", "2026-01-10"),
            ("2026-01-20", "2026-02-28"),
            ("2025-01-01", "2026-12-31"),
        ):
            self.assert_refused(start, end)

    def test_days_beside_it_and_others_days_are_free(self):
        claim = self.claim("2026-01-10", "2026-01-20")
        self.claim("2026-01-01", "2026-01-09")
        self.claim("2026-01-21", "2026-01-31")
        other = self.make_account(self.account.premise_id, self.make_person("Other"))
        self.claim("2026-01-01", "2026-01-31", account_id=other.id)
        point = self.make_point(self.service, self.account.premise_id, "CLAIM-2")
        self.claim("2026-01-01", "2026-01-31", service_point_id=point.id)
        self.claim("2026-01-01", "2026-01-31", kind="correction", source="7")
        claim.released_at = "2026-03-02 00:00:00"
        claim.flush_recordset()
        self.claim("2026-01-12", "2026-01-15")

    def test_a_difference_and_a_document_are_claimed_once(self):
        for vals in (
            {"kind": "correction", "source": "7"},
            {"kind": "source", "source": "manual,7", "service_point_id": False},
        ):
            self.claim("2026-01-01", "2026-01-31", **vals)
            self.assert_refused("2026-01-01", "2026-01-31", **vals)

    def test_a_supply_has_a_point(self):
        self.assert_refused(
            "2026-01-01",
            "2026-01-31",
            error=psycopg2.errors.CheckViolation,
            service_point_id=False,
        )
