from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

SIGNED_STATES = ("signed", "terminated", "expired")
LOCKED = frozenset(
    {
        "number",
        "company_id",
        "partner_id",
        "template_id",
        "terms",
        "date_start",
        "date_end",
        "date_signed",
        "account_ids",
        "service_ids",
        "main_agreement_id",
        "prolongs_until",
    }
)


class AgreementDocument(models.Model):
    """A paper agreement: number, parties, dates, terms, and the accounts it covers."""

    _name = "utility.agreement.document"
    _description = "Paper Agreement"
    _inherit = ["utility.numbered.mixin", "mail.thread", "utility.reminder.mixin"]
    _order = "date_start desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        index="trigram",
        copy=False,
        tracking=True,
        help="Left empty, the company's numbering of paper agreements gives it.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent to Be Signed"),
            ("signed", "Signed"),
            ("terminated", "Terminated"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    # parties
    partner_id = fields.Many2one(
        "res.partner",
        "Counterparty",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    representative_id = fields.Many2one(
        "res.partner",
        "Represented by",
        ondelete="restrict",
        help="Who signs for the counterparty; empty: the person itself.",
    )
    representative_basis = fields.Char(
        "Acting on the Basis of", help="Articles of association, power of attorney No. …"
    )
    company_representative_id = fields.Many2one(
        "res.partner", "We Are Represented by", ondelete="restrict"
    )
    company_representative_basis = fields.Char("Our Basis")
    # time
    date_signed = fields.Date("Signed on", copy=False, tracking=True)
    date_start = fields.Date(
        "In Force from", required=True, default=fields.Date.context_today, tracking=True, index=True
    )
    date_end = fields.Date(
        "In Force until",
        tracking=True,
        index=True,
        copy=False,
        help="Last day; empty: without term.",
    )
    date_terminated = fields.Date(
        "Terminated on", readonly=True, copy=False, tracking=True, help="Last day in force."
    )
    termination_reason = fields.Char(readonly=True, copy=False)
    last_day = fields.Date(
        compute="_compute_last_day",
        store=True,
        index=True,
        help="Day of termination, else the agreed end.",
    )
    remind_days = fields.Integer(
        "Remind before the End, Days",
        default=60,
        required=True,
        help="How long before its end the responsible is reminded of the agreement.",
    )
    is_expiring = fields.Boolean(compute="_compute_is_expiring", search="_search_is_expiring")
    # what it is about
    account_ids = fields.Many2many(
        "utility.account",
        "utility_agreement_document_account_rel",
        "agreement_document_id",
        "account_id",
        "Accounts Covered",
        check_company=True,
    )
    account_count = fields.Integer(compute="_compute_account_count")
    service_ids = fields.Many2many(
        "utility.service",
        "utility_agreement_document_service_rel",
        "agreement_document_id",
        "service_id",
        "Services Covered",
        check_company=True,
        help="Empty: all of the accounts'.",
    )
    main_agreement_id = fields.Many2one(
        "utility.agreement.document",
        "Additional to",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('main_agreement_id', '=', False), ('partner_id', '=', partner_id)]",
        help="The main agreement that this one changes or adds to.",
    )
    amendment_ids = fields.One2many(
        "utility.agreement.document", "main_agreement_id", "Additional Agreements"
    )
    prolongs_until = fields.Date(
        "Prolongs until",
        copy=False,
        help="Once signed, the main agreement is in force until this day.",
    )
    renews_id = fields.Many2one(
        "utility.agreement.document",
        "Renewal of",
        index="btree_not_null",
        copy=False,
        readonly=True,
        check_company=True,
    )
    debt = fields.Monetary(
        compute="_compute_debt",
        search="_search_debt",
        help="Open receivables of the accounts covered, today; negative: overpaid. An account that "
        "two agreements cover counts in both.",
    )
    # text and papers
    template_id = fields.Many2one(
        "utility.document.template",
        "Printed from",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'agreement'), ('company_id', 'in', (False, company_id))]",
        default=lambda self: self._default_template_id(),
    )
    terms = fields.Html("Special Terms", help="Printed after the text of the template.")
    document_ids = fields.One2many("utility.document", "agreement_document_id", "Documents")
    document_count = fields.Integer(compute="_compute_document_count")
    printed_document_id = fields.Many2one(
        "utility.document", "Printed Agreement", copy=False, readonly=True
    )
    movement_ids = fields.One2many(
        "utility.document.movement", "agreement_document_id", "Movement of the Original"
    )
    original_place = fields.Char("Original Lies at", compute="_compute_original_place")

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number)", "Another agreement of the company has this number."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "An agreement cannot end before it begins.",
    )
    _termination_in_order = models.Constraint(
        "CHECK (date_terminated IS NULL OR date_terminated >= date_start)",
        "An agreement cannot be terminated before it begins.",
    )

    def _default_template_id(self):
        return self.env["utility.document.template"].search(
            [("kind", "=", "agreement"), ("company_id", "in", (False, self.env.company.id))],
            limit=1,
        )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("date_end", "date_terminated")
    def _compute_last_day(self):
        for agreement in self:
            agreement.last_day = agreement.date_terminated or agreement.date_end

    @api.depends("last_day", "state", "remind_days")
    def _compute_is_expiring(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            agreement.is_expiring = agreement._ends_soon(today)

    def _ends_soon(self, today):
        return bool(
            self.state == "signed"
            and self.last_day
            and 0 <= (self.last_day - today).days <= self.remind_days
        )

    def _search_is_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        running = self.search(Domain("state", "=", "signed") & Domain("last_day", ">=", today))
        ids = running.filtered(lambda agreement: agreement._ends_soon(today)).ids
        return Domain("id", "in" if True in value else "not in", ids)

    @api.depends("account_ids")
    def _compute_account_count(self):
        for agreement in self:
            agreement.account_count = len(agreement.account_ids)

    @api.depends("document_ids")
    def _compute_document_count(self):
        counts = dict(
            self.env["utility.document"]._read_group(
                [("agreement_document_id", "in", self.ids)], ["agreement_document_id"], ["__count"]
            )
        )
        for agreement in self:
            agreement.document_count = counts.get(agreement, 0)

    @api.depends("movement_ids.date_returned", "movement_ids.current_place")
    def _compute_original_place(self):
        for agreement in self:
            agreement.original_place = agreement.movement_ids._latest().current_place

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for agreement in self:
            parts = (agreement.number, agreement.partner_id.name)
            agreement.display_name = " ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Number, counterparty, or number of an account it covers."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            found = Domain.AND(
                [
                    Domain("number", "ilike", word)
                    | Domain("partner_id.name", "ilike", word)
                    | Domain("account_ids.number", "ilike", word)
                    for word in value.split()
                ]
            )
            return found if operator == "ilike" else ~found
        return super()._search_display_name(operator, value)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("main_agreement_id", "partner_id", "prolongs_until")
    def _check_main_agreement(self):
        for agreement in self.filtered("main_agreement_id"):
            main = agreement.main_agreement_id
            if main == agreement or main.main_agreement_id:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: %(main)s is an additional agreement itself. Choose the "
                        "main one.",
                        agreement=agreement.display_name,
                        main=main.display_name,
                    )
                )
            if main.partner_id != agreement.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: the main agreement %(main)s is with another counterparty.",
                        agreement=agreement.display_name,
                        main=main.display_name,
                    )
                )
            if agreement.prolongs_until and agreement.prolongs_until < main.date_start:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s: it prolongs %(main)s to a day before that one begins.",
                        agreement=agreement.display_name,
                        main=main.display_name,
                    )
                )

    def _refuse_inverted(self, vals):
        start, end = (
            fields.Date.to_date(vals.get(name, self[name] if self else False))
            for name in ("date_start", "date_end")
        )
        if start and end and end < start:
            raise ValidationError(
                self.env._(
                    "%(agreement)s: it ends on %(end)s, before it begins on %(start)s. Correct one "
                    "of the two days.",
                    agreement=(self.display_name if self else vals.get("number"))
                    or self._description,
                    end=format_date(self.env, end),
                    start=format_date(self.env, start),
                )
            )

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._refuse_inverted({"date_start": fields.Date.context_today(self), **vals})
        agreements = super().create(vals_list)
        agreements._number_by_company("agreement")
        return agreements

    def write(self, vals):
        if {"date_start", "date_end"} & set(vals):
            for agreement in self:
                agreement._refuse_inverted(vals)
        for agreement in self.filtered(lambda a: a.state in SIGNED_STATES):
            agreement._refuse_change(vals)
        return super().write(vals)

    def _refuse_change(self, vals):
        """What was signed is changed by an additional agreement, not by typing over it."""
        changed = [
            name
            for name in LOCKED & set(vals)
            if self._says_otherwise(name, vals[name]) and not self._is_agreed(name, vals[name])
        ]
        if changed:
            raise UserError(
                self.env._(
                    "%(agreement)s is signed: “%(field)s” stays as it was signed. Make an "
                    "additional agreement, or terminate this one.",
                    agreement=self.display_name,
                    field=self._fields[changed[0]]._description_string(self.env),
                )
            )

    def _says_otherwise(self, name, value):
        field = self._fields[name]
        new, old = self._cached(name, value), self._cached(name, self[name])
        return set(new) != set(old) if field.type == "many2many" else new != old

    def _is_agreed(self, name, value):
        """Whether a signed additional agreement says so."""
        signed = self.amendment_ids.filtered(lambda amendment: amendment.state == "signed")
        new = self._cached(name, value)
        if name == "date_end":
            return new in signed.mapped("prolongs_until")
        if name == "account_ids":
            before = set(self.account_ids.ids)
            return before <= set(new) <= before | set(signed.account_ids.ids)
        return False

    def _cached(self, name, value):
        return self._fields[name].convert_to_cache(value, self, validate=False)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for agreement in self:
            if agreement.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%s was sent or signed and stays in the register: terminate or cancel it.",
                        agreement.display_name,
                    )
                )

    # -- buttons ---------------------------------------------------------------------------

    def action_hand_out(self):
        """Record that the signed original leaves the archive."""
        self.ensure_one()
        return self.env["utility.document.movement"]._action_new(
            {
                "default_agreement_document_id": self.id,
                "default_partner_id": self.partner_id.id,
            }
        )

    def action_open_accounts(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.account_action")
        action["domain"] = [("id", "in", self.account_ids.ids)]
        return action

    def action_open_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.document_action")
        action["domain"] = [("agreement_document_id", "=", self.id)]
        action["context"] = {
            "default_agreement_document_id": self.id,
            "default_partner_id": self.partner_id.id,
        }
        return action

    def _action_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # -- cron -------------------------------------------------------------------------------

    @api.model
    def _cron_expire(self):
        """Agreements whose last day has passed expire; those near their end are announced."""
        today = fields.Date.context_today(self)
        signed = Domain("state", "=", "signed")
        self.search(signed & Domain("last_day", "<", today)).state = "expired"
        self.search(signed & Domain("is_expiring", "=", True))._remind(
            "utility_base.activity_type_agreement_expiry",
            "last_day",
            lambda agreement: agreement.env._(
                "Agreement %(agreement)s ends on %(day)s: renew or terminate it",
                agreement=agreement.display_name,
                day=format_date(agreement.env, agreement.last_day),
            ),
        )
