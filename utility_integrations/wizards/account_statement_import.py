import hashlib
import io

from odoo import models

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..engine import swift
from ..engine.errors import FormatError
from ..engine.statement import DEBIT, Summary, to_decimal

HEAD = 8 * 1024


class AccountStatementImport(models.TransientModel):
    """MT940 as Odoo's bank statement, and numbers by which no line comes twice."""

    _inherit = "account.statement.import"

    def _parse_file(self, data_file):
        if swift.looks_like(data_file[:HEAD].decode("latin-1")):
            return self._parse_mt940(data_file)
        return super()._parse_file(data_file)

    def _parse_mt940(self, data):
        """[(currency, account number, [statement values])] of a SWIFT file."""
        encoding = self.env["utility.import.profile"]._detect_encoding(io.BytesIO(data))
        text = data.decode(encoding)
        summary = Summary()
        lines = []
        try:
            for _number, cells, problem in swift.read(text.splitlines(keepends=True), summary):
                lines.append((len(summary.statements) - 1, cells, problem))
        except FormatError as error:
            raise self.env["utility.import.reader"]._format_error(error) from error
        accounts = {}
        for place, statement in enumerate(summary.statements):
            own = [cells for at, cells, problem in lines if at == place and not problem]
            if own:
                key = (statement.currency, statement.account)
                accounts.setdefault(key, []).append(self._prepare_mt940(statement, own))
        return [(*key, statements) for key, statements in accounts.items()]

    def _prepare_mt940(self, statement, lines):
        found = {
            "name": statement.number,
            "date": max(cells["date"] for cells in lines),
            "transactions": [self._prepare_mt940_line(cells) for cells in lines],
        }
        if statement.opening is not None:
            found["balance_start"] = float(statement.opening)
        if statement.closing is not None:
            found["balance_end_real"] = float(statement.closing)
        return found

    def _prepare_mt940_line(self, cells):
        amount = to_decimal(cells["amount"])
        return {
            "date": cells["date"],
            "amount": float(-amount if cells["direction"] == DEBIT else amount),
            "payment_ref": cells["purpose"] or cells["reference"] or cells["bank_ref"] or "/",
            "ref": cells["reference"] or cells["end_to_end"] or cells["bank_ref"],
            "partner_name": cells["payer_name"] or False,
            "account_number": cells["payer_iban"] or None,
        }

    def _match_journal(self, account_number, currency):
        """The journal of the present company: OCA's search would take any company's."""
        journal = self._own_journal(account_number)
        if journal:
            found = self.with_context(journal_id=journal.id)
            return super(AccountStatementImport, found)._match_journal(None, currency)
        return super()._match_journal(account_number, currency)

    def _own_journal(self, account_number):
        if not account_number:
            return self.env["account.journal"]
        journals = self.env["account.journal"].search(
            [
                ("type", "=", "bank"),
                ("company_id", "=", self.env.company.id),
                (
                    "bank_account_id.sanitized_acc_number",
                    "=",
                    sanitize_account_number(account_number),
                ),
            ]
        )
        chosen = journals.filtered(lambda each: each.id == self.env.context.get("journal_id"))
        return chosen if self.env.context.get("journal_id") else journals[:1]

    def _complete_stmts_vals(self, stmts_vals, journal, account_number):
        """Give each line a number of its own: of its statement, its place there and what it says.
        The same statement in another file has the same numbers; two equal lines do not."""
        for statement in stmts_vals:
            for place, line in enumerate(statement["transactions"], start=1):
                line.setdefault("unique_import_id", self._line_number(statement, place, line))
        return super()._complete_stmts_vals(stmts_vals, journal, account_number)

    def _line_number(self, statement, place, line):
        said = (
            statement.get("name") or "",
            str(place),
            str(line["date"])[:10],
            f"{line['amount']:.2f}",
            line.get("ref") or "",
            line.get("account_number") or "",
        )
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]
