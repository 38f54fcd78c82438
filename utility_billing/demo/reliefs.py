from datetime import timedelta

from odoo import models
from odoo.fields import Command

from .plan import reliefs


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_reliefs(self):
        """Who pays less, and who pays instead of them."""
        self.env.company.utility_approval_limit = reliefs.APPROVAL_LIMIT
        funds = self._load_funds()
        self._load_benefits(funds)
        self._load_subsidy(funds)

    def _load_funds(self):
        """{key: partner}"""
        partners = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in reliefs.FUNDS.values()]
        )
        funds = dict(zip(reliefs.FUNDS, partners, strict=True))
        self._name_records(**{f"fund_{key}": partner for key, partner in funds.items()})
        return funds

    def _load_benefits(self, funds):
        services, accounts, calendar = self._services(), self._accounts(), self._town().calendar
        kinds = self.env["utility.benefit.kind"].create(
            [
                {
                    "code": row.code,
                    "name": row.name,
                    "kind": row.kind,
                    "value": row.value,
                    "service_ids": [Command.set([services[code].id for code in row.services])],
                    "fund_partner_id": funds[row.fund].id,
                    "law": row.law,
                    "company_id": self.env.company.id,
                }
                for row in reliefs.KINDS
            ]
        )
        kinds = {kind.code: kind for kind in kinds}
        self.env["utility.benefit"].create(
            [
                self._fact(
                    calendar.month(months),
                    kind_id=kinds[kind].id,
                    account_id=accounts[place].id,
                    partner_id=accounts[place].partner_id.id,
                    document_number=number,
                    document_date=calendar.month(months) - timedelta(days=6),
                    document_issuer=kinds[kind].fund_partner_id.name,
                )
                for place, kind, months, number in reliefs.GRANTED
            ]
        )

    def _load_subsidy(self, funds):
        place, fund, amount, services, months, number = reliefs.SUBSIDY
        account, since = self._accounts()[place], self._town().calendar.month(months)
        self.env["utility.subsidy"].create(
            self._fact(
                since,
                account_id=account.id,
                partner_id=account.partner_id.id,
                fund_partner_id=funds[fund].id,
                amount=amount,
                service_ids=[Command.set([self._services()[code].id for code in services])],
                register_number=number,
                register_date=since - timedelta(days=8),
            )
        )

    # -- adjustments ------------------------------------------------------------------------

    def _load_adjustments(self):
        """The clerk and the operator draw them up; another person approves, but for one."""
        clerk = self.env.ref("utility_base.demo_user_clerk")
        operator = self.env.ref("utility_base.demo_user_billing_operator")
        absence, act = (
            self._adjust(clerk, vals) for vals in (self._absence_vals(), self._no_heat_vals())
        )
        sealing, by_hand = (
            self._adjust(operator, vals) for vals in (self._sealing_vals(), self._by_hand_vals())
        )
        (absence | act).with_user(operator).filtered("may_approve").action_approve()
        self._name_records(
            absence=absence, claim_act=act, one_off=sealing, adjustment_waiting=by_hand
        )

    def _adjust(self, user, vals):
        """An adjustment that its author has submitted."""
        adjustment = self.env["utility.adjustment"].with_user(user).create(vals)
        adjustment.action_submit()
        return adjustment

    def _absence_vals(self):
        calendar, services = self._town().calendar, self._services()
        absence = reliefs.ABSENCE
        returned = calendar.month(-1, absence["returned"])
        return {
            "kind": "absence",
            "date": returned + timedelta(days=1),
            "account_id": self._accounts()[absence["place"]].id,
            "left_on": calendar.month(-1, absence["left"]),
            "returned_on": returned,
            "service_ids": [
                Command.set([services[code].id for code in ("cold_water", "sewerage", "waste")])
            ],
            "reason": "Certificate of the sanatorium; both were away",
        }

    def _no_heat_vals(self):
        calendar, told = self._town().calendar, reliefs.NO_HEAT
        return {
            "kind": "quality",
            "date": calendar.month(-1, told["last"]),
            "premise_ids": [Command.set(self._premises()[told["place"]].ids)],
            "service_ids": [Command.set(self._services()[told["service"]].ids)],
            "begin_at": calendar.moment(calendar.month(-1, told["first"]), 6),
            "end_at": calendar.moment(calendar.month(-1, told["last"]), 6),
            "measure": "interruption",
            "reason": "Pump of the heat substation out of order, mended by the supplier",
        }

    def _sealing_vals(self):
        calendar, told = self._town().calendar, reliefs.SEALING
        water = self._services()["cold_water"]
        sealing = self.env["product.product"].create(
            {
                "name": "Sealing of a meter",
                "default_code": "SEALING",
                "type": "service",
                "list_price": told["price"],
                "company_id": self.env.company.id,
                "taxes_id": [Command.set(self._tax(21).ids)],
                "property_account_income_id": water.income_account_id.id,
            }
        )
        day = calendar.month(-1, told["day"])
        return {
            "kind": "one_off",
            "date": day,
            "account_id": self._accounts()[told["place"]].id,
            "service_id": water.id,
            "product_id": sealing.id,
            "quantity": 1,
            "price": told["price"],
            "work_date": day,
            "performer_id": self.env.ref("utility_base.demo_user_field_controller").partner_id.id,
            "reason": "Seal broken by the plumber, put on anew at the resident's cost",
        }

    def _by_hand_vals(self):
        told = reliefs.BY_HAND
        return {
            "kind": "manual",
            "date": self._town().calendar.month(-1, 28),
            "account_id": self._accounts()[told["place"]].id,
            "service_id": self._services()[told["service"]].id,
            "amount": told["amount"],
            "reason": "A burst pipe behind the shop's meter; the council asked for half of it",
        }
