import hashlib
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
    def _read_camt(self, profile, stream):
        """ISO 20022; a row is a payment, numbered through the file."""
        summary = Summary()
        yield from self._told(camt.read(stream, summary))
        self._keep_totals(profile, stream, summary)

    @api.model
    def _read_mt940(self, profile, stream):
        """SWIFT; a row is a transaction, numbered through the file."""
        summary = Summary()
        with self._text_of(stream, profile._encoding_of(stream)) as text:
            self._refuse_unless_mt940(text.head)
            yield from self._told(swift.read(text, summary))
        self._keep_totals(profile, stream, summary)

    def _refuse_unless_mt940(self, head):
        if not swift.looks_like(head):
            raise self._format_error(FormatError("not_mt940"))

    @api.model
    def _read_1c(self, profile, stream):
        """1CClientBankExchange; a row is a document, its number the line where it begins."""
        stream.seek(0)
        found = client_bank.encoding_of(stream.read(HEAD))
        if not found:
            raise self._format_error(FormatError("not_1c"))
        encoding = found if profile.encoding == "auto" else profile.encoding
        summary = Summary()
        with self._text_of(stream, encoding) as text:
            yield from self._told(client_bank.read(text, summary))
        self._keep_totals(profile, stream, summary)

    @api.model
    def _read_litas(self, profile, stream):
        """LITAS-ESIS; a row is a transaction, its number the line in the file."""
        summary = Summary()
        with self._text_of(stream, profile._encoding_of(stream)) as text:
            yield from self._told(litas.read(text, summary))
        self._keep_totals(profile, stream, summary)

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
    def _totals_of_bank(self, profile, stream):
        """What the file states and what its lines come to; known once it was read, so that a file
        whose rows were staged in this transaction is not read again for it.

        :return: {"count": lines, "amount": came in, "debit": went out, "opening", "closing":
            balances or None, "commission": None, "warnings": sums of the file that contradict each
            other, in words, None when there are none}; amounts in the account's currency
        """
        key = self._key_of(profile, stream)
        if key not in self.env.cr.cache:
            for _row in profile._read_rows(stream):
                pass
        return self.env.cr.cache.pop(key)

    def _keep_totals(self, profile, stream, summary):
        words = " ".join(self._format_words(*problem) for problem in self._warnings(summary))
        self.env.cr.cache[self._key_of(profile, stream)] = {
            **summary.totals(),
            "commission": None,
            "warnings": words or None,
        }

    def _key_of(self, profile, stream):
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return "utility_integrations.totals", profile.id, self.env.lang, digest

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
