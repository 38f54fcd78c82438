from decimal import Decimal

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..engine.recompute import recompute
from .relief_common import ReliefCommon

D = Decimal


@freeze_time("2026-03-16 09:00:00")
@tagged("post_install", "-at_install")
class TestOneOffCharges(ReliefCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "21 %",
                "amount": 21,
                "company_id": cls.company.id,
                "country_id": cls.company.country_id.id,
                "tax_group_id": cls.env["account.tax.group"]
                .create({"name": "VAT", "company_id": cls.company.id})
                .id,
            }
        )
        cls.water.tax_ids = cls.tax
        cls.product = cls.env["product.product"].create(
            {
                "name": "Sealing of a meter",
                "type": "service",
                "lst_price": 14.4,
                "taxes_id": [Command.set(cls.tax.ids)],
            }
        )

    def make_work(self, **vals):
        return self.make_adjustment(
            "one_off",
            service_id=self.water.id,
            product_id=self.product.id,
            quantity=1.5,
            price=14.4,
            work_date="2026-02-09",
            performer_id=self.tomas.id,
            date="2026-02-10",
            **vals,
        )

    def charges(self, until="2026-02-28"):
        found = self.env["utility.adjustment"]._one_off_charges(
            (self.account + self.account_2).ids, self.day(until)
        )
        self.assertLessEqual(set(found), {self.account.id})
        charges = found.get(self.account.id, [])
        for charge in charges:
            self.assertEqual(recompute(charge.trace), charge.amount)
        return charges

    def test_a_work_act_becomes_a_charge(self):
        work = self.approve(self.make_work())
        self.assertEqual((work.amount, work.tax_ids), (21.6, self.tax))
        (charge,) = self.charges()
        self.assertEqual(
            (charge.kind, charge.code, charge.amount, charge.quantity, charge.price),
            ("one_off", "CW", D("21.60"), D("1.5"), D("14.4")),
        )
        self.assertEqual(
            (charge.taxes, charge.tax_included, charge.payer_id, charge.source_id),
            (str(self.tax.id), False, self.jonas.id, work.id),
        )
        self.assertEqual(charge.agreement_id, self.account.agreement_ids.filtered(
            lambda row: row.service_id == self.water).id)  # fmt: skip
        self.assertEqual(charge.trace["component"]["name"], "Sealing of a meter")
        self.assertEqual(self.charges("2026-02-09"), [])

    def make_later_tax(self, start="2026-02-10"):
        """25 % on the service from a day on."""
        later = self.tax.copy({"name": "25 %", "amount": 25})
        self.env["utility.service.tax"].create(
            {
                "service_id": self.water.id,
                "date_start": start,
                "tax_ids": [Command.set(later.ids)],
            }
        )
        return later

    def test_the_tax_of_the_day_of_the_work(self):
        later = self.make_later_tax()
        work = self.make_work()
        self.assertEqual(work.tax_ids, self.tax)
        work.work_date = "2026-02-10"
        self.assertEqual(work.tax_ids, later)

    def test_the_tax_of_the_day_of_a_correction(self):
        later = self.make_later_tax()
        for day, taxes in (("2026-02-09", self.tax), ("2026-02-10", later)):
            correction = self.make_adjustment(
                "manual", service_id=self.water.id, amount=-5, reason="Agreed", date=day
            )
            self.assertEqual(correction.tax_ids, taxes)

    def test_goods_that_are_taxed_otherwise_keep_their_tax(self):
        self.make_later_tax("2026-01-01")
        self.product.taxes_id = False
        self.assertFalse(self.make_work().tax_ids)

    def test_a_correction_of_an_amount(self):
        self.approve(
            self.make_adjustment(
                "manual",
                service_id=self.water.id,
                amount=-12.34,
                reason="Leak in the cellar",
                date="2026-02-10",
                tax_included=True,
            )
        )
        (charge,) = self.charges()
        self.assertEqual(
            (charge.kind, charge.amount, charge.price, charge.tax_included),
            ("manual", D("-12.34"), None, True),
        )
        self.assertEqual(charge.trace["parts"][0]["reason"], "Leak in the cellar")

    def test_a_correction_of_a_quantity(self):
        correction = self.make_adjustment(
            "manual",
            service_id=self.water.id,
            by_quantity=True,
            quantity=-3.125,
            price=1.23,
            reason="Read wrongly",
            date="2026-02-10",
        )
        self.assertEqual(correction.amount, -3.84)
        self.approve(correction)
        (charge,) = self.charges()
        self.assertEqual((charge.amount, charge.quantity), (D("-3.84"), D("-3.125")))

    def test_charged_once_and_taken_back_once(self):
        work = self.approve(self.make_work())
        self.env["utility.adjustment"]._mark_charged(work.ids)
        self.assertEqual((work.state, self.charges()), ("charged", []))
        work.with_user(self.operator)._cancel("It was done under warranty")
        (back,) = self.charges()
        self.assertEqual((back.amount, back.quantity), (D("-21.60"), D("-1.5")))
        self.assertTrue(back.trace["parts"][0]["taken_back"])
        self.env["utility.adjustment"]._mark_charged(work.ids)
        self.assertEqual(self.charges(), [])

    def test_a_cancelled_run_lets_it_come_again(self):
        work = self.approve(self.make_work())
        for _time in range(2):
            self.assertEqual(len(self.charges()), 1)
            self.env["utility.adjustment"]._mark_charged(work.ids)
            self.env["utility.adjustment"]._unmark_charged(work.ids)
        self.assertEqual(work.state, "approved")

    def test_cancelled_before_it_was_charged(self):
        work = self.approve(self.make_work())
        work.with_user(self.operator)._cancel("Not done")
        self.assertEqual(self.charges(), [])

    def test_the_payer_of_the_day(self):
        self.env["utility.account.payer"].search([("account_id", "=", self.account.id)])._supersede(
            {"partner_id": self.ona.id}, self.day("2026-02-11")
        )
        self.approve(self.make_work())
        self.assertEqual(self.charges()[0].payer_id, self.jonas.id)

    def test_two_queries(self):
        self.approve(self.make_work())
        self.env.flush_all()
        for accounts in (self.account, self.account + self.account_2):
            with self.assertQueryCount(2):
                self.env["utility.adjustment"]._one_off_charges(
                    accounts.ids, self.day("2026-02-28")
                )

    def test_a_work_act_is_printed(self):
        work = self.approve(self.make_work(reason="A broken seal"))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "utility_billing.report_adjustment", work.ids
        )
        for words in ("Work Act", "Sealing of a meter", "Tomas Žukauskas", "21.60"):
            self.assertIn(words, html.decode())

    def test_the_timeline_tells_of_it(self):
        work = self.make_work(reason="A broken seal")
        self.assertEqual(self._titles(), [])
        self.approve(work)
        self.assertEqual(self._titles(), ["One-Off Service 00001 · Cold water"])

    def _titles(self):
        self.account.invalidate_recordset()
        return [entry["title"] for entry in self.account.timeline() if entry["key"] == "adjustment"]
