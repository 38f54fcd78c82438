from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.settlement import read_settlement

SAID = ("purpose", "payer_name", "payer_code", "payer_iban", "payer_address", "bank_ref")


class ImportTargetPayment(models.AbstractModel):
    """Writing the payments, what files state, taking back."""

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

    # -- totals -----------------------------------------------------------------------------

    @api.model
    def _sums_of_rows(self, batch):
        """What the lines of a file come to, those that wait in staging too: {kind: Decimal}, and
        how many amounts cannot be read under `unread`."""
        batch._flush_rows()
        ((count, debits, amount, debit, commission, unread),) = self.env.execute_query(
            SQL(
                """
            SELECT count(*), count(*) FILTER (WHERE is_debit),
                   COALESCE(sum(amount) FILTER (WHERE NOT is_debit), 0)::text,
                   COALESCE(sum(amount) FILTER (WHERE is_debit), 0)::text,
                   COALESCE(sum(commission), 0)::text, count(*) FILTER (WHERE amount IS NULL)
            FROM (
                SELECT COALESCE(parsed->>'direction', '') = 'debit' AS is_debit, %(amount)s AS
                    amount, %(commission)s AS commission
                FROM utility_import_row WHERE batch_id = %(batch)s AND key_hash IS NOT NULL
            ) line
            """,
                batch=batch.id,
                amount=_number("amount"),
                commission=_number("commission"),
            )
        )
        return {
            "count": Decimal(count - debits),
            "all": Decimal(count),
            "amount": Decimal(amount),
            "debit": abs(Decimal(debit)),
            "commission": Decimal(commission),
            "unread": unread,
        }

    @api.model
    def _differing_totals(self, batch, stated):
        if not stated:
            return []
        sums = self._sums_of_rows(batch)
        words = [stated["warnings"]] if stated.get("warnings") else []
        stated = {kind: Decimal(value) for kind, value in stated.items() if kind != "warnings"}
        if "count" in stated and stated["count"] not in (sums["count"], sums["all"]):
            words.append(
                self.env._(
                    "The file states %(stated)s payments, it has %(found)s.",
                    stated=f"{stated['count']:f}",
                    found=sums["count"],
                )
            )
        for kind, label in (
            ("amount", self.env._("The sum that came in")),
            ("debit", self.env._("The sum that went out")),
            ("commission", self.env._("The commission")),
        ):
            if (
                kind in stated
                and sums[kind] != abs(stated[kind])
                and (kind != "commission" or sums[kind])
            ):
                words.append(
                    self.env._(
                        "%(label)s: the file states %(stated).2f, its lines add up to %(found).2f.",
                        label=label,
                        stated=stated[kind],
                        found=sums[kind],
                    )
                )
        words += self._differing_balance(stated, sums)
        if words and sums["unread"]:
            words.append(self.env._("Lines whose amount cannot be read: %s.", sums["unread"]))
        return words

    @api.model
    def _differing_balance(self, stated, sums):
        if "opening" not in stated or "closing" not in stated:
            return []
        expected = stated["opening"] + sums["amount"] - sums["debit"]
        if expected == stated["closing"]:
            return []
        return [
            self.env._(
                "The opening balance %(opening).2f with what came in and went out makes "
                "%(expected).2f; the file states a closing balance of %(closing).2f.",
                opening=stated["opening"],
                expected=expected,
                closing=stated["closing"],
            )
        ]

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


def _number(name):
    """A number that a row says, NULL where it could not be read."""
    return SQL(
        "CASE WHEN jsonb_typeof(parsed->%s) = 'number' THEN (parsed->>%s)::numeric END", name, name
    )


def plain_iban(text):
    return "".join((text or "").split()).upper()
