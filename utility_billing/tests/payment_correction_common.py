"""Bills typed by hand on top of `payment_common`, so that sums are plain: accounts of Jonas
(flat 1) and Ona (flat 2); services "Wet", "Warm" and, for the waste company, "Waste".
"""

from odoo.fields import Command

from .payment_common import PaymentCommon


class PaymentCorrectionCommon(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls.env["account.journal"].create(
            {
                "name": "Bills by hand",
                "code": "BBH",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": cls.revenue.id,
            }
        )
        cls.wet = cls.make_service("WET", name="Wet", income_account_id=cls.revenue.id)
        cls.warm = cls.make_service("WARM", name="Warm", income_account_id=cls.revenue.id)
        cls.creditor = cls.make_person("Waste Company", is_company=True)
        cls.waste = cls.make_service(
            "WASTE",
            name="Waste",
            ownership="agency",
            creditor_partner_id=cls.creditor.id,
            liability_account_id=cls.owed_to_creditors.id,
        )
        cls.payable = cls.make_ledger_account("443000", "Payable", "liability_payable")
        cls.env["ir.default"].set(
            "res.partner",
            "property_account_payable_id",
            cls.payable.id,
            company_id=cls.company.id,
        )
        cls.flat_account = cls.account
        cls.other_account = cls.make_account(cls.flat_2, cls.ona)

    @classmethod
    def make_bill(cls, account, *lines, date="2026-02-01", kind="out_invoice", post=True, **vals):
        """A bill of (service, amount), not taxed; posted unless said otherwise."""
        bill = cls.env["account.move"].create(
            {
                "move_type": kind,
                "journal_id": cls.sales.id,
                "company_id": cls.company.id,
                "partner_id": account.partner_id.id,
                "invoice_date": date,
                "date": date,
                "invoice_date_due": date,
                "utility_account_id": account.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": service.name,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "account_id": service._ledger_account().id,
                            "utility_service_id": service.id,
                        }
                    )
                    for service, amount in lines
                ],
                **vals,
            }
        )
        if post:
            bill.action_post()
        return bill

    @classmethod
    def correct(cls, kind, payment=None, **vals):
        """An applied correction."""
        correction = cls.env["utility.payment.correction"].create(
            {
                "kind": kind,
                "payment_id": payment.id if payment else False,
                "date": "2026-03-10",
                "reason": "Told so",
                **vals,
            }
        )
        correction.action_apply()
        return correction

    def owed(self, bill):
        return bill.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def assertHistory(self, correction, *expected):
        """Rows as (bill or "", service, before, after), in any order."""
        self.assertEqual(
            sorted(
                (row.owed_id.move_id.name or "", row.service_id.name or "", row.before, row.after)
                for row in correction.line_ids
            ),
            sorted(expected),
        )
