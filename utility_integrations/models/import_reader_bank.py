import io

from odoo import api, models

from ..engine import camt, client_bank, litas, swift
from ..engine.errors import FormatError
from ..engine.statement import Summary

LONGEST_LINE = 1024 * 1024
HEAD = 8 * 1024
SUMS = ("balance", "stated_credit", "stated_debit")


class ImportReader(models.AbstractModel):
    """Statements of banks. All of them give the same columns: `engine.statement.COLUMNS`."""

    _inherit = "utility.import.reader"

    @api.model
    def _read_camt(self, profile, stream, summary=None):
        """ISO 20022; a row is a payment, numbered through the file."""
        return self._told(camt.read(stream, summary))

    @api.model
    def _read_mt940(self, profile, stream, summary=None):
        """SWIFT; a row is a transaction, numbered through the file."""
        with self._text_of(stream, profile._encoding_of(stream)) as text:
            self._refuse_unless_mt940(text.head)
            yield from self._told(swift.read(text, summary))

    def _refuse_unless_mt940(self, head):
        if not swift.looks_like(head):
            raise self._format_error(FormatError("not_mt940"))

    @api.model
    def _read_1c(self, profile, stream, summary=None):
        """1CClientBankExchange; a row is a document, its number the line where it begins."""
        stream.seek(0)
        found = client_bank.encoding_of(stream.read(HEAD))
        if not found:
            raise self._format_error(FormatError("not_1c"))
        encoding = found if profile.encoding == "auto" else profile.encoding
        with self._text_of(stream, encoding) as text:
            yield from self._told(client_bank.read(text, summary))

    @api.model
    def _read_litas(self, profile, stream, summary=None):
        """LITAS-ESIS; a row is a transaction, its number the line in the file."""
        with self._text_of(stream, profile._encoding_of(stream)) as text:
            yield from self._told(litas.read(text, summary))

    def _told(self, rows):
        """Rows whose problems are told in words."""
        try:
            for number, cells, problem in rows:
                yield number, cells, self._format_words(*problem) if problem else None
        except FormatError as error:
            raise self._format_error(error) from error

    def _text_of(self, stream, encoding):
        return _Text(self, stream, encoding)

    # -- what a file says of itself ---------------------------------------------------------

    @api.model
    def _totals_camt(self, profile, stream):
        return self._totals(self._read_camt, profile, stream)

    @api.model
    def _totals_mt940(self, profile, stream):
        return self._totals(self._read_mt940, profile, stream)

    @api.model
    def _totals_1c(self, profile, stream):
        return self._totals(self._read_1c, profile, stream)

    @api.model
    def _totals_litas(self, profile, stream):
        return self._totals(self._read_litas, profile, stream)

    def _totals(self, reader, profile, stream):
        """What the file states and what its lines come to.

        :return: {"count": lines, "amount": came in, "debit": went out, "opening", "closing":
            balances or None, "commission": None, "warnings": sums of the file that contradict each
            other, in words, None when there are none}; amounts in the account's currency
        """
        summary = Summary()
        for _row in reader(profile, stream, summary):
            pass
        words = " ".join(self._format_words(*problem) for problem in self._warnings(summary))
        return {**summary.totals(), "commission": None, "warnings": words or None}

    def _warnings(self, summary):
        """Problems that nobody else sees: the sums of a lone statement are those of the file."""
        lone = len(summary.statements) == 1
        return [each for each in summary.problems() if not (lone and each[0] in SUMS)]


class _Text:
    """Lines of a binary stream that stays open, decoded as they are asked for.

    :ivar head: the text's beginning
    """

    def __init__(self, reader, stream, encoding):
        self.reader = reader
        self.stream = stream
        self.encoding = "utf-8-sig" if encoding == "utf-8" else encoding
        self.number = 0
        self.wrapper = None
        self.head = ""

    def __enter__(self):
        self.stream.seek(0)
        self.head = self.stream.read(HEAD).decode(self.encoding, errors="replace")
        self.stream.seek(0)
        self.wrapper = io.TextIOWrapper(self.stream, encoding=self.encoding, newline="")
        return self

    def __exit__(self, kind, error, trace):
        self.wrapper.detach()
        if isinstance(error, UnicodeError):
            raise self.reader._encoding_error(
                self.stream, self.encoding, error, self.number + 1
            ) from error

    def __iter__(self):
        while line := self.wrapper.readline(LONGEST_LINE):
            self.number += 1
            yield line
