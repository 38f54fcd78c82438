"""Files of payments as a bank and the post write them."""

from xml.sax.saxutils import escape

CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
POST_COLUMNS = 24
READINGS = 12


def camt(day, iban, payments):
    """A day's bank statement (camt.053) as bytes.

    :param payments: [{reference, amount (text), name, iban}]
    """
    total = sum(int(payment["amount"].replace(".", "")) for payment in payments)
    entries = "".join(_entry(day, number, row) for number, row in enumerate(payments, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{CAMT}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{day:%Y%m%d}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{day:%Y%m%d}-1</Id><CreDtTm>{day}T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{_balance('OPBD', '0.00', day)}{_balance('CLBD', _cents(total), day)}"
        f"<TxsSummry><TtlCdtNtries><NbOfNtries>{len(payments)}</NbOfNtries>"
        f"<Sum>{_cents(total)}</Sum></TtlCdtNtries></TxsSummry>"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def post_register(day, iban, payments):
    """A register of the post, 24 columns with tabs, as bytes.

    :param payments: [{number, amount (text), name, address}]
    """
    rows = [
        [
            *("101", f"{day:%Y.%m.%d}", iban, row["number"], "", row["name"], row["address"]),
            *("1", row["amount"], "EUR", "7001", f"{day:%Y.%m.%d}", *[""] * READINGS),
        ]
        for row in payments
    ]
    assert all(len(row) == POST_COLUMNS for row in rows)
    return "".join("\t".join(row) + "\r\n" for row in rows).encode("windows-1257")


def _entry(day, number, payment):
    return (
        f'<Ntry><Amt Ccy="EUR">{payment["amount"]}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<AcctSvcrRef>{day:%Y%m%d}{number:05}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd><NtryDtls><TxDtls><RltdPties>"
        f"<Dbtr><Nm>{escape(payment['name'])}</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{payment['iban']}</IBAN></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"
        f"<Ref>{payment['reference']}</Ref></CdtrRefInf></Strd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )


def _balance(kind, amount, day):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
    )


def _cents(total):
    return f"{total // 100}.{total % 100:02}"
