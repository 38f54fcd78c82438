"""What bills of a batch are posted by: payers, services, taxes, the ledger's settings."""

import time
from decimal import Decimal
from functools import cached_property

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.bill_tax import tax_parts
from ..engine.tax_keys import tax_ids
from ..engine.terms import rounded
from .posting_bill import PreparedBill
from .posting_checks import problems_of
from .posting_words import Words

HUNDRED = Decimal(100)


class PostingFacts:
    """Loaded with a fixed number of queries, whatever the number of bills."""

    def __init__(self, env, run, rows):
        self.company = run.company_id.with_company(run.company_id)
        # the ledger is posted for the operator, who need not be an accountant
        self.env = env(su=True, context={**env.context, **QUIET}).company.env
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.company = self.company.with_env(self.env)
        self.run = run.with_env(self.env)
        self.rows = rows
        self.currency = self.company.currency_id
        self.unit = Decimal(str(self.currency.rounding))
        self.smallest = Decimal(str(self.company.utility_smallest_bill))
        self.month = run.month.replace(day=1)
        self.date = run.bill_date
        self.journal = self.company._utility_bill_journal()
        self.services = {
            service.id: service
            for service in self.env["utility.service"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company.id)])
        }
        self.ranks = {service_id: rank for rank, service_id in enumerate(self.services)}
        self.quantity_places = self.env["decimal.precision"].precision_get("Product Unit")
        self.wait_seconds = 0.0
        # {(taxes of a line, whether its price includes them): ...}
        self._taxes, self._tax_ids, self._percents = {}, {}, {}
        self._ledger_accounts = {}
        # {charge that a fund bears wholly: line of the fund's entry}
        self.fund_lines = {}

    def load(self, bills):
        accounts = self.env["utility.account"]
        members = {line.account_id for bill in bills for line in (*bill.lines, *bill.funds)}
        self.accounts = {
            account.id: account
            for account in accounts.browse({bill.account_id for bill in bills} | members)
        }
        partners = {bill.partner_id for bill in bills} - {0}
        self.payers = {partner.id: partner for partner in self.env["res.partner"].browse(partners)}
        self.buildings = {
            building.id: building
            for building in self.env["utility.premise"].browse(
                {line.building_id for bill in bills for line in bill.lines} - {0}
            )
        }
        self.bills = bills
        self.balances = accounts.browse({bill.account_id for bill in bills})._balances_by_payer()
        self.billed_before = self._billed_before([bill.account_id for bill in bills])
        self.words = Words(self)

    def _billed_before(self, account_ids):
        """Ids of the accounts that have had a bill."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT wanted.id FROM unnest(%s::int[]) AS wanted (id)
            WHERE EXISTS (SELECT FROM account_move move
                          WHERE move.utility_account_id = wanted.id
                          AND move.utility_run_id IS NOT NULL AND move.state = 'posted')
            """,
                list(account_ids),
            )
        )
        return {row[0] for row in rows}

    # -- taxes ------------------------------------------------------------------------------

    def taxes_of(self, line):
        """The taxes of a bill's or a fund's line; its amount includes them, or not, as they say."""
        key = line.tax_key, line.tax_included
        if key not in self._taxes:
            taxes = self.env["account.tax"].browse(tax_ids(line.tax_key))
            self._taxes[key] = taxes._utility_priced(line.tax_included)
        return self._taxes[key]

    def gross(self, line):
        """What a line comes to with its taxes by per cent."""
        key = line.tax_key, line.tax_included
        if key not in self._percents:
            self._percents[key] = sum(
                Decimal(str(tax.amount))
                for tax in self.taxes_of(line)
                if tax.amount_type == "percent" and not line.tax_included
            )
        return rounded(line.amount * (1 + self._percents[key] / HUNDRED), self.unit)

    def comes_to(self, bill):
        """What a bill comes to, near enough to say whether it is below zero."""
        return sum(self.gross(line) for line in bill.lines)

    def tax_parts(self, posted):
        lines = [(self._flat_tax_ids(line), line.charges) for line in posted.bill.lines]
        return tax_parts(lines, posted.taxes, self.currency.decimal_places)

    def _flat_tax_ids(self, line):
        key = line.tax_key, line.tax_included
        if key not in self._tax_ids:
            self._tax_ids[key] = self.taxes_of(line).flatten_taxes_hierarchy().ids
        return self._tax_ids[key]

    def all_taxes(self):
        """The taxes of all bills' lines."""
        lines = {
            (line.tax_key, line.tax_included): line for bill in self.bills for line in bill.lines
        }
        return self.env["account.tax"].union(*map(self.taxes_of, lines.values()))

    # -- what is posted ---------------------------------------------------------------------

    def may_wait(self, bill):
        """An account that goes on has a next bill."""
        account = self.env["utility.account"].browse(bill.account_id)
        return not account.date_close or account.date_close > self.run._span()[1]

    def idle(self, carried):
        """Charges that come to nothing: on no bill, and not carried on."""
        told = {charge for bill in (*self.bills, *carried) for charge in bill.charge_ids}
        return {row.id for row in self.rows} - told

    def refuse_what_the_ledger_forbids(self):
        """:raise UserError: what has to be mended before the batch can be posted"""
        found = list(dict.fromkeys(problems_of(self)))
        if found:
            raise UserError("\n".join(found))

    def prepare(self, bill):
        """:return: `PreparedBill`"""
        refund = self.comes_to(bill) < 0
        account, payer = self.accounts[bill.account_id], self.payers[bill.partner_id]
        term = self.term_of(account, payer)
        vals = {
            "move_type": "out_refund" if refund else "out_invoice",
            "company_id": self.company.id,
            "journal_id": self.journal.id,
            "currency_id": self.currency.id,
            "partner_id": payer.id,
            "partner_shipping_id": payer.id,
            "partner_bank_id": self.bank.id,
            "fiscal_position_id": False,
            "invoice_user_id": self.run.approved_by.id or self.env.uid,
            "preferred_payment_method_line_id": False,
            "invoice_incoterm_id": False,
            "narration": False,
            "invoice_date": self.date,
            "date": self.date,
            "invoice_payment_term_id": term.id,
            "ref": account.number,
            "payment_reference": account._utility_reference(),
            "utility_account_id": account.id,
            "utility_run_id": self.run.id,
            "utility_month": self.month,
            "utility_bill_kind": self.kind_of(account),
            "utility_balance_before": self.owed_before(account, payer),
            "invoice_line_ids": [
                self.prepare_line(line, bill, place, -1 if refund else 1)
                for place, line in enumerate(bill.lines, 1)
            ],
        }
        if not term:
            vals["invoice_date_due"] = self.date
        return PreparedBill(bill, vals)

    def owed_before(self, account, payer):
        """The ledger keeps what a contact owes under the company that it belongs to."""
        return self.balances.get(account.id, {}).get(payer.commercial_partner_id.id, 0.0)

    def prepare_line(self, line, bill, place, sign):
        service = self.services[line.service_id]
        return {
            "sequence": 10 * place,
            "product_id": service.product_id.id,
            "product_uom_id": line.uom_id or service.product_id.uom_id.id,
            "name": self.words.of_line(line, bill),
            "account_id": self._ledger_account_id(service),
            "quantity": float(sign * line.quantity),
            "price_unit": float(line.price),
            "tax_ids": self.taxes_of(line).ids,
            "analytic_distribution": self.analytic_of(line),
            "utility_account_id": line.account_id,
            "utility_service_id": service.id,
        }

    def _ledger_account_id(self, service):
        if service.id not in self._ledger_accounts:
            self._ledger_accounts[service.id] = service._ledger_account().id
        return self._ledger_accounts[service.id]

    def kind_of(self, account):
        if account.date_close and account.date_close <= self.run._span()[1]:
            return "final"
        return "regular" if account.id in self.billed_before else "first"

    def term_of(self, account, payer):
        own = payer.with_company(self.company).property_payment_term_id
        if own:
            return own
        people = account.kind == "individual"
        return self.company.utility_bill_term_id if people else self.company.utility_legal_term_id

    @cached_property
    def bank(self):
        return self.company.utility_bill_bank_id or self.company.partner_id.bank_ids[:1]

    def analytic_of(self, line):
        ids = []
        if self.company.utility_analytic_services:
            ids += self.services[line.service_id].analytic_account_id.ids
        if self.company.utility_analytic_buildings and line.building_id:
            ids += self.buildings[line.building_id].analytic_account_id.ids
        return {",".join(map(str, sorted(ids))): 100.0} if ids else False

    # -- numbers ----------------------------------------------------------------------------

    def give_numbers(self, batch, prepared):
        """Every bill gets its name from a range that is the batch's own."""
        for refund in (False, True):
            mine = [bill for bill in prepared if self._counted_apart(bill) == refund]
            if mine:
                self._name(batch, mine)

    def _counted_apart(self, bill):
        return bool(bill.is_refund and self.journal.refund_sequence)

    def _name(self, batch, prepared):
        template, values = self._number_format(prepared[0].vals["move_type"])
        key = template.format(**{**values, "seq": 0})
        begun = time.perf_counter()
        numbers = self.env["utility.bill.range"]._numbers(batch, self.journal, key, len(prepared))
        self.wait_seconds += time.perf_counter() - begun
        for bill, number in zip(prepared, numbers, strict=True):
            bill.vals["name"] = template.format(**{**values, "seq": number})
            bill.vals["utility_posting_id"] = batch.id
            if self.company.utility_reference_of == "bill":
                bill.vals["payment_reference"] = self.company._utility_reference(bill.vals["name"])

    def _number_format(self, move_type):
        move = self.env["account.move"].new(
            {
                "move_type": move_type,
                "journal_id": self.journal.id,
                "company_id": self.company.id,
                "date": self.date,
                "invoice_date": self.date,
            }
        )
        return move._get_next_sequence_format()


# the bill's chatter begins with what people do to it, not with its making
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "skip_is_manually_modified": True,
}
