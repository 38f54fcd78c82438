from odoo import api, models
from odoo.tools import SQL

from ..tools.dates import overlaps, peak_sum
from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_references import (
    accounts_by_number,
    cycles_by_name,
    points_by_code,
    services_by_code,
)

COLUMNS = (
    "service_point_id",
    "id",
    "account_id",
    "date_start",
    "date_end",
    "share",
    "billing_cycle_id",
)


class ImportTargetAgreement(models.AbstractModel):
    """Which account takes a service at which point, with what share, from when to when."""

    _name = "utility.import.target.agreement"
    _description = "Import: Service Agreements"
    _inherit = ["utility.import.target"]

    _one_row_each = False

    @api.model
    def _target_help(self):
        return self.env._(
            "A row lets an account on record take a service at a point on record: the point with "
            "the code, or the only one of the service at the account's premise."
        )

    @api.model
    def _target_fields(self, profile):
        return [
            ImportField(
                "number",
                self.env._("Account Number"),
                required=True,
                aliases=("account", "sąskaita", "лицевой счет"),
                looks_up=self.env._("an account by its number"),
            ),
            ImportField(
                "point_code",
                self.env._("Service Point"),
                aliases=("point", "point code"),
                looks_up=self.env._("a service point by its code"),
            ),
            ImportField(
                "service",
                self.env._("Service"),
                aliases=("paslauga", "услуга"),
                looks_up=self.env._("a service by its code, where no point is named"),
            ),
            ImportField("share", self.env._("Share, %"), kind="number", default="100"),
            ImportField(
                "cycle",
                self.env._("Billing Cycle"),
                looks_up=self.env._("a billing cycle by its name or its number of months"),
            ),
            ImportField(
                "date_start", self.env._("From"), kind="date", aliases=("start", "nuo", "дата с")
            ),
            ImportField(
                "date_end", self.env._("To"), kind="date", aliases=("end", "iki", "дата по")
            ),
        ]

    @api.model
    def _target_models(self):
        return {"utility.service.agreement": ("create", "write")}

    @api.model
    def _plan(self, batch, items):
        accounts = accounts_by_number(self.env, {item.get("number") for item in items})
        points = points_by_code(self.env, {item.get("point_code") for item in items} - {None})
        services, cycles = services_by_code(self.env), cycles_by_name(self.env)
        at_premise = self._points_at([account["premise_id"] for account in accounts.values()])
        for item in items:
            self._find_account(item, accounts)
            self._find_point(item, points, services, at_premise)
        on_record = self._on_record([item.plan.get("point_id") for item in items])
        may = self._permitted(
            "utility.account", [account["id"] for account in accounts.values()], "read"
        )
        taken = {}
        for item in items:
            if item.plan.get("account") and item.plan["account"]["id"] not in may:
                item.fail(self.env._("you may not see that account"))
            if item.is_good:
                self._plan_agreement(batch.profile_id, item, on_record, cycles, taken)

    @api.model
    def _find_account(self, item, accounts):
        item.plan["account"] = account = accounts.get(item.get("number"))
        if not account:
            item.fail(
                self.env._(
                    "no account has the number “%s”: import the accounts first, or mend the number",
                    item.get("number"),
                ),
                "number",
            )

    @api.model
    def _find_point(self, item, points, services, at_premise):
        code, word = item.get("point_code"), item.get("service")
        service = services.get(word.casefold()) if word else None
        if code:
            point = points.get(code)
            if not point:
                item.fail(self.env._("no service point has the code “%s”", code), "point_code")
            elif service and point["service_id"] != service.id:
                item.fail(
                    self.env._(
                        "the service point %(code)s is not one of %(service)s",
                        code=code,
                        service=service.name,
                    )
                )
            item.plan["point_id"] = point and point["id"]
        elif not service:
            item.fail(
                self.env._("there is no service “%s”", word)
                if word
                else self.env._("the row names neither a service point nor a service"),
                "service",
            )
        elif item.plan["account"]:
            found = at_premise.get((item.plan["account"]["premise_id"], service.id), [])
            if len(found) == 1:
                item.plan["point_id"] = found[0]
            else:
                item.fail(
                    self.env._(
                        "%(count)s service points of %(service)s are at the account's premise: "
                        "name the point by its code",
                        count=len(found),
                        service=service.name,
                    )
                )

    @api.model
    def _points_at(self, premise_ids):
        found = {}
        for premise_id, service_id, point_id in self.env.execute_query(
            SQL(
                "SELECT premise_id, service_id, id FROM utility_service_point "
                "WHERE company_id = %s AND active AND premise_id = ANY(%s)",
                self.env.company.id,
                list(filter(None, premise_ids)),
            )
        ):
            found.setdefault((premise_id, service_id), []).append(point_id)
        return found

    @api.model
    def _on_record(self, point_ids):
        found, columns = {}, tuple(dict.fromkeys((*COLUMNS, *self._carried())))
        for point_id, *rest in self.env.execute_query(
            SQL(
                "SELECT %s FROM utility_service_agreement "
                "WHERE voided_at IS NULL AND service_point_id = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, columns)),
                list({point_id for point_id in point_ids if point_id}),
            )
        ):
            found.setdefault(point_id, []).append(dict(zip(columns[1:], rest, strict=True)))
        return found

    # -- planning one -----------------------------------------------------------------------

    @api.model
    def _plan_agreement(self, profile, item, on_record, cycles, taken):
        account, point_id = item.plan["account"], item.plan["point_id"]
        cycle = cycles.get(item.get("cycle").casefold()) if item.get("cycle") else None
        if item.get("cycle") and not cycle:
            item.fail(self.env._("there is no billing cycle “%s”", item.get("cycle")), "cycle")
            return
        end = self._day(item.get("date_end"))
        known = self._same_account(item, account, on_record.get(point_id, []), end)
        fallback = (
            known[0]["date_start"] if known else max(account["date_open"], self._first_day(profile))
        )
        fact = {
            "account_id": account["id"],
            "service_point_id": point_id,
            "company_id": self.env.company.id,
            "date_start": self._day(item.get("date_start"), fallback),
            "date_end": end or False,
            "share": item.get("share", 100),
            **self._further_terms(item),
        }
        if cycle or not known:
            fact["billing_cycle_id"] = (cycle or cycles[None]).id
        self._check_terms(item, fact, account)
        if known and item.is_good:
            self._plan_difference(profile, item, known[0], fact)
        elif item.is_good:
            item.plan["fact"] = fact
        if item.is_good and item.plan.get("fact"):
            self._check_shares(item, on_record.get(point_id, []), taken.setdefault(point_id, []))
            item.action = CREATE
        elif item.is_good:
            self._settle_action(item, created=False)

    @api.model
    def _carried(self):
        """Terms of an agreement that go on where a row does not name them."""
        return ("billing_cycle_id",)

    @api.model
    def _further_terms(self, item):
        """Terms that a row names beyond share, days and cycle, for modules that add some; what
        cannot be used fails the item."""
        return {}

    @api.model
    def _same_account(self, item, account, on_record, end):
        """Agreements of the account at the point that share a day with the row's."""
        return [
            row
            for row in on_record
            if row["account_id"] == account["id"]
            and overlaps(
                row["date_start"],
                row["date_end"],
                self._day(item.get("date_start"), row["date_start"]),
                end,
            )
        ]

    @api.model
    def _check_terms(self, item, fact, account):
        start, end, closed = fact["date_start"], fact["date_end"], account["date_close"]
        if end and end < start:
            item.fail(
                self._inverted(start, end),
                "date_end",
            )
        if start < account["date_open"] or (closed and (not end or end > closed)):
            item.fail(
                self.env._(
                    "the agreement would reach beyond the days on which account %(number)s is open "
                    "(%(open)s – %(close)s)",
                    number=account["number"],
                    open=account["date_open"],
                    close=closed or "…",
                )
            )
        if not 0 < fact["share"] <= 100:
            item.fail(
                self.env._("the share of %s %% does not lie between 0 and 100 %%", fact["share"]),
                "share",
            )

    @api.model
    def _plan_difference(self, profile, item, known, fact):
        carried = {name: known[name] or False for name in self._carried()}
        same = (
            float(known["share"]) == float(fact["share"])
            and all(fact.get(name, value) == value for name, value in carried.items())
            and (known["date_end"] or False) == fact["date_end"]
        )
        item.becomes("utility.service.agreement", known["id"])
        if same or profile.existing == "leave":
            return
        record = self.env["utility.service.agreement"].browse(known["id"])
        replacing = self._replacing(profile, item, record, fact["date_start"])
        if not replacing:
            return
        item.plan["fact"] = {
            **carried,
            **fact,
            **replacing,
            "date_end": fact["date_end"] or replacing["date_end"] or False,
        }

    @api.model
    def _check_shares(self, item, on_record, taken):
        fact = item.plan["fact"]
        shares = [
            (row["date_start"], row["date_end"], float(row["share"]))
            for row in on_record
            if row["id"] != fact.get("replaces_id")
        ]
        own = (fact["date_start"], fact["date_end"], float(fact["share"]))
        total, day = peak_sum([*shares, *taken, own])
        if total > 100.0001:
            item.fail(
                self.env._(
                    "the accounts' shares of the point would add up to %(total)s %% on %(day)s",
                    total=f"{total:g}",
                    day=day,
                ),
                "share",
            )
        else:
            taken.append(own)

    @api.model
    def _write(self, batch, items):
        agreements = self._record_facts(
            "utility.service.agreement",
            [item.plan["fact"] for item in items],
            replaced=("_check_shares", "_check_account_is_open", "_check_company"),
        )
        for item, agreement_id in zip(items, agreements.ids, strict=True):
            item.becomes("utility.service.agreement", agreement_id)
            item.has_made("utility.service.agreement", agreement_id)
