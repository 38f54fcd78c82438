from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.settlement import read_settlement

SAID = ("purpose", "payer_name", "payer_code", "payer_iban", "payer_address", "bank_ref")


class ImportTargetPayment(models.AbstractModel):
    """Writing the payments, taking back."""

    _inherit = "utility.import.target.payment"

    # -- transfers of collectors ------------------------------------------------------------

    @api.model
    def _transfer_senders(self):
        """{IBAN: collector} of those whose transfers a bank statement brings."""
        collectors = self.env["utility.payment.collector"].search(
            [("company_id", "=", self.env.company.id), ("iban", "!=", False)]
        )
        return {plain_iban(collector.iban): collector for collector in collectors}

    @api.model
    def _words_of_transfer(self, item, senders):
        """Why a line waits, where its text says that it is a collector's transfer of what many
        have paid; it is left out where we know the collector and what he says is what he sent."""
        settlement = read_settlement(item.get("purpose"))
        if not settlement:
            return False
        amount = Decimal(str(item.get("amount")))
        sender = senders.get(plain_iban(item.get("payer_iban")))
        if sender and settlement.agrees(amount):
            item.leave_out(
                self.env._(
                    "Transfer of %(collector)s: %(sum).2f less a commission of %(fee).2f; who paid "
                    "stands in its register",
                    collector=sender.name,
                    sum=settlement.amount,
                    fee=settlement.commission,
                )
            )
            return False
        if settlement.agrees(amount):
            return self.env._(
                "Its text speaks of many payments, %(sum).2f less a commission of %(fee).2f: a "
                "collector's transfer? Set its IBAN on the collector, or choose an account.",
                sum=settlement.amount,
                fee=settlement.commission,
            )
        return self.env._(
            "A collector's transfer that does not add up: %(sum).2f less a commission of "
            "%(fee).2f is not %(amount).2f",
            sum=settlement.amount,
            fee=settlement.commission,
            amount=amount,
        )

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        payment_batch = batch._payment_batch_made()
        payments = bulk_create(
            self.env["utility.payment"],
            [self._prepare_payment(payment_batch, item) for item in items],
            replaced=("_check_company",),
        )
        for item, payment_id in zip(items, payments._ids, strict=True):
            item.becomes("utility.payment", payment_id)
            item.has_made("utility.payment", payment_id)

    @api.model
    def _prepare_payment(self, payment_batch, item):
        reference, number = item.get("reference"), item.get("number")
        said = {name: item.get(name) or False for name in SAID}
        if reference and number and reference != number:
            # matching looks for account numbers in the text, too
            said["purpose"] = " ".join(filter(None, (number, said["purpose"])))
        return {
            **said,
            "batch_id": payment_batch.id,
            "import_row_id": item.id,
            "number": item.number,
            "date": self._day(item.get("date")),
            "amount": float(item.plan["amount"]),
            "currency_id": item.plan["currency_id"],
            "reference": reference or number or False,
            "state": "doubtful" if item.plan["reason"] else "new",
            "reason": item.plan["reason"],
            "is_transfer": item.plan["is_transfer"],
        }

    # -- taking back ------------------------------------------------------------------------

    @api.model
    def _undo(self, made, reason):
        """Payments that are not registered are left out of their list; a registered one refuses:
        money in the ledger is returned there, not forgotten here."""
        payments = self.env["utility.payment"].browse(made.get("utility.payment", ())).exists()
        payments.check_access("write")
        settled = payments.filtered(lambda payment: payment.state in ("registered", "returned"))
        if settled:
            raise UserError(
                self.env._(
                    "%(count)s payments are registered, the first is %(payment)s: return them in "
                    "the ledger first.",
                    count=len(settled),
                    payment=settled[0].display_name,
                )
            )
        batches = payments.batch_id
        for batch in batches.filtered(lambda batch: batch.state in batch._working_states):
            raise UserError(
                self.env._("%s is being worked on: wait until it is done.", batch.display_name)
            )
        payments.write({"state": "skipped", "reason": reason})
        batches.write({"state": "cancelled"})


def plain_iban(text):
    return "".join((text or "").split()).upper()
