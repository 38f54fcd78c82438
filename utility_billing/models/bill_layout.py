from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.bill_content import SECTIONS

KINDS = [
    ("notice", "Payment notice"),
    ("invoice", "VAT invoice"),
    ("credit", "Credit note"),
]
# what makes one layout fit a bill better than another
CRITERIA = ("company_id", "service_ids", "payer_kind", "lang")


class BillLayout(models.Model):
    """How bills look: which of their sections are shown, own texts, and if users wish a view of
    their own. Of all layouts that fit a bill, the one that is most its own is taken."""

    _name = "utility.bill.layout"
    _description = "Bill Layout"
    _order = "sequence, id"
    _check_company_auto = True

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
        check_company=True,
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

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another layout of the company has this code."
    )

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
