"""Posted bills to print: five accounts in two streets, each billed 5.00 for upkeep in January.

In the order of the route: Ąžuolų g. 7 (`villa`), Savanorių pr. 12-1 (`account`), 12-2 (`second`),
12-10 (`tenth`), 14-1 (`neighbour`); in the order of their numbers: account, tenth, villa,
neighbour, second. The villa gets its bills by e-mail, the others on paper.
"""

from odoo import fields

from .posting_common import PostingCommon


class PrintingCommon(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.upkeep = cls.make_service("MT", name="Upkeep", kind="maintenance", is_quantified=False)
        cls.upkeep.write({"tax_ids": cls.vat.ids, "income_account_id": cls.revenue.id})
        schedule = cls.make_schedule(cls.plan, cls.upkeep)
        cls.make_version(
            schedule, "2025-01-01", {"code": "fee", "name": "Upkeep", "kind": "fixed", "price": 5}
        )
        flat_10 = cls.make_premise("flat", "10", cls.entrance)
        cls.tenth = cls.make_payer(flat_10, "Dešimtas", zip="44001")
        cls.villa = cls.make_payer(cls.private_house, "Žaliasis", delivery_channel="email")
        cls.neighbour = cls.make_payer(cls.other_flat, "Kaimynas", zip="01001")
        cls.second = cls.make_payer(cls.flat_2, "Antrasis", zip="90001")
        cls.take_upkeep(cls.account)
        cls.paper = cls.account | cls.second | cls.tenth | cls.neighbour
        cls.bills = cls.posted_bills(accounts=cls.paper | cls.villa)

    @classmethod
    def make_payer(cls, premise, name, zip="44240", **vals):
        payer = cls.make_person(name, zip=zip)
        account = cls.make_account(premise, payer, date_open="2020-01-01", **vals)
        cls.take_upkeep(account)
        return account

    @classmethod
    def take_upkeep(cls, account, **vals):
        point = cls.make_point(cls.upkeep, account.premise_id, f"MT-{account.number}")
        return cls.make_agreement(account, point, **vals)

    @classmethod
    def make_print(cls, **vals):
        return cls.env["utility.print.run"].create({"company_id": cls.company.id, **vals})

    @classmethod
    def printed(cls, **vals):
        run = cls.make_print(**vals)
        run.action_print()
        return run

    def bill_of(self, account):
        return self.bills.filtered(lambda bill: bill.utility_account_id == account)

    def accounts_of(self, run):
        """In the order in which their bills lie on the pile."""
        return [line.account_id for line in run.line_ids.sorted("sequence")]

    def choose(self, bills):
        """A printing run of bills that were chosen in their list."""
        run_id = bills.action_utility_print()["res_id"]
        return self.env["utility.print.run"].browse(run_id)

    @classmethod
    def set_command(cls, records):
        return [fields.Command.set(records.ids)]
