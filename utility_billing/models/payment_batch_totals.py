from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.settlement import transfer_difference


class PaymentBatch(models.Model):
    """What a list states about itself, and what the bank transferred for it, against its lines."""

    _inherit = "utility.payment.batch"

    opening_balance = fields.Monetary(readonly=True, copy=False, help="Of a bank statement.")
    closing_balance = fields.Monetary(readonly=True, copy=False, help="Of a bank statement.")
    totals_problem = fields.Char(
        "Totals Differ",
        compute="_compute_totals_problem",
        help="Payments do not register themselves until the difference is mended or acknowledged.",
    )
    acknowledged_problem = fields.Char("Acknowledged Difference", readonly=True, copy=False)
    needs_acknowledging = fields.Boolean(compute="_compute_totals_problem")

    @api.depends(
        "amount",
        "payment_count",
        "stated_count",
        "stated_amount",
        "commission",
        "transferred",
        "import_batch_id.totals_problem",
        "acknowledged_problem",
    )
    def _compute_totals_problem(self):
        for batch in self:
            words = " ".join([*batch._words_of_stated(), *batch._words_of_transfer()])
            batch.totals_problem = words or False
            batch.needs_acknowledging = bool(words) and words != batch.acknowledged_problem

    def _words_of_stated(self):
        if self.import_batch_id:
            # files are their importers'; whether one adds up concerns all who see its payments
            problem = self.import_batch_id.sudo().totals_problem
            return [problem] if problem else []
        words = []
        if self.stated_count and self.stated_count != self.payment_count:
            words.append(
                self.env._(
                    "The list states %(stated)s payments, it has %(found)s.",
                    stated=self.stated_count,
                    found=self.payment_count,
                )
            )
        if self.stated_amount and not self.currency_id.is_zero(self.amount - self.stated_amount):
            words.append(
                self.env._(
                    "The list states a sum of %(stated).2f, its payments add up to %(found).2f.",
                    stated=self.stated_amount,
                    found=self.amount,
                )
            )
        return words

    def _words_of_transfer(self):
        """Sum − commission = transferred, where the collector keeps his commission back."""
        if not self.transferred:
            return []
        amount = self.stated_amount or self.amount
        kept = self._kept_commission(amount)
        if not transfer_difference(*map(_exact, (amount, kept, self.transferred))):
            return []
        return [
            self.env._(
                "Of %(sum).2f less a commission of %(fee).2f the bank should have received "
                "%(expected).2f; %(transferred).2f was transferred.",
                sum=amount,
                fee=kept,
                expected=amount - kept,
                transferred=self.transferred,
            )
        ]

    def _kept_commission(self, amount):
        collector = self.collector_id
        if not collector.commission_deducted:
            return 0.0
        count = self.stated_count or self.payment_count
        return self.commission or collector._commission_of(amount, count)

    def action_acknowledge_totals(self):
        """Go on in spite of the difference; who did stays on record."""
        self.ensure_one()
        self.check_access("write")
        if self.needs_acknowledging:
            self.message_post(body=self.env._("Difference acknowledged: %s", self.totals_problem))
            self.acknowledged_problem = self.totals_problem
        if self.state == "review":
            self._register_sure()

    def _register_sure(self):
        """Nothing registers itself while the totals differ."""
        if self.needs_acknowledging:
            self.message_post(
                body=self.env._(
                    "No payment registers itself: %s Mend it, or acknowledge the difference.",
                    self.totals_problem,
                )
            )
            return
        super()._register_sure()

    # -- from files -------------------------------------------------------------------------

    def _take_over_stated(self, import_batch):
        """Totals of the file that the list came from, in the company's currency."""
        sums = import_batch._run_target()._sums_of_rows(import_batch)
        stated = {"commission": sums["commission"], **(import_batch.stated or {})}

        def own(kind):
            return self._in_own_currency(float(stated.get(kind, 0)), sums["currency"], self.date)

        vals = {
            "stated_count": int(Decimal(stated.get("count", 0))),
            "stated_amount": own("amount"),
            "opening_balance": own("opening"),
            "closing_balance": own("closing"),
        }
        vals |= {kind: own(kind) for kind in ("transferred", "commission") if own(kind)}
        self.write(vals)

    def _note_transfer(self, settlement, amount):
        """What a bank statement says was transferred for the list.

        :param amount: Decimal, in the list's currency
        """
        vals = {"transferred": float(amount)}
        if settlement.commission:
            vals["commission"] = float(settlement.commission)
        self.write(vals)
        self._settle_commission()

    def _begin_matching(self):
        """Match what is new in the list, and what takes payments back; a list without either is
        ready to be reviewed."""
        self.ensure_one()
        payments = self.env["utility.payment"].browse(
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT id FROM utility_payment WHERE batch_id = %s AND (state = 'new' OR "
                    "state = 'doubtful' AND amount < 0 AND COALESCE(score, 0) = 0) ORDER BY id",
                    self.id,
                )
            )
        )
        if payments:
            self._begin_stage("matching", payments)
        elif self.state == "draft" or (self.state == "done" and self.open_count):
            self.state = "review"


def _exact(value):
    return round(Decimal(str(value)), 2)
