"""A small town for tests, here and in the modules above: it stands still on 16 March 2026.

    Kaunas
    ├── Savanorių pr.
    │   ├── 12  apartment building: entrance 1 with flats 1, 2, 3; a shop
    │   └── 14  apartment building: flat 1
    └── Ąžuolų g.
        └── 7   private house

Jonas owns flat 1 of house 12 and pays for its account since 2020; nothing else is set up. Every
`make_…` method creates one more record with usual values.
"""

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user

TODAY = "2026-03-16"

ROLES = (
    "field_controller",
    "cashier",
    "auditor",
    "manager",
    "meter_engineer",
    "clerk",
    "billing_operator",
    "debt_officer",
    "lawyer",
    "administrator",
)


@freeze_time(f"{TODAY} 09:00:00")
class UtilityCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "mail_create_nolog": True,
                "mail_notrack": True,
                "no_reset_password": True,
                "tz": "UTC",
            }
        )
        cls.company = cls._make_first_company()
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
                "tz": "UTC",
            }
        )
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.company = cls.company.with_env(cls.env)
        cls._build_town()
        cls._people_move_in()

    @classmethod
    def _make_first_company(cls):
        return cls.env["res.company"].create(
            {
                "name": "Kaunas Utilities",
                "currency_id": cls.env.ref("base.EUR").id,
                "country_id": cls.env.ref("base.lt").id,
            }
        )

    @classmethod
    def _build_town(cls):
        cls.town = cls.make_premise("locality", "Kaunas")
        cls.avenue = cls.make_premise("street", "Savanorių pr.", cls.town)
        cls.street = cls.make_premise("street", "Ąžuolų g.", cls.town)
        cls.house = cls.make_premise("apartment_building", "12", cls.avenue)
        cls.entrance = cls.make_premise("entrance", "1", cls.house)
        cls.flat, cls.flat_2, cls.flat_3 = (
            cls.make_premise("flat", name, cls.entrance) for name in ("1", "2", "3")
        )
        cls.shop = cls.make_premise("commercial", "Kirpykla", cls.house)
        cls.other_house = cls.make_premise("apartment_building", "14", cls.avenue)
        cls.other_flat = cls.make_premise("flat", "1", cls.other_house)
        cls.private_house = cls.make_premise("private_house", "7", cls.street)

    @classmethod
    def _people_move_in(cls):
        cls.jonas = cls.make_person("Jonas Petraitis")
        cls.ona = cls.make_person("Ona Kazlauskienė")
        cls.tomas = cls.make_person("Tomas Žukauskas")
        cls.ownership = cls.make_occupancy(cls.flat, cls.jonas, "owner", "2020-01-01")
        cls.account = cls.make_account(cls.flat, cls.jonas, date_open="2020-01-01")
        cls.monthly = cls.env.ref("utility_base.billing_cycle_monthly")

    # -- places and people ------------------------------------------------------------------

    @classmethod
    def make_premise(cls, type_code, name, parent=None, **vals):
        """A premise of the ready-made type with that code."""
        return cls.env["utility.premise"].create(
            {
                "type_id": cls.env.ref(f"utility_base.premise_type_{type_code}").id,
                "name": name,
                "parent_id": parent.id if parent else False,
                **vals,
            }
        )

    @classmethod
    def make_person(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "tz": "UTC", **vals})

    @classmethod
    def make_occupancy(cls, premise, partner, role, start, end=False, **vals):
        return cls.env["utility.occupancy"].create(
            {
                "premise_id": premise.id,
                "partner_id": partner.id,
                "role": role,
                "date_start": start,
                "date_end": end,
                **vals,
            }
        )

    # -- accounts, services, agreements -----------------------------------------------------

    @classmethod
    def make_account(cls, premise, payer=None, **vals):
        return cls.env["utility.account"].create(
            {
                "company_id": cls.env.company.id,
                "premise_id": premise.id if premise else False,
                "partner_id": payer.id if payer else False,
                "date_open": "2020-01-01",
                **vals,
            }
        )

    @classmethod
    def make_service(cls, code="CW", **vals):
        return cls.env["utility.service"].create(
            {
                "name": f"Service {code}",
                "code": code,
                "kind": "cold_water",
                "company_id": cls.env.company.id,
                "uom_id": cls.env.ref("uom.product_uom_cubic_meter").id,
                **vals,
            }
        )

    @classmethod
    def make_point(cls, service, premise, code, parent=None, **vals):
        return cls.env["utility.service.point"].create(
            {
                "service_id": service.id,
                "premise_id": premise.id,
                "code": code,
                "company_id": service.company_id.id,
                "parent_id": parent.id if parent else False,
                **vals,
            }
        )

    @classmethod
    def make_agreement(cls, account, point, start="2020-01-01", end=False, **vals):
        return cls.env["utility.service.agreement"].create(
            {
                "account_id": account.id,
                "service_point_id": point.id,
                "company_id": account.company_id.id,
                "billing_cycle_id": cls.env.ref("utility_base.billing_cycle_monthly").id,
                "date_start": start,
                "date_end": end,
                **vals,
            }
        )

    # -- attributes -------------------------------------------------------------------------

    @classmethod
    def make_attribute(cls, code, value_type="number", **vals):
        return cls.env["utility.attribute"].create(
            {
                "name": code.replace("_", " ").capitalize(),
                "code": code,
                "value_type": value_type,
                **vals,
            }
        )

    @classmethod
    def make_value(cls, attribute, owner, raw, start="2020-01-01", end=False, **vals):
        """The attribute's value of a premise, account, service point or person."""
        owner_field = {
            "utility.premise": "premise_id",
            "utility.account": "account_id",
            "utility.service.point": "service_point_id",
            "res.partner": "partner_id",
        }[owner._name]
        values = cls.env["utility.attribute.value"]
        return values.create(
            {
                **values._vals_for(attribute, raw),
                owner_field: owner.id,
                "date_start": start,
                "date_end": end,
                **vals,
            }
        )

    # -- users ------------------------------------------------------------------------------

    @classmethod
    def make_user(cls, role, buildings=None, **vals):
        """A user with one role of the suite, `portal`, or any full group name.

        :param buildings: premises the user is tied to
        """
        group = {"portal": "base.group_portal"}.get(role) or (
            role if "." in role else f"utility_base.group_{role}"
        )
        login = vals.pop("login", f"{role}_{cls.env['res.users'].search_count([])}")
        if buildings:
            vals["utility_building_ids"] = [Command.set(buildings.ids)]
        vals.setdefault("company_id", cls.company.id)
        vals.setdefault("company_ids", [Command.set([vals["company_id"]])])
        return new_test_user(cls.env, login, groups=group, tz="UTC", **vals)

    # -- time -------------------------------------------------------------------------------

    @staticmethod
    def day(text):
        return fields.Date.to_date(text)

    @staticmethod
    def at(moment):
        """The clock of Python and of the database's cursor at another moment (UTC)."""
        return freeze_time(moment)


class UtilityLedgerCommon(UtilityCommon):
    """The same town, with a chart of accounts for its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        journals = cls.env["account.journal"]
        cls.sale_journal = journals.search(
            [("company_id", "=", cls.company.id), ("type", "=", "sale")], limit=1
        )
        cls.misc_journal = journals.search(
            [("company_id", "=", cls.company.id), ("type", "=", "general")], limit=1
        )
        cls.receivable = cls._ledger_account("asset_receivable")
        cls.income = cls._ledger_account("income")

    @classmethod
    def _ledger_account(cls, account_type):
        return cls.env["account.account"].search(
            [
                ("company_ids", "in", cls.company.ids),
                ("account_type", "=", account_type),
            ],
            limit=1,
        )

    @classmethod
    def post_entry(cls, date, lines, post=True):
        """A journal entry: one receivable line for each (account, partner, amount), against income.

        :param lines: list of (utility account, partner, amount); amount > 0 is owed
        """
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.misc_journal.id,
                "date": date,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.receivable.id,
                            "partner_id": partner.id,
                            "balance": amount,
                            "utility_account_id": account.id,
                            "name": "Consumption",
                        }
                    )
                    for account, partner, amount in lines
                ]
                + [
                    Command.create(
                        {
                            "account_id": cls.income.id,
                            "name": "Revenue",
                            "balance": -sum(amount for _account, _partner, amount in lines),
                        }
                    )
                ],
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def receivables_of(cls, account):
        return cls.env["account.move.line"].search(
            [
                ("utility_account_id", "=", account.id),
                ("account_id", "=", cls.receivable.id),
            ]
        )
