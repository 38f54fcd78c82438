from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.utility_base.models.dated_mixin import no_overlap

PLACES = ("account_id", "premise_id")


class Benefit(models.Model):
    """Somebody has a right to a relief, from when to when, and the document that says so."""

    _name = "utility.benefit"
    _description = "Benefit"
    _inherit = ["utility.dated.mixin", "mail.thread"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    _fact_key = ("kind_id", "partner_id")
    _fact_key_optional = PLACES
    _fact_editors = "utility_base.group_clerk,utility_base.group_billing_operator"
    _free_fields = frozenset({"note", "document_id"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind_id = fields.Many2one(
        "utility.benefit.kind",
        "Benefit",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner", "Beneficiary", required=True, index=True, ondelete="restrict"
    )
    account_id = fields.Many2one(
        "utility.account",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The account that is relieved. A benefit of a premise goes with the premise instead.",
    )
    premise_id = fields.Many2one(
        "utility.premise",
        index="btree_not_null",
        ondelete="restrict",
        help="Every account that takes a service here is relieved.",
    )
    building_id = fields.Many2one(
        "utility.premise", compute="_compute_building_id", store=True, index=True, precompute=True
    )
    relief = fields.Selection(related="kind_id.kind", string="Relief Is")
    own_value = fields.Boolean(
        "Differs from the Kind", help="This beneficiary gets more or less than usual."
    )
    value = fields.Float("How Much", digits="Utility Price")
    value_text = fields.Char("Relief", compute="_compute_value_text")
    persons = fields.Integer("Persons Covered", default=1, required=True)
    document_number = fields.Char("Document No.", index="btree_not_null")
    document_date = fields.Date("Document Dated")
    document_valid_until = fields.Date("Document Valid until")
    document_issuer = fields.Char("Issued by")
    document_id = fields.Many2one(
        "utility.document",
        "Document on File",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    is_expiring = fields.Boolean(
        "Document Runs out", compute="_compute_is_expiring", search="_search_is_expiring"
    )
    replaces_id = fields.Many2one(
        "utility.benefit", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key, optional=PLACES)
    _has_place = models.Constraint(
        "CHECK (num_nonnulls(account_id, premise_id) = 1)",
        "A benefit is for one account or for one premise.",
    )
    _persons_range = models.Constraint(
        "CHECK (persons BETWEEN 1 AND 99)", "A benefit covers 1 to 99 persons."
    )
    _value_not_negative = models.Constraint(
        "CHECK (COALESCE(value, 0) >= 0)", "A relief is 0 or more."
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("account_id.building_id", "premise_id.building_id", "premise_id.level")
    def _compute_building_id(self):
        for benefit in self:
            premise = benefit.premise_id
            of_premise = premise if premise.level == "building" else premise.building_id
            benefit.building_id = benefit.account_id.building_id or of_premise

    @api.depends("kind_id.name", "partner_id.name")
    def _compute_display_name(self):
        for benefit in self:
            parts = (benefit.kind_id.name, benefit.partner_id.name)
            benefit.display_name = ", ".join(part for part in parts if part)

    @api.depends("own_value", "value", "kind_id.value", "kind_id.kind", "currency_id")
    def _compute_value_text(self):
        for benefit in self:
            value = benefit.value if benefit.own_value else benefit.kind_id.value
            symbol = benefit.currency_id.symbol or ""
            benefit.value_text = {
                "percent": self.env._("%(value)s %%", value=f"{value:g}"),
                "amount": self.env._(
                    "%(value)s %(symbol)s a month", value=f"{value:.2f}", symbol=symbol
                ),
                "price": self.env._(
                    "%(value)s %(symbol)s off a unit", value=f"{value:g}", symbol=symbol
                ),
            }.get(benefit.kind_id.kind, "")

    @api.depends("document_valid_until", "date_end", "voided_at")
    def _compute_is_expiring(self):
        soon = fields.Date.add(fields.Date.context_today(self), days=30)
        for benefit in self:
            until = benefit.document_valid_until
            goes_on = until and (not benefit.date_end or benefit.date_end > until)
            benefit.is_expiring = bool(goes_on and until <= soon and not benefit.voided_at)

    def _search_is_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        soon = fields.Date.add(fields.Date.context_today(self), days=30)
        rows = self.sudo().search(
            Domain("document_valid_until", "<=", soon) & Domain("voided_at", "=", False)
        )
        found = rows.filtered("is_expiring").ids
        return Domain("id", "in" if True in value else "not in", found)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("own_value", "value", "kind_id")
    def _check_value(self):
        for benefit in self:
            if benefit.own_value and benefit.kind_id.kind == "percent" and benefit.value > 100:
                raise ValidationError(
                    self.env._("%s: a relief is at most 100 %%.", benefit._fact_label())
                )

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            if bool(vals.get("account_id")) == bool(vals.get("premise_id")):
                raise ValidationError(
                    self.env._(
                        "%s: name the account or the premise that is relieved, one of both.",
                        self._vals_period_label(vals),
                    )
                )
        return super()._refuse_bad(vals_list)

    @api.onchange("account_id")
    def _onchange_account_id(self):
        if self.account_id:
            self.premise_id = False
            self.partner_id = self.partner_id or self.account_id.partner_id

    @api.onchange("premise_id")
    def _onchange_premise_id(self):
        if self.premise_id:
            self.account_id = False

    @api.onchange("document_id")
    def _onchange_document_id(self):
        if self.document_id:
            self.document_number = self.document_number or self.document_id.number
            self.document_date = self.document_date or self.document_id.date
            self.document_valid_until = self.document_valid_until or self.document_id.valid_until

    def _timeline_title(self):
        return " · ".join(
            part for part in (self.kind_id.name, self.value_text, self.partner_id.name) if part
        )
