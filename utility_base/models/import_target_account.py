# pylint: disable=prefer-env-translation
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import check_digits
from ..tools.bulk import bulk_create
from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE, UNCHANGED, UPDATE
from ..tools.import_people import People, person_fields
from ..tools.import_references import PremiseReferences, premise_fields

PLAIN = ("kind", "delivery_channel", "delivery_email", "lang", "date_close")
COLUMNS = (
    "id",
    "number",
    "kind",
    "premise_id",
    "partner_id",
    "date_open",
    "date_close",
    "delivery_channel",
    "delivery_email",
    "lang",
    "active",
    "bill_to_account_id",
)
# account checks that the plan makes for a whole slice
REPLACED = (
    "_check_number",
    "_check_collective",
    "_check_premise",
    "_check_nothing_open_beyond",
    "_check_nothing_before",
    "_check_company",
)
SHORTCUTS = {"building_id": ("_compute_building_id",), "search_text": ("_compute_search_text",)}


class ImportTargetAccount(models.AbstractModel):
    """Accounts with their payers, on premises that are on record."""

    _name = "utility.import.target.account"
    _description = "Import: Accounts"
    _inherit = ["utility.import.target"]

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is an account on a premise that is on record. It is recognised by its number; "
            "another payer is recorded from the row's date on."
        )

    @api.model
    def _target_fields(self, profile):
        return [*self._account_fields(), *premise_fields(self.env._)]

    @api.model
    def _account_fields(self):
        _ = self.env._
        accounts = self.env["utility.account"]._fields
        return [
            ImportField(
                "number",
                _("Account Number"),
                help=_("Empty: the company's numbering gives one."),
                aliases=("account", "number", "sąskaita", "mokėtojo kodas", "лицевой счет", "счёт"),
            ),
            ImportField(
                "kind",
                _("Kind of Account"),
                kind="selection",
                choices=tuple(accounts["kind"]._description_selection(self.env)),
            ),
            *person_fields(_, "payer_"),
            ImportField(
                "payer_from",
                _("Payer from"),
                kind="date",
                help=_("First day of a payer who differs from the one on record."),
            ),
            ImportField(
                "date_open",
                _("Opened on"),
                kind="date",
                aliases=("opened", "start", "from", "nuo", "дата открытия"),
            ),
            ImportField("date_close", _("Closed on"), kind="date", aliases=("closed", "iki")),
            *self._delivery_fields(),
        ]

    @api.model
    def _delivery_fields(self):
        _ = self.env._
        accounts = self.env["utility.account"]._fields
        return [
            ImportField(
                "delivery_channel",
                _("Bills by"),
                kind="selection",
                choices=tuple(accounts["delivery_channel"]._description_selection(self.env)),
            ),
            ImportField("delivery_email", _("E-mail for Bills")),
            ImportField(
                "lang",
                _("Language of Bills"),
                kind="selection",
                choices=tuple(self.env["res.lang"].get_installed()),
            ),
            ImportField(
                "bill_to",
                _("Billed with Account"),
                looks_up=_("a collective account by its number"),
            ),
        ]

    @api.model
    def _key_fields(self):
        return ("number", "premise_code", "locality", "street", "building", "unit", "payer_name")

    @api.model
    def _row_key(self, profile, values):
        if values.get("number"):
            values = {"number": values["number"]}
        return super()._row_key(profile, values)

    @api.model
    def _target_models(self):
        return {
            "utility.account.payer": ("create",),
            "utility.account": ("create", "write"),
            "res.partner": ("create",),
        }

    @api.model
    def _undo_order(self):
        return ["utility.account.payer", "utility.account", "res.partner"]

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        references = PremiseReferences(self.env)
        for item in items:
            if references.add(item) or item.get("kind") != "collective":
                item.plan["names_premise"] = True
        references.look_up()
        for item in items:
            if item.plan.get("names_premise"):
                item.plan["premise_id"] = references.get(item)
        self._refuse_unreadable(items)
        self._plan_accounts(batch, items)
        for item in items:
            self._settle_action(item, created=not item.plan.get("record"))

    @api.model
    def _refuse_unreadable(self, items):
        """Premises that the user may not see are no place for an account of theirs."""
        may = self._permitted(
            "utility.premise",
            [item.plan["premise_id"] for item in items if item.plan.get("premise_id")],
            "read",
        )
        for item in items:
            premise_id = item.plan.get("premise_id")
            if premise_id and premise_id not in may:
                item.fail(self.env._("you may not see that premise"))

    @api.model
    def _plan_accounts(self, batch, items):
        """Look up numbers, payers and collective accounts; a fixed number of queries."""
        profile = batch.profile_id
        self._check_numbers(items)
        records = self._records(items)
        people = People(self.env, by_name=profile.same_name_same_person)
        collective = self._collective(items)
        may = self._permitted("utility.account", [r["id"] for r in records.values()], "write")
        for item in items:
            item.plan["people"] = people
            record = item.plan["record"] = records.get(item.get("number")) or records.get(item)
            if record and record["id"] not in may:
                item.fail(self.env._("you may not change account %s", record["number"]))
            if not (record and self._is_payer(record, item)):
                item.plan["payer"] = people.add(item.values, "payer_")
            if item.get("bill_to"):
                self._plan_bill_to(item, collective)
        people.look_up()
        for item in items:
            if item.is_good:
                self._plan_account(profile, item)

    @api.model
    def _check_numbers(self, items):
        """What `_check_number` of accounts does, for all at once."""
        numbering = self.env["utility.numbering"]._for("account", self.env.company)
        if not numbering.check_given:
            return
        scheme = numbering.check_scheme
        schemes = dict(numbering._fields["check_scheme"]._description_selection(self.env))
        for item in items:
            number = item.get("number")
            if number and not check_digits.is_valid(scheme, number):
                item.fail(
                    self.env._(
                        "“%(number)s” is no valid account number: its check digit is wrong "
                        "(%(scheme)s). A digit was mistyped, or two were swapped",
                        number=number,
                        scheme=schemes[scheme],
                    )
                )

    @api.model
    def _records(self, items):
        """{number, or item without one: account on record}; without a number an account is
        recognised by its premise and its payer's name."""
        numbers = {item.get("number") for item in items} - {None}
        nameless = {
            (item.plan["premise_id"], (item.get("payer_name") or "").casefold()): item
            for item in items
            if not item.get("number") and item.plan.get("premise_id")
        }
        rows = self.env.execute_query(
            SQL(
                """
            SELECT %s, p.name, p.ref, p.utility_personal_code, p.vat
            FROM utility_account a LEFT JOIN res_partner p ON p.id = a.partner_id
            WHERE a.company_id = %s
                AND (a.number = ANY(%s) OR (a.premise_id = ANY(%s) AND a.active))
            """,
                SQL(", ").join(SQL("a.%s", SQL.identifier(name)) for name in COLUMNS),
                self.env.company.id,
                list(numbers),
                [premise for premise, _name in nameless],
            )
        )
        found = {}
        for row in rows:
            record = dict(zip((*COLUMNS, "payer", "ref", "personal_code", "vat"), row, strict=True))
            if record["number"] in numbers:
                found[record["number"]] = record
            item = nameless.get((record["premise_id"], (record["payer"] or "").casefold()))
            if item:
                found[item] = record
        return found

    @staticmethod
    def _is_payer(record, item):
        """Whether the row names the payer on record, or none at all."""
        codes = [
            (record[code], item.get(f"payer_{code}")) for code in ("ref", "personal_code", "vat")
        ]
        if any(given and known for known, given in codes):
            return all(known == given for known, given in codes if given and known)
        name = item.get("payer_name")
        return not name or name.casefold() == (record["payer"] or "").casefold()

    @api.model
    def _collective(self, items):
        numbers = {item.get("bill_to") for item in items} - {None}
        rows = (
            self.env.execute_query(
                SQL(
                    "SELECT number, id, kind FROM utility_account WHERE company_id = %s AND "
                    "number = ANY(%s)",
                    self.env.company.id,
                    list(numbers),
                )
            )
            if numbers
            else []
        )
        return {number: (account_id, kind) for number, account_id, kind in rows}

    @api.model
    def _plan_bill_to(self, item, collective):
        account_id, kind = collective.get(item.get("bill_to"), (None, None))
        if kind != "collective":
            item.fail(
                self.env._(
                    "“%s” is no collective account on record: import it first, in a file of its "
                    "own",
                    item.get("bill_to"),
                )
            )
        elif item.get("kind") == "collective":
            item.fail(self.env._("a collective account cannot be billed with another"))
        item.plan["bill_to_account_id"] = account_id

    @api.model
    def _plan_account(self, profile, item):
        opened, closed = self._day(item.get("date_open")), self._day(item.get("date_close"))
        record, payer = item.plan["record"], item.plan.get("payer")
        began = opened or (record["date_open"] if record else self._first_day(profile))
        item.plan["date_open"] = began
        item.plan["date_close"] = closed or (record["date_close"] if record else None)
        if closed and closed < began:
            item.fail(
                self.env._(
                    "the account would be closed on %(close)s, before it is opened on %(open)s",
                    close=closed,
                    open=began,
                )
            )
        if payer and payer.count > 1:
            item.fail(
                self.env._(
                    "%(count)s people on record answer to “%(name)s”: give the payer's code",
                    count=payer.count,
                    name=payer.name,
                )
            )
        elif payer and not payer.name and not payer.id:
            item.fail(self.env._("nobody has the payer's code, and the row gives no name"))
        if record:
            self._plan_known(profile, item, record)

    @api.model
    def _plan_known(self, profile, item, record):
        """What the row changes of an account on record."""
        item.becomes("utility.account", record["id"])
        if profile.existing == "leave":
            item.plan["payer"] = None
            return
        wanted = {name: item.values[name] for name in PLAIN if name in item.values}
        if "date_close" in wanted:
            wanted["date_close"] = self._day(wanted["date_close"])
        if item.plan.get("premise_id"):
            wanted["premise_id"] = item.plan["premise_id"]
        if item.plan.get("bill_to_account_id"):
            wanted["bill_to_account_id"] = item.plan["bill_to_account_id"]
        wanted["active"] = True
        self._note_changes(item, "utility.account", record, wanted)
        payer = item.plan.get("payer")
        if payer and payer.id == record["partner_id"]:
            item.plan["payer"] = None
        elif payer:
            day = item.get("payer_from") or self._first_day(profile)
            item.changes.append(
                self.env._(
                    "Payer: %(old)s → %(new)s, from %(day)s",
                    old=record["payer"] or "",
                    new=payer.name or payer.record["name"],
                    day=day,
                )
            )

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        self._write_accounts(batch, items)
        for item in items:
            self._close_account(item)

    @api.model
    def _write_accounts(self, batch, items):
        """Make the payers and accounts that are new, change those on record."""
        self._make_payers(items)
        new = [item for item in items if not item.plan["record"]]
        if new:
            self._make_accounts(new)
        accounts = self.env["utility.account"]
        known = [item for item in items if item.plan["record"]]
        self._update_all(
            [
                (
                    accounts.browse(item.plan["record"]["id"]),
                    {
                        name: value
                        for name, value in item.plan["vals"].items()
                        if name != "date_close"
                    },
                )
                for item in known
                if set(item.plan.get("vals", ())) - {"date_close"}
            ]
        )
        for item in known:
            if item.plan.get("payer"):
                day = self._day(item.get("payer_from"), self._first_day(batch.profile_id))
                accounts.browse(item.plan["record"]["id"])._change_payer(
                    self.env["res.partner"].browse(item.plan["payer"].id), day
                )

    @api.model
    def _make_payers(self, items):
        by_payer = {}
        for item in items:
            if item.plan.get("payer"):
                by_payer.setdefault(item.plan["payer"], item)
        if not by_payer:
            return
        people = items[0].plan["people"]
        for person in people.create_missing(by_payer):
            by_payer[person].has_made("res.partner", person.id)

    @api.model
    def _make_accounts(self, items):
        numbers = iter(self._free_numbers(sum(not item.get("number") for item in items)))
        places = self._places([item.plan.get("premise_id") for item in items])
        vals_list = [
            self._prepare_account(item, item.get("number") or next(numbers), places)
            for item in items
        ]
        accounts = bulk_create(
            self.env["utility.account"], vals_list, replaced=REPLACED, shortcuts=SHORTCUTS
        )
        paid = []
        for item, vals, account_id in zip(items, vals_list, accounts.ids, strict=True):
            item.plan["account_id"] = account_id
            item.plan["number"] = vals["number"]
            item.becomes("utility.account", account_id)
            item.has_made("utility.account", account_id)
            if vals["partner_id"]:
                paid.append((item, vals))
        payers = bulk_create(
            self.env["utility.account.payer"],
            [
                {
                    "account_id": item.plan["account_id"],
                    "partner_id": vals["partner_id"],
                    "date_start": vals["date_open"],
                    "company_id": self.env.company.id,
                }
                for item, vals in paid
            ],
            replaced=("_facts_changed",),
            shortcuts={"company_id": ()},
        )
        for (item, _vals), payer_id in zip(paid, payers.ids, strict=True):
            item.has_made("utility.account.payer", payer_id)

    @api.model
    def _free_numbers(self, count):
        if not count:
            return []
        return self.env["utility.numbering"]._for("account", self.env.company)._next(count)

    @api.model
    def _places(self, premise_ids):
        """{premise id: (address, building id of an account there)}, by one query."""
        return {
            premise_id: (address, premise_id if level == "building" else building_id)
            for premise_id, address, level, building_id in self.env.execute_query(
                SQL(
                    "SELECT id, address, level, building_id FROM utility_premise WHERE id = "
                    "ANY(%s)",
                    list({premise_id for premise_id in premise_ids if premise_id}),
                )
            )
        }

    @api.model
    def _prepare_account(self, item, number, places):
        payer = item.plan.get("payer")
        premise_id = item.plan.get("premise_id")
        address, building_id = places.get(premise_id, (None, None))
        payer_name = payer and ((payer.record or {}).get("name") or payer.name)
        return {
            "number": number,
            "company_id": self.env.company.id,
            "partner_id": payer.id if payer else False,
            "premise_id": premise_id or False,
            "date_open": item.plan["date_open"],
            **{
                name: item.values[name]
                for name in PLAIN
                if name in item.values and name != "date_close"
            },
            **(
                {"bill_to_account_id": item.plan["bill_to_account_id"]}
                if item.plan.get("bill_to_account_id")
                else {}
            ),
            "building_id": building_id or False,
            "search_text": " ".join(filter(None, (number, payer_name, address))),
        }

    @api.model
    def _close_account(self, item):
        """Close what is closed, after its services are there."""
        day = self._day(item.get("date_close"))
        account = self.env["utility.account"].browse(item.res_id)
        if day and account.date_close != day:
            account._close(day)

    @api.model
    def _action_of(self, item, made):
        """What the plan of a row with several records comes to."""
        if made:
            return CREATE
        return UPDATE if item.changes else UNCHANGED

    @api.model
    def _today(self):
        return fields.Date.context_today(self)
