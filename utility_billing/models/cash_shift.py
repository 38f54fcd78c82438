from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [("open", "Open"), ("closing", "Being Counted"), ("closed", "Closed")]


class CashShift(models.Model):
    """A cashier's time at a desk: what was in the drawer, what came and went, what was counted."""

    _name = "utility.cash.shift"
    _description = "Cashier's Shift"
    _order = "opened_at desc, id desc"
    _check_company_auto = True

    desk_id = fields.Many2one(
        "utility.cash.desk", required=True, index=True, check_company=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="desk_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Cashier", required=True, index=True)
    opened_at = fields.Datetime("Shift Opened", required=True, default=fields.Datetime.now)
    closed_at = fields.Datetime("Closed")
    state = fields.Selection(STATES, required=True, default="open", index=True)
    opening_float = fields.Monetary("In the Drawer at First", required=True)
    cash_batch_id = fields.Many2one("utility.payment.batch", "Taken in Cash", copy=False)
    card_batch_id = fields.Many2one("utility.payment.batch", "Taken by Card", copy=False)
    payment_ids = fields.One2many("utility.payment", "shift_id", "Receipts")
    movement_ids = fields.One2many("utility.cash.movement", "shift_id", "Cash in and out")
    receipt_count = fields.Integer("Number of Receipts", compute="_compute_taken")
    void_count = fields.Integer("Receipts Voided", compute="_compute_taken")
    cash = fields.Monetary(
        "In Cash", compute="_compute_taken", help="Without receipts that were voided."
    )
    card = fields.Monetary("By Card", compute="_compute_taken")
    rounded = fields.Monetary(
        "Rounding of Cash",
        compute="_compute_taken",
        help="Taken more, or less, than was paid because the smallest coins are out of use.",
    )
    voided = fields.Monetary("Sum of Voided", compute="_compute_taken")
    paid_out = fields.Monetary(compute="_compute_moved")
    brought = fields.Monetary("Change Brought", compute="_compute_moved")
    handed = fields.Monetary("To the Bank", compute="_compute_moved")
    expected = fields.Monetary(
        "Should Be There",
        compute="_compute_expected",
        help="In the drawer, before what is handed to the bank at the close.",
    )
    counted = fields.Monetary("Counted in the Drawer", readonly=True, copy=False)
    count = fields.Json("Notes and Coins", readonly=True, copy=False)
    difference = fields.Monetary(
        readonly=True, copy=False, help="Counted less what should be there: below zero is short."
    )
    left = fields.Monetary(
        "Left in the Drawer", readonly=True, copy=False, help="For the next shift."
    )
    note = fields.Text("Remark", readonly=True, copy=False)
    difference_move_ids = fields.Many2many(
        "account.move", string="Entries of Differences", readonly=True, copy=False
    )
    report = fields.Json("Report as Printed", readonly=True, copy=False)

    _one_open_at_a_desk = models.UniqueIndex(
        "(desk_id) WHERE state <> 'closed'", "A shift is open at this desk: close it first."
    )
    _one_open_of_a_cashier = models.UniqueIndex(
        "(user_id, company_id) WHERE state <> 'closed'",
        "This cashier has a shift open at another desk: close it first.",
    )
    _float_not_negative = models.Constraint(
        "CHECK (opening_float >= 0)", "A drawer cannot hold less than nothing."
    )

    @api.depends("desk_id.name", "opened_at", "user_id.name")
    def _compute_display_name(self):
        for shift in self:
            opened = fields.Datetime.context_timestamp(shift, shift.opened_at)
            shift.display_name = (
                f"{shift.desk_id.name}, {opened:%Y-%m-%d %H:%M}, {shift.user_id.name}"
            )

    @api.depends(
        *("payment_ids.amount", "payment_ids.rounding", "payment_ids.is_void"),
        "payment_ids.receipt_means",
    )
    def _compute_taken(self):
        rows = self.env["utility.payment"]._read_group(
            [("shift_id", "in", self.ids)],
            ["shift_id", "receipt_means", "is_void"],
            ["__count", "amount:sum", "rounding:sum"],
        )
        sums = {(shift.id, means, is_void): rest for shift, means, is_void, *rest in rows}
        for shift in self:
            found = {
                key: sums.get((shift.id, *key), (0, 0.0, 0.0))
                for key in ((means, void) for means in ("cash", "card") for void in (False, True))
            }
            shift.cash, shift.card = found["cash", False][1], found["card", False][1]
            shift.rounded = found["cash", False][2]
            shift.voided = found["cash", True][1] + found["card", True][1]
            shift.void_count = found["cash", True][0] + found["card", True][0]
            shift.receipt_count = sum(number for number, *_sums in found.values())

    @api.depends("movement_ids.amount", "movement_ids.kind")
    def _compute_moved(self):
        for shift in self:
            sums = dict.fromkeys(("out", "in", "bank"), 0.0)
            for movement in shift.movement_ids.filtered(lambda row: not row.at_close):
                sums[movement.kind] += movement.amount
            shift.paid_out, shift.brought, shift.handed = sums["out"], sums["in"], sums["bank"]

    @api.depends("opening_float", "cash", "rounded", "paid_out", "brought", "handed")
    def _compute_expected(self):
        for shift in self:
            shift.expected = shift.currency_id.round(
                shift.opening_float
                + (shift.cash + shift.rounded)
                + (shift.brought - shift.paid_out - shift.handed)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Shifts are kept for the record."))

    # -- opening ----------------------------------------------------------------------------

    @api.model
    def _open(self, desk, opening_float):
        """Open a shift of the user's at a desk.

        :param opening_float: what the drawer holds; a difference from what was left is booked
        :raise UserError: a shift is open here, or the user may not work here
        """
        if not desk._is_for(self.env.user):
            raise UserError(
                self.env._(
                    "You are not among the cashiers of %s: ask the administrator to add you.",
                    desk.name,
                )
            )
        self._refuse_open(desk)
        # a shift is written by what the cashier does at the desk, and by nothing else
        shift = self.sudo().create(
            {
                "desk_id": desk.id,
                "user_id": self.env.uid,
                "opening_float": desk.currency_id.round(opening_float),
            }
        )
        last = desk.sudo().shift_ids.filtered(lambda row: row.state == "closed")[:1]
        if last:
            shift._book_difference(
                shift.opening_float - last.left, self.env._("Difference at the opening")
            )
        return shift

    def _refuse_open(self, desk):
        shifts = self.sudo().search(
            [
                ("state", "!=", "closed"),
                ("company_id", "=", desk.company_id.id),
                "|",
                ("desk_id", "=", desk.id),
                ("user_id", "=", self.env.uid),
            ],
            limit=1,
        )
        if shifts:
            raise UserError(
                self.env._(
                    "%(cashier)s has a shift open at %(desk)s: close it first.",
                    cashier=shifts.user_id.name,
                    desk=shifts.desk_id.name,
                )
            )

    @api.model
    def _mine(self):
        """The user's shift that is not closed; none where there is none."""
        return self.sudo().search(
            [
                ("user_id", "=", self.env.uid),
                ("state", "!=", "closed"),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )

    def action_print_report(self):
        return (
            self.env["ir.actions.report"]
            ._get_report("utility_billing.cash_shift_report")
            .report_action(self)
        )
