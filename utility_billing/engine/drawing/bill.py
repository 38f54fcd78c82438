"""The standard layouts: payment notice and VAT invoice, drawn from a `BillContent`."""

from . import chart, codes
from .flow import BOTTOM, INNER, MARGIN, TOP, Flow
from .pen import CENTRE, GREY, HEIGHT, LIGHT, RIGHT
from .table import Column, Row, Table

ACCENT, ACCENT_TINT = (0.09, 0.29, 0.46), (0.925, 0.95, 0.975)
# the window of an envelope of DIN 680: 20 mm from the left, 45 to 80 mm from the top
WINDOW_X, WINDOW_Y, WINDOW_WIDTH = 57, 133, 235
BOX_X = 322
CHARTS_ABREAST = 3
GAP = 14
SLIP = 92


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
        self._sums()
        self._meters()
        self._charts()
        self._notes()
        self._own_text(self.content.foot)
        self._payments()
        self.pen.finish(self._foot)

    # -- head -------------------------------------------------------------------------------

    def _head(self):
        pen, content = self.pen, self.content
        self._issuer()
        right = MARGIN + INNER
        y = TOP + 14
        for line in pen.wrapped(content.title, INNER - 240, 15, bold=True):
            pen.text(right, y, line, 15, bold=True, align=RIGHT, colour=ACCENT)
            y += 17
        pen.text(right, y - 2, content.number, 9.5, align=RIGHT)
        self._payer()
        self._box()

    def _issuer(self):
        pen, issuer = self.pen, self.content.issuer
        y = TOP + 11
        for line in pen.wrapped(issuer.name, 240, 11, bold=True):
            pen.text(MARGIN, y, line, 11, bold=True)
            y += 12.5
        y -= 1.5
        for text in self._about(issuer):
            for line in pen.wrapped(text, 240, 7):
                pen.text(MARGIN, y, line, 7, colour=GREY)
                y += 8.8

    def _about(self, party):
        """Lines under a party's name."""
        caption = self.caption
        codes_of = [
            f"{caption(key, '')} {value}"
            for key, value in (("company_code", party.code), ("vat", party.vat))
            if value
        ]
        ways = [way for way in (party.phone, party.email, party.website) if way]
        return [*party.lines, *filter(None, [", ".join(codes_of), " · ".join(ways)])]

    def _payer(self):
        pen, payer = self.pen, self.content.payer
        y = WINDOW_Y + 10
        for line in pen.wrapped(payer.name, WINDOW_WIDTH, 9.5, bold=True):
            pen.text(WINDOW_X, y, line, 9.5, bold=True)
            y += 12
        for text in payer.lines:
            for line in pen.wrapped(text, WINDOW_WIDTH, 9):
                pen.text(WINDOW_X, y, line, 9)
                y += 11.5
        y += 2
        for text in self._about(payer)[len(payer.lines) :]:
            for line in pen.wrapped(text, WINDOW_WIDTH, 7):
                pen.text(WINDOW_X, y, line, 7, colour=GREY)
                y += 8.8
        self.flow.y = max(y, WINDOW_Y + 84)

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
        taxed = content.shows("taxes")
        wide = INNER - (6 * 54 - 8 if taxed else 3 * 54 + 4)
        columns = [
            Column(caption("service", ""), wide, wraps=True),
            Column(caption("quantity", ""), 54, RIGHT),
            Column(caption("unit", ""), 34),
            Column(caption("price", ""), 56, RIGHT),
        ]
        if taxed:
            columns += [
                Column(caption("net", ""), 54, RIGHT),
                Column(caption("tax_rate", ""), 34, RIGHT),
                Column(caption("tax", ""), 46, RIGHT),
            ]
        columns.append(Column(caption("gross", ""), 0, RIGHT))
        columns[-1].width = INNER - sum(column.width for column in columns)
        rows = []
        for group, lines in content.groups():
            if group:
                rows.append(Row(caption=group))
            rows += [self._charge(line, taxed, explained) for line in lines]
        if rows:
            below = INNER - columns[-1].width
            Table(self.flow, MARGIN, columns, below).draw(rows)

    def _charge(self, line, taxed, explained):
        taxes = [line.net, line.tax_rate, line.tax] if taxed else []
        return Row(
            [line.name, line.quantity, line.unit, line.price, *taxes, line.gross],
            line.explanation if explained else [],
        )

    def _sums(self):
        """Benefits and taxes left; totals and the balance right."""
        flow, content = self.flow, self.content
        width = (INNER - 2 * GAP) / 2
        left = [
            *(content.benefits if content.shows("benefits") else []),
            *(content.taxes if content.shows("taxes") else []),
        ]
        right = [*content.totals, *(content.balance if content.shows("balance") else [])]
        if not left and not right:
            return
        height = max(flow.sums_height(width, left), flow.sums_height(width, right))
        flow.need(height + 4)
        flow.sums(MARGIN, width, flow.y, left)
        flow.sums(MARGIN + INNER - width, width, flow.y, right)
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
            Column(caption("unit", ""), 30),
            Column(caption("how", ""), INNER - 446),
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
        if not content.charts or not content.shows("chart"):
            return
        flow.heading(self.caption("chart", ""), chart.HEIGHT)
        width = (INNER - (CHARTS_ABREAST - 1) * GAP) / CHARTS_ABREAST
        for first in range(0, len(content.charts), CHARTS_ABREAST):
            flow.need(chart.HEIGHT)
            for place, each in enumerate(content.charts[first : first + CHARTS_ABREAST]):
                x = MARGIN + place * (width + GAP)
                chart.draw(self.pen, x, flow.y, width, each, f"{each.service}, {each.unit}")
            flow.y += chart.HEIGHT + 6

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
        height = len(payments) * SLIP + 6
        if len(payments) <= 4:
            flow.need(height)
            flow.y = max(flow.y, BOTTOM - height)
        self.pen.dashes(MARGIN, flow.y, INNER)
        flow.y += 6
        for place, payment in enumerate(payments):
            if not flow.room(SLIP):
                flow.next_page()
            if place:
                self.pen.line(MARGIN, flow.y, INNER, LIGHT, 0.5)
            self._slip(payment, flow.y + 4)
            flow.y += SLIP

    def _slip(self, payment, y):
        pen, caption, content = self.pen, self.caption, self.content
        side = 0
        if payment.qr and content.shows("qr"):
            size, runs = codes.matrix(payment.qr)
            if size:
                side = 74
                pen.code(MARGIN + INNER - side, y + 4, side, size, runs)
        text_x, width = MARGIN + 88, INNER - 88 - side - 110
        lines = [
            ("creditor", payment.creditor),
            ("bank_account", payment.account),
            ("bank", " ".join(filter(None, (payment.bank, payment.bic)))),
            ("reference", payment.reference),
        ]
        place = y + 10
        for key, text in lines:
            if not text:
                continue
            pen.text(MARGIN, place, pen.fitting(caption(key, ""), 84, 7.4), 7.4, colour=GREY)
            bold = key in ("bank_account", "reference")
            for line in pen.wrapped(text, width, 8.2, bold):
                pen.text(text_x, place, line, 8.2, bold)
                place += 11
        amount_x = text_x + width + 8
        pen.text(amount_x, y + 10, caption("amount", ""), 7.4, colour=GREY)
        pen.text(amount_x, y + 24, payment.amount, 12, bold=True)
        self._barcode(payment, y)

    def _barcode(self, payment, y):
        if not payment.barcode or not self.content.shows("barcode"):
            return
        modules, bars = codes.bars(payment.barcode)
        if not modules:
            return
        pen, x, width = self.pen, MARGIN, min(210, modules * 0.94)
        pen.strokes(x, y + 56, width, 20, modules, bars)
        pen.text(x + width / 2, y + 83, payment.barcode, 6.2, align=CENTRE, colour=GREY)

    # -- foot -------------------------------------------------------------------------------

    def _foot(self, number, count):
        pen, content = self.pen, self.content
        y = HEIGHT - 24
        pen.line(MARGIN, y - 9, INNER, LIGHT, 0.4)
        who = " · ".join(filter(None, (content.issuer.name, content.issuer.phone)))
        pen.text(MARGIN, y, who, 6.6, colour=GREY)
        caption = self.caption
        page = f"{caption('page', '')} {number} {caption('of', '')} {count}"
        pen.text(MARGIN + INNER, y, page, 6.6, align=RIGHT, colour=GREY)
