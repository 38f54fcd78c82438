"""A bill's content out of its facts, in one language."""

from decimal import Decimal

from babel.dates import format_skeleton
from dateutil.relativedelta import relativedelta
from lxml.html import fragment_fromstring

from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse

from odoo.addons.utility_base.models.document_template import postal_lines

from ..engine.bill_content import BillContent, Chart, MeterRow, Party, SumRow
from ..tools.saying import Names, Saying
from .bill_document_facts import CHART_MONTHS
from .bill_document_lines import LineWriter
from .bill_document_payment import PaymentWriter

SHOWN_PAYMENTS = 3
BLOCKS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6")


class BillWriter:
    """Writes bills of one language; names and captions are made once."""

    def __init__(self, facts, lang):
        self.facts = facts
        self.lang = lang
        self.env = facts.env(context={**facts.env.context, "lang": lang})
        self.captions = self.env["utility.bill.document"]._captions()
        self.explained = {}
        self.sayings = {}
        self.issuers = {}
        self.days = {}
        self.months = {}
        self.chart_months = {}
        self._load_names()
        self.plain = Saying(self.env, None, Names())
        self.methods = self.plain.labels("method")
        self.lines = LineWriter(self)
        self.pay_to = PaymentWriter(self)

    def explain(self, moves, layouts):
        """Put the charges of bills in words, all at once; `layouts` says where it is wanted."""
        charges = [
            charge
            for move in moves
            if not layouts[move.id] or layouts[move.id].show_explanation
            for charge in self.facts.charges_of(move)
            if charge.trace and (charge.amount or charge.fund_amount)
        ]
        if not charges:
            return
        lines = self.env["utility.explanation"]._explain(
            [charge.trace for charge in charges], moves[0].currency_id, self.lang
        )
        self.explained = {charge.id: found for charge, found in zip(charges, lines, strict=True)}

    # -- figures and names --------------------------------------------------------------------

    def _load_names(self):
        """Names of all bills at once."""
        facts = self.facts
        lines = [line for found in facts.lines.values() for line in found]
        charges = [charge for found in facts.charges.values() for charge in found]
        self.services = self._records("utility.service", {line.service_id for line in lines})
        self.components = self._names(
            "utility.rate.component", {row.component_id for row in charges}
        )
        uoms = {line.uom_id for line in lines}
        self.uoms = self._names(
            "uom.uom", uoms | {service.uom_id.id for service in self.services.values()}
        )
        taxes = {tax_id for line in lines for tax_id in (*line.tax_ids, line.tax_id)}
        self.taxes = self._records("account.tax", taxes)
        accounts = {line.account_id for line in lines}
        self.accounts = self._records("utility.account", accounts)
        banks = facts.moves.partner_bank_id | facts.moves.company_id.utility_bill_bank_id
        for service in self.services.values():
            banks |= service.creditor_bank_account_id
        self.banks = self._records("res.partner.bank", set(banks.ids))
        zones = {row.zone for found in facts.readings.values() for row in found} - {""}
        self.zones = {
            zone.code: zone.name
            for zone in self.env["utility.tou.zone"]
            .with_context(active_test=False)
            .search([("code", "in", list(zones))])
        }

    def _records(self, model, ids):
        return {record.id: record for record in self.env[model].browse(sorted(ids - {None}))}

    def _names(self, model, ids):
        found = self._records(model, ids)
        return {record_id: record.name for record_id, record in found.items()}

    def saying(self, move):
        currency = move.currency_id
        if currency.id not in self.sayings:
            self.sayings[currency.id] = Saying(self.env, currency, Names())
        return self.sayings[currency.id]

    def money(self, move, amount):
        saying = self.saying(move)
        return saying.number(amount, saying.places, saying.places)

    def priced(self, move, amount):
        """An amount with its currency."""
        text, symbol = self.money(move, amount), move.currency_id.symbol
        parts = (symbol, text) if move.currency_id.position == "before" else (text, symbol)
        return "\N{NO-BREAK SPACE}".join(parts)

    def day(self, day):
        if not day:
            return ""
        if day not in self.days:
            self.days[day] = format_date(self.env, day)
        return self.days[day]

    def span(self, first, last):
        return f"{self.day(first)} – {self.day(last)}"

    def month(self, day):
        if day not in self.months:
            locale = babel_locale_parse(self.lang)
            self.months[day] = format_skeleton("yMMMM", day, locale=locale)
        return self.months[day]

    # -- the bill -----------------------------------------------------------------------------

    def content(self, move, layout):
        is_credit = move.move_type == "out_refund"
        kind = layout.kind or ("credit" if is_credit else "notice")
        funds = self.facts.funds.get(move.id, ())
        total = Decimal(str(move.amount_total_signed))
        owed = self._owed_before(move)
        to_pay = owed + total - sum(fund.amount for fund in funds)
        layout = layout.with_env(self.env)
        content = BillContent(
            move_id=move.id,
            lang=self.lang,
            layout=layout.code or kind,
            title=self.captions[kind],
            number=move.name or self.captions["draft"],
            captions=self.captions,
            issuer=self.issuer(move.company_id),
            payer=self.payer(move),
            facts=self._facts(move),
            meters=self._meters(move),
            charges=self.lines.rows(move),
            benefits=self._benefits(move, funds),
            taxes=self.lines.taxes(move),
            totals=self._totals(move, total),
            balance=self._balance(move, owed, total, funds, to_pay),
            charts=self._charts(move),
            payments=self.pay_to.blocks(move, to_pay),
            notes=self._notes(move),
            sections=layout._sections(),
            head=_paragraphs(layout.head),
            foot=_paragraphs(layout.foot),
            head_html=str(layout.head or ""),
            foot_html=str(layout.foot or ""),
        )
        self._box(content, move, to_pay)
        return content

    def _box(self, content, move, to_pay):
        caption = "to_pay" if to_pay > 0 else "in_favour" if to_pay < 0 else "nothing_to_pay"
        content.to_pay_caption = self.captions[caption]
        content.to_pay = self.priced(move, abs(to_pay))
        content.due = self.day(move.invoice_date_due) if to_pay > 0 else ""

    def _owed_before(self, move):
        if not self.facts.tells_balance(move):
            return Decimal(0)
        return Decimal(str(move.utility_balance_before))

    def issuer(self, company):
        if company.id not in self.issuers:
            partner = company.partner_id.with_env(self.env)
            self.issuers[company.id] = Party(
                name=company.name,
                lines=postal_lines(partner),
                code=company.company_registry or "",
                vat=company.vat or "",
                phone=company.phone or "",
                email=company.email or "",
                website=company.website or "",
            )
        return self.issuers[company.id]

    def payer(self, move):
        """Who owes the bill, and where it goes."""
        partner = move.partner_id.with_env(self.env)
        account = move.utility_account_id
        other = account.delivery_partner_id.with_env(self.env)
        lines = postal_lines(other or partner)
        if other and other.name and other.name != partner.name:
            lines.insert(0, other.name)
        return Party(
            name=partner.display_name if partner.parent_id else partner.name or "",
            lines=lines or [account.address or ""],
            code=move.commercial_partner_id.company_registry or "",
            vat=move.commercial_partner_id.vat or "",
        )

    def _facts(self, move):
        account, captions = move.utility_account_id, self.captions
        found = [
            (captions["account"], account.number),
            (captions["address"], account.address),
            (captions["period"], self._period(move)),
            (captions["date"], self.day(move.invoice_date)),
        ]
        original = move._utility_original()
        if original:
            found.append((captions["corrects"], original.name))
        return [(caption, text) for caption, text in found if text]

    def _period(self, move):
        if not move.utility_month:
            return ""
        month = self.month(move.utility_month)
        span = self.lines.usual_span(move)
        return f"{month} ({self.span(*span)})" if span else month

    def _meters(self, move):
        saying = self.saying(move)
        return [self._meter(row, saying) for row in self.facts.readings[move]]

    def _meter(self, row, saying):
        values = [row.start, row.end]
        if None not in values:
            values = saying.pair(*values)
        else:
            values = ["" if value is None else saying.number(value) for value in values]
        service = self.services[row.service_id]
        reason = saying.labels("reason").get(row.reason, "")
        how = self.methods.get(row.method, row.method).lower()
        zone = self.zones.get(row.zone, row.zone)
        return MeterRow(
            service=f"{service.name}, {zone}" if zone else service.name,
            meter=self.facts.serial_of(row) or "",
            start_date=self.day(row.start_day),
            start=values[0],
            end_date=self.day(row.end_day),
            end=values[1],
            quantity=saying.number(row.quantity, most=3),
            unit=self.uoms[service.uom_id.id],
            how=f"{how}: {reason.lower()}" if reason else how,
        )

    # -- sums ---------------------------------------------------------------------------------

    def _benefits(self, move, funds):
        return [
            SumRow(
                fund.name or "",
                self.money(move, -fund.amount),
                "; ".join(
                    line
                    for charge in self.facts.charges.get(fund.line_id, ())
                    for line in self.explained.get(charge.id, ())
                ),
            )
            for fund in funds
        ]

    def _totals(self, move, total):
        rows = []
        tax = Decimal(str(move.amount_tax_signed))
        if tax:
            net = self.money(move, Decimal(str(move.amount_untaxed_signed)))
            rows.append(SumRow(self.captions["total_net"], net))
            rows.append(SumRow(self.captions["total_tax"], self.money(move, tax)))
        return [*rows, SumRow(self.captions["total"], self.money(move, total), strong=True)]

    def _balance(self, move, owed, total, funds, to_pay):
        if not self.facts.is_of_run(move):
            return []
        captions, money = self.captions, lambda amount: self.money(move, amount)
        paid = sum(fund.amount for fund in funds)
        rows = self._since_previous(move, owed)
        if self.facts.tells_balance(move):
            before = "overpaid_before" if owed < 0 else "owed_before"
            rows.append(SumRow(captions[before], money(owed)))
        rows.append(SumRow(captions["this_bill"], money(total)))
        if paid:
            rows.append(SumRow(captions["funds_pay"], money(-paid)))
        last = "in_favour" if to_pay < 0 else "to_pay"
        return [*rows, SumRow(captions[last], self.priced(move, abs(to_pay)), strong=True)]

    def _since_previous(self, move, owed):
        """From what the bill before asked for to what was owed when this one was made."""
        previous = self.facts.previous.get(move.id)
        if not previous:
            return []
        payments = self.facts.payments.get(move.id, ())
        paid = sum(payment.amount for payment in payments)
        rows = [SumRow(self.captions["asked_before"], self.money(move, previous.asked))]
        if len(payments) <= SHOWN_PAYMENTS:
            rows += [
                SumRow(
                    f"{self.captions['payment']} {self.day(payment.day)}",
                    self.money(move, -payment.amount),
                )
                for payment in payments
            ]
        else:
            rows.append(
                SumRow(
                    f"{self.captions['payments']} ({len(payments)})",
                    self.money(move, -paid),
                    f"{self.span(payments[0].day, payments[-1].day)}",
                )
            )
        other = owed - (previous.asked - paid)
        if other:
            rows.append(SumRow(self.captions["other_entries"], self.money(move, other)))
        return rows

    # -- charts -------------------------------------------------------------------------------

    def _charts(self, move):
        if not move.utility_month:
            return []
        lines = [line for line in self.facts.lines[move.id] if line.service_id]
        accounts = dict.fromkeys(line.account_id for line in lines)
        services = dict.fromkeys(line.service_id for line in lines)
        months = self._chart_months(move.utility_month.replace(day=1))
        charts = [self._chart(move, accounts, service_id, months) for service_id in services]
        return [chart for chart in charts if chart]

    def _chart_months(self, last):
        if last not in self.chart_months:
            self.chart_months[last] = [
                last - relativedelta(months=back) for back in range(CHART_MONTHS - 1, -1, -1)
            ]
        return self.chart_months[last]

    def _chart(self, move, accounts, service_id, months):
        found = [
            self.facts.usage[account_id][service_id]
            for account_id in accounts
            if service_id in self.facts.usage.get(account_id, ())
        ]
        sums = [
            sum(each[month] for each in found if month in each)
            if any(month in each for each in found)
            else None
            for month in months
        ]
        if not any(sums):
            return None
        service = self.services[service_id]
        unit = self.uoms[service.uom_id.id]
        return Chart(
            service=service.name,
            unit=unit,
            bars=[
                (f"{month:%m}", None if value is None else round(float(value), 3))
                for month, value in zip(months, sums, strict=True)
            ],
            note=self._chart_note(move, unit, sums),
        )

    def _chart_note(self, move, unit, sums):
        now, then = sums[-1], sums[0]
        if now is None or then is None:
            return ""
        saying = self.saying(move)
        return self.env._(
            "%(now)s now, %(then)s a year ago",
            now=f"{saying.number(now, most=3)} {unit}",
            then=f"{saying.number(then, most=3)} {unit}",
        )

    def _notes(self, move):
        return _paragraphs(move.narration) + [
            line.name
            for line in self.facts.lines[move.id]
            if line.kind in ("line_note", "line_section", "line_subsection") and line.name
        ]


def _paragraphs(html):
    """The text of HTML, a paragraph each."""
    if not html:
        return []
    root = fragment_fromstring(str(html), create_parent="div")
    for node in root.iter(*BLOCKS):
        node.tail = f"\n{node.tail or ''}"
    return [line for text in root.text_content().splitlines() if (line := " ".join(text.split()))]
