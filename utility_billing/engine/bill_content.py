"""All that a bill says, as texts in the payer's language: loaded once, drawn in two ways (QWeb for
one, the direct drawer for thousands), kept for the reprint.

Amounts, dates and quantities are texts as they are printed; only what is drawn (charts, codes) is
numbers and payloads. Captions come with the content, so that both ways print the same words.
"""

from dataclasses import asdict, dataclass, field
from itertools import groupby

# what a layout may leave out
SECTIONS = ("meters", "explanation", "benefits", "taxes", "balance", "chart", "qr", "barcode")

# mm
PAGE_ROOM, SLIP_HEAD, SLIP_ROW, SLIP_ALONE = 260, 11, 42, 34
SLIPS_A_ROW = 3
DENSE_ROWS, DENSE_LINES = 8, 18


@dataclass(slots=True)
class Party:
    """Who issues or gets the bill. :param lines: address, a line each"""

    name: str = ""
    lines: list = field(default_factory=list)
    code: str = ""
    vat: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""

    @property
    def contact(self):
        """Name, address, phone and the rest in one line."""
        parts = (self.name, *self.lines, self.phone, self.email, self.website)
        return " · ".join(part for part in parts if part)


@dataclass(slots=True)
class MeterRow:
    """Readings behind a quantity.

    :param how: measured, estimated, norm ... in words
    """

    service: str
    meter: str
    start_date: str
    start: str
    end_date: str
    end: str
    quantity: str
    unit: str
    how: str = ""


@dataclass(slots=True)
class ChargeRow:
    """A line of the bill's table.

    :param explanation: lines that say how the amount comes about
    :param group: caption it stands under (a member of a collective bill, corrections), or ""
    """

    name: str
    quantity: str
    unit: str
    price: str
    net: str
    tax_rate: str
    tax: str
    gross: str
    explanation: list = field(default_factory=list)
    group: str = ""


@dataclass(slots=True)
class SumRow:
    """A caption with an amount: taxes, benefits, payments received, totals."""

    name: str
    amount: str
    note: str = ""
    strong: bool = False


@dataclass(slots=True)
class Chart:
    """Consumption of thirteen months.

    :param bars: [(caption of the month, quantity)], oldest first; None where nothing is known
    :param note: the last month beside that of a year before, in words
    """

    service: str
    unit: str
    bars: list
    note: str = ""


@dataclass(slots=True)
class PayTo:
    """Where money goes: the company, or the creditor of agency services.

    :param qr: payload of the QR code; "" where there is none
    :param barcode: payload of the barcode (Code 128), or ""
    """

    creditor: str
    account: str
    bic: str
    bank: str
    amount: str
    reference: str
    qr: str = ""
    barcode: str = ""

    @property
    def bank_and_bic(self):
        return " ".join(part for part in (self.bank, self.bic) if part)


@dataclass(slots=True)
class BillContent:
    """A whole bill.

    :param captions: {key: text} of all headings and labels
    :param layout: code of the layout (`notice`, `invoice`)
    :param facts: [(caption, text)]: account, address, period, dates
    :param balance: rows from the balance before over payments to what is to pay
    :param to_pay: the amount of the box, with its currency
    :param to_pay_caption: what stands over it: to pay, nothing to pay, in your favour
    :param due: until when
    :param sections: names of `SECTIONS` that are shown
    :param head: paragraphs of the layout's own text above the table, plain text
    :param foot: the same, below it
    :param head_html: the same as it is formatted
    """

    move_id: int
    lang: str
    layout: str
    title: str
    number: str
    captions: dict
    issuer: Party
    payer: Party
    facts: list = field(default_factory=list)
    meters: list = field(default_factory=list)
    charges: list = field(default_factory=list)
    benefits: list = field(default_factory=list)
    taxes: list = field(default_factory=list)
    totals: list = field(default_factory=list)
    balance: list = field(default_factory=list)
    charts: list = field(default_factory=list)
    payments: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    to_pay: str = ""
    to_pay_caption: str = ""
    due: str = ""
    sections: list = field(default_factory=lambda: list(SECTIONS))
    head: list = field(default_factory=list)
    foot: list = field(default_factory=list)
    head_html: str = ""
    foot_html: str = ""

    def shows(self, section):
        return section in self.sections

    @property
    def is_dense(self):
        """Whether explanations have to run on in one paragraph, for the bill to stay on a page."""
        lines = sum(len(row.explanation) for row in self.charges)
        return len(self.charges) > DENSE_ROWS or lines > DENSE_LINES

    @property
    def room_above_slip(self):
        """Millimetres of an A4 page that are left above the payment slip: it stands at the foot
        of the page."""
        if not self.payments:
            return 0
        rows = -(-len(self.payments) // SLIPS_A_ROW)
        return PAGE_ROOM - SLIP_HEAD - rows * (SLIP_ALONE if len(self.payments) == 1 else SLIP_ROW)

    def groups(self):
        """The rows of the table by the caption they stand under: [(caption, rows)]."""
        # pylint: disable-next=bad-builtin-groupby
        return [(caption, list(rows)) for caption, rows in groupby(self.charges, _caption)]

    def as_json(self):
        return asdict(self)

    @classmethod
    def from_json(cls, values):
        """A content that was kept."""
        kinds = {
            "meters": MeterRow,
            "charges": ChargeRow,
            "benefits": SumRow,
            "taxes": SumRow,
            "totals": SumRow,
            "balance": SumRow,
            "charts": Chart,
            "payments": PayTo,
        }
        values = {**values, "facts": [tuple(fact) for fact in values.get("facts", ())]}
        values["charts"] = [
            {**chart, "bars": [tuple(bar) for bar in chart["bars"]]}
            for chart in values.get("charts", ())
        ]
        parties = {name: Party(**values[name]) for name in ("issuer", "payer")}
        rows = {name: [kind(**row) for row in values.get(name, [])] for name, kind in kinds.items()}
        return cls(**{**values, **parties, **rows})


def _caption(row):
    return row.group
