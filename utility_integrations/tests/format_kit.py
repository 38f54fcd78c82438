"""Files written for the tests, and real ones where they lie beside the project."""

import io
import struct
import zipfile
from decimal import Decimal
from pathlib import Path
from unittest import SkipTest

from ..engine.statement import Summary

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
VECTORS = Path(__file__).resolve().parent / "fixtures" / "vectors.json"
OWN_IBAN = "LT121000011101001000"


def sample(name):
    """A real file.

    :raise SkipTest: it is not here
    """
    found = next(SAMPLES.glob(f"*/{name}"), None)
    if not found:
        raise SkipTest(f"the shared sample {name} is not here")
    return found.read_bytes()


def no_statement():
    """XML of the right kind that holds no statement."""
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>'
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        b"<BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr></BkToCstmrStmt></Document>"
    )


def read_all(reader, source):
    """(rows, summary) of a reader of the engine.

    :param source: bytes become a stream, text becomes lines
    """
    summary = Summary()
    stream = io.BytesIO(source) if isinstance(source, bytes) else source.splitlines(keepends=True)
    return list(reader(stream, summary)), summary


def figures(rows, summary):
    """What published figures say of a file."""
    signed = [
        Decimal(cells["amount"]) * (-1 if cells["direction"] == "debit" else 1)
        for _number, cells, problem in rows
        if not problem
    ]
    totals = summary.totals()
    return {
        "transactions": len(rows),
        "sum": sum(signed, Decimal(0)),
        "opening": totals["opening"],
        "closing": totals["closing"],
        "balance_consistent": not any(
            code in ("balance", "chain") for code, _ in summary.problems()
        ),
    }


# -- camt -------------------------------------------------------------------------------------


def camt(
    *entries, kind="053", version="08", balances=("100.00", "100.00"), number="S1", summary=""
):
    """A statement as XML."""
    names = {"052": ("BkToCstmrAcctRpt", "Rpt"), "053": ("BkToCstmrStmt", "Stmt")}
    outer, inner = names.get(kind, ("BkToCstmrDbtCdtNtfctn", "Ntfctn"))
    opening, closing = balances or (None, None)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{outer}>'
        f"<GrpHdr><MsgId>M1</MsgId></GrpHdr><{inner}><Id>{number}</Id>"
        "<CreDtTm>2026-03-16T08:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{OWN_IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{summary}"
        f"{''.join(entries)}</{inner}></{outer}></Document>"
    ).encode()


def balance(code, amount):
    if amount is None:
        return ""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-03-16</Dt></Dt></Bal>"
    )


def entry(amount, *details, sign="CRDT", status="<Cd>BOOK</Cd>", more="", info=""):
    inner = f"<NtryDtls>{''.join(details)}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}'
        f"<Sts>{status}</Sts><BookgDt><Dt>2026-03-16</Dt></BookgDt>"
        f"<ValDt><Dt>2026-03-17</Dt></ValDt><AcctSvcrRef>BANK1</AcctSvcrRef>{inner}"
        f"<AddtlNtryInf>{info}</AddtlNtryInf></Ntry>"
    )


def detail(
    amount=None, name="Jonas Jonaitis", text="", reference="", kind="<Cd>SCOR</Cd>", more=""
):
    own = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    structured = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry>{kind}</CdOrPrtry></Tp><Ref>{reference}</Ref>"
        "</CdtrRefInf></Strd>"
        if reference
        else ""
    )
    unstructured = f"<Ustrd>{text}</Ustrd>" if text else ""
    return (
        f"<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{own}"
        f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm>"
        "<Id><PrvtId><Othr><Id>33309240064</Id></Othr></PrvtId></Id></Pty></Dbtr>"
        "<DbtrAcct><Id><IBAN>LT601010012345678901</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{unstructured}{structured}</RmtInf>{more}</TxDtls>"
    )


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


# -- others -----------------------------------------------------------------------------------


def mt940(*lines, head=(":60F:C260315EUR100,00",), tail=(), account=OWN_IBAN):
    """A message as text."""
    return "\r\n".join((":20:X", f":25:{account}", ":28C:1/1", *head, *lines, *tail, "-", ""))


def litas(*rows, opening=10000, closing=10000, currency="EUR"):
    """Rows of (day, cents, C or D, id, purpose, party)."""

    def row(kind, **cells):
        found = [""] * 18
        found[0] = kind
        for place, value in cells.items():
            found[int(place[1:])] = str(value)
        return "\t".join(found)

    lines = [row("000", c3="70440", c16=OWN_IBAN, c17=currency)]
    lines.append(row("020", c1="LikutisPR", c2="20120101", c4=opening))
    for day, cents, sign, number, purpose, party in rows:
        lines.append(row("010", c2=day, c4=cents, c6=sign, c10=number, c13=purpose, c17=party))
    lines.append(row("020", c1="LikutisPB", c2="20120304", c4=closing))
    return "\r\n".join(lines) + "\r\n"


def dbf(columns, rows, encoding="cp866", mark=0, stated=None):
    """A table.

    :param columns: [(name, type, length)]
    :param rows: lists of text, or None for a deleted record
    :param mark: the byte that names the encoding
    """
    width = 1 + sum(length for _name, _kind, length in columns)
    count = len(rows) if stated is None else stated
    start = 32 + 32 * len(columns) + 1
    head = struct.pack("<BBBBLHH17xB2x", 3, 126, 3, 16, count, start, width, mark)
    fields = b"".join(
        struct.pack("<11sc4xBB14x", name.encode(encoding), kind.encode(), length, 0)
        for name, kind, length in columns
    )
    body = b""
    for row in rows:
        if row is None:
            body += b"*".ljust(width)
            continue
        body += b" " + b"".join(
            text.encode(encoding).ljust(length)[:length]
            for text, (_name, _kind, length) in zip(row, columns, strict=True)
        )
    return head + fields + b"\r" + body + b"\x1a"


def client_bank(*documents, sections=None, end="КонецФайла"):
    """A 1C file as text; documents are dictionaries."""
    account = "40702810801500116391"
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        f"РасчСчет={account}",
    ]
    for section in sections or ():
        lines += ["СекцияРасчСчет", f"РасчСчет={account}"]
        lines += [f"{key}={value}" for key, value in section.items()]
        lines.append("КонецРасчСчет")
    for document in documents:
        lines.append("СекцияДокумент=Платежное поручение")
        lines += [f"{key}={value}" for key, value in document.items()]
        lines.append("КонецДокумента")
    return "\r\n".join([*lines, end, ""])
