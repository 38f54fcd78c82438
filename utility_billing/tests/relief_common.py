"""Benefits and adjustments in the metered house: flat 1 takes cold water at CW-1 and heat."""

from decimal import Decimal

from odoo.addons.utility_metering.tests.common import MeteringCommon

D = Decimal


class ReliefCommon(MeteringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.heat = cls.make_service("HEAT", name="Heating", kind="heat")
        cls.heat_point = cls.make_point(cls.heat, cls.flat, "H-1")
        cls.make_agreement(cls.account, cls.heat_point)
        cls.account_2 = cls.make_account(cls.flat_2, cls.ona)
        cls.make_agreement(cls.account_2, cls.point_2)
        cls.fund = cls.make_person("Social Fund", is_company=True, ref="SOC")
        cls.clerk = cls.make_user("clerk")
        cls.operator = cls.make_user("billing_operator")
        cls.second_operator = cls.make_user("billing_operator")

    @classmethod
    def make_kind(cls, code="VET", **vals):
        return cls.env["utility.benefit.kind"].create(
            {
                "name": f"Benefit {code}",
                "code": code,
                "value": 50,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def make_benefit(cls, kind, start="2026-01-01", end=False, **vals):
        if not vals.get("premise_id"):
            vals.setdefault("account_id", cls.account.id)
        return cls.env["utility.benefit"].create(
            {
                "kind_id": kind.id,
                "partner_id": cls.jonas.id,
                "date_start": start,
                "date_end": end,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def make_subsidy(cls, amount=20, start="2026-01-01", end="2026-12-31", **vals):
        return cls.env["utility.subsidy"].create(
            {
                "account_id": cls.account.id,
                "fund_partner_id": cls.fund.id,
                "register_number": "17",
                "amount": amount,
                "date_start": start,
                "date_end": end,
                "company_id": cls.company.id,
                **vals,
            }
        )

    @classmethod
    def make_adjustment(cls, kind, user=None, **vals):
        if kind != "quality":
            vals.setdefault("account_id", cls.account.id)
        adjustments = cls.env["utility.adjustment"].with_user(user or cls.clerk)
        return adjustments.create({"kind": kind, "company_id": cls.company.id, **vals})

    @classmethod
    def make_absence(cls, left="2026-02-04", returned="2026-02-15", **vals):
        return cls.make_adjustment("absence", left_on=left, returned_on=returned, **vals)

    @classmethod
    def make_claim(cls, begin="2026-02-10 06:00:00", end="2026-02-11 00:00:00", **vals):
        vals.setdefault("premise_ids", cls.house.ids)
        vals.setdefault("service_ids", cls.water.ids)
        return cls.make_adjustment("quality", begin_at=begin, end_at=end, **vals)

    @classmethod
    def approve(cls, adjustment, by=None):
        adjustment.action_submit()
        if adjustment.state == "submitted":
            adjustment.with_user(by or cls.operator).action_approve()
        return adjustment

    @classmethod
    def supplies(cls):
        """(account, point, service, premise) of the three supplies of the house."""
        rows = (
            (cls.account, cls.point),
            (cls.account, cls.heat_point),
            (cls.account_2, cls.point_2),
        )
        return [
            (account.id, point.id, point.service_id.id, point.premise_id.id)
            for account, point in rows
        ]

    def february(self):
        return self.day("2026-02-01"), self.day("2026-02-28")
