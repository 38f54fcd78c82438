"""Rows of the ledger's tables for bills, made from moulds."""

from collections import namedtuple
from decimal import Decimal
from functools import lru_cache

from odoo.addons.utility_base.tools.bulk import copy_text

from .posting_bill import PostedBill
from .posting_moulds import OWN_LINKS
from .posting_taxes import BillTaxes

# links: [(`Link`, line id, other id)]
Rows = namedtuple("Rows", "move lines links analytic")
# iterators of fresh ids
Ids = namedtuple("Ids", "moves lines analytic")
NULL = copy_text(None)


class LedgerLine:
    """A line of a bill on its way to a row: its kind, and what is its own.

    :param amount: in the ledger, debit above zero
    :param analytic: the kind of its analytic row; None where it has none
    """

    __slots__ = ("kind", "own", "amount", "place", "tax_id", "analytic")

    def __init__(self, kind, own, amount, place=None, tax_id=None, analytic=None):
        self.kind, self.own, self.amount = kind, own, amount
        self.place, self.tax_id, self.analytic = place, tax_id, analytic


class BillRows:
    """One bill, line by line, as Odoo would have it; nothing of it is in the database yet."""

    def __init__(self, prepared, facts):
        self.prepared, self.facts = prepared, facts
        self.vals = prepared.vals
        self.sign = -1 if prepared.is_refund else 1
        self.payer = facts.payers[self.vals["partner_id"]]
        self.receivable_id = facts.receivable_of(self.payer)
        self.taxes = self._taxes()
        # as of a document above zero, whichever it is
        self.untaxed = facts.round(sum(line[2] for line in self.taxes.lines))
        self.taxed = facts.round(sum(amount for amount, _base in self.taxes.taxes.values()))
        self.total = facts.round(self.untaxed + self.taxed)
        self.zero = facts.is_zero(self.total)
        self.products = list(self._products())
        self.lines = [*self.products, *self._tax_lines(), self._owed()]

    def _taxes(self):
        facts = self.facts
        return BillTaxes(
            [
                (line["quantity"], line["price_unit"], facts.tax_facts(line["tax_ids"]))
                for line in self.vals["invoice_line_ids"]
            ],
            facts.per_line,
            facts.currency.rounding,
            facts.currency.decimal_places,
            facts.distribute,
        )

    # -- kinds ------------------------------------------------------------------------------

    @property
    def kind(self):
        return (
            "move",
            self.vals["move_type"],
            bool(self.vals["invoice_payment_term_id"]),
            self.zero,
        )

    def _products(self):
        for place, (line, amounts) in enumerate(
            zip(self.vals["invoice_line_ids"], self.taxes.lines, strict=True)
        ):
            subtotal, total, amount = amounts
            shares = line["analytic_distribution"]
            plans = tuple(sorted(self.facts.analytic_columns(shares))) if shares else ()
            zero = self.facts.is_zero(amount)
            kind = (
                "product",
                self.vals["move_type"],
                line["account_id"],
                line["product_id"],
                line["product_uom_id"],
                tuple(line["tax_ids"]),
                plans,
                zero,
            )
            own = {
                "sequence": str(line["sequence"]),
                "name": copy_text(line["name"]),
                "quantity": number(line["quantity"], self.facts.quantity_places),
                "price_unit": repr(line["price_unit"]),
                "price_subtotal": self.money(subtotal),
                "price_total": self.money(total),
                "utility_service_id": text(line["utility_service_id"]),
                "utility_account_id": text(line["utility_account_id"]),
            }
            if shares:
                own["analytic_distribution"] = distribution(shares)
            # Odoo analyses no line that comes to nothing
            analytic = ("analytic", *kind[1:]) if plans and not zero else None
            yield LedgerLine(kind, own, -self.sign * amount, place, analytic=analytic)

    def _tax_lines(self):
        for tax_id, (amount, base) in self.taxes.taxes.items():
            if self.facts.is_zero(amount):
                continue
            kind = ("tax", self.vals["move_type"], tax_id)
            own = {
                "tax_base_amount": self.money(-self.sign * base),
                "utility_account_id": text(self.vals["utility_account_id"]),
            }
            yield LedgerLine(kind, own, -self.sign * amount, tax_id=tax_id)

    def _owed(self):
        kind = ("owed", self.vals["move_type"], self.receivable_id, self.zero)
        due = self.facts.due_date(self.vals)
        own = {
            "date_maturity": due,
            "name": copy_text(self._owed_name()),
            "utility_account_id": text(self.vals["utility_account_id"]),
        }
        return LedgerLine(kind, own, self.sign * self.total)

    def _owed_name(self):
        ref, reference = self.vals["ref"], self.vals["payment_reference"]
        if ref and reference and ref != reference:
            return f"{ref} - {reference}"
        return reference or None

    # -- rows -------------------------------------------------------------------------------

    def rows(self, moulds, ids, log):
        """(`PostedBill`, `Rows` of texts), in the columns' order of the moulds.

        :param ids: `Ids` to take from
        :param log: {column: text} of create_date and the like
        """
        move_id, line_ids = next(ids.moves), [next(ids.lines) for _line in self.lines]
        head = self._head(move_id)
        shared = self._shared(move_id)
        lines, links, analytic = [], [], []
        for line, line_id in zip(self.lines, line_ids, strict=True):
            mould = moulds[line.kind]
            own = {**log, **shared, **line.own, **self._amounts(line, mould), "id": str(line_id)}
            lines.append(mould.filled(own))
            links += [
                (link, line_id, other_id)
                for link, others in self._linked(line, mould).items()
                for other_id in others
            ]
            if line.analytic:
                own = {**log, "id": str(next(ids.analytic)), **self._analytic(line, line_id)}
                analytic.append(moulds[line.analytic].filled(own))
        move = moulds[self.kind].filled({**log, **head})
        return self.posted(move_id, line_ids), Rows(move, lines, links, analytic)

    def _linked(self, line, mould):
        """{`Link`: ids} of a line: its mould's, save those that follow from its analytic shares."""
        if line.place is None:
            return mould.linked
        shares = self.vals["invoice_line_ids"][line.place]["analytic_distribution"] or {}
        own = tuple(int(part) for key in shares for part in key.split(","))
        return {
            link: own if link.name == OWN_LINKS else others for link, others in mould.linked.items()
        }

    def _shared(self, move_id):
        vals = self.vals
        return {
            "move_id": str(move_id),
            "move_name": copy_text(vals["name"]),
            "ref": copy_text(vals["ref"] or None),
            "partner_id": str(self.payer.commercial_partner_id.id),
            "date": str(vals["date"]),
            "invoice_date": str(vals["invoice_date"]),
        }

    def _amounts(self, line, mould):
        amount = self.money(line.amount)
        own = {
            "balance": amount,
            "amount_currency": amount,
            "debit": amount if line.amount > 0 else self.money(0.0),
            "credit": self.money(-line.amount) if line.amount < 0 else self.money(0.0),
        }
        if self.facts.keeps_residual(mould.values["account_id"]):
            own["amount_residual"] = own["amount_residual_currency"] = amount
        return own

    def _analytic(self, line, line_id):
        vals = self.vals["invoice_line_ids"][line.place]
        return {
            "move_line_id": str(line_id),
            "name": copy_text(vals["name"]),
            "ref": copy_text(self.vals["ref"] or None),
            "partner_id": str(self.payer.commercial_partner_id.id),
            "date": str(self.vals["date"]),
            "unit_amount": repr(vals["quantity"]),
            "amount": self.money(-line.amount),
            **self.facts.analytic_columns(vals["analytic_distribution"]),
        }

    def posted(self, move_id, line_ids):
        """:return: `PostedBill`"""
        ids = dict(zip(self.lines, line_ids, strict=True))
        return PostedBill(
            self.prepared.bill,
            move_id,
            [ids[line] for line in self.lines if line.kind[0] == "product"],
            [
                (ids[line], self.decimal(line.amount))
                for line in self.lines
                if line.kind[0] == "owed"
            ],
            {line.tax_id: -self.decimal(line.amount) for line in self.lines if line.tax_id},
            self.decimal(self.sign * self.total),
        )

    def decimal(self, value):
        return Decimal(self.money(value))

    def _head(self, move_id):
        vals, sign, money = self.vals, self.sign, self.money
        prefix, running = self.facts.env["account.move"]._utility_split(vals["name"])
        untaxed, taxed = self.untaxed, self.taxed
        signed = {
            "amount_untaxed_signed": untaxed,
            "amount_untaxed_in_currency_signed": untaxed,
            "amount_tax_signed": taxed,
            "amount_total_signed": self.total,
            "amount_total_in_currency_signed": self.total,
            "amount_residual_signed": self.total,
        }
        return {
            "id": str(move_id),
            "name": copy_text(vals["name"]),
            "sequence_prefix": copy_text(prefix),
            "sequence_number": str(running),
            # numbers of the range before are kept for its batch
            "made_sequence_gap": "f",
            "partner_id": str(vals["partner_id"]),
            "commercial_partner_id": str(self.payer.commercial_partner_id.id),
            "partner_shipping_id": str(vals["partner_shipping_id"]),
            "partner_bank_id": text(vals["partner_bank_id"]),
            "invoice_partner_display_name": copy_text(self.payer.display_name),
            "invoice_payment_term_id": text(vals["invoice_payment_term_id"]),
            "invoice_user_id": text(vals["invoice_user_id"]),
            "date": str(vals["date"]),
            "invoice_date": str(vals["invoice_date"]),
            "invoice_date_due": self.facts.due_date(vals),
            "ref": copy_text(vals["ref"] or None),
            "payment_reference": copy_text(vals["payment_reference"] or None),
            "amount_untaxed": money(untaxed),
            "amount_tax": money(taxed),
            "amount_total": money(self.total),
            "amount_residual": money(self.total),
            **{name: money(sign * amount) for name, amount in signed.items()},
            "utility_account_id": text(vals["utility_account_id"]),
            "utility_run_id": text(vals["utility_run_id"]),
            "utility_posting_id": text(vals["utility_posting_id"]),
            "utility_month": str(vals["utility_month"]),
            "utility_bill_kind": text(vals["utility_bill_kind"]),
            "utility_balance_before": money(vals["utility_balance_before"]),
        }

    def money(self, value):
        # minus zero is zero
        return f"{value + 0.0:.{self.facts.currency.decimal_places}f}"


@lru_cache(maxsize=4096)
def number(value, places):
    return f"{value:.{places}f}"


def text(value):
    return str(value) if value else NULL


def distribution(value):
    return "{" + ", ".join(f'"{key}": {share}' for key, share in value.items()) + "}"
