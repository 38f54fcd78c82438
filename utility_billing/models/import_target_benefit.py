from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.import_fields import ImportField
from odoo.addons.utility_base.tools.import_people import People, person_fields
from odoo.addons.utility_base.tools.import_references import PremiseReferences, premise_fields

DOCUMENT = ("document_number", "document_date", "document_valid_until", "document_issuer")


class ImportTargetBenefit(models.AbstractModel):
    """Registers of beneficiaries."""

    _name = "utility.import.target.benefit"
    _description = "Import: Benefits"
    _inherit = ["utility.import.target.register"]
    _fact_model = "utility.benefit"
    _said = ("own_value", "value", "persons", *DOCUMENT)

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is somebody's benefit of a kind, from a day on. It names the account by its "
            "number, or the premise; and the person by a code or name, else the account's payer "
            "has the benefit."
        )

    @api.model
    def _target_fields(self, profile):
        return [
            ImportField(
                "number",
                self.env._("Account Number"),
                aliases=("account", "sąskaita", "mokėtojo kodas", "лицевой счет"),
                looks_up=self.env._("an account by its number"),
            ),
            ImportField(
                "kind",
                self.env._("Benefit"),
                required=True,
                aliases=("benefit", "kind", "code", "lengvata", "льгота"),
                looks_up=self.env._("a kind of benefit by its code or name"),
            ),
            *person_fields(self.env),
            *premise_fields(self.env),
            ImportField("date_start", self.env._("From"), kind="date", aliases=("nuo", "дата с")),
            ImportField("date_end", self.env._("To"), kind="date", aliases=("iki", "дата по")),
            ImportField(
                "persons", self.env._("Persons Covered"), kind="integer", aliases=("persons",)
            ),
            ImportField(
                "value",
                self.env._("How Much"),
                kind="number",
                aliases=("value", "percent", "procentas"),
                help=self.env._("Empty: as the kind says."),
            ),
            ImportField(
                "document_number",
                self.env._("Document No."),
                aliases=("document", "dokumentas", "документ"),
            ),
            ImportField("document_date", self.env._("Document Dated"), kind="date"),
            ImportField("document_valid_until", self.env._("Document Valid until"), kind="date"),
            ImportField("document_issuer", self.env._("Issued by"), aliases=("išdavė",)),
        ]

    @api.model
    def _key_fields(self):
        return (
            "number", "kind", "name", "ref", "personal_code", "vat", "premise_code", "locality",
            "street", "building", "section", "unit", "date_start",
        )  # fmt: skip

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        profile = batch.profile_id
        kinds = self._kinds()
        self._plan_accounts(items)
        self._plan_premises(items)
        self._plan_people(items)
        for item in items:
            item.plan["kind"] = kinds.get(item.get("kind", "").casefold())
            if not item.plan["kind"]:
                item.fail(
                    self.env._("there is no kind of benefit “%s”: make it first", item.get("kind")),
                    "kind",
                )
        facts = self._facts(items)
        for item in items:
            if item.is_good:
                self._plan_fact(profile, item, facts)

    @api.model
    def _kinds(self):
        kinds = self.env["utility.benefit.kind"].search([("company_id", "=", self.env.company.id)])
        found = {kind.name.casefold(): kind for kind in kinds}
        found.update((kind.code.casefold(), kind) for kind in kinds)
        return found

    @api.model
    def _plan_premises(self, items):
        references = PremiseReferences(self.env)
        named = [item for item in items if not item.get("number") and references.add(item)]
        references.look_up()
        found = {item: references.get(item) for item in named}
        may_see = self._permitted("utility.premise", filter(None, found.values()), "read")
        for item, premise_id in found.items():
            if premise_id and premise_id not in may_see:
                item.fail(self.env._("you may not see that premise"))
            item.plan["premise_id"] = premise_id
        for item in items:
            if not item.get("number") and item not in found:
                item.fail(self.env._("the row names neither an account nor a premise"), "number")

    @api.model
    def _plan_people(self, items):
        """The beneficiary of each row: who is known there by that name, else by code or name."""
        people, there = People(self.env, by_name=True), self._people_there(items)
        for item in items:
            self._recognise(item, people, there)
        people.look_up()
        for item in items:
            if item.plan.get("person"):
                self._plan_person(item, item.plan["person"])
            elif not item.plan["partner_id"]:
                item.fail(self.env._("the row names nobody: give a name or a code"), "name", "ref")

    @api.model
    def _recognise(self, item, people, there):
        account = item.plan.get("account")
        item.plan["partner_id"] = account and account["partner_id"]
        name = (item.get("name") or "").strip().casefold()
        if not any(item.get(code) for code in ("name", "ref", "personal_code", "vat")):
            return
        if name and not any(item.get(code) for code in ("ref", "personal_code", "vat")):
            premise_id = account["premise_id"] if account else item.plan.get("premise_id")
            known = {
                partner_id
                for partner_id, known_name in there.get(premise_id, ())
                if known_name == name
            }
            if len(known) == 1:
                item.plan["partner_id"] = min(known)
                return
        item.plan["person"] = people.add(item.values)

    @api.model
    def _people_there(self, items):
        """{premise id: {(partner id, name in lower case)}} of occupants and payers, by one
        query."""
        premises = {
            item.plan["account"]["premise_id"] for item in items if item.plan.get("account")
        }
        premises |= {item.plan["premise_id"] for item in items if item.plan.get("premise_id")}
        found = {}
        for premise_id, partner_id, name in self.env.execute_query(
            SQL(
                """
            SELECT place.premise_id, partner.id, partner.name FROM (
                SELECT premise_id, partner_id FROM utility_occupancy
                WHERE voided_at IS NULL AND premise_id = ANY(%(premises)s)
                UNION SELECT premise_id, partner_id FROM utility_account
                WHERE premise_id = ANY(%(premises)s)
            ) place JOIN res_partner partner ON partner.id = place.partner_id
            """,
                premises=list(premises - {None}),
            )
        ):
            found.setdefault(premise_id, set()).add((partner_id, (name or "").casefold()))
        return found

    @api.model
    def _plan_person(self, item, person):
        if person.count:
            item.fail(
                self.env._("several people on record answer to “%s”: give a code", person.name),
                "name",
            )
        elif not person.id:
            said = (item.get(code) for code in ("name", "ref", "personal_code", "vat"))
            item.fail(
                self.env._(
                    "nobody on record is “%s”: record the person at the premise first",
                    next(filter(None, said)),
                ),
                "name",
                "ref",
            )
        else:
            item.plan["partner_id"] = person.id

    @api.model
    def _facts(self, items):
        """{key: [live benefits]}, by one query."""
        accounts = {item.plan["account"]["id"] for item in items if item.plan.get("account")}
        premises = {item.plan["premise_id"] for item in items if item.plan.get("premise_id")}
        found = {}
        for row in self._live_facts(
            SQL("(account_id = ANY(%s) OR premise_id = ANY(%s))", list(accounts), list(premises))
        ):
            key = row["kind_id"], row["partner_id"], row["account_id"], row["premise_id"]
            found.setdefault(key, []).append(row)
        return found

    @api.model
    def _plan_fact(self, profile, item, facts):
        account = item.plan.get("account")
        place = {
            "account_id": account["id"] if account else None,
            "premise_id": None if account else item.plan["premise_id"],
        }
        kind, partner = item.plan["kind"].id, item.plan["partner_id"]
        known = facts.get((kind, partner, place["account_id"], place["premise_id"]), [])
        start, end = self._day(item.get("date_start")), self._day(item.get("date_end"))
        if not start:
            # a register that names no first day goes on with what is on record
            running = [row for row in known if not row["date_end"] or row["date_end"] == end]
            start = running[0]["date_start"] if running else self._first_day(profile)
        if end and end < start:
            item.fail(self._inverted(start, end), "date_end")
            return
        if (item.get("persons") or 1) < 1:
            item.fail(self.env._("a benefit covers at least one person"), "persons")
            return
        fact = {
            **place,
            "kind_id": kind,
            "partner_id": partner,
            "date_start": start,
            "date_end": end or False,
            **self._said_by(item),
        }
        self._settle(profile, item, known, fact, correct=True)

    @api.model
    def _said_by(self, item):
        value = item.get("value")
        fact = {"own_value": value is not None, "value": float(value or 0)}
        if item.get("persons"):
            fact["persons"] = item.get("persons")
        for name in DOCUMENT:
            text = item.get(name)
            if text:
                is_day = name in ("document_date", "document_valid_until")
                fact[name] = self._day(text) if is_day else text
        return fact
