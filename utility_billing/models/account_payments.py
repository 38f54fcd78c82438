from decimal import Decimal

from odoo import api, fields, models

from ..engine.matching import candidates
from ..engine.payment_reading import PaymentText, read
from .matching_facts import Facts


class Account(models.Model):
    """Payments for the account, and what they covered."""

    _inherit = "utility.account"

    payment_count = fields.Integer(
        "Payments", compute="_compute_payment_count", groups="utility_base.group_reader"
    )
    payment_allocation_ids = fields.One2many(
        "utility.payment.allocation",
        "account_id",
        "What Was Covered",
        readonly=True,
        groups="utility_base.group_reader",
    )

    def _compute_payment_count(self):
        payments = self.env["utility.payment"]
        counts = dict(
            payments._read_group(
                [("account_id", "in", self.ids), ("state", "in", ("registered", "returned"))],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.payment_count = counts.get(account, 0)

    def action_open_payments(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_billing.payment_action")
        return {
            **action,
            "name": self.env._("Payments for %s", self.number),
            "domain": [
                "|",
                ("account_id", "=", self.id),
                ("part_ids.account_id", "=", self.id),
            ],
            "context": {"create": False},
        }

    def _owing_account(self):
        """The account that owes what is billed for this one: the collective account that it is
        billed with, unless it owes something of its own."""
        account = self.sudo()
        if account.bill_to_account_id and account.balance <= 0:
            return self.browse(account.bill_to_account_id.id)
        return self

    @api.model
    def _named_by(self, company, text):
        """Accounts that a number or a reference names, the likeliest first.

        :param text: as it was typed
        """
        typed = PaymentText(Decimal(0), reference=text or "")
        clues = read(typed, company.utility_reference_scheme)
        # a number is looked for in all accounts; what the user may not see he is not given
        known = Facts(self.env(su=True), company).load(clues, set())
        found = candidates(typed, clues, [], known, fields.Date.context_today(self))
        return self.search([("id", "in", [each.account_id for each in found])])
