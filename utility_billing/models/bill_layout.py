from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..engine.bill_content import SECTIONS

KINDS = [
    ("notice", "Payment notice"),
    ("invoice", "VAT invoice"),
    ("credit", "Credit note"),
]
STANDARD = "utility_billing.bill_page"
# what makes one layout fit a bill better than another
CRITERIA = ("company_id", "service_ids", "payer_kind", "lang")


class BillLayout(models.Model):
    """How bills look: which of their sections are shown, own texts, and if users wish a view of
    their own. Of all layouts that fit a bill, the one that is most its own is taken."""

    _name = "utility.bill.layout"
    _description = "Bill Layout"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Says on stored bills how they were printed.")
    sequence = fields.Integer(
        default=10, help="Of layouts that fit a bill equally, the first one is taken."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="notice",
        help="Credit notes are printed by layouts of their kind, bills by the others. It is also "
        "the title of what is printed.",
    )
    payer_kind = fields.Selection(
        [
            ("individual", "Individuals"),
            ("legal", "Legal entities"),
            ("collective", "Collective accounts"),
        ],
        "For",
        help="Empty: for all payers.",
    )
    service_ids = fields.Many2many(
        "utility.service",
        "utility_bill_layout_service_rel",
        "layout_id",
        "service_id",
        string="Only Services",
        help="For bills that have no other services than these; empty: for all bills.",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="For bills in this language; empty: for bills in any.",
    )
    show_meters = fields.Boolean("Meter Readings", default=True)
    show_explanation = fields.Boolean(
        "How Amounts Come About", default=True, help="Small lines below each service."
    )
    show_benefits = fields.Boolean("Benefits and Funds", default=True)
    show_taxes = fields.Boolean("Taxes by Rate", default=True)
    show_balance = fields.Boolean("Balance and Payments", default=True)
    show_chart = fields.Boolean("Consumption of 13 Months", default=True)
    show_qr = fields.Boolean("QR Code", default=True)
    show_barcode = fields.Boolean("Barcode", default=True)
    head = fields.Html(
        "Text above the Table", translate=True, help="News, a greeting, a notice of a new tariff."
    )
    foot = fields.Html(
        "Text below the Table", translate=True, help="Hours, phones, what the law wants said."
    )

    view_id = fields.Many2one(
        "ir.ui.view",
        "Own Template",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="A copy of the standard template, which users may change.",
    )
    arch = fields.Text(
        "Template",
        compute="_compute_arch",
        inverse="_inverse_arch",
        groups="utility_base.group_administrator",
        help="QWeb. `bill` holds all that the bill says; `chart(…)`, `qr(…)` and `barcode(…)` "
        "draw.",
    )
    is_changed = fields.Boolean(
        "Changed",
        compute="_compute_is_changed",
        store=True,
        help="Drawn by a template of its own: slower in mass printing, and its PDFs are kept.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another layout of the company has this code."
    )

    @api.depends("view_id")
    def _compute_is_changed(self):
        for layout in self:
            layout.is_changed = bool(layout.view_id)

    @api.depends("view_id")
    def _compute_arch(self):
        for layout in self:
            # a template is read and changed through its layout alone
            layout.arch = layout.sudo().view_id.arch_db

    def _inverse_arch(self):
        for layout in self.filtered("view_id"):
            layout.sudo().view_id.arch_db = layout.arch

    @api.model
    def _layouts_for(self, bills):
        """The best layout of each bill.

        :param bills: [(key, move, language, ids of its services)]
        :return: {key: layout}; an empty one where none fits
        """
        layouts = self.search(
            Domain("company_id", "in", [False, *{move.company_id.id for _k, move, *_o in bills}])
        )
        rows = [(layout, layout._wanted()) for layout in layouts]
        return {key: self._best(rows, move, lang, services) for key, move, lang, services in bills}

    def _wanted(self):
        """What a bill has to be for the layout; kept for many bills."""
        return {
            "company_id": self.company_id.id,
            "service_ids": set(self.service_ids.ids),
            "payer_kind": self.payer_kind,
            "lang": self.lang,
        }

    def _best(self, rows, move, lang, services):
        is_credit = move.move_type == "out_refund"
        has = {
            "company_id": move.company_id.id,
            "payer_kind": move.utility_account_id.kind or "individual",
            "lang": lang,
        }
        best, points = self.browse(), -1
        for layout, wanted in rows:
            if (layout.kind == "credit") != is_credit:
                continue
            only = wanted["service_ids"]
            if only and not (services and services <= only):
                continue
            if any(wanted[name] and wanted[name] != value for name, value in has.items()):
                continue
            found = sum(bool(wanted[name]) for name in CRITERIA)
            if found > points:
                best, points = layout, found
        return best

    def _sections(self):
        """Names of the sections that are shown; all of them where no layout fits."""
        return [name for name in SECTIONS if not self or self[f"show_{name}"]]

    # -- buttons ----------------------------------------------------------------------------

    def action_copy_template(self):
        """The standard template as one of the layout's own, to be changed."""
        self.ensure_one()
        self._check_administrator()
        if not self.view_id:
            standard = self.env.ref(STANDARD).sudo()
            self.view_id = standard.copy(
                {
                    "name": self.env._("Bill: %s", self.name),
                    "key": f"{STANDARD}_{self.id}",
                    "inherit_id": False,
                    "mode": "primary",
                }
            )

    def action_drop_template(self):
        """Back to the standard template; bills that were printed stay as they were."""
        self.ensure_one()
        self._check_administrator()
        view = self.sudo().view_id
        self.view_id = False
        view.unlink()

    def _check_administrator(self):
        """A template may read whatever those who print may read: that is the administrator's
        right."""
        if not self.env.user.has_group("utility_base.group_administrator"):
            raise AccessError(
                self.env._("Ask an administrator: only they may change templates of bills.")
            )

    def action_preview(self):
        """A recent bill as this layout prints it; nothing is kept."""
        self.ensure_one()
        move = self._recent_bill()
        if not move:
            raise UserError(
                self.env._("There is no bill yet that “%s” could be shown on.", self.name)
            )
        return self.env.ref("utility_billing.bill_preview_report").report_action(
            self, data={"layout_id": self.id, "move_id": move.id}, config=False
        )

    def _recent_bill(self):
        """The last bill that the layout may print; one that would get it, if there is one."""
        kinds = ("out_refund",) if self.kind == "credit" else ("out_invoice",)
        domain = Domain("move_type", "in", kinds) & Domain("state", "=", "posted")
        domain &= Domain("utility_account_id", "!=", False)
        domain &= Domain("company_id", "in", (self.company_id or self.env.companies).ids)
        moves = self.env["account.move"].sudo()
        narrow = domain
        if self.payer_kind:
            narrow &= Domain("utility_account_id.kind", "=", self.payer_kind)
        return moves.search(narrow, order="id desc", limit=1) or moves.search(
            domain, order="id desc", limit=1
        )
