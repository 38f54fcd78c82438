from odoo import api, fields, models
from odoo.exceptions import UserError

from .payment import OPEN

# what is settled once a payment is in the ledger
SETTLED = {"account_id", "partner_id", "bill_id", "part_ids", "amount", "currency_id", "date"}
CHOSEN = {"account_id", "part_ids", "takes_back_id"}
# what whoever places payments may say of them, without writing their lists
PLACING = CHOSEN | {"partner_id", "bill_id"}


class Payment(models.Model):
    """A person places what matching could not, and takes back what was placed wrongly."""

    _inherit = "utility.payment"

    proposed_account_id = fields.Many2one(
        "utility.account",
        "Proposed",
        compute="_compute_proposed_account_id",
        help="The likeliest account; nobody has said that it is.",
    )
    account_address = fields.Char(related="account_id.address", string="Address")
    account_owed = fields.Monetary(
        related="account_id.balance", string="Owed", currency_field="company_currency_id"
    )
    part_left = fields.Monetary(
        "Not Yet Split", compute="_compute_part_left", help="What the parts do not cover yet."
    )
    is_waiting = fields.Boolean("Not Registered Yet", compute="_compute_is_waiting")
    batch_state = fields.Selection(related="batch_id.state", string="State of the List")

    @api.depends("candidate_ids")
    def _compute_proposed_account_id(self):
        for payment in self:
            payment.proposed_account_id = payment.candidate_ids[:1].account_id

    @api.depends("amount", "part_ids.amount")
    def _compute_part_left(self):
        for payment in self:
            payment.part_left = payment.amount - sum(payment.part_ids.mapped("amount"))

    @api.depends("state")
    def _compute_is_waiting(self):
        for payment in self:
            payment.is_waiting = payment.state in OPEN

    @api.onchange("reference", "payer_code")
    def _onchange_reference(self):
        """A typed number finds its account at once, as matching would."""
        if self.account_id or not (self.reference or self.payer_code):
            return
        company = self.company_id or self.batch_id.company_id or self.env.company
        found = self.env["utility.account"]._named_by(company, self.reference or self.payer_code)
        if len(found) == 1:
            self.account_id = found

    # -- write ------------------------------------------------------------------------------

    def write(self, vals):
        """What a person places stays as he said, whatever matching finds later."""
        if not self.env.su:
            if set(vals) - PLACING:
                self._check_lists()
            if SETTLED & set(vals):
                self._refuse_settled()
        if not CHOSEN & set(vals) or "state" in vals:
            return super().write(vals)
        self.filtered(lambda payment: payment.account_id or payment.part_ids)._forget_payers()
        done = super().write(vals)
        self._placed_by_hand()
        return done

    def _placed_by_hand(self):
        """Somebody said whose these payments are; or took that back."""
        split = self.filtered(lambda payment: payment.part_ids and payment.account_id)
        # how far a payment is follows from what was said, and is nobody's to type
        split.sudo().write({"state": "matched", "account_id": False, "partner_id": False})
        placed = self.filtered(lambda payment: payment.account_id or payment.part_ids)
        placed.sudo().write(
            {
                "state": "matched",
                "method": "hand",
                "score": 100,
                "reason": self.env._("Chosen by %s", self.env.user.name),
                "refusal": False,
            }
        )
        placed._learn_payers("hand")
        (self - placed).sudo().write(self._unplaced_values())

    def _unplaced_values(self):
        return {
            "state": "unmatched",
            "method": False,
            "score": 0,
            "reason": False,
            "refusal": False,
        }

    def _check_lists(self):
        """Whoever places payments says whose they are; what becomes of their lists is for those
        who write these.

        :raise AccessError: the user may not write the lists of these payments
        """
        self.batch_id.check_access("write")

    def _refuse_settled(self):
        for payment in self.filtered(lambda payment: payment.state in ("registered", "returned")):
            raise UserError(
                self.env._(
                    "%s is in the ledger: return it, or transfer it to another account.",
                    payment.display_name,
                )
            )

    # -- by a person ------------------------------------------------------------------------

    def _place(self, vals):
        """Put a payment on an account, as a person says."""
        self.ensure_one()
        self._refuse_unplaceable()
        self.write({"part_ids": [fields.Command.clear()], "partner_id": False, **vals})

    def _refuse_unplaceable(self):
        for payment in self:
            if payment.state not in OPEN:
                raise UserError(self.env._("%s is settled already.", payment.display_name))
            if payment.batch_id.state == "cancelled":
                raise UserError(
                    self.env._("%s was cancelled: reopen it first.", payment.batch_id.display_name)
                )

    def action_choose_best(self):
        """Place each payment on its likeliest account."""
        self.check_access("write")
        for payment in self:
            best = payment.candidate_ids[:1]
            if not best:
                raise UserError(
                    self.env._(
                        "Nothing is proposed for %s: search for the account.", payment.display_name
                    )
                )
            best.action_choose()
        return True

    def action_reopen(self):
        """Back to what is to be placed: nothing was said about it."""
        self.check_access("write")
        self._refuse_settled()
        skipped = self.filtered(lambda payment: payment.state == "skipped")
        if skipped:
            skipped._check_lists()
        hand = self.filtered(lambda payment: payment.method == "hand")
        hand._forget_payers()
        # the rest of it was said by no person
        self.sudo().write(
            {
                **self._unplaced_values(),
                "account_id": False,
                "partner_id": False,
                "bill_id": False,
                "takes_back_id": False,
                "part_ids": [fields.Command.clear()],
            }
        )
        self.batch_id.filtered(lambda batch: batch.state == "done").state = "review"
        return True

    def action_register_now(self):
        """Register what was placed, without waiting for the rest of the list."""
        self._refuse_unplaceable()
        return self.action_register()

    def action_skip(self):
        """Leave payments out: ask why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave Out"),
            "res_model": "utility.payment.skip",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_ids": [fields.Command.set(self.ids)]},
        }

    def _skip(self, reason):
        self._check_lists()
        self._refuse_unplaceable()
        self.write({"state": "skipped", "reason": reason})
        self.batch_id._settle()

    def action_open_entry(self):
        self.ensure_one()
        return self.move_id._action_utility_form("account.view_move_form")
