from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

WAITING = ("received", "sent", "delivered")


class Correspondence(models.Model):
    """A letter, notice or call, in or out: who, when, by which way, and the proof of delivery."""

    _name = "utility.correspondence"
    _description = "Correspondence"
    _inherit = [
        "utility.numbered.mixin",
        "utility.file.owner.mixin",
        "mail.thread",
        "utility.reminder.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _owned_files = ("attachment_ids", "proof_attachment_ids")

    number = fields.Char(
        "Our No.",
        index="trigram",
        copy=False,
        tracking=True,
        help="Left empty, the company's numbering of correspondence gives it when the letter is "
        "printed, sent or registered.",
    )
    sender_number = fields.Char("Their No.", index="trigram", help="Number on the sender's letter.")
    sender_date = fields.Date("Their Date")
    direction = fields.Selection(
        [("out", "Outgoing"), ("in", "Incoming")],
        required=True,
        default="out",
        index=True,
        tracking=True,
    )
    channel = fields.Selection(
        [
            ("post", "Post"),
            ("registered", "Registered post"),
            ("email", "E-mail"),
            ("sms", "SMS"),
            ("portal", "Portal"),
            ("hand", "In person"),
            ("phone", "Phone"),
            ("courier", "Courier"),
        ],
        required=True,
        default="post",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("received", "Received"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("returned", "Returned Undelivered"),
            ("answered", "Answered"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        index=True,
        tracking=True,
        help="Day on which it was sent or came in.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Correspondent",
        index=True,
        ondelete="restrict",
        tracking=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    email_to = fields.Char(
        "E-mail",
        compute="_compute_email_to",
        store=True,
        readonly=False,
        help="Where it is sent by e-mail; the account's address for bills or the partner's.",
    )
    account_ids = fields.Many2many(
        "utility.account",
        "utility_correspondence_account_rel",
        "correspondence_id",
        "account_id",
        "Accounts",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, index=True, tracking=True
    )
    subject = fields.Char(required=True, index="trigram", tracking=True)
    body = fields.Html()
    template_id = fields.Many2one(
        "utility.document.template",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'letter'), ('company_id', 'in', (False, company_id))]",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "utility_correspondence_attachment_rel",
        "correspondence_id",
        "attachment_id",
        "Attachments",
        copy=False,
    )
    document_ids = fields.One2many("utility.document", "correspondence_id", "Documents")
    printed_document_id = fields.Many2one(
        "utility.document", "Printed Letter", copy=False, readonly=True
    )
    mail_id = fields.Many2one("mail.mail", "E-mail Sent", copy=False, readonly=True)
    mail_state = fields.Selection(related="mail_id.state", string="State of the E-mail")
    mail_failure = fields.Text(related="mail_id.failure_reason", string="Why the E-mail Failed")

    # proof of delivery
    delivery_method = fields.Selection(
        [
            ("hand", "Handed over in person"),
            ("signature", "Registered post, signed for"),
            ("courier", "Courier's receipt"),
            ("mailbox", "Left in the letter box"),
            ("email", "E-mail confirmed"),
            ("refused", "Acceptance refused, recorded"),
            ("public", "Public notice"),
        ],
        "Delivered by",
        copy=False,
        tracking=True,
    )
    date_delivered = fields.Date("Delivered on", copy=False, tracking=True)
    handed_over_by = fields.Char(copy=False, help="Employee, courier or postman.")
    received_by = fields.Char(
        copy=False, tracking=True, help="Name of the person, and in what role."
    )
    tracking_ref = fields.Char("Parcel No.", copy=False)
    proof_attachment_ids = fields.Many2many(
        "ir.attachment",
        "utility_correspondence_proof_rel",
        "correspondence_id",
        "attachment_id",
        "Proof",
        copy=False,
    )
    return_reason = fields.Char("Why It Came Back", copy=False)

    # replies
    date_reply_due = fields.Date(
        "Reply by",
        tracking=True,
        index=True,
        help="Incoming: until when we must answer; outgoing: until when we expect an answer.",
    )
    reply_to_id = fields.Many2one(
        "utility.correspondence",
        "Answers",
        index="btree_not_null",
        copy=False,
        check_company=True,
        ondelete="restrict",
    )
    reply_ids = fields.One2many("utility.correspondence", "reply_to_id", "Answered by")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    days_left = fields.Integer(compute="_compute_is_overdue")
    run_id = fields.Many2one(
        "utility.correspondence.run",
        "Mass Letter",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="restrict",
    )
    run_account_id = fields.Many2one("utility.account", copy=False, readonly=True)

    _number_unique = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL",
        "Another letter of the company has this number.",
    )
    _reply_in_order = models.Constraint(
        "CHECK (date_reply_due IS NULL OR date_reply_due >= date)",
        "A reply cannot be due before the letter's date.",
    )
    _delivery_in_order = models.Constraint(
        "CHECK (date_delivered IS NULL OR date_delivered >= date)",
        "A letter cannot be delivered before its date.",
    )
    _once_a_run = models.UniqueIndex(
        "(run_id, run_account_id) WHERE run_id IS NOT NULL",
        "A mass letter is written once to an account.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("account_ids")
    def _compute_partner_id(self):
        for letter in self:
            letter.partner_id = letter.partner_id or letter.account_ids[:1].partner_id

    @api.depends("partner_id.email", "account_ids.delivery_email")
    def _compute_email_to(self):
        for letter in self:
            account = letter.account_ids.filtered(
                lambda account, payer=letter.partner_id: account.partner_id == payer
            )[:1]
            letter.email_to = account.delivery_email or letter.partner_id.email

    @api.depends("date_reply_due", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for letter in self:
            due = letter.date_reply_due if letter.state in WAITING else False
            letter.is_overdue = bool(due and due < today)
            letter.days_left = (due - today).days if due else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        overdue = Domain("date_reply_due", "<", today) & Domain("state", "in", WAITING)
        return overdue if True in value else ~overdue

    @api.depends("number", "subject")
    def _compute_display_name(self):
        for letter in self:
            parts = (letter.number, letter.subject)
            letter.display_name = " ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        """Our number, theirs, subject or correspondent."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            found = Domain.OR(
                [
                    Domain(name, "ilike", value.strip())
                    for name in ("number", "sender_number", "subject", "partner_id.name")
                ]
            )
            return found if operator == "ilike" else ~found
        return super()._search_display_name(operator, value)

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id and self.state == "draft":
            self.subject, self.body = self.template_id._fill_in(self)

    @api.onchange("direction")
    def _onchange_direction(self):
        if self.direction == "in":
            self.template_id = False

    # -- checks -----------------------------------------------------------------------------

    def _refuse_bad_dates(self, vals):
        date, due, delivered = (
            fields.Date.to_date(vals.get(name, self[name] if self else False))
            for name in ("date", "date_reply_due", "date_delivered")
        )
        label = vals.get("subject") or (self.display_name if self else self._description)
        if date and due and due < date:
            raise ValidationError(
                self.env._(
                    "%(letter)s: a reply by %(day)s is due before the letter's date, %(date)s. "
                    "Choose a later day.",
                    letter=label,
                    day=format_date(self.env, due),
                    date=format_date(self.env, date),
                )
            )
        if date and delivered and delivered < date:
            raise ValidationError(
                self.env._(
                    "%(letter)s: delivered on %(day)s, before the letter's date, %(date)s. Correct "
                    "one of the two.",
                    letter=label,
                    day=format_date(self.env, delivered),
                    date=format_date(self.env, date),
                )
            )

    @api.constrains("reply_to_id")
    def _check_reply_to(self):
        for letter in self.filtered("reply_to_id"):
            if letter._has_cycle("reply_to_id"):
                raise ValidationError(
                    self.env._(
                        "%(letter)s answers a letter that answers it: choose another one.",
                        letter=letter.display_name,
                    )
                )

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._refuse_bad_dates({"date": fields.Date.context_today(self), **vals})
        return super().create([self._filled_in(vals) for vals in vals_list])

    def write(self, vals):
        if {"date", "date_reply_due", "date_delivered"} & set(vals):
            for letter in self:
                letter._refuse_bad_dates(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for letter in self:
            if letter.state != "draft" or letter.number:
                raise UserError(
                    self.env._(
                        "%s has its number in the register and stays: close it instead.",
                        letter.display_name,
                    )
                )

    def _filled_in(self, vals):
        """Subject and body from the template, when they are not given."""
        template = self.env["utility.document.template"].browse(vals.get("template_id"))
        if not template or (vals.get("subject") and vals.get("body")):
            return vals
        subject, body = template._fill_in(self.new(vals))
        return {"subject": subject, "body": body, **vals}
