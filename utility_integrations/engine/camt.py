"""ISO 20022 statements: camt.052, camt.053 and camt.054 of every version, one by one or zipped.

One entry (`Ntry`) may stand for many payments (`TxDtls`): each is a line of its own. The file is
read on as lines are asked for; what was read is forgotten, so that its size does not matter.

Source: ISO 20022 message definitions, camt.052.001, .053.001, .054.001.
"""

import re
from itertools import count

from lxml import etree

from . import packed
from .errors import FormatError, problem
from .statement import CREDIT, DEBIT, Statement, Summary, line, to_decimal

CAMT = re.compile(r"^(?:urn:iso:std:iso:20022:tech:xsd:|ISO:)camt\.05[234]\.")
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
STATEMENTS = ("Stmt", "Ntfctn", "Rpt")
TRUNCATED = {etree.ErrorTypes.ERR_TAG_NOT_FINISHED, etree.ErrorTypes.ERR_DOCUMENT_END}
ENCODINGS = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.ERR_INVALID_CHAR,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
}
HEAD = 64 * 1024


def read(stream, summary=None):
    """(number, line, problem or None) of each payment in a file.

    :param stream: binary stream that can be rewound
    :param summary: `Summary` that is filled on the way
    :raise FormatError: it is no such file, is cut off, or is not safe to read
    """
    summary = Summary() if summary is None else summary
    numbers = count(1)
    found = False
    for _name, reopen in packed.members(stream, looks_like_xml, summary.notes):
        found = True
        check(reopen())
        yield from _read_document(reopen(), summary, numbers)
    if not found:
        raise FormatError("zip_empty")


def check(stream):
    """Look at the beginning of a file.

    :raise FormatError: it is no XML, another kind of XML, or declares entities
    """
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    try:
        while chunk := stream.read(HEAD):
            parser.feed(chunk)
            for _event, node in parser.read_events():
                _check_root(node)
                return
        parser.close()
    except etree.XMLSyntaxError as error:
        raise xml_error(error) from error
    raise FormatError("not_xml")


def _check_root(root):
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatError("doctype")
    name = etree.QName(root)
    if not CAMT.match(name.namespace or ""):
        raise FormatError("not_camt", found=name.namespace or name.localname)


def xml_error(error):
    """The `FormatError` that an XML parser's error stands for."""
    if error.code in TRUNCATED:
        return FormatError("truncated", line=error.lineno or 0)
    if error.code in ENCODINGS:
        return FormatError("xml_encoding", line=error.lineno or 0)
    if error.code == etree.ErrorTypes.ERR_DOCUMENT_EMPTY:
        return FormatError("not_xml")
    return FormatError("bad_xml", line=error.lineno or 0, words=error.msg)


def looks_like_xml(head):
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(b"<")


def _read_document(stream, summary, numbers):
    tags = [f"{{*}}{name}" for name in ("Ntry", *STATEMENTS)]
    reader = None
    try:
        for _event, node in etree.iterparse(stream, events=("end",), tag=tags, **SAFE):
            if reader is None:
                reader = _Reader(etree.QName(node).namespace, summary)
            if etree.QName(node).localname == "Ntry":
                for cells, fault in reader.entry(node):
                    yield next(numbers), cells, fault
            else:
                reader.close(node)
            _forget(node)
    except etree.XMLSyntaxError as error:
        raise xml_error(error) from error
    if reader is None:
        raise FormatError("no_statement")


def _forget(node):
    """Empty a node that was read, and drop the entries before it; lxml still needs the node."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    before = node.getprevious()
    while before is not None and before.tag == node.tag:
        parent.remove(before)
        before = node.getprevious()


class _Paths:
    """Paths of one version's namespace, as ElementPath wants them."""

    def __init__(self, namespace):
        self.namespace = namespace
        self.known = {}

    def __call__(self, path):
        found = self.known.get(path)
        if found is None:
            found = self.known[path] = "/".join(
                part if part in (".", "*") else f"{{{self.namespace}}}{part}"
                for part in path.split("/")
            )
        return found


class _Reader:
    """Reads the entries of a document's statements.

    :ivar statement: the one that is open, None between two
    :ivar position: of the present entry in it, from 1
    """

    def __init__(self, namespace, summary):
        self.path = _Paths(namespace)
        self.summary = summary
        self.statement = None
        self.position = 0

    def text(self, node, *paths):
        """Text of the first of the paths that has one."""
        for path in paths:
            found = node.findtext(self.path(path))
            if found and (found := found.strip()):
                return found
        return ""

    def texts(self, node, path, separator=" "):
        found = (each.text for each in node.iterfind(self.path(path)))
        return separator.join(" ".join(text.split()) for text in found if text)

    # -- statements -------------------------------------------------------------------------

    def open(self, node):
        self.position = 0
        self.statement = Statement(
            account=self.text(node, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", ""),
            number=self.text(node, "Id", "ElctrncSeqNb"),
            currency=self.text(node, "Acct/Ccy"),
            stated_credit=to_decimal(self.text(node, "TxsSummry/TtlCdtNtries/Sum")),
            stated_debit=to_decimal(self.text(node, "TxsSummry/TtlDbtNtries/Sum")),
        )
        stated = self.text(node, "TxsSummry/TtlNtries/NbOfNtries")
        self.statement.stated_entries = int(stated) if stated.isdigit() else None
        self._balances(node)
        self.summary.statements.append(self.statement)

    def _balances(self, node):
        known = {}
        for balance in node.iterfind(self.path("Bal")):
            code = self.text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
            amount = to_decimal(self.text(balance, "Amt"))
            if amount is not None:
                sign = -1 if self.text(balance, "CdtDbtInd") == "DBIT" else 1
                known.setdefault(code, []).append(sign * amount)
            if not self.statement.currency:
                self.statement.currency = self._currency(balance, "Amt")
        first = known.get("OPBD") or known.get("PRCD") or known.get("ITBD")
        last = known.get("CLBD") or (known.get("ITBD") or [])[1:]
        self.statement.opening = first[0] if first else None
        self.statement.closing = last[-1] if last else None
        self.statement.is_final = "CLBD" in known

    def close(self, node):
        if self.statement is None:
            self.open(node)
        self.statement = None

    def _currency(self, node, path):
        found = node.find(self.path(path))
        return found.get("Ccy", "") if found is not None else ""

    # -- entries ----------------------------------------------------------------------------

    def entry(self, node):
        """(line, problem or None) of each of an entry's payments."""
        if self.statement is None:
            self.open(node.getparent())
        statement = self.statement
        self.position += 1
        base = self._of_entry(node)
        amount = to_decimal(base["amount"])
        details = node.findall(self.path("NtryDtls/TxDtls"))
        if base["status"] not in ("BOOK", ""):
            fault = problem("not_booked", status=base["status"])
            details = ()
        elif amount is None:
            fault = problem("no_amount", text=base["amount"])
        else:
            fault = None
            base["currency"] = base["currency"] or statement.currency
            statement.currency = statement.currency or base["currency"]
            statement.add(_signed(amount, base["direction"]), len(details) or 1)
        if not details:
            base["purpose"] = self.texts(node, "AddtlNtryInf")
            yield base, fault
            return
        lines = [self._of_detail(node, detail, base, len(details) > 1) for detail in details]
        self._compare(base, lines)
        for cells, own_fault in lines:
            yield cells, fault or own_fault

    def _of_entry(self, node):
        text = self.text
        returned = text(node, "RvslInd") in ("true", "1")
        return line(
            date=text(node, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10],
            value_date=text(node, "ValDt/Dt", "ValDt/DtTm")[:10],
            amount=text(node, "Amt"),
            currency=self._currency(node, "Amt"),
            direction=DEBIT if text(node, "CdtDbtInd") == "DBIT" else CREDIT,
            bank_ref=text(node, "AcctSvcrRef", "NtryRef"),
            commission=self._charges(node),
            account_iban=self.statement.account,
            statement=self.statement.number,
            entry=str(self.position),
            status=text(node, "Sts/Cd", "Sts/Prtry", "Sts"),
            is_return="yes" if returned else "no",
            transaction_type=self._transaction_type(node),
        )

    def _transaction_type(self, node):
        parts = (
            self.text(node, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")
        )
        return "-".join(filter(None, parts)) or self.text(node, "BkTxCd/Prtry/Cd")

    def _charges(self, node):
        return self.text(node, "Chrgs/TtlChrgsAndTaxAmt", "Chrgs/Rcrd/Amt", "Chrgs/Amt")

    def _of_detail(self, entry, node, base, one_of_many):
        text = self.text
        cells = dict(base)
        direction = text(node, "CdtDbtInd")
        if direction:
            cells["direction"] = DEBIT if direction == "DBIT" else CREDIT
        fault = self._amount(node, cells, one_of_many)
        cells.update(
            reference=text(node, "RmtInf/Strd/CdtrRefInf/Ref"),
            reference_kind=text(
                node,
                "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Cd",
                "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Prtry",
            ),
            end_to_end=_meant(text(node, "Refs/EndToEndId")),
            purpose=self.texts(node, "RmtInf/Ustrd")
            or self.texts(node, "RmtInf/Strd/AddtlRmtInf")
            or self.texts(node, "AddtlTxInf")
            or self.texts(entry, "AddtlNtryInf"),
            bank_ref=text(node, "Refs/AcctSvcrRef", "Refs/TxId") or base["bank_ref"],
            commission=self._charges(node) or ("" if one_of_many else base["commission"]),
            transaction_type=self._transaction_type(node) or base["transaction_type"],
        )
        self._return(node, cells)
        self._party(node, cells)
        return cells, fault

    def _amount(self, node, cells, one_of_many):
        """Fill in the payment's own amount; what is wrong when it cannot be known."""
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            amount, currency = self.text(node, path), self._currency(node, path)
            if to_decimal(amount) and (currency == cells["currency"] or one_of_many):
                if currency != cells["currency"] and path == "AmtDtls/InstdAmt/Amt":
                    continue
                cells["amount"], cells["currency"] = amount, currency
                return None
        if one_of_many:
            total = cells["amount"]
            cells["amount"] = ""
            return problem("no_own_amount", total=total, currency=cells["currency"])
        return None

    def _return(self, node, cells):
        returned = node.find(self.path("RtrInf"))
        if returned is None:
            return
        words = (
            self.text(returned, "Rsn/Cd", "Rsn/Prtry"),
            self.texts(returned, "AddtlInf"),
        )
        cells["is_return"] = "yes"
        cells["return_reason"] = " ".join(filter(None, words))

    def _party(self, node, cells):
        """Fill in who is on the other side: who paid, or to whom it went; never ourselves."""
        parties = node.find(self.path("RltdPties"))
        if parties is None:
            return
        sides = ["Dbtr", "Cdtr"] if cells["direction"] == CREDIT else ["Cdtr", "Dbtr"]
        account = self._account(parties, sides[0])
        if account and account == cells["account_iban"]:
            if parties.find(self.path(sides[1])) is not None:
                sides.reverse()
                account = self._account(parties, sides[0])
        side = sides[0]
        cells["payer_iban"] = account
        cells["payer_bank"] = self.text(
            node, *(f"RltdAgts/{side}Agt/FinInstnId/{name}" for name in ("BICFI", "BIC"))
        )
        cells["ultimate_payer"] = self._in_party(parties, f"Ultmt{side}", "Nm")
        cells["payer_name"] = self._in_party(parties, side, "Nm") or cells["ultimate_payer"]
        cells["payer_code"] = self._in_party(parties, side, "Id/PrvtId/Othr/Id", "Id/OrgId/Othr/Id")
        cells["payer_address"] = self._address(parties, side)

    def _account(self, parties, side):
        found = self.text(parties, f"{side}Acct/Id/IBAN", f"{side}Acct/Id/Othr/Id")
        return found.replace(" ", "")

    def _in_party(self, parties, side, *paths):
        """Newer versions wrap a party in `Pty`."""
        return self.text(
            parties,
            *(f"{side}/{path}" for path in paths),
            *(f"{side}/Pty/{path}" for path in paths),
        )

    def _address(self, parties, side):
        for wrap in (side, f"{side}/Pty"):
            address = parties.find(self.path(f"{wrap}/PstlAdr"))
            if address is None:
                continue
            lines = self.texts(address, "AdrLine", ", ")
            if lines:
                return lines
            street = " ".join(
                filter(None, (self.text(address, "StrtNm"), self.text(address, "BldgNb")))
            )
            town = " ".join(
                filter(None, (self.text(address, "PstCd"), self.text(address, "TwnNm")))
            )
            return ", ".join(filter(None, (street, town)))
        return ""

    def _compare(self, base, lines):
        """Note when the payments of an entry are not what the entry says."""
        amounts = [
            _signed(to_decimal(cells["amount"]), cells["direction"])
            for cells, fault in lines
            if not fault and to_decimal(cells["amount"]) is not None
        ]
        total = to_decimal(base["amount"])
        if total is None or len(amounts) < len(lines):
            return
        if sum(amounts) != _signed(total, base["direction"]):
            self.statement.notes.append(
                problem(
                    "entry_sum",
                    account=self.statement.account,
                    statement=self.statement.number,
                    entry=base["entry"],
                    total=_signed(total, base["direction"]),
                    details=sum(amounts),
                )
            )


def _signed(amount, direction):
    return -amount if direction == DEBIT else amount


def _meant(reference):
    """Banks write NOTPROVIDED where the payer gave nothing."""
    return (
        "" if reference.upper().replace(" ", "") in ("NOTPROVIDED", "NOTAPPLICABLE") else reference
    )
