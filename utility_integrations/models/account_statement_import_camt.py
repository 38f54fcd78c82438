import io

from lxml import etree

from odoo import models

from ..engine import camt, packed
from ..engine.errors import FormatError

NOT_BOOKED = ("PDNG", "INFO", "FUTR")


class AccountStatementImportCamtParser(models.AbstractModel):
    """OCA's reading of camt, safe for files from anywhere and for several accounts in one file."""

    _inherit = "account.statement.import.camt.parser"

    def parse(self, data):
        """What OCA reads from each statement, grouped by account and currency.

        :return: (currency, account number, statements), or a list of such for several accounts
        :raise ValueError: it is no XML: another format may be meant
        :raise UserError: it is XML, but damaged, unsafe or of another kind
        """
        if not data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
            raise ValueError("not XML")
        root = self._safe_root(data)
        namespace = etree.QName(root).namespace
        groups = {}
        for node in root[0][1:]:
            if etree.QName(node).localname in camt.STATEMENTS:
                statement = self.parse_statement(namespace, node)
                key = (statement.pop("currency", None), statement.pop("account_number", None))
                groups.setdefault(key, []).append(statement)
        found = [(*key, statements) for key, statements in groups.items()]
        return found[0] if len(found) == 1 else found

    def _safe_root(self, data):
        try:
            camt.check(io.BytesIO(data))
            parser = etree.XMLParser(**camt.SAFE)
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._in_words(camt.xml_error(error, io.BytesIO(data))) from error
        except FormatError as error:
            raise self._in_words(error) from error

    def _in_words(self, error):
        return self.env["utility.import.reader"]._format_error(error)

    def parse_entry(self, ns, node):
        """What the bank has not booked is no line of a statement."""
        status = node.findtext(f"{{{ns}}}Sts/{{{ns}}}Cd") or node.findtext(f"{{{ns}}}Sts") or ""
        if status.strip() in NOT_BOOKED:
            return
        for transaction in super().parse_entry(ns, node):
            transaction.setdefault("date", self._other_date(ns, node))
            yield transaction

    def _other_date(self, ns, node):
        """The day of value, or that of the statement, where the bank names no day of booking."""
        own = node.find(f"{{{ns}}}ValDt")
        made = node.getparent().findtext(f"{{{ns}}}CreDtTm")
        return (own is not None and len(own) and own[0].text) or made


def documents(stream):
    """Contents of a file, or of each file in a ZIP.

    :raise FormatError: the ZIP is damaged or unsafe
    """
    return [
        reopen().read() for _name, reopen in packed.members(stream, camt.looks_like_xml, notes=[])
    ]
