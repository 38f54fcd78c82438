from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date


class DocumentMovement(models.Model):
    """A signed original that left the archive: to whom, until when, and where it lies now."""

    _name = "utility.document.movement"
    _description = "Movement of an Original"
    _inherit = ["mail.thread", "utility.reminder.mixin"]
    _order = "date_sent desc, id desc"
    _check_company_auto = True

    agreement_document_id = fields.Many2one(
        "utility.agreement.document",
        "Agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    document_id = fields.Many2one(
        "utility.document",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    what = fields.Char("Original of", compute="_compute_what")
    copies = fields.Integer("Number of Copies", default=1, required=True)
    partner_id = fields.Many2one(
        "res.partner", "Sent to", required=True, index=True, ondelete="restrict", tracking=True
    )
    place = fields.Char(
        "Where", tracking=True, help="Department, office or address where the original went."
    )
    channel = fields.Selection(
        [
            ("hand", "In person"),
            ("courier", "Courier"),
            ("post", "Post"),
            ("registered", "Registered post"),
        ],
        "How",
        required=True,
        default="hand",
    )
    tracking_ref = fields.Char("Parcel No.")
    purpose = fields.Char(help="To be signed, for the court, for a copy, ...")
    date_sent = fields.Date(
        "Sent on", required=True, default=fields.Date.context_today, tracking=True
    )
    sent_by_id = fields.Many2one("res.users", "Sent by", default=lambda self: self.env.user)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    date_due = fields.Date("Due Back", required=True, tracking=True, index=True)
    date_returned = fields.Date("Returned on", tracking=True, copy=False)
    storage_place = fields.Char(
        "Put into", tracking=True, copy=False, help="Archive, folder and place of what came back."
    )
    current_place = fields.Char("Lies Now at", compute="_compute_current_place")
    state = fields.Selection(
        [("out", "Out"), ("overdue", "Overdue"), ("returned", "Returned")],
        compute="_compute_state",
        search="_search_state",
    )
    days_overdue = fields.Integer(compute="_compute_state")
    note = fields.Text()

    _one_original = models.Constraint(
        "CHECK (num_nonnulls(agreement_document_id, document_id) = 1)",
        "A movement is of one agreement or of one document.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_due >= date_sent AND (date_returned IS NULL OR date_returned >= date_sent))",
        "An original cannot be due or come back before it was sent.",
    )
    _positive_copies = models.Constraint("CHECK (copies > 0)", "At least one copy is sent.")

    # -- computes ---------------------------------------------------------------------------

    @api.depends("agreement_document_id", "document_id")
    def _compute_what(self):
        for movement in self:
            original = movement.agreement_document_id or movement.document_id
            movement.what = original.display_name

    @api.depends("what", "partner_id")
    def _compute_display_name(self):
        for movement in self:
            parts = (movement.what, movement.partner_id.display_name)
            movement.display_name = " → ".join(part for part in parts if part)

    @api.depends("partner_id", "place", "date_returned", "storage_place")
    def _compute_current_place(self):
        for movement in self:
            if movement.date_returned:
                movement.current_place = movement.storage_place or self.env._("Own archive")
            else:
                parts = (movement.partner_id.display_name, movement.place)
                movement.current_place = ", ".join(part for part in parts if part)

    @api.depends("date_due", "date_returned")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for movement in self:
            late = movement.date_due and movement.date_due < today
            movement.days_overdue = 0
            if movement.date_returned:
                movement.state = "returned"
            elif late:
                movement.state = "overdue"
                movement.days_overdue = (today - movement.date_due).days
            else:
                movement.state = "out"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        out = Domain("date_returned", "=", False)
        late = Domain("date_due", "<", fields.Date.context_today(self))
        states = {"returned": ~out, "overdue": out & late, "out": out & ~late}
        return Domain.OR(states[state] for state in value if state in states)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("agreement_document_id", "document_id", "date_returned")
    def _check_is_here(self):
        """What is out cannot be sent again."""
        for movement in self.filtered(lambda row: not row.date_returned):
            out = movement._movements_of_same().filtered(lambda row: not row.date_returned)
            other = (out - movement)[:1]
            if other:
                raise ValidationError(
                    self.env._(
                        "%(original)s is out already: with %(partner)s since %(day)s. Record its "
                        "return first.",
                        original=movement.what,
                        partner=other.partner_id.display_name,
                        day=format_date(self.env, other.date_sent),
                    )
                )

    def _refuse_bad_dates(self, vals):
        sent, due, back = (
            fields.Date.to_date(vals.get(name, self[name] if self else False))
            for name in ("date_sent", "date_due", "date_returned")
        )
        label = self.display_name if self else self._description
        if sent and due and due < sent:
            raise ValidationError(
                self.env._(
                    "%(what)s: due back on %(day)s, before it was sent on %(sent)s. Correct one of "
                    "the two.",
                    what=label,
                    day=format_date(self.env, due),
                    sent=format_date(self.env, sent),
                )
            )
        if sent and back and back < sent:
            raise ValidationError(
                self.env._(
                    "%(what)s: returned on %(day)s, before it was sent on %(sent)s. Correct one of "
                    "the two.",
                    what=label,
                    day=format_date(self.env, back),
                    sent=format_date(self.env, sent),
                )
            )

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access("create")
        for vals in vals_list:
            if not vals.get("agreement_document_id") and not vals.get("document_id"):
                raise ValidationError(
                    self.env._(
                        "Say which agreement or which document was sent to be kept track of."
                    )
                )
            self.browse()._refuse_bad_dates({"date_sent": fields.Date.context_today(self), **vals})
            original = self._original_of(vals)
            vals.setdefault("company_id", original.company_id.id)
        return super().create(vals_list)

    def write(self, vals):
        if {"date_sent", "date_due", "date_returned"} & set(vals):
            for movement in self:
                movement._refuse_bad_dates(vals)
        return super().write(vals)

    def _original_of(self, vals):
        if vals.get("agreement_document_id"):
            return self.env["utility.agreement.document"].browse(vals["agreement_document_id"])
        return self.env["utility.document"].browse(vals.get("document_id"))

    # -- business ---------------------------------------------------------------------------

    def _latest(self):
        """The movement that says where the original lies now."""
        return self.sorted(lambda row: (row.date_sent, row.id), reverse=True)[:1]

    def _movements_of_same(self):
        self.ensure_one()
        return self.sudo().search(
            Domain("agreement_document_id", "=", self.agreement_document_id.id)
            & Domain("document_id", "=", self.document_id.id)
        )

    @api.model
    def _action_new(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Original"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    def action_return(self):
        """The originals came back today."""
        for movement in self:
            if movement.date_returned:
                raise UserError(
                    self.env._(
                        "%(what)s came back on %(day)s already.",
                        what=movement.what,
                        day=format_date(self.env, movement.date_returned),
                    )
                )
        self.write({"date_returned": fields.Date.context_today(self)})

    # -- cron -------------------------------------------------------------------------------

    @api.model
    def _cron_remind_overdue(self):
        self.search([("state", "in", ["overdue"])])._remind(
            "utility_base.activity_type_original_overdue",
            "date_due",
            lambda movement: movement.env._(
                "%(what)s is due back from %(partner)s",
                what=movement.what,
                partner=movement.partner_id.display_name,
            ),
        )
