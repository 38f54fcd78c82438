import base64

from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import mail_new_test_user

PDF = b"%PDF-1.4 a test"


class DocumentsCommon(AccountTestInvoicingCommon):
    """A street with two buildings of two flats each, their accounts, a water service, a clerk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.clerk = cls._user("clerk", "utility_base.group_clerk")
        cls.env = cls.env(user=cls.clerk, context={"lang": "en_US"})
        cls.clerk = cls.clerk.with_env(cls.env)
        cls._make_places()
        cls._make_services()

    @classmethod
    def _user(cls, login, groups, **values):
        return mail_new_test_user(
            cls.env(su=True),
            login=login,
            name=login.title(),
            groups=groups,
            tz="UTC",
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def _make_places(cls):
        system = cls.env(su=True)
        types = {
            level: system["utility.premise.type"].create(
                {"name": f"Test {level}", "code": f"test_{level}", "level": level}
            )
            for level in ("locality", "street", "building", "unit")
        }

        def place(name, level, parent=None):
            return (
                system["utility.premise"]
                .create(
                    {
                        "name": name,
                        "type_id": types[level].id,
                        "parent_id": parent and parent.id,
                    }
                )
                .with_env(cls.env)
            )

        street = place("Main Street", "street", place("Alpha", "locality"))
        cls.house, cls.other_house = place("10", "building", street), place("2", "building", street)
        cls.flats = [place(name, "unit", cls.house) for name in ("1", "2")]
        cls.other_flat = place("1", "unit", cls.other_house)
        cls.ann, cls.bob, cls.cid = (
            system["res.partner"]
            .create(
                {
                    "name": name,
                    "email": f"{name.split()[0].lower()}@example.com",
                    "street": "Main Street 10",
                    "city": "Alpha",
                }
            )
            .with_env(cls.env)
            for name in ("Ann Smith", "Bob Jones", "Cid Brown")
        )
        cls.accounts = cls.env["utility.account"].create(
            [
                cls._account_vals("A-1", cls.ann, cls.flats[0]),
                cls._account_vals("A-2", cls.bob, cls.flats[1]),
            ]
        )
        cls.other_account = cls.env["utility.account"].create(
            cls._account_vals("B-1", cls.cid, cls.other_flat)
        )

    @classmethod
    def _account_vals(cls, number, partner, premise):
        numbering = cls.env["utility.numbering"]._for("account", cls.company)
        numbering.check_given = False
        return {
            "number": number,
            "partner_id": partner.id,
            "premise_id": premise.id,
            "date_open": "2025-01-01",
            "company_id": cls.company.id,
        }

    @classmethod
    def _make_services(cls):
        system = cls.env(su=True)
        cls.water, cls.heat = (
            system["utility.service"]
            .create(
                {
                    "name": name,
                    "code": code,
                    "kind": code,
                    "company_id": cls.company.id,
                    "uom_id": cls.env.ref("uom.product_uom_cubic_meter").id,
                }
            )
            .with_env(cls.env)
            for name, code in (("Cold Water", "cold_water"), ("Heating", "heat"))
        )
        cycle = system["utility.billing.cycle"].create({"name": "Monthly test", "months": 1})
        for account in cls.accounts | cls.other_account:
            point = system["utility.service.point"].create(
                {
                    "code": f"W-{account.number}",
                    "service_id": cls.water.id,
                    "premise_id": account.premise_id.id,
                    "company_id": cls.company.id,
                }
            )
            system["utility.service.agreement"].create(
                {
                    "account_id": account.id,
                    "service_point_id": point.id,
                    "company_id": cls.company.id,
                    "billing_cycle_id": cycle.id,
                    "date_start": "2025-01-01",
                }
            )

    def _agreement(self, **values):
        return self.env["utility.agreement.document"].create(
            {
                "partner_id": self.ann.id,
                "account_ids": [Command.set(self.accounts[0].ids)],
                "date_start": "2026-01-01",
                "company_id": self.company.id,
                **values,
            }
        )

    def _document(self, **values):
        return self.env["utility.document"].create(
            {
                "name": "Paper",
                "type_id": self.env.ref("utility_base.document_type_other").id,
                "account_id": self.accounts[0].id,
                **values,
            }
        )

    def _letter(self, **values):
        return self.env["utility.correspondence"].create(
            {
                "subject": "A letter",
                "partner_id": self.ann.id,
                "account_ids": [Command.set(self.accounts[0].ids)],
                "company_id": self.company.id,
                **values,
            }
        )

    def _upload(self, name, content=PDF, env=None):
        return (env or self.env)["ir.attachment"].create(
            {"name": name, "datas": base64.b64encode(content)}
        )

    def _owe(self, account, amount, post=True, day="2026-01-31"):
        """A posted entry by which the account's payer owes `amount`."""
        receivable = self.company_data["default_account_receivable"]
        move = self.env(su=True)["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": account.partner_id.id,
                            "utility_account_id": account.id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_revenue"].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        if post:
            move.action_post()
        return move

    def _open_activities(self, record, xmlid):
        return record.sudo().activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(xmlid)
        )
