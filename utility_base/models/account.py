from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

READERS = "utility_base.group_reader"
# a field controller finds an account by number and address, not by whom it belongs to
WHO_KNOWS_PAYERS = "utility_base.group_reader,base.group_portal"


class Account(models.Model):
    """What is owed under: a payer, one premise, a number; opened and closed on dates."""

    _name = "utility.account"
    _description = "Utility Account"
    _inherit = [
        "utility.attribute.owner.mixin",
        "utility.timeline.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _attribute_owner_field = "account_id"
    _order = "number, id"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        required=True,
        copy=False,
        index=True,
        tracking=True,
        default=lambda self: self.env._("New"),
        help="Given by the company's numbering when left as “New”.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("individual", "Individual"), ("legal", "Legal entity"), ("collective", "Collective")],
        required=True,
        default="individual",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Payer",
        index=True,
        ondelete="restrict",
        tracking=True,
        groups=WHO_KNOWS_PAYERS,
        help="Today's payer. A new payer from a date on is recorded by the move wizard.",
    )
    payer_ids = fields.One2many("utility.account.payer", "account_id", "Payers", groups=READERS)
    premise_id = fields.Many2one("utility.premise", index=True, ondelete="restrict", tracking=True)
    building_id = fields.Many2one(
        "utility.premise",
        compute="_compute_building_id",
        store=True,
        index=True,
        help="The building of the premise, or the premise itself where it is a building.",
    )
    address = fields.Char(related="premise_id.address")
    date_open = fields.Date(
        "Opened on", required=True, default=fields.Date.context_today, tracking=True
    )
    date_close = fields.Date(
        "Closed on", tracking=True, copy=False, help="Last day of the account."
    )
    state = fields.Selection(
        [("planned", "Not yet open"), ("open", "Open"), ("closed", "Closed")],
        compute="_compute_state",
        search="_search_state",
    )
    active = fields.Boolean(default=True)
    bill_to_account_id = fields.Many2one(
        "utility.account",
        "Billed with",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '=', 'collective')]",
        tracking=True,
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
        "Bills by",
        required=True,
        default="paper",
        tracking=True,
    )
    delivery_email = fields.Char(
        "E-mail for Bills", groups=WHO_KNOWS_PAYERS, help="Empty: the payer's address."
    )
    delivery_partner_id = fields.Many2one(
        "res.partner",
        "Bills to",
        groups=WHO_KNOWS_PAYERS,
        help="Another address for paper bills; empty: the payer's.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language of Bills",
        help="Empty: the payer's language.",
    )
    note = fields.Html(groups=READERS)

    agreement_ids = fields.One2many(
        "utility.service.agreement", "account_id", "Services", groups=WHO_KNOWS_PAYERS
    )
    attribute_value_ids = fields.One2many("utility.attribute.value", "account_id", "Attributes")
    occupancy_ids = fields.One2many(
        related="premise_id.occupancy_ids", string="People", groups=READERS
    )
    search_text = fields.Char(
        compute="_compute_search_text", store=True, index="trigram", groups=READERS
    )

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
    @api.depends_context("uid")
    def _compute_display_name(self):
        # names of records are read as superuser: ask for the user's own groups
        known = self.env.user.has_groups(WHO_KNOWS_PAYERS)
        for account in self:
            parts = (account.number, account.partner_id.name if known else "")
            account.display_name = " ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Every word in any order: number, payer or any part of the address."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            words = Domain.AND(
                [self._domain_of_word(word) for word in value.replace(",", " ").split()]
            )
            return words if operator == "ilike" else ~words
        return super()._search_display_name(operator, value)

    @api.model
    def _domain_of_word(self, word):
        """Who may not know payers does not find by them either."""
        if self._has_field_access(self._fields["search_text"], "read"):
            return Domain("search_text", "ilike", word)
        return Domain("number", "ilike", word) | Domain("premise_id.address", "ilike", word)

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
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot be billed with %(other)s: that is no "
                        "collective account.",
                        account=account.number,
                        other=payer.number,
                    )
                )
            if account.bill_to_account_id and account.kind == "collective":
                raise ValidationError(
                    self.env._(
                        "%(account)s is a collective account and cannot be billed with another.",
                        account=account.number,
                    )
                )
            if account.member_ids and account.kind != "collective":
                raise ValidationError(
                    self.env._(
                        "%(account)s has members: it must stay a collective account.",
                        account=account.number,
                    )
                )

    @api.constrains("premise_id", "kind")
    def _check_premise(self):
        for account in self:
            if not account.premise_id and account.kind != "collective":
                raise ValidationError(
                    self.env._("%s: choose the premise that the account is for.", account.number)
                )

    @api.constrains("date_open")
    def _check_nothing_before(self):
        for account in self:
            before = account.agreement_ids.filtered(
                lambda row, day=account.date_open: not row.voided_at and row.date_start < day
            )
            if before:
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot open on %(day)s: %(agreement)s began earlier.",
                        account=account.number,
                        day=format_date(self.env, account.date_open),
                        agreement=before[0]._fact_label(),
                    )
                )

    @api.constrains("date_close")
    def _check_nothing_open_beyond(self):
        for account in self.filtered("date_close"):
            beyond = account.agreement_ids.filtered(
                lambda row, day=account.date_close: (
                    not row.voided_at and (not row.date_end or row.date_end > day)
                )
            )
            if beyond:
                raise ValidationError(
                    self.env._(
                        "%(account)s cannot be closed on %(day)s: %(agreement)s goes on. "
                        "End its services first, or use the move-out.",
                        account=account.number,
                        day=format_date(self.env, account.date_close),
                        agreement=beyond[0].display_name,
                    )
                )

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._give_numbers(vals_list)
        accounts = super().create(vals_list)
        self.env["utility.account.payer"].create(
            [
                {
                    "account_id": account.id,
                    "partner_id": account.partner_id.id,
                    "date_start": account.date_open,
                }
                for account in accounts
                if account.partner_id and not account.payer_ids
            ]
        )
        return accounts

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for account in self:
            raise UserError(
                self.env._(
                    "Account %s cannot be deleted: close it, or archive it if it was "
                    "opened by mistake.",
                    account.number,
                )
            )

    # -- business ---------------------------------------------------------------------------

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
        return super()._timeline_sources() + [
            {
                "key": "payer",
                "label": self.env._("Payer"),
                "icon": "fa-user",
                "model": "utility.account.payer",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
            {
                "key": "agreement",
                "label": self.env._("Service"),
                "icon": "fa-plug",
                "model": "utility.service.agreement",
                "domain": lambda account: [("account_id", "=", account.id)],
            },
            {
                "key": "occupancy",
                "label": self.env._("People"),
                "icon": "fa-home",
                "model": "utility.occupancy",
                "domain": lambda account: [("premise_id", "=", account.premise_id.id)],
            },
            {
                "key": "attribute",
                "label": self.env._("Attribute"),
                "icon": "fa-tag",
                "model": "utility.attribute.value",
                "domain": lambda account: [
                    "|",
                    ("account_id", "=", account.id),
                    ("premise_id", "=", account.premise_id.id or 0),
                ],
            },
            {
                "key": "account",
                "label": self.env._("Account"),
                "icon": "fa-folder-open",
                "events": lambda account: account._timeline_account_events(),
            },
        ]

    def _timeline_account_events(self):
        events = [
            {
                "date": self.date_open,
                "title": self.env._("Account opened"),
                "text": self.number,
                "res_model": self._name,
                "res_id": self.id,
                "state": "ended",
            }
        ]
        if self.date_close:
            events.append(
                {**events[0], "date": self.date_close, "title": self.env._("Account closed")}
            )
        return events

    # -- buttons ----------------------------------------------------------------------------

    def action_move(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.move_wizard_action")
        action["context"] = {
            "default_premise_id": self.premise_id.id,
            "default_account_id": self.id,
        }
        return action

    def action_reopen(self):
        self._reopen()
