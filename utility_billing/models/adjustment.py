from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

PURPOSES = {
    "absence": "absence",
    "quality": "claim_act",
    "manual": "correction",
    "one_off": "work_act",
}
# what submits, decides and charges it; nobody writes these by hand
DECIDED = frozenset(
    "state submitted_by submitted_at approved_by approved_at by_limit refuse_reason "
    "cancelled_by cancelled_at cancel_reason charged_at taken_back_at company_id number "
    "editor_ids".split()
)
FREE = frozenset({"note", "document_ids"})


class Adjustment(models.Model):
    """What an account is charged less or more than its rates say: absence, poor quality, a
    correction by hand, a one-off service. Each with its papers, and a second person's approval."""

    _name = "utility.adjustment"
    _description = "Adjustment"
    _inherit = ["utility.numbered.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "number"
    _check_company_auto = True

    number = fields.Char(
        copy=False,
        index="trigram",
        help="Left empty, the numbering of claim acts, work acts, absences or corrections gives "
        "it.",
    )
    kind = fields.Selection(
        [
            ("absence", "Absence"),
            ("quality", "Poor Quality"),
            ("manual", "Correction by Hand"),
            ("one_off", "One-Off Service"),
        ],
        required=True,
        default="absence",
        index=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        index=True,
        tracking=True,
        help="Of the act or the application; corrections and one-off services are charged on it.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Awaits Approval"),
            ("approved", "Approved"),
            ("charged", "Charged"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Drawn up by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
    )
    editor_ids = fields.Many2many(
        "res.users",
        "utility_adjustment_editor_rel",
        "adjustment_id",
        "user_id",
        "Edited by",
        readonly=True,
        copy=False,
        help="Who changed the draft; they do not approve it.",
    )
    account_id = fields.Many2one(
        "utility.account",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Payer")
    building_id = fields.Many2one(
        "utility.premise", compute="_compute_building_id", store=True, index=True
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_adjustment_service_rel",
        "adjustment_id",
        "service_id",
        "Services",
        check_company=True,
        help="Empty: all services of the account.",
    )
    line_ids = fields.One2many("utility.adjustment.line", "adjustment_id", "Concerned")
    account_count = fields.Integer("Accounts", compute="_compute_account_count")
    reason = fields.Text(tracking=True, help="What happened, and why it is so adjusted.")
    note = fields.Text()
    document_ids = fields.Many2many(
        "utility.document",
        "utility_adjustment_document_rel",
        "adjustment_id",
        "document_id",
        "Documents",
        check_company=True,
        copy=False,
        help="Evidence: applications, tickets, certificates, measurements.",
    )

    # absence
    left_on = fields.Date(help="Day of leaving; it does not count.")
    returned_on = fields.Date(help="Day of returning; it does not count.")
    absent_days = fields.Integer("Full Days Away", compute="_compute_absent_days")
    persons = fields.Integer(
        "Persons Away", help="How many of the residents were away; 0: the whole household."
    )

    # correction by hand, one-off service
    service_id = fields.Many2one("utility.service", index="btree_not_null", check_company=True)
    by_quantity = fields.Boolean("By Quantity and Price")
    quantity = fields.Float(digits="Utility Quantity", default=1)
    uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_uom_id")
    price = fields.Float(digits="Utility Price")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        tracking=True,
        help="Above 0: the account owes more.",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        "utility_adjustment_tax_rel",
        "adjustment_id",
        "tax_id",
        "Taxes",
        check_company=True,
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    tax_included = fields.Boolean(help="The price or amount includes the taxes.")
    product_id = fields.Many2one(
        "product.product",
        "Work, Goods",
        check_company=True,
        ondelete="restrict",
        help="What was done or delivered, as on price lists.",
    )
    work_date = fields.Date("Done on", help="On which day the work was done.")
    performer_id = fields.Many2one("res.partner", "Done by", ondelete="restrict")

    _number_unique = models.UniqueIndex(
        "(company_id, kind, number)", "Another adjustment of this kind has the number."
    )
    _absence_in_order = models.Constraint(
        "CHECK (left_on IS NULL OR returned_on IS NULL OR returned_on > left_on)",
        "Who is away returns on a later day than that of leaving.",
    )
    _persons_range = models.Constraint(
        "CHECK (COALESCE(persons, 0) BETWEEN 0 AND 99)", "0 to 99 persons can be away."
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("account_id.building_id")
    def _compute_building_id(self):
        for adjustment in self:
            adjustment.building_id = adjustment.account_id.building_id

    @api.depends("line_ids.account_id")
    def _compute_account_count(self):
        for adjustment in self:
            adjustment.account_count = len(adjustment.line_ids.account_id) or len(
                adjustment.account_id
            )

    @api.depends("left_on", "returned_on")
    def _compute_absent_days(self):
        for adjustment in self:
            left, returned = adjustment.left_on, adjustment.returned_on
            adjustment.absent_days = max((returned - left).days - 1, 0) if left and returned else 0

    @api.depends("service_id", "product_id")
    def _compute_uom_id(self):
        for adjustment in self:
            adjustment.uom_id = adjustment.product_id.uom_id or adjustment.service_id.uom_id

    @api.depends("kind", "by_quantity", "quantity", "price")
    def _compute_amount(self):
        for adjustment in self:
            if adjustment.kind == "one_off" or adjustment.by_quantity:
                currency = adjustment.currency_id or self.env.company.currency_id
                adjustment.amount = currency.round(adjustment.quantity * adjustment.price)

    @api.depends("service_id", "product_id", "work_date", "date")
    def _compute_tax_ids(self):
        for adjustment in self:
            adjustment.tax_ids = adjustment._taxes_of_day()

    def _taxes_of_day(self):
        """The service's taxes on the day of the work, else of the document; goods that are taxed
        as the service never was have their own."""
        service = self.service_id
        own = self.product_id.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)
        of_service = [service.tax_ids, *(row.tax_ids for row in service.dated_tax_ids)]
        if self.product_id and own not in of_service:
            return own
        return service._taxes_on(self.work_date or self.date or fields.Date.context_today(self))

    @api.depends("kind", "number", "account_id.number")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for adjustment in self:
            adjustment.display_name = f"{kinds.get(adjustment.kind, '')} {adjustment.number or ''}"

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.price = self.product_id.lst_price

    @api.onchange("service_id")
    def _onchange_service_id(self):
        if self.kind == "one_off" and not self.product_id:
            self.product_id = self.service_id.product_id

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # said outright: else defaults of the caller's own would say it
            begun = {**dict.fromkeys(DECIDED - KEPT, False), "state": "draft"}
            begun["user_id"] = self.env.uid
            vals_list = [{**vals, **begun} for vals in vals_list]
        adjustments = super().create(vals_list)
        adjustments._give_numbers()
        return adjustments

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        self._refuse_settled(vals)
        done = super().write(vals)
        if _changes(vals):
            self._note_editor()
        return done

    def _note_editor(self):
        """Whoever changes a draft has a hand in it; nobody writes that by hand."""
        for adjustment in self.filtered(lambda row: self.env.user not in row.editor_ids):
            adjustment.sudo().editor_ids = [fields.Command.link(self.env.uid)]

    def _refuse_settled(self, vals):
        by_hand = [name for name in vals if name in DECIDED - {"number"} or name == "user_id"]
        if by_hand:
            raise UserError(
                self.env._(
                    "“%s” follows from the buttons and is not written by hand.",
                    self._fields[by_hand[0]]._description_string(self.env),
                )
            )
        changed = _changes(vals)
        settled = self.filtered(lambda adjustment: adjustment.state != "draft")
        if changed and settled:
            raise UserError(
                self.env._(
                    "%(adjustment)s is submitted and cannot change. Take it back to draft while "
                    "it awaits approval, or cancel it and draw up another.",
                    adjustment=settled[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for adjustment in self:
            raise UserError(
                self.env._("%s is kept for the record. Cancel it instead.", adjustment.display_name)
            )

    def _number_scope(self, vals):
        kind = vals.get("kind") or self.kind or "absence"
        return super()._number_scope(vals) & Domain("kind", "=", kind)

    def _give_numbers(self):
        unnumbered = self.filtered(lambda adjustment: not adjustment.number).sudo()
        for (company, kind), rows in unnumbered.grouped(
            lambda adjustment: (adjustment.company_id, adjustment.kind)
        ).items():
            numbering = self.env["utility.numbering"]._for(PURPOSES[kind], company)
            scope = Domain("company_id", "=", company.id) & Domain("kind", "=", kind)
            numbers = self._draw_numbers(numbering._next, scope, len(rows))
            for row, number in zip(rows, numbers, strict=True):
                row.number = number

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("kind", "account_id")
    def _check_account(self):
        for adjustment in self:
            if adjustment.kind != "quality" and not adjustment.account_id:
                raise ValidationError(
                    self.env._("%s: choose the account that is adjusted.", adjustment.display_name)
                )

    @api.constrains("kind", "by_quantity", "quantity", "price", "amount")
    def _check_amount(self):
        """The limit of approval looks at the amount that is charged."""
        for adjustment in self:
            if adjustment.kind != "one_off" and not adjustment.by_quantity:
                continue
            product = adjustment.currency_id.round(adjustment.quantity * adjustment.price)
            if adjustment.currency_id.compare_amounts(adjustment.amount, product):
                raise ValidationError(
                    self.env._(
                        "%(adjustment)s: the amount is the quantity times the price: %(amount)s.",
                        adjustment=adjustment.display_name,
                        amount=product,
                    )
                )

    # -- account's timeline -----------------------------------------------------------------

    def _timeline_entry(self):
        """The adjustment as an event of an account's timeline."""
        self.ensure_one()
        states = {"submitted": "planned", "approved": "in_force", "charged": "ended"}
        return {
            "date": self.date,
            "date_end": False,
            "title": f"{self.display_name} · {self._summary()}",
            "text": self.reason or "",
            "state": states.get(self.state, "voided"),
            "res_model": self._name,
            "res_id": self.id,
        }

    def _summary(self):
        """What is adjusted, in a few words."""
        self.ensure_one()
        if self.kind == "absence" and self.left_on and self.returned_on:
            return self.env._(
                "away %(left)s – %(returned)s, %(days)s full days",
                left=format_date(self.env, self.left_on),
                returned=format_date(self.env, self.returned_on),
                days=self.absent_days,
            )
        names = self.service_ids or self.service_id
        return ", ".join(names.mapped("name")) or self.env._("all services")


# of what the buttons decide, what a new adjustment may say
KEPT = frozenset({"number", "company_id"})


def _changes(vals):
    """Names of the values that say something else of what is adjusted."""
    return [
        name for name in vals if name not in FREE and not name.startswith(("message_", "activity_"))
    ]
