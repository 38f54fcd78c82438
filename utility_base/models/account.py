from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class Account(models.Model):
    """What is owed under: a payer, one premise, a number; opened and closed on dates."""

    _name = "utility.account"
    _description = "Utility Account"
    _inherit = ["utility.attribute.owner.mixin", "mail.thread", "mail.activity.mixin"]
    _attribute_owner_field = "account_id"
    _order = "number, id"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        required=True, copy=False, index=True, tracking=True, default=lambda self: self.env._("New"),
        help="Given by the company's numbering when left as “New”.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("individual", "Individual"), ("legal", "Legal entity"), ("collective", "Collective")],
        required=True, default="individual", tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner", "Payer", index=True, ondelete="restrict", tracking=True,
        help="Today's payer. A new payer from a date on is recorded by the move wizard.",
    )
    payer_ids = fields.One2many("utility.account.payer", "account_id", "Payers")
    premise_id = fields.Many2one(
        "utility.premise", index=True, ondelete="restrict", tracking=True
    )
    building_id = fields.Many2one(
        "utility.premise", "Building", compute="_compute_building_id", store=True, index=True,
        help="The building of the premise, or the premise itself where it is a building.",
    )
    address = fields.Char(related="premise_id.address")
    date_open = fields.Date(
        "Opened on", required=True, default=fields.Date.context_today, tracking=True
    )
    date_close = fields.Date("Closed on", tracking=True, copy=False, help="Last day of the account.")
    state = fields.Selection(
        [("planned", "Not yet open"), ("open", "Open"), ("closed", "Closed")],
        compute="_compute_state", search="_search_state",
    )
    active = fields.Boolean(default=True)
    bill_to_account_id = fields.Many2one(
        "utility.account", "Billed with", index="btree_not_null", check_company=True,
        ondelete="restrict", domain="[('kind', '=', 'collective')]", tracking=True,
        help="A collective account: it gets one bill for its members and owes it.",
    )
    member_ids = fields.One2many("utility.account", "bill_to_account_id", "Members")

    delivery_channel = fields.Selection(
        [
            ("paper", "Paper"),
            ("email", "E-mail"),
            ("portal", "Portal only"),
            ("einvoice", "E-invoice"),
        ],
        "Bills by", required=True, default="paper", tracking=True,
    )
    delivery_email = fields.Char("E-mail for Bills", help="Empty: the payer's address.")
    delivery_partner_id = fields.Many2one(
        "res.partner", "Bills to", help="Another address for paper bills; empty: the payer's."
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language of Bills",
        help="Empty: the payer's language.",
    )
    note = fields.Html()

    agreement_ids = fields.One2many("utility.service.agreement", "account_id", "Services")
    attribute_value_ids = fields.One2many("utility.attribute.value", "account_id", "Attributes")
    occupancy_ids = fields.One2many(related="premise_id.occupancy_ids", string="People")
    move_line_ids = fields.One2many("account.move.line", "utility_account_id", "Ledger Lines")
    balance = fields.Monetary(
        compute="_compute_balance", help="Owed today by the account's payers; negative: overpaid."
    )
    payer_balance = fields.Monetary(
        "Owed by Today's Payer", compute="_compute_balance",
        help="The part of the balance that today's payer owes.",
    )
    search_text = fields.Char(compute="_compute_search_text", store=True, index="trigram")

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number)", "Another account of the company has this number."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_close IS NULL OR date_close >= date_open)",
        "An account cannot be closed before it was opened.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("premise_id.building_id", "premise_id.level")
    def _compute_building_id(self):
        for account in self:
            premise = account.premise_id
            account.building_id = premise if premise.level == "building" else premise.building_id

    @api.depends("date_open", "date_close")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for account in self:
            if account.date_open and account.date_open > today:
                account.state = "planned"
            elif account.date_close and account.date_close < today:
                account.state = "closed"
            else:
                account.state = "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        planned = Domain("date_open", ">", today)
        closed = Domain("date_close", "<", today)
        states = {"planned": planned, "closed": closed, "open": ~planned & ~closed}
        return Domain.OR(states[state] for state in value if state in states)

    @api.depends("number", "partner_id.name", "premise_id.address")
    def _compute_search_text(self):
        for account in self:
            parts = (account.number, account.partner_id.name, account.premise_id.address)
            account.search_text = " ".join(part for part in parts if part)

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for account in self:
            parts = (account.number, account.partner_id.name)
            account.display_name = " ".join(part for part in parts if part)

    @api.depends_context("balance_date")
    def _compute_balance(self):
        day = fields.Date.to_date(self.env.context.get("balance_date"))
        balances = self._balances_by_payer(day)
        for account in self:
            by_payer = balances.get(account.id, {})
            account.balance = sum(by_payer.values())
            account.payer_balance = by_payer.get(account.partner_id.id, 0.0)

    @api.model
    def _search_display_name(self, operator, value):
        """Every word in any order: number, payer or any part of the address."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            words = Domain.AND([
                Domain("search_text", "ilike", word) for word in value.replace(",", " ").split()
            ])
            return words if operator == "ilike" else ~words
        return super()._search_display_name(operator, value)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("number", "company_id")
    def _check_number(self):
        for account in self:
            self.env["utility.numbering"]._for("account", account.company_id)._validate(
                account.number
            )

    @api.constrains("bill_to_account_id", "kind")
    def _check_collective(self):
        for account in self:
            payer = account.bill_to_account_id
            if payer and payer.kind != "collective":
                raise ValidationError(self.env._(
                    "%(account)s cannot be billed with %(other)s: that is no collective account.",
                    account=account.number, other=payer.number,
                ))
            if account.bill_to_account_id and account.kind == "collective":
                raise ValidationError(self.env._(
                    "%(account)s is a collective account and cannot be billed with another.",
                    account=account.number,
                ))
            if account.member_ids and account.kind != "collective":
                raise ValidationError(self.env._(
                    "%(account)s has members: it must stay a collective account.",
                    account=account.number,
                ))

    @api.constrains("premise_id", "kind")
    def _check_premise(self):
        for account in self:
            if not account.premise_id and account.kind != "collective":
                raise ValidationError(self.env._(
                    "%s: choose the premise that the account is for.", account.number
                ))

    @api.constrains("date_close")
    def _check_nothing_open_beyond(self):
        for account in self.filtered("date_close"):
            beyond = account.agreement_ids.filtered(
                lambda row, day=account.date_close: not row.voided_at
                and (not row.date_end or row.date_end > day)
            )
            if beyond:
                raise ValidationError(self.env._(
                    "%(account)s cannot be closed on %(day)s: %(agreement)s goes on. "
                    "End its services first, or use the move-out.",
                    account=account.number, day=format_date(self.env, account.date_close),
                    agreement=beyond[0].display_name,
                ))

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._give_numbers(vals_list)
        accounts = super().create(vals_list)
        self.env["utility.account.payer"].create([
            {
                "account_id": account.id,
                "partner_id": account.partner_id.id,
                "date_start": account.date_open,
            }
            for account in accounts
            if account.partner_id and not account.payer_ids
        ])
        return accounts

    def write(self, vals):
        if "partner_id" in vals:
            vals = dict(vals)
            self._change_payer(self.env["res.partner"].browse(vals.pop("partner_id")))
        if vals.get("date_open"):
            self._open_from(fields.Date.to_date(vals["date_open"]))
        return super().write(vals)

    def _open_from(self, day):
        """Let the first payer begin with the account, when its first day was wrong."""
        for account in self.filtered(lambda account: account.date_open != day):
            first = account.payer_ids.filtered(
                lambda payer, opened=account.date_open: not payer.voided_at
                and payer.date_start == opened
            )
            first._supersede(
                {"date_start": day}, reason=self.env._("The account was opened on another day")
            )

    def _give_numbers(self, vals_list):
        new = self.env._("New")
        missing = {}
        for vals in vals_list:
            if vals.get("number") in (None, False, "", "New", new):
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                missing.setdefault(company, []).append(vals)
        for company, rows in missing.items():
            numbers = self.env["utility.numbering"]._for("account", company)._next(len(rows))
            for vals, number in zip(rows, numbers, strict=True):
                vals["number"] = number

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for account in self:
            raise UserError(self.env._(
                "Account %s cannot be deleted: close it, or archive it if it was opened by mistake.",
                account.number,
            ))

    # -- business ---------------------------------------------------------------------------

    def _change_payer(self, partner, day=None):
        """Let `partner` pay from `day` on (today when empty)."""
        day = day or fields.Date.context_today(self)
        for account in self:
            current = account.payer_ids._in_force(day)
            if current.partner_id == partner:
                continue
            if not current:
                current.create({
                    "account_id": account.id, "partner_id": partner.id,
                    "date_start": max(day, account.date_open),
                })
            elif current.date_start == day:
                current._supersede({"partner_id": partner.id}, reason=self.env._("Other payer"))
            else:
                current._supersede({"partner_id": partner.id}, date_start=day)

    def _refresh_payer(self):
        """Bring `partner_id` in line with the dated payers."""
        today = fields.Date.context_today(self)
        for account in self:
            live = account.payer_ids.filtered(lambda payer: not payer.voided_at)
            payer = live._in_force(min(max(today, account.date_open), account.date_close or today))
            if payer.partner_id != account.partner_id and payer:
                super(Account, account).write({"partner_id": payer.partner_id.id})

    @api.model
    def _cron_refresh_payers(self):
        """Payers whose first day has come."""
        today = fields.Date.context_today(self)
        domain = Domain("voided_at", "=", False) & Domain("date_start", "=", today)
        starting = self.env["utility.account.payer"].sudo().search(domain)
        starting.account_id._refresh_payer()

    def _payer_on(self, day):
        self.ensure_one()
        return self.payer_ids._in_force(day).partner_id

    def _close(self, day):
        """End the account and what hangs on it on `day`, its last day."""
        for account in self:
            live = account.agreement_ids.filtered(lambda row: not row.voided_at)
            never_began = live.filtered(lambda row, day=day: row.date_start > day)
            never_began._void(self.env._("The account was closed before"))
            going_on = (live - never_began).filtered(
                lambda row, day=day: not row.date_end or row.date_end > day
            )
            going_on._close(day)
            account.date_close = day

    def _reopen(self):
        self.date_close = False

    # -- timeline ---------------------------------------------------------------------------

    @api.model
    def _timeline_sources(self):
        """Where the account's timeline comes from; modules above extend the list.

        :return: list of dicts: `key`, `label`, `icon`, `model` and either `domain(account)` for
            dated facts, or `events(account)` returning the entries themselves
            ({date, date_end, title, text, res_model, res_id, state})
        """
        return [
            {
                "key": "payer", "label": self.env._("Payer"), "icon": "fa-user",
                "model": "utility.account.payer",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
            {
                "key": "agreement", "label": self.env._("Service"), "icon": "fa-plug",
                "model": "utility.service.agreement",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
            {
                "key": "occupancy", "label": self.env._("People"), "icon": "fa-home",
                "model": "utility.occupancy",
                "domain": lambda account: [("premise_id", "=", account.premise_id.id)],
            },
            {
                "key": "attribute", "label": self.env._("Attribute"), "icon": "fa-tag",
                "model": "utility.attribute.value",
                "domain": lambda account: [
                    "|", ("account_id", "=", account.id),
                    ("premise_id", "=", account.premise_id.id or 0),
                ],
            },
            {
                "key": "account", "label": self.env._("Account"), "icon": "fa-folder-open",
                "events": lambda account: account._timeline_account_events(),
            },
        ]

    def _timeline_account_events(self):
        events = [{
            "date": self.date_open, "title": self.env._("Account opened"), "text": self.number,
            "res_model": self._name, "res_id": self.id, "state": "ended",
        }]
        if self.date_close:
            events.append({**events[0], "date": self.date_close, "title": self.env._("Account closed")})
        return events

    def timeline(self, in_force_on=None, known_on=None, with_voided=True):
        """Every dated fact and event of the account, newest first.

        :param in_force_on: only what was in force on that day
        :param known_on: as the system knew it at the end of that day
        :param with_voided: include what was found wrong later
        :return: list of {key, label, icon, date, date_end, dated, title, text, state, res_model,
            res_id, recorded_at, voided_at, reason}; dates as ISO text; `dated`: the entry is a
            fact with a first and a last day, not an event of one day
        """
        self.ensure_one()
        self.check_access("read")
        day, known = fields.Date.to_date(in_force_on), fields.Date.to_date(known_on)
        entries = []
        for source in self._timeline_sources():
            if "events" in source:
                found = [] if day or known else source["events"](self)
            else:
                found = self._timeline_facts(source, day, known, with_voided)
            entries += [
                {
                    "key": source["key"], "label": source["label"], "icon": source["icon"],
                    "dated": False, **entry,
                }
                for entry in found
            ]
        entries.sort(key=lambda entry: (entry["date"], entry.get("recorded_at") or ""), reverse=True)
        return [_as_text(entry) for entry in entries]

    def _timeline_facts(self, source, day, known, with_voided):
        model = self.env[source["model"]]
        if not model.has_access("read"):
            return []
        domain = Domain(source["domain"](self))
        moment = known and model._end_of_day(known)
        if day:
            domain &= model._domain_in_force(day, known_at=moment or None)
        elif known:
            domain &= model._domain_known_at(moment)
        elif not with_voided:
            domain &= Domain("voided_at", "=", False)
        facts = model.search(domain)
        return [{**fact._timeline_entry(), **fact._as_known_at(moment)} for fact in facts]

    # -- ledger -----------------------------------------------------------------------------

    def _balances_by_payer(self, day=None):
        """What is owed under each account, from the ledger's receivable lines.

        :param day: accounting date up to which entries count; all of them when empty
        :return: {account id: {partner id: amount in company currency}}; amounts > 0 are owed
        """
        if not self.ids:
            return {}
        domain = (
            Domain("utility_account_id", "in", self.ids)
            & Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable")
        )
        if day:
            domain &= Domain("date", "<=", day)
            measure = "balance:sum"
        else:
            domain &= Domain("reconciled", "!=", True) & Domain("amount_residual", "!=", 0)
            measure = "amount_residual:sum"
        rows = self.env["account.move.line"].sudo()._read_group(
            domain, ["utility_account_id", "partner_id"], [measure]
        )
        balances = {}
        for account, partner, amount in rows:
            balances.setdefault(account.id, {})[partner.id] = amount
        return balances

    def balance_on(self, day=None):
        """What is owed under the account at the end of `day`, for other programs.

        :param day: accounting date, date or ISO text; today's open items when empty
        :return: amount in company currency, negative: overpaid
        """
        self.ensure_one()
        self.check_access("read")
        return sum(self._balances_by_payer(fields.Date.to_date(day)).get(self.id, {}).values())

    # -- buttons ----------------------------------------------------------------------------

    def action_move(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.move_wizard_action")
        action["context"] = {
            "default_premise_id": self.premise_id.id, "default_account_id": self.id,
        }
        return action

    def action_reopen(self):
        self._reopen()

    def action_open_ledger(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ledger of %s", self.number),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("utility_account_id", "=", self.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
        }


def _as_text(entry):
    return {
        name: fields.Date.to_string(value) if name in ("date", "date_end") and value else value
        for name, value in entry.items()
    }
