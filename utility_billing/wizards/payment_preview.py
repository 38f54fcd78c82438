from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command

from ..models.covering import Money
from ..models.covering_sketch import Sketch


class PaymentPreview(models.TransientModel):
    """What a payment would cover, by one policy or by two side by side. Nothing is written."""

    _name = "utility.payment.preview"
    _description = "What a Payment Would Cover"
    # anybody who reads may ask; nothing of it stays
    _is_question = True

    account_id = fields.Many2one("utility.account")
    payment_id = fields.Many2one("utility.payment", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
        help="What is paid.",
    )
    date = fields.Date(
        "Day", required=True, default=fields.Date.context_today, help="Whose policy counts."
    )
    service_id = fields.Many2one(
        "utility.service", "Only for", domain="[('company_id', '=', company_id)]"
    )
    policy_id = fields.Many2one(
        "utility.payment.policy",
        "By the Policy",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the one in force on the day. One that is not in force yet may be tried, too.",
    )
    is_compared = fields.Boolean("Compare with Another Policy")
    other_policy_id = fields.Many2one(
        "utility.payment.policy",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the one in force on the day.",
    )
    line_ids = fields.One2many(
        "utility.payment.preview.line",
        "preview_id",
        compute="_compute_line_ids",
        store=True,
        precompute=True,
        compute_sudo=False,
    )
    left_over = fields.Monetary(compute="_compute_left_over")
    other_left_over = fields.Monetary("Left over by the Other Policy", compute="_compute_left_over")

    @api.depends("account_id", "payment_id", "policy_id")
    def _compute_company_id(self):
        for preview in self:
            preview.company_id = (
                preview.payment_id.company_id
                or preview.account_id.company_id
                or preview.policy_id.company_id
                or self.env.company
            )

    @api.depends("account_id", "payment_id")
    def _compute_amount(self):
        """The payment's own; without one, all that is owed."""
        for preview in self:
            if preview.payment_id:
                preview.amount = preview.payment_id.amount
            else:
                preview.amount = max(preview.account_id.balance, 0)

    @api.depends("line_ids.covered", "line_ids.other_covered", "amount")
    def _compute_left_over(self):
        for preview in self:
            preview.left_over = preview.amount - sum(preview.line_ids.mapped("covered"))
            preview.other_left_over = preview.amount - sum(preview.line_ids.mapped("other_covered"))

    @api.depends(
        "account_id",
        "payment_id",
        "amount",
        "date",
        "service_id",
        "policy_id",
        "is_compared",
        "other_policy_id",
    )
    def _compute_line_ids(self):
        for preview in self:
            preview.line_ids = [
                Command.clear(),
                *map(Command.create, preview._prepare_lines()),
            ]

    def _prepare_lines(self):
        shares = self._shares()
        if not shares or not self.date:
            return []
        sketch = self._sketch(self.policy_id, shares)
        open_amounts = sketch.open_by_service()
        covered = self._covered(sketch, shares)
        other = {}
        if self.is_compared:
            other = self._covered(self._sketch(self.other_policy_id, shares), shares)
        lines = self.env["account.move.line"].sudo()
        return [
            {
                "account_id": sketch.items.lines[line_id].account_id,
                "bill_id": lines.browse(line_id).move_id.id,
                "month": sketch.items.lines[line_id].month,
                "service_id": service_id or False,
                "open_amount": float(amount),
                "covered": float(covered.get((line_id, service_id), 0)),
                "other_covered": float(other.get((line_id, service_id), 0)),
            }
            for (line_id, service_id), amount in open_amounts.items()
        ]

    def _shares(self):
        """[(account, payer, service, amount)]"""
        payment = self.payment_id
        if payment.part_ids and payment.amount == self.amount:
            return payment._shares()
        account = self.account_id or payment.account_id
        if not account or self.amount <= 0:
            return []
        payer = payment.partner_id or payment._payer_named(account._origin)
        return [(account, payer, self.service_id, self.amount)]

    def _sketch(self, policy, shares):
        # readers need not be accountants; the accounts are those that they see
        for account, *_rest in shares:
            account._origin.check_access("read")
        env = self.sudo().env
        accounts = [account._origin.id for account, *_rest in shares]
        terms = policy.sudo()._terms() if policy else None
        payment = self.payment_id.sudo() if self.payment_id.state == "registered" else None
        return Sketch(env, self.company_id, accounts, self.date, terms, payment)

    def _covered(self, sketch, shares):
        bill = self.payment_id.bill_id.id
        for account, partner, service, amount in shares:
            payer = (partner or account.partner_id).commercial_partner_id
            sketch.cover(
                Money(
                    0,
                    account._origin.id,
                    payer._origin.id,
                    Decimal(str(amount)),
                    named=sketch.lines_of_bill(bill),
                    service_ids=frozenset(service._origin.ids) if service else None,
                )
            )
        return sketch.told_by_service()

    @api.model
    def _action_ask(self, **values):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What a Payment Would Cover"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items()},
        }
