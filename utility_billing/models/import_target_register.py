from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.dates import overlaps
from odoo.addons.utility_base.tools.import_item import CREATE
from odoo.addons.utility_base.tools.import_references import accounts_by_number, services_by_code


class ImportTargetRegister(models.AbstractModel):
    """What the registers of funds have in common: rows are dated facts about accounts or premises.

    The same row again changes nothing; a row that says otherwise replaces what is on record.
    """

    _name = "utility.import.target.register"
    _description = "Import: Register of a Fund"
    _inherit = ["utility.import.target"]

    # the dated model that rows become, and its columns that a row may say
    _fact_model = ""
    _said = ()

    @api.model
    def _target_models(self):
        return {self._fact_model: ("create", "write")}

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan_accounts(self, items):
        """`item.plan["account"]` of the rows that name one."""
        accounts = accounts_by_number(self.env, {item.get("number") for item in items} - {None})
        may_see = self._permitted(
            "utility.account", [account["id"] for account in accounts.values()], "read"
        )
        for item in items:
            number = item.get("number")
            if not number:
                continue
            account = accounts.get(number)
            if not account or account["id"] not in may_see:
                item.fail(
                    self.env._(
                        "there is no account “%s”: mend the number, or import the account first",
                        number,
                    ),
                    "number",
                )
            item.plan["account"] = account

    @api.model
    def _find_services(self, item, services):
        """Ids of the services that a row lists by code or name; it fails where there is none."""
        found = []
        for word in (item.get("services") or "").replace(";", ",").split(","):
            word = word.strip()
            if not word:
                continue
            service = services.get(word.casefold())
            if service:
                found.append(service.id)
            else:
                item.fail(self.env._("there is no service “%s”", word), "services")
        return found

    @api.model
    def _services(self):
        return services_by_code(self.env)

    @api.model
    def _live_facts(self, domain):
        """Live facts as dicts of columns, by one query.

        :param domain: SQL condition on the fact's table
        """
        columns = ("id", *self._key_columns(), *self._said, "date_start", "date_end")
        return [
            dict(zip(columns, row, strict=True))
            for row in self.env.execute_query(
                SQL(
                    "SELECT %s FROM %s fact WHERE voided_at IS NULL AND %s ORDER BY date_start",
                    SQL(", ").join(SQL.identifier(name) for name in columns),
                    SQL.identifier(self.env[self._fact_model]._table),
                    domain,
                )
            )
        ]

    @api.model
    def _key_columns(self):
        model = self.env[self._fact_model]
        return (*model._fact_key, *model._fact_key_optional)

    @api.model
    def _settle(self, profile, item, known, fact, correct=False):
        """Create, replace or leave alone, from what is on record of the same thing.

        :param known: live facts with the same key
        :param fact: values that the row says
        :param correct: a row of the very same days corrects what is on record
        """
        same = [
            row
            for row in known
            if overlaps(row["date_start"], row["date_end"], fact["date_start"], fact["date_end"])
        ]
        if not same:
            item.plan["fact"], item.action = fact, CREATE
            return
        row = same[0]
        item.becomes(self._fact_model, row["id"])
        differing = self._differing(row, fact)
        if (not differing and len(same) == 1) or profile.existing == "leave":
            self._settle_action(item, created=False)
            return
        if len(same) > 1:
            item.fail(
                self.env._("several facts on record overlap with the row's days: end them first")
            )
            return
        record = self.env[self._fact_model].browse(row["id"])
        same_days = (row["date_start"], row["date_end"] or False) == (
            fact["date_start"],
            fact["date_end"],
        )
        if same_days and correct:
            replacing = {
                "replaces_id": row["id"],
                "replace_kind": "correction",
                "replace_reason": profile.fact_reason
                or self.env._("Corrected by an imported file"),
            }
        elif differing == ["date_end"] and not row["date_end"]:
            # nothing but its end was new: it is ended, not replaced
            item.plan["closes"] = fact["date_end"]
            replacing = {}
        else:
            replacing = self._replacing(profile, item, record, fact["date_start"])
            if replacing is None:
                return
            replacing = {**replacing, "date_end": fact["date_end"]}
        item.plan["fact"] = {**fact, **replacing}
        item.changes += self._words_of_changes(row, fact, differing)
        item.action = CREATE

    @api.model
    def _differing(self, row, fact):
        """Names of what a row says otherwise; that it begins later on is no difference."""
        return [
            name
            for name in (*self._said, "date_end")
            if name in fact and _plain(row[name]) != _plain(fact[name])
        ]

    @api.model
    def _words_of_changes(self, row, fact, names):
        model = self.env[self._fact_model]
        return [
            f"{model._fields[name]._description_string(self.env)}: "
            f"{_plain(row[name])} → {_plain(fact[name])}"
            for name in names
        ]

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        facts = self.env[self._fact_model].with_context(mail_create_nolog=True)
        for item in items:
            if item.plan.get("closes"):
                facts.browse(item.res_id)._close(item.plan["closes"])
        new = [item for item in items if not item.plan.get("closes")]
        made = facts.create([self._prepare_fact(item) for item in new])
        for item, fact in zip(new, made, strict=True):
            item.becomes(self._fact_model, fact.id)
            item.has_made(self._fact_model, fact.id)

    @api.model
    def _prepare_fact(self, item):
        return {"company_id": self.env.company.id, **item.plan["fact"]}


def _plain(value):
    """A value as it is compared and shown."""
    if value is None or value is False:
        return ""
    if isinstance(value, bool):
        return "1"
    if isinstance(value, (int, float, Decimal)):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
