"""The standard layouts: payment notice and VAT invoice, drawn from a `BillContent`."""

from . import chart, codes
from .flow import BOTTOM, INNER, MARGIN, TOP, Flow
from .pen import CENTRE, GREY, HEIGHT, LEFT, LIGHT, RIGHT
from .table import Column, Row, Table

ACCENT, ACCENT_TINT = (0.122, 0.435, 0.522), (0.93, 0.96, 0.968)
# the window of an envelope of DIN 680: 20 mm from the left, 45 to 80 mm from the top
WINDOW_X, WINDOW_Y, WINDOW_WIDTH = 57, 133, 235
BOX_X = 322
ISSUER_WIDTH = 240
LOGO = (90, 46)
CHARTS = 4
GAP = 14
SLIP = 82


class Bill:
    """One bill on its pages."""

    def __init__(self, pen, content):
        self.pen, self.content = pen, content
        self.caption = content.captions.get
        who = f"{content.title} {content.number}".strip()
        self.flow = Flow(pen, (who, content.payer.name))

    def draw(self):
        self._head()
        self._facts()
        self._own_text(self.content.head)
        self._charges()
        self._meters()
        self._sums()
        self._charts()
        self._own_text(self.content.foot)
        self._notes()
        self._payments()
        self.pen.finish(self._foot)

    # -- head -------------------------------------------------------------------------------

    def _head(self):
        pen, content = self.pen, self.content
        self._issuer()
        right = MARGIN + INNER
        y = TOP + 14
        for line in pen.wrapped(content.title, INNER - ISSUER_WIDTH - GAP, 15, bold=True):
            pen.text(right, y, line, 15, bold=True, align=RIGHT, colour=ACCENT)
            y += 17
        number = f"{self.caption('number', '')} {content.number}"
        pen.text(right, y - 2, number, 9.5, align=RIGHT)
        self._payer()
        self._box()

    def _issuer(self):
        pen, issuer = self.pen, self.content.issuer
        x, y = MARGIN, TOP + 3
        if pen.logo:
            x += pen.show_logo(MARGIN, TOP - 4, *LOGO) + 10
        pen.text(x, y, self.caption("issuer", ""), 6.4, colour=GREY)
        y += 11.5
        for line in pen.wrapped(issuer.name, ISSUER_WIDTH, 11, bold=True):
            pen.text(x, y, line, 11, bold=True)
            y += 12.5
        y -= 1.5
        ways = [way for way in (issuer.phone, issuer.email, issuer.website) if way]
        for text in (", ".join(issuer.lines), self._codes_of(issuer), " · ".join(ways)):
            for line in pen.wrapped(text, ISSUER_WIDTH, 7) if text else ():
                pen.text(x, y, line, 7, colour=GREY)
                y += 8.8

    def _codes_of(self, party):
        """A party's registration numbers, with their captions."""
        found = (("company_code", party.code), ("vat", party.vat))
        return " · ".join(f"{self.caption(key, '')} {value}" for key, value in found if value)

    def _payer(self):
        pen, payer = self.pen, self.content.payer
        pen.text(WINDOW_X, WINDOW_Y, self.caption("payer", ""), 6.4, colour=GREY)
        y = WINDOW_Y + 12
        for line in pen.wrapped(payer.name, WINDOW_WIDTH, 9.5, bold=True):
            pen.text(WINDOW_X, y, line, 9.5, bold=True)
            y += 12
        for text in payer.lines:
            for line in pen.wrapped(text, WINDOW_WIDTH, 9):
                pen.text(WINDOW_X, y, line, 9)
                y += 11.5
        codes_of = self._codes_of(payer)
        for line in pen.wrapped(codes_of, WINDOW_WIDTH, 7) if codes_of else ():
            pen.text(WINDOW_X, y + 1, line, 7, colour=GREY)
            y += 8.8
        self.flow.y = max(y, WINDOW_Y + 74)

    def _box(self):
        """What is to pay, and until when."""
        pen, content = self.pen, self.content
        width, x = MARGIN + INNER - BOX_X, BOX_X
        pen.box(x, WINDOW_Y - 4, width, 68, ACCENT_TINT)
        pen.box(x, WINDOW_Y - 4, 3, 68, ACCENT)
        pen.text(x + 14, WINDOW_Y + 10, content.to_pay_caption, 8.5, colour=GREY)
        pen.text(x + 14, WINDOW_Y + 34, content.to_pay, 21, bold=True, colour=ACCENT)
        if content.due:
            caption = self.caption("due", "")
            pen.text(x + 14, WINDOW_Y + 52, caption, 8.5, colour=GREY)
            after = x + 18 + pen.width(caption, 8.5)
            pen.text(after, WINDOW_Y + 52, content.due, 8.5, bold=True)

    def _facts(self):
        """Captions and texts in two columns."""
        pen, flow, facts = self.pen, self.flow, self.content.facts
        width = (INNER - GAP) / 2
        half = (len(facts) + 1) // 2
        ends = [flow.y]
        for column, part in enumerate((facts[:half], facts[half:])):
            x, y = MARGIN + column * (width + GAP), flow.y
            for caption, text in part:
                pen.text(x, y + 8, pen.fitting(caption, 88, 7.6), 7.6, colour=GREY)
                for line in pen.wrapped(text, width - 92, 7.8):
                    pen.text(x + 92, y + 8, line, 7.8)
                    y += 10.6
            ends.append(y)
        flow.y = max(ends) + 6

    def _own_text(self, paragraphs):
        for text in paragraphs:
            self.flow.paragraph(text)
            self.flow.y += 3

    # -- tables -----------------------------------------------------------------------------

    def _charges(self):
        content, caption = self.content, self.caption
        explained = content.shows("explanation")
        columns = self._columns()
        rows = []
        for group, lines in content.groups():
            if group:
                rows.append(Row(caption=group))
            for line in lines:
                cells = [getattr(line, name) for name, *_column in columns]
                rows.append(Row(cells, self._below(line) if explained else []))
        drawn = [Column(caption(key, ""), width, align) for _name, key, width, align in columns]
        drawn[0].wraps = True
        Table(self.flow, MARGIN, drawn, INNER - drawn[-1].width).draw(rows)

    def _below(self, line):
        """How an amount comes about; behind one another where there is little room."""
        if self.content.is_dense and line.explanation:
            return [" · ".join(line.explanation)]
        return line.explanation

    def _columns(self):
        """[(field of a charge, caption, width, side)]: without quantities where there are none,
        without taxes where there are none."""
        content = self.content
        columns = []
        if any(row.quantity for row in content.charges):
            columns += [
                ("quantity", "quantity", 54, RIGHT),
                ("unit", "unit", 40, LEFT),
                ("price", "price", 56, RIGHT),
            ]
        if content.taxes:
            columns += [
                ("net", "net", 54, RIGHT),
                ("tax_rate", "tax_rate", 36, RIGHT),
                ("tax", "tax", 46, RIGHT),
            ]
        columns.append(("gross", "gross", 56, RIGHT))
        left = INNER - sum(width for _name, _key, width, _align in columns)
        return [("name", "service", left, LEFT), *columns]

    def _sums(self):
        """Benefits and taxes left; totals and the balance right."""
        flow, content, caption = self.flow, self.content, self.caption
        left, right = [], [("", content.totals)]
        if content.benefits and content.shows("benefits"):
            left.append((caption("benefits", ""), content.benefits))
        if content.taxes and content.shows("taxes"):
            left.append((caption("taxes", ""), content.taxes))
        if content.balance and content.shows("balance"):
            right.append((caption("balance", ""), content.balance))
        width = (INNER - 2 * GAP) / 2
        height = max(flow.blocks_height(width, left), flow.blocks_height(width, right))
        flow.need(height + 4)
        flow.blocks(MARGIN, width, left)
        flow.blocks(MARGIN + INNER - width, width, right)
        flow.y += height + 6

    def _meters(self):
        content, caption = self.content, self.caption
        if not content.meters or not content.shows("meters"):
            return
        self.flow.heading(caption("meters", ""), 40)
        columns = [
            Column(caption("service", ""), 96),
            Column(caption("meter", ""), 66),
            Column(caption("reading_before", ""), 100, RIGHT),
            Column(caption("reading_now", ""), 100, RIGHT),
            Column(caption("used", ""), 54, RIGHT),
            Column(caption("unit", ""), 36),
            Column(caption("how", ""), INNER - 452),
        ]
        rows = [
            Row(
                [
                    row.service,
                    row.meter,
                    f"{row.start_date}  {row.start}".strip(),
                    f"{row.end_date}  {row.end}".strip(),
                    row.quantity,
                    row.unit,
                    row.how,
                ]
            )
            for row in content.meters
        ]
        Table(self.flow, MARGIN, columns).draw(rows)

    def _charts(self):
        content, flow = self.content, self.flow
        charts = content.charts[:CHARTS]
        if not charts or not content.shows("chart"):
            return
        height = chart.height(charts)
        flow.heading(self.caption("chart", ""), height)
        width = (INNER - (CHARTS - 1) * GAP) / CHARTS
        for place, each in enumerate(charts):
            chart.draw(self.pen, MARGIN + place * (width + GAP), flow.y, width, each)
        flow.y += height + 5

    def _notes(self):
        for note in self.content.notes:
            self.flow.paragraph(note, 6.8, GREY)
            self.flow.y += 1

    # -- to pay -----------------------------------------------------------------------------

    def _payments(self):
        """A slip for each creditor, at the foot of the last page."""
        payments = self.content.payments
        if not payments:
            return
        flow = self.flow
        height = len(payments) * SLIP + 8
        if len(payments) <= 4:
            flow.need(height)
            flow.y = max(flow.y, BOTTOM - height)
        self.pen.dashes(MARGIN, flow.y, INNER)
        self.pen.text(MARGIN, flow.y + 8, self.caption("slip", ""), 6.4, colour=GREY)
        flow.y += 8
        for place, payment in enumerate(payments):
            if not flow.room(SLIP):
                flow.next_page()
            if place:
                self.pen.line(MARGIN, flow.y, INNER, LIGHT, 0.5)
            self._slip(payment, flow.y + 4)
            flow.y += SLIP

    def _slip(self, payment, y):
        pen, caption, content = self.pen, self.caption, self.content
        side = self._qr(payment, y)
        width = INNER - 88 - side - 108
        bank = " ".join(filter(None, (payment.bank, payment.bic)))
        place = y + 11
        for key, text, bold in (
            ("creditor", payment.creditor, False),
            ("bank_account", payment.account, True),
            ("", bank, False),
            ("reference", payment.reference, True),
        ):
            if key:
                label = pen.fitting(caption(key, ""), 84, 7.2)
                pen.text(MARGIN, place, label, 7.2, colour=GREY)
            for line in pen.wrapped(text, width, 8.2, bold) if text else ():
                pen.text(MARGIN + 88, place, line, 8.2, bold)
                place += 10.4
        x = MARGIN + 88 + width + 8
        pen.text(x, y + 11, caption("amount", ""), 7.2, colour=GREY)
        pen.text(x, y + 25, payment.amount, 12, bold=True)
        if content.due:
            pen.text(x, y + 38, f"{caption('due', '')} {content.due}", 7.2, colour=GREY)
        self._barcode(payment, y)

    def _qr(self, payment, y):
        """The width that it takes."""
        if not payment.qr or not self.content.shows("qr"):
            return 0
        size, runs = codes.matrix(payment.qr)
        if not size:
            return 0
        pen, side = self.pen, 70
        x = MARGIN + INNER - side
        pen.code(x, y, side, size, runs)
        caption = self.caption("scan", "")
        pen.text(x + side / 2, y + 77, caption, 6.2, align=CENTRE, colour=GREY)
        return side + 8

    def _barcode(self, payment, y):
        if not payment.barcode or not self.content.shows("barcode"):
            return
        modules, bars = codes.bars(payment.barcode)
        if not modules:
            return
        pen, width = self.pen, min(230, modules * 0.94)
        pen.strokes(MARGIN, y + 52, width, 16, modules, bars)
        pen.text(MARGIN + width / 2, y + 76, payment.barcode, 6.2, align=CENTRE, colour=GREY)

    # -- foot -------------------------------------------------------------------------------

    def _foot(self, number, count):
        pen, issuer, caption = self.pen, self.content.issuer, self.caption
        y = HEIGHT - 24
        pen.line(MARGIN, y - 9, INNER, LIGHT, 0.4)
        who = (issuer.name, *issuer.lines, issuer.phone, issuer.email, issuer.website)
        text = pen.fitting(" · ".join(filter(None, who)), INNER - 90, 6.4)
        pen.text(MARGIN, y, text, 6.4, colour=GREY)
        page = f"{caption('page', '')} {number} {caption('of', '')} {count}"
        pen.text(MARGIN + INNER, y, page, 6.4, align=RIGHT, colour=GREY)
