"""What bills are written from: loaded with a fixed number of queries, whatever their number."""

from collections import defaultdict, namedtuple
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from odoo.addons.utility_metering.engine.dial_history import by_month

from ..engine.bill_readings import readings_of

CHART_MONTHS = 13
# of quantities that a meter stands behind
METERED = {"measured", "estimated"}

Line = namedtuple(
    "Line",
    "id move_id kind account_id service_id name quantity price net gross uom_id balance tax_id "
    "tax_base tax_ids",
)
Charge = namedtuple(
    "Charge",
    "id line_id account_id service_id kind component_id quantity uom_id price amount tax fund_id "
    "fund_amount is_correction reason period_start period_end trace",
)
Fund = namedtuple("Fund", "line_id name amount service_id")
Payment = namedtuple("Payment", "day amount")
# bill_ids: of all bills that were posted together
Previous = namedtuple("Previous", "id asked bill_ids")

MOVE_FIELDS = (
    "name state move_type company_id currency_id partner_id commercial_partner_id invoice_date "
    "invoice_date_due payment_reference ref narration partner_bank_id reversed_entry_id "
    "utility_corrects_id utility_account_id utility_run_id utility_posting_id utility_month "
    "utility_bill_kind utility_balance_before amount_untaxed_signed amount_tax_signed "
    "amount_total_signed"
).split()


class BillFacts:
    """Facts of bills: invoices of the ledger, with or without charges behind.

    :param env: superuser's: what a bill says is the payer's business, whoever prints it
    """

    def __init__(self, env, moves):
        self.env = env
        self.moves = moves
        env.flush_all()
        moves.fetch(MOVE_FIELDS)
        self._load_lines()
        self._load_funds()
        self._load_charges()
        self._load_payments()
        self._load_usage()
        self._load_meters()

    def is_of_run(self, move):
        """Whether the balance before it is known."""
        return bool(move.utility_run_id)

    def tells_balance(self, move):
        """Whether it asks for what was owed before it: of bills posted together, the first."""
        return self.is_of_run(move) and move.id not in self.beside

    # -- the bill ---------------------------------------------------------------------------

    def _load_lines(self):
        self.lines = defaultdict(list)
        for row in self.env.execute_query(
            SQL(
                """
            SELECT line.id, move_id, display_type, utility_account_id, utility_service_id, name,
                   quantity::text, trim_scale(price_unit)::text, price_subtotal::text,
                   price_total::text, product_uom_id, balance::text, tax_line_id,
                   tax_base_amount::text,
                   ARRAY(SELECT account_tax_id FROM account_move_line_account_tax_rel rel
                         WHERE rel.account_move_line_id = line.id ORDER BY 1)
            FROM account_move_line line
            WHERE move_id = ANY(%s) ORDER BY move_id, sequence, id
            """,
                list(self.moves.ids),
            )
        ):
            line = Line(*row)
            numbers = ("quantity", "price", "net", "gross", "balance", "tax_base")
            self.lines[line.move_id].append(
                line._replace(**{name: Decimal(getattr(line, name) or 0) for name in numbers})
            )

    def _load_funds(self):
        """What funds pay of the bills, and of those before them."""
        self._load_previous()
        before = {bill_id for previous in self.previous.values() for bill_id in previous.bill_ids}
        self.funds = self._funds_of([*self.moves.ids, *before])
        self.previous = {
            move_id: previous._replace(
                asked=previous.asked
                - sum(
                    fund.amount
                    for bill_id in previous.bill_ids
                    for fund in self.funds.get(bill_id, ())
                )
            )
            for move_id, previous in self.previous.items()
        }

    def _load_previous(self):
        """The bill before of the same payer, and what it asked for, with those that were posted
        along with it, before funds paid of it; bills that stand beside the first of theirs."""
        self.previous, self.beside = {}, set()
        for move_id, is_beside, *previous in self.env.execute_query(
            SQL(
                """
            SELECT move.id, bool_or(last.is_beside), last.id,
                   (COALESCE((array_agg(before.utility_balance_before ORDER BY before.id))[1], 0)
                    + sum(before.amount_total_signed))::text,
                   array_agg(before.id)
            FROM account_move move
            JOIN LATERAL (
                SELECT previous.id, previous.utility_posting_id AS posting_id,
                       previous.utility_posting_id = move.utility_posting_id AS is_beside
                FROM account_move previous
                WHERE previous.utility_account_id = move.utility_account_id
                AND previous.id < move.id AND previous.state = 'posted'
                AND previous.move_type IN ('out_invoice', 'out_refund')
                AND previous.utility_run_id IS NOT NULL
                AND previous.commercial_partner_id = move.commercial_partner_id
                ORDER BY previous.id DESC LIMIT 1
            ) last ON TRUE
            JOIN account_move before ON before.utility_account_id = move.utility_account_id
                AND before.commercial_partner_id = move.commercial_partner_id
                AND before.move_type IN ('out_invoice', 'out_refund') AND before.state = 'posted'
                AND (before.id = last.id OR before.utility_posting_id = last.posting_id)
            WHERE move.id = ANY(%s) AND move.utility_run_id IS NOT NULL
            GROUP BY move.id, last.id
            """,
                list(self.moves.ids),
            )
        ):
            if is_beside:
                self.beside.add(move_id)
            else:
                last_id, asked, bill_ids = previous
                self.previous[move_id] = Previous(last_id, Decimal(asked), bill_ids)

    def _funds_of(self, move_ids):
        """{bill: [`Fund`]}, amounts above zero lessen what is to be paid."""
        found = defaultdict(list)
        for move_id, *row, amount, service_id in self.env.execute_query(
            SQL(
                """
            SELECT bill.id, line.id, line.name, (-line.balance)::text, line.utility_service_id
            FROM account_move bill
            JOIN account_move entry ON entry.utility_posting_id = bill.utility_posting_id
                AND entry.move_type = 'entry' AND entry.state = 'posted'
            JOIN account_move_line line ON line.move_id = entry.id
                AND line.utility_account_id = bill.utility_account_id
                AND line.partner_id = bill.commercial_partner_id
                AND COALESCE(line.utility_bill_id, bill.id) = bill.id
            WHERE bill.id = ANY(%s) ORDER BY line.sequence, line.id
            """,
                move_ids,
            )
        ):
            found[move_id].append(Fund(*row, Decimal(amount), service_id))
        return found

    def _load_charges(self):
        accounts = {line.account_id for lines in self.lines.values() for line in lines}
        accounts |= set(self.moves.utility_account_id.ids)
        wanted = [line.id for lines in self.lines.values() for line in lines]
        wanted += [fund.line_id for funds in self.funds.values() for fund in funds]
        self.charges = defaultdict(list)
        for row in self.env.execute_query(
            SQL(
                """
            SELECT id, move_line_id, account_id, service_id, kind, component_id,
                   trim_scale(quantity)::text, uom_id, trim_scale(price)::text, amount::text,
                   tax_amount::text, fund_partner_id, fund_amount::text,
                   COALESCE(is_correction, FALSE), reason, period_start, period_end, trace
            FROM utility_charge
            WHERE account_id = ANY(%s) AND move_line_id = ANY(%s)
            ORDER BY id
            """,
                list(accounts - {None}),
                wanted,
            )
        ):
            charge = Charge(*row)
            self.charges[charge.line_id].append(
                charge._replace(
                    quantity=Decimal(charge.quantity or 0),
                    price=None if charge.price is None else Decimal(charge.price),
                    amount=Decimal(charge.amount),
                    tax=Decimal(charge.tax or 0),
                    fund_amount=Decimal(charge.fund_amount or 0),
                )
            )

    def charges_of(self, move):
        """All charges behind a bill: of its lines, and those that a fund bears wholly."""
        lines = [line.id for line in self.lines[move.id]]
        lines += [fund.line_id for fund in self.funds.get(move.id, ())]
        return [charge for line_id in lines for charge in self.charges.get(line_id, ())]

    # -- what came in between ---------------------------------------------------------------

    def _load_payments(self):
        """Credits of the account that came between the bill before and this one: what was
        recorded after that one and before this one, whatever its date."""
        self.payments = defaultdict(list)
        for move_id, day, amount in self.env.execute_query(
            SQL(
                """
            WITH wanted AS (
                SELECT bill.id, bill.utility_account_id AS account_id,
                       bill.commercial_partner_id AS partner_id,
                       (SELECT min(id) FROM account_move_line WHERE move_id = bill.id) AS until,
                       COALESCE((SELECT max(id) FROM account_move_line
                                 WHERE move_id = before.id), 0) AS since
                FROM unnest(%s::int[], %s::int[]) pair (id, before_id)
                JOIN account_move bill ON bill.id = pair.id
                LEFT JOIN account_move before ON before.id = pair.before_id
            )
            SELECT wanted.id, line.date, (-line.balance)::text
            FROM wanted
            JOIN account_move_line line ON line.utility_account_id = wanted.account_id
                AND line.partner_id = wanted.partner_id
                AND line.id > wanted.since AND line.id < wanted.until
                AND line.parent_state = 'posted' AND line.balance < 0
            JOIN account_account ledger ON ledger.id = line.account_id
                AND ledger.account_type = 'asset_receivable'
            JOIN account_move move ON move.id = line.move_id
                AND move.move_type NOT IN ('out_invoice', 'out_refund')
                AND move.utility_run_id IS NULL
            ORDER BY line.date, line.id
            """,
                list(self.previous),
                [previous.id for previous in self.previous.values()],
            )
        ):
            self.payments[move_id].append(Payment(day, Decimal(amount)))

    # -- consumption ------------------------------------------------------------------------

    def _load_usage(self):
        """What the accounts used in thirteen months: {account: {service: {month: quantity}}};
        services that no meter stands behind are left out."""
        accounts = [
            line.account_id
            for lines in self.lines.values()
            for line in lines
            if line.account_id and line.service_id
        ]
        months = [month for month in self.moves.mapped("utility_month") if month]
        self.usage = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
        if not accounts or not months:
            return
        since = min(months) - relativedelta(months=CHART_MONTHS - 1)
        until = max(months) + relativedelta(months=1, days=-1)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT agreement.account_id, usage.service_id, usage.date_start, usage.date_end,
                   trim_scale(usage.quantity)::text, usage.method,
                   trim_scale(agreement.share::numeric)::text,
                   agreement.date_start, agreement.date_end
            FROM utility_service_agreement agreement
            JOIN utility_usage usage ON usage.service_point_id = agreement.service_point_id
                AND usage.voided_at IS NULL
                AND usage.date_end >= %(since)s AND usage.date_start <= %(until)s
                AND usage.date_end >= agreement.date_start
                AND (agreement.date_end IS NULL OR usage.date_start <= agreement.date_end)
            WHERE agreement.account_id = ANY(%(accounts)s) AND agreement.voided_at IS NULL
            """,
                since=since,
                until=until,
                accounts=list(set(accounts)),
            )
        )
        metered = {(row[0], row[1]) for row in rows if row[5] in METERED}
        for account_id, service_id, start, end, quantity, _method, share, first, last in rows:
            if (account_id, service_id) in metered:
                part = _part_of((start, end), (first, last), Decimal(quantity) * Decimal(share))
                self._add_usage(self.usage[account_id][service_id], start, end, part / 100)

    def _add_usage(self, months, start, end, quantity):
        if (start.year, start.month) == (end.year, end.month):
            months[start.replace(day=1)] += quantity
            return
        for month, part in by_month(start, end, quantity).items():
            months[month] += part

    # -- meters -----------------------------------------------------------------------------

    def _load_meters(self):
        """Readings that the charges rest on, and the meters' numbers."""
        self.readings = {
            move: readings_of(
                [
                    (charge.service_id, charge.trace)
                    for charge in self.charges_of(move)
                    if charge.trace and not charge.is_correction
                ]
            )
            for move in self.moves
        }
        everything = [row for rows in self.readings.values() for row in rows]
        installations = self.env["utility.meter.installation"].browse(
            {row.installation_id for row in everything} - {0}
        )
        meters = self.env["utility.meter"].browse({row.meter_id for row in everything} - {0})
        by_installation = {one.id: one.meter_id for one in installations.exists()}
        meters = (meters | self.env["utility.meter"].union(*by_installation.values())).exists()
        serials = {meter.id: meter.serial for meter in meters}
        self.serials = {
            (0, installation_id): serials[meter.id]
            for installation_id, meter in by_installation.items()
        } | {(meter_id, 0): serial for meter_id, serial in serials.items()}

    def serial_of(self, row):
        return self.serials.get((row.meter_id, 0)) or self.serials.get((0, row.installation_id), "")


def _part_of(span, agreed, quantity):
    """The part of a quantity of a period that falls on the agreement's days."""
    days = (span[1] - span[0]).days + 1
    first, last = max(span[0], agreed[0]), min(span[1], agreed[1] or span[1])
    taken = (last - first).days + 1
    return quantity if taken == days else quantity * taken / days
