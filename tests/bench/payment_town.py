"""A town with open bills: one month is billed and posted for some accounts, and their bills are
copied to the others set-wise, each under its own account and payer."""

from datetime import date

from bench.posted import Posted, outside
from bench.posting_town import PostingTown

BILLED = 1000
PAID_ON = date(2026, 2, 20)


class PaymentTown(PostingTown):
    def __init__(self, env):
        super().__init__(env)
        clearing = self._account("992720", "On its way", "asset_current", reconcile=True)
        self.collector = self.env["utility.payment.collector"].create(
            {"name": "Bank", "clearing_account_id": clearing.id}
        )
        self.company._utility_payment_journal()

    def bill_some(self):
        """Real bills for the first accounts."""
        self.grow(BILLED)
        self.run = Posted(self.env, self.accounts).rate().approve().post().run
        self.billed = BILLED

    def owe(self, size):
        """Let the first `size` accounts have an open bill."""
        self.grow(size)
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self._pair(self.accounts[self.billed : size])
        for table, own in (
            (
                "account_move",
                {
                    "id": "pair.new",
                    "name": "t.name || '-' || pair.new",
                    "partner_id": "pair.partner_id",
                    "commercial_partner_id": "pair.partner_id",
                    "partner_shipping_id": "pair.partner_id",
                    "utility_account_id": "pair.account_id",
                    "ref": "pair.number",
                },
            ),
            (
                "account_move_line",
                {
                    "id": "nextval('account_move_line_id_seq')",
                    "move_id": "pair.new",
                    "partner_id": "pair.partner_id",
                    "utility_account_id": "pair.account_id",
                },
            ),
        ):
            self._copy(table, own)
        self.env.cr.execute("DROP TABLE bill_pair")
        self.env.cr.commit()
        self.billed = size
        outside(self.env, "VACUUM ANALYZE")
        self.env.invalidate_all()

    def _pair(self, accounts):
        self.env.cr.execute(
            """
            CREATE TEMP TABLE bill_pair AS
            SELECT bill.id AS old, nextval('account_move_id_seq')::int AS new,
                   account.id AS account_id, account.partner_id, account.number
            FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM account_move
                  WHERE utility_run_id = %(run)s AND move_type = 'out_invoice') bill
            JOIN (SELECT id, partner_id, number, row_number() OVER (ORDER BY id) - 1 AS place
                  FROM utility_account WHERE id = ANY(%(accounts)s)) account
            ON account.place %% (SELECT count(*) FROM account_move
                WHERE utility_run_id = %(run)s AND move_type = 'out_invoice') = bill.place
            """,
            {"run": self.run.id, "accounts": accounts},
        )

    def _copy(self, table, own):
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        columns = [row[0] for row in self.env.cr.fetchall()]
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(own.get(name, f't."{name}"') for name in columns)
        key = "id" if table == "account_move" else "move_id"
        self.env.cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t "
            f"JOIN bill_pair pair ON pair.old = t.{key}"
        )

    def bills(self, count, start=0):
        """[(receivable line, bill, account, payer, owed)] of open bills, spread evenly."""
        self.env.cr.execute(
            """
            SELECT line.id, line.move_id, line.utility_account_id, line.partner_id,
                   line.amount_residual
            FROM account_move_line line JOIN account_account ledger ON ledger.id = line.account_id
            WHERE ledger.account_type = 'asset_receivable' AND line.amount_residual > 0
            AND line.utility_account_id = ANY(%s) ORDER BY line.utility_account_id
            """,
            [self.accounts[: self.billed]],
        )
        rows = self.env.cr.fetchall()
        step = max(1, len(rows) // count)
        return rows[start::step][:count]

    def payments(self, bills):
        """Payments of bills: most as billed, some less, some more; matched already."""
        from odoo.addons.utility_base.tools.bulk import bulk_create

        batch = self.env["utility.payment.batch"].create(
            {"collector_id": self.collector.id, "date": PAID_ON, "state": "review"}
        )
        factors = (1, 1, 1, 1, 1, 1, 1, 0.5, 0.25, 1.5)
        return bulk_create(
            self.env["utility.payment"],
            [
                {
                    "batch_id": batch.id,
                    "company_id": self.company.id,
                    "collector_id": self.collector.id,
                    "date": PAID_ON,
                    "amount": round(float(owed) * factors[place % 10], 2),
                    "currency_id": self.company.currency_id.id,
                    "account_id": account_id,
                    "state": "matched",
                    "score": 100,
                }
                for place, (_line, _bill, account_id, _payer, owed) in enumerate(bills)
            ],
        )
