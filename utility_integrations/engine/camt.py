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
TRUNCATED = {
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
    etree.ErrorTypes.ERR_DOCUMENT_END,
    etree.ErrorTypes.ERR_GT_REQUIRED,
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED,
    etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
}
ENCODINGS = {
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.ERR_INVALID_CHAR,
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
}
HEAD = 64 * 1024
HEADS = ("Id", "ElctrncSeqNb", "Acct", "TxsSummry")
KIND = "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry"
JOINED = {"Ustrd": " ", "AddtlRmtInf": " ", "AddtlInf": " ", "AddtlTxInf": " ", "AdrLine": ", "}
NOTHING = ("NOTPROVIDED", "NOTAPPLICABLE", "NONREF")


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
        try:
            yield from _read_document(reopen(), summary, numbers)
        except etree.XMLSyntaxError as error:
            raise xml_error(error, reopen()) from error
    if not found:
        raise FormatError("zip_empty")


def check(stream):
    """Look at the beginning of a file.

    :raise FormatError: it is no XML, another kind of XML, or declares entities
    """
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    chunk = stream.read(HEAD)
    if not looks_like_xml(chunk):
        raise FormatError("not_xml")
    fault = None
    while chunk and not fault:
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            fault = error
        for _event, root in parser.read_events():
            _check_root(root)
            return
        chunk = stream.read(HEAD)
    raise _known_error(fault) if fault else FormatError("truncated", line=0)


def _check_root(root):
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatError("doctype")
    name = etree.QName(root)
    if not CAMT.match(name.namespace or ""):
        raise FormatError("not_camt", found=name.namespace or name.localname)


def xml_error(error, stream):
    """The `FormatError` that an XML parser's error stands for.

    :param stream: the file; what does not end with a tag was cut off
    """
    if not _ends_with_a_tag(stream):
        return FormatError("truncated", line=error.lineno or 0)
    return _known_error(error)


def _known_error(error):
    line_number = error.lineno or 0
    if error.code in TRUNCATED:
        return FormatError("truncated", line=line_number)
    if error.code in ENCODINGS:
        return FormatError("xml_encoding", line=line_number)
    return FormatError("bad_xml", line=line_number, words=error.msg)


def _ends_with_a_tag(stream):
    tail = b""
    while chunk := stream.read(HEAD):
        tail = (tail + chunk)[-HEAD:]
    return tail.replace(b"\0", b"").rstrip().endswith(b">")


def looks_like_xml(head):
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(b"<")


def _read_document(stream, summary, numbers):
    tags = [f"{{*}}{name}" for name in ("Ntry", *STATEMENTS)]
    reader = None
    for _event, node in etree.iterparse(stream, events=("end",), tag=tags, **SAFE):
        if reader is None:
            reader = _Reader(etree.QName(node).namespace, summary)
        if etree.QName(node).localname == "Ntry":
            for cells, fault in reader.entry(node):
                yield next(numbers), cells, fault
        else:
            reader.close(node)
        _forget(node)
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


def _flat(node, brace, found, prefix=""):
    """Fill `found` with {path below the node: text}; the currency of an amount is under path@. Of
    texts that repeat, remittance and address lines are joined, of others the first counts."""
    cut = len(brace)
    for child in node:
        tag = child.tag
        if not isinstance(tag, str) or not tag.startswith(brace):
            continue
        name = tag[cut:]
        path = prefix + name
        if len(child):
            _flat(child, brace, found, f"{path}/")
            continue
        text = " ".join((child.text or "").split())
        if not text:
            continue
        if path not in found:
            found[path] = text
            if child.attrib:
                found[f"{path}@"] = child.get("Ccy", "")
        elif name in JOINED:
            found[path] += JOINED[name] + text
    return found


def _first(found, *paths):
    """The first of the paths that says something."""
    for path in paths:
        text = found.get(path)
        if text:
            return text
    return ""


class _Reader:
    """Reads the entries of a document's statements.

    :ivar statement: the one that is open, None between two
    :ivar position: of the present entry in it, from 1
    """

    def __init__(self, namespace, summary):
        self.brace = f"{{{namespace}}}"
        self.details = f"{self.brace}NtryDtls/{self.brace}TxDtls"
        self.summary = summary
        self.statement = None
        self.position = 0

    def _name(self, node):
        return node.tag[len(self.brace) :] if isinstance(node.tag, str) else ""

    # -- statements -------------------------------------------------------------------------

    def open(self, node):
        self.position = 0
        heads = [child for child in node if self._name(child) in HEADS]
        found = _flat(heads, self.brace, {})
        balances = [_flat(child, self.brace, {}) for child in node if self._name(child) == "Bal"]
        stated = found.get("TxsSummry/TtlNtries/NbOfNtries", "")
        self.statement = Statement(
            account=_first(found, "Acct/Id/IBAN", "Acct/Id/Othr/Id").replace(" ", ""),
            number=_first(found, "Id", "ElctrncSeqNb"),
            currency=found.get("Acct/Ccy", ""),
            stated_credit=to_decimal(found.get("TxsSummry/TtlCdtNtries/Sum")),
            stated_debit=to_decimal(found.get("TxsSummry/TtlDbtNtries/Sum")),
            stated_entries=int(stated) if stated.isdigit() else None,
        )
        self._balances(balances)
        self.summary.statements.append(self.statement)

    def _balances(self, balances):
        known = {}
        for balance in balances:
            amount = to_decimal(balance.get("Amt"))
            if amount is not None:
                sign = -1 if balance.get("CdtDbtInd") == "DBIT" else 1
                code = _first(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
                known.setdefault(code, []).append(sign * amount)
            self.statement.currency = self.statement.currency or balance.get("Amt@", "")
        first = known.get("OPBD") or known.get("PRCD") or known.get("ITBD")
        last = known.get("CLBD") or (known.get("ITBD") or [])[1:]
        self.statement.opening = first[0] if first else None
        self.statement.closing = last[-1] if last else None
        self.statement.is_final = "CLBD" in known

    def close(self, node):
        if self.statement is None:
            self.open(node)
        self.statement = None

    # -- entries ----------------------------------------------------------------------------

    def entry(self, node):
        """(line, problem or None) of each of an entry's payments."""
        if self.statement is None:
            self.open(node.getparent())
        self.position += 1
        details = [_flat(each, self.brace, {}) for each in node.iterfind(self.details)]
        own = [child for child in node if self._name(child) != "NtryDtls"]
        found = _flat(own, self.brace, {})
        base = self._of_entry(found)
        fault = self._count(base, len(details))
        if fault or not details:
            base["purpose"] = found.get("AddtlNtryInf", "")
            yield base, fault
            return
        lines = [self._of_detail(found, detail, base, len(details) > 1) for detail in details]
        self._compare(base, lines)
        yield from lines

    def _count(self, base, details):
        """Add the entry to the statement's sums; what is wrong when that cannot be done."""
        if base["status"] not in ("BOOK", ""):
            return problem("not_booked", status=base["status"])
        amount = to_decimal(base["amount"])
        if amount is None:
            return problem("no_amount", text=base["amount"])
        base["currency"] = base["currency"] or self.statement.currency
        self.statement.currency = self.statement.currency or base["currency"]
        self.statement.add(_signed(amount, base["direction"]), details or 1)
        return None

    def _of_entry(self, found):
        get = found.get
        return line(
            date=_first(found, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10],
            value_date=_first(found, "ValDt/Dt", "ValDt/DtTm")[:10],
            amount=get("Amt"),
            currency=get("Amt@"),
            direction=DEBIT if get("CdtDbtInd") == "DBIT" else CREDIT,
            bank_ref=_first(found, "AcctSvcrRef", "NtryRef"),
            commission=_charges(found),
            account_iban=self.statement.account,
            statement=self.statement.number,
            entry=str(self.position),
            status=_first(found, "Sts/Cd", "Sts/Prtry", "Sts"),
            is_return="yes" if get("RvslInd") in ("true", "1") else "no",
            transaction_type=_transaction_type(found),
        )

    def _of_detail(self, entry, found, base, one_of_many):
        """(line, problem or None) of one payment."""
        get = found.get
        cells = dict(base)
        if get("CdtDbtInd"):
            cells["direction"] = DEBIT if get("CdtDbtInd") == "DBIT" else CREDIT
        fault = _amount(found, cells, one_of_many)
        cells["reference"] = get("RmtInf/Strd/CdtrRefInf/Ref", "")
        cells["reference_kind"] = _first(found, f"{KIND}/Cd", f"{KIND}/Prtry")
        cells["end_to_end"] = _meant(get("Refs/EndToEndId", ""))
        cells["purpose"] = _first(
            found, "RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf"
        ) or entry.get("AddtlNtryInf", "")
        cells["bank_ref"] = _first(found, "Refs/AcctSvcrRef", "Refs/TxId") or base["bank_ref"]
        cells["commission"] = _charges(found) or ("" if one_of_many else base["commission"])
        cells["transaction_type"] = _transaction_type(found) or base["transaction_type"]
        if any(path.startswith("RtrInf/") for path in found):
            cells["is_return"] = "yes"
            words = (_first(found, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"), get("RtrInf/AddtlInf"))
            cells["return_reason"] = " ".join(filter(None, words))
        _party(found, cells)
        return cells, fault

    def _compare(self, base, lines):
        """Note when the payments of an entry are not what the entry says."""
        amounts = [
            _signed(to_decimal(cells["amount"]), cells["direction"])
            for cells, fault in lines
            if not fault
        ]
        total = _signed(to_decimal(base["amount"]), base["direction"])
        if len(amounts) == len(lines) and sum(amounts) != total:
            self.statement.notes.append(
                problem(
                    "entry_sum",
                    account=self.statement.account,
                    statement=self.statement.number,
                    entry=base["entry"],
                    total=total,
                    details=sum(amounts),
                )
            )


def _transaction_type(found):
    parts = (found.get(f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd"))
    return "-".join(filter(None, parts)) or found.get("BkTxCd/Prtry/Cd", "")


def _charges(found):
    return _first(found, "Chrgs/TtlChrgsAndTaxAmt", "Chrgs/Rcrd/Amt", "Chrgs/Amt")


def _amount(found, cells, one_of_many):
    """Fill in the payment's own amount; what is wrong when it cannot be known."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        amount, currency = found.get(path, ""), found.get(f"{path}@", "")
        same = currency == cells["currency"]
        if to_decimal(amount) and (same or (one_of_many and path != "AmtDtls/InstdAmt/Amt")):
            cells["amount"], cells["currency"] = amount, currency
            return None
    if one_of_many:
        total, cells["amount"] = cells["amount"], ""
        return problem("no_own_amount", total=total, currency=cells["currency"])
    return None


def _party(found, cells):
    """Fill in who is on the other side: who paid, or to whom it went; never ourselves."""
    side, other = ("Dbtr", "Cdtr") if cells["direction"] == CREDIT else ("Cdtr", "Dbtr")
    account = _account(found, side)
    if account and account == cells["account_iban"] and _named(found, other):
        side, account = other, _account(found, other)
    agent = f"RltdAgts/{side}Agt/FinInstnId"
    cells["payer_iban"] = account
    cells["payer_bank"] = _first(found, f"{agent}/BICFI", f"{agent}/BIC")
    cells["ultimate_payer"] = _named(found, f"Ultmt{side}")
    cells["payer_name"] = _named(found, side) or cells["ultimate_payer"]
    # newer versions wrap a party in `Pty`
    for party in (f"RltdPties/{side}", f"RltdPties/{side}/Pty"):
        cells["payer_code"] = cells["payer_code"] or _first(
            found, f"{party}/Id/PrvtId/Othr/Id", f"{party}/Id/OrgId/Othr/Id"
        )
        cells["payer_address"] = cells["payer_address"] or _address(found, f"{party}/PstlAdr")


def _named(found, side):
    return _first(found, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")


def _account(found, side):
    path = f"RltdPties/{side}Acct/Id"
    return _first(found, f"{path}/IBAN", f"{path}/Othr/Id").replace(" ", "")


def _address(found, path):
    lines = found.get(f"{path}/AdrLine")
    if lines:
        return lines
    get = found.get
    street = f"{get(f'{path}/StrtNm', '')} {get(f'{path}/BldgNb', '')}".strip()
    town = f"{get(f'{path}/PstCd', '')} {get(f'{path}/TwnNm', '')}".strip()
    return ", ".join(filter(None, (street, town)))


def _signed(amount, direction):
    return -amount if direction == DEBIT else amount


def _meant(reference):
    """Banks write NOTPROVIDED where the payer gave nothing."""
    return "" if reference.upper().replace(" ", "") in NOTHING else reference
