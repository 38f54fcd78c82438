from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from odoo import api, models

from odoo.addons.utility_billing.demo.files import PAID

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
CAMT = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
OPENING = Decimal("12450.00")
BANK_FEE = Decimal("4.50")
# debtors who pay; the last two by one payment
PAYING = ("NU-UOS-21-6", "NU-UOS-21-11", "NU-UOS-21-12", "NU-UOS-21-16", "NU-UOS-21-21")


@dataclass(frozen=True)
class Entry:
    """An entry of the statement; the amount is below zero when it went out."""

    amount: Decimal
    name: str
    purpose: str = ""
    reference: str = ""
    iban: str = ""
    address: list = field(default_factory=list)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    @api.model
    def _steps(self):
        return super()._steps() + ["_load_statement_file"]

    def _load_statement_file(self):
        """A bank statement camt.053 of last month's last day that is uploaded and waits to be
        read."""
        journal = self._bank_journal()
        profile = self._profile_like(
            "utility_integrations.import_profile_camt_053",
            "Pamario bankas: statement camt.053",
            collector_id=self._collector("bank").id,
            statement_journal_id=journal.id,
        )
        day = self._town().calendar.month(-1, 0)
        content = _statement(journal.bank_account_id.acc_number, day, self._entries(day))
        statement = self._upload_file(profile, f"camt053_{day:%Y%m%d}.xml", content)
        self._name_records(profile_bank=profile, file_bank=statement)

    def _entries(self, day):
        """Two with a reference, one by text, one by a payer whom the bank brought before, one for
        two accounts; the post's transfer for its register; the bank's fee."""
        accounts = self._accounts()
        one, two, three, four, five = (accounts[key] for key in PAYING)
        two_flats = f"mok. kodas {four.number}, mok. kodas {five.number}"
        return [
            self._entry(one, "30.00", reference=one._utility_reference()),
            self._entry(two, "25.50", reference=two._utility_reference()),
            self._entry(three, "18.00", purpose=f"Už šildymą, mok. kodas {three.number}"),
            self._entry(self._known_payer(), "21.00", purpose="Už butą, ačiū"),
            self._entry(four, "42.00", purpose=two_flats),
            self._transfer_of_post(day),
            Entry(-BANK_FEE, "Pamario bankas", "Sąskaitos mokestis"),
        ]

    def _entry(self, account, amount, **said):
        return Entry(
            Decimal(amount),
            account.partner_id.name,
            iban=self._payers_iban(account),
            address=[account.premise_id.address],
            **said,
        )

    def _known_payer(self):
        """The first person whom a list of the bank has brought."""
        return (
            self.env["utility.payment"]
            .search(
                [
                    ("collector_id", "=", self._collector("bank").id),
                    ("state", "=", "registered"),
                    ("partner_id", "=", False),
                    ("account_id.kind", "=", "individual"),
                    ("account_id.partner_id.is_company", "=", False),
                ],
                order="id",
                limit=1,
            )
            .account_id
        )

    def _transfer_of_post(self, day):
        """What the post's register of the same day comes to, less its commission."""
        post = self._collector("post")
        total = sum(PAID.values())
        fee = post._commission_of(total, len(PAID))
        return Entry(
            Decimal(f"{total - fee:.2f}"),
            post.partner_id.name,
            f"Įmokų skaičius:{len(PAID)}, įmokų suma:{total:.2f}, komisinis atlygis: {fee:.2f}, "
            f"laikotarpis: {day} - {day}",
            iban=post.iban,
        )


def _statement(iban, day, entries):
    """A camt.053 file.

    :param entries: [`Entry`]
    """
    closing = OPENING + sum(entry.amount for entry in entries)
    document = CAMT.Document(
        CAMT.BkToCstmrStmt(
            CAMT.GrpHdr(CAMT.MsgId(f"PMBK{day:%Y%m%d}"), CAMT.CreDtTm(f"{day}T23:50:00")),
            CAMT.Stmt(
                CAMT.Id(f"{day:%Y%m%d}"),
                CAMT.CreDtTm(f"{day}T23:50:00"),
                CAMT.Acct(CAMT.Id(CAMT.IBAN(iban)), CAMT.Ccy("EUR")),
                _balance("OPBD", OPENING, day),
                _balance("CLBD", closing, day),
                *(_entry_node(entry, day, place) for place, entry in enumerate(entries, 1)),
            ),
        )
    )
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _balance(code, amount, day):
    return CAMT.Bal(
        CAMT.Tp(CAMT.CdOrPrtry(CAMT.Cd(code))),
        CAMT.Amt(f"{amount:.2f}", Ccy="EUR"),
        CAMT.CdtDbtInd("CRDT"),
        CAMT.Dt(CAMT.Dt(f"{day}")),
    )


def _entry_node(entry, day, place):
    number = f"{day:%Y%m%d}{place:04d}"
    came_in = entry.amount > 0
    side = "Dbtr" if came_in else "Cdtr"
    parties = [CAMT(side, CAMT.Nm(entry.name), *_address(entry))]
    if entry.iban:
        parties.append(CAMT(f"{side}Acct", CAMT.Id(CAMT.IBAN(entry.iban))))
    said = CAMT.Ustrd(entry.purpose)
    if entry.reference:
        said = CAMT.Strd(CAMT.CdtrRefInf(CAMT.Ref(entry.reference)))
    return CAMT.Ntry(
        CAMT.Amt(f"{abs(entry.amount):.2f}", Ccy="EUR"),
        CAMT.CdtDbtInd("CRDT" if came_in else "DBIT"),
        CAMT.Sts("BOOK"),
        CAMT.BookgDt(CAMT.Dt(f"{day}")),
        CAMT.ValDt(CAMT.Dt(f"{day}")),
        CAMT.AcctSvcrRef(number),
        CAMT.NtryDtls(
            CAMT.TxDtls(
                CAMT.Refs(CAMT.AcctSvcrRef(number)),
                CAMT.RltdPties(*parties),
                CAMT.RmtInf(said),
            )
        ),
    )


def _address(entry):
    return [CAMT.PstlAdr(*map(CAMT.AdrLine, entry.address))] if entry.address else []
