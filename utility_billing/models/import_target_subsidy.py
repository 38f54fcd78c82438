from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.import_fields import ImportField


class ImportTargetSubsidy(models.AbstractModel):
    """Registers of subsidies."""

    _name = "utility.import.target.subsidy"
    _description = "Import: Subsidies"
    _inherit = ["utility.import.target.register"]
    _fact_model = "utility.subsidy"
    _said = ("amount", "per")

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is what a fund pays on an account for a month, or for several. A fund's "
            "decision that comes again for the same months corrects what is on record."
        )

    @api.model
    def _target_fields(self, profile):
        pers = self.env["utility.subsidy"]._fields["per"]
        return [
            ImportField(
                "number",
                self.env._("Account Number"),
                required=True,
                aliases=("account", "sąskaita", "mokėtojo kodas", "лицевой счет"),
                looks_up=self.env._("an account by its number"),
            ),
            ImportField(
                "date_start",
                self.env._("Month"),
                kind="date",
                required=True,
                aliases=("from", "month", "mėnuo", "месяц"),
                help=self.env._("Any day of the first month."),
            ),
            ImportField(
                "date_end",
                self.env._("Last Month"),
                kind="date",
                aliases=("to", "iki", "по"),
                help=self.env._("Any day of it; empty: that month only."),
            ),
            ImportField(
                "amount",
                self.env._("Amount"),
                kind="money",
                required=True,
                aliases=("sum", "suma", "сумма"),
            ),
            ImportField(
                "fund",
                self.env._("Fund"),
                required=True,
                aliases=("payer", "fondas", "фонд"),
                looks_up=self.env._("a company by its code, tax code or name"),
                help=self.env._("The same on all rows: give it as the default."),
            ),
            ImportField(
                "register_number",
                self.env._("Decision, Register No."),
                required=True,
                default="-",
                aliases=("decision", "register", "sprendimas", "решение"),
            ),
            ImportField("register_date", self.env._("Decision Dated"), kind="date"),
            ImportField(
                "per",
                self.env._("Paid Out"),
                kind="selection",
                default="month",
                choices=tuple(pers._description_selection(self.env)),
            ),
            ImportField(
                "services",
                self.env._("Services"),
                aliases=("paslaugos", "услуги"),
                looks_up=self.env._("services by code or name, with commas"),
                help=self.env._("Empty: all."),
            ),
        ]

    @api.model
    def _key_fields(self):
        return ("number", "fund", "register_number", "date_start")

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        self._plan_accounts(items)
        funds = self._funds({item.get("fund") for item in items} - {None})
        services = self._services()
        facts = self._facts(items)
        for item in items:
            found = funds.get((item.get("fund") or "").casefold(), ())
            if len(found) != 1:
                item.fail(
                    self.env._("no company on record is “%s”: record the fund", item.get("fund"))
                    if not found
                    else self.env._(
                        "several companies on record are “%s”: give a code", item.get("fund")
                    ),
                    "fund",
                )
            service_ids = self._find_services(item, services)
            if item.is_good:
                self._plan_fact(batch.profile_id, item, facts, min(found), service_ids)

    @api.model
    def _funds(self, words):
        """{word: {partner ids}}, by one query."""
        found = {}
        for partner_id, *names in self.env.execute_query(
            SQL(
                """
            SELECT id, lower(ref), lower(vat), lower(name) FROM res_partner
            WHERE active AND (company_id IS NULL OR company_id = %(company)s)
            AND (lower(ref) = ANY(%(words)s) OR lower(vat) = ANY(%(words)s)
                 OR lower(name) = ANY(%(words)s) AND is_company)
            """,
                company=self.env.company.id,
                words=[word.lower() for word in words],
            )
        ):
            for name in names:
                if name:
                    found.setdefault(name.casefold(), set()).add(partner_id)
        return found

    @api.model
    def _facts(self, items):
        """{(account, fund, register number): [live subsidies]}, by one query."""
        accounts = [item.plan["account"]["id"] for item in items if item.plan.get("account")]
        found = {}
        for row in self._live_facts(SQL("account_id = ANY(%s)", accounts)):
            key = row["account_id"], row["fund_partner_id"], row["register_number"]
            found.setdefault(key, []).append(row)
        return found

    @api.model
    def _plan_fact(self, profile, item, facts, fund_id, service_ids):
        start = fields.Date.start_of(self._day(item.get("date_start")), "month")
        end = fields.Date.end_of(self._day(item.get("date_end"), start), "month")
        if end < start:
            item.fail(self._inverted(start, end), "date_end")
            return
        amount = float(item.get("amount"))
        if amount <= 0:
            item.fail(self.env._("a subsidy is more than 0"), "amount")
            return
        account = item.plan["account"]
        number = item.get("register_number")
        fact = {
            "account_id": account["id"],
            "partner_id": account["partner_id"],
            "fund_partner_id": fund_id,
            "register_number": number,
            "register_date": self._day(item.get("register_date")) or False,
            "date_start": start,
            "date_end": end,
            "amount": amount,
            "per": item.get("per") or "month",
        }
        if service_ids:
            fact["service_ids"] = [fields.Command.set(service_ids)]
        known = facts.get((account["id"], fund_id, number), [])
        self._settle(profile, item, known, fact, correct=True)
