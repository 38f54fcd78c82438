from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.names import folded
from ..engine.payment_reading import plain_of
from ..engine.references import compact

KINDS = [("iban", "Bank account"), ("code", "Payer's code"), ("name", "Name and address")]
# a payer of more accounts than these is a bank, a shop or an agent: it says nothing
MOST_ACCOUNTS = 20


class PayerIdentity(models.Model):
    """Who has paid for an account before, by what a payment tells of its payer."""

    _name = "utility.payer.identity"
    _description = "Payer Seen Before"
    _order = "last_used desc, id desc"
    _rec_name = "shown"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, "Known by", required=True, default="iban")
    shown = fields.Char("Payer", required=True, help="As it came with the payment.")
    key = fields.Char(
        compute="_compute_key",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="As it is compared.",
    )
    account_id = fields.Many2one(
        "utility.account", required=True, index=True, check_company=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Account's Payer")
    payer_id = fields.Many2one(
        "res.partner",
        "Paid for",
        index="btree_not_null",
        ondelete="set null",
        help="Whose debt under the account was paid. If he is not the account's payer any more, a "
        "person says whose debt is paid now. Empty: anybody's.",
    )
    times = fields.Integer("Seen", default=1, aggregator=None, help="How many payments.")
    last_used = fields.Date("Last Seen", default=fields.Date.context_today)
    source = fields.Selection(
        [("hand", "Chosen by a person"), ("reference", "From a payment with a reference")],
        "Learned",
        required=True,
        default="hand",
    )
    active = fields.Boolean(
        default=True, help="Not active: it was corrected, and is not learned again by itself."
    )

    _once = models.Constraint(
        "UNIQUE (company_id, kind, key, account_id)", "The payer is known for this account already."
    )

    @api.depends("kind", "shown")
    def _compute_key(self):
        for identity in self:
            if identity.kind == "iban":
                identity.key = compact(identity.shown)
            elif identity.kind == "code":
                identity.key = plain_of(identity.shown)
            else:
                identity.key = folded(identity.shown)

    @api.model
    def _keys_of(self, payment):
        """By what the payer of a payment may be known.

        :return: [(kind, key, as it came)]; none where the collector pays in his own name
        """
        return keys_of(payment, payment.collector_id.iban)

    @api.model
    def _learn(self, company, rows, source):
        """Remember payers, or that they were seen again.

        :param rows: [(kind, key, as it came, account id, id of whose debt was paid, day)]
        :param source: hand or reference; only a person's choice revives what was corrected
        """
        seen = {}
        for kind, key, shown, account_id, payer_id, day in rows:
            times, _shown, last, _payer = seen.get((kind, key, account_id), (0, "", day, 0))
            seen[kind, key, account_id] = (times + 1, shown, max(last, day), payer_id)
        if not seen:
            return
        self.flush_model()
        self.env.execute_query(
            SQL(
                """
            INSERT INTO utility_payer_identity AS known (company_id, kind, key, account_id, shown,
                times, last_used, payer_id, source, active, create_uid, create_date, write_uid,
                write_date)
            SELECT %(company)s, kind, key, account_id, shown, times, last_used, payer_id,
                %(source)s, TRUE,
                %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
            FROM unnest(%(kinds)s, %(keys)s, %(accounts)s, %(shown)s, %(times)s, %(days)s::date[],
                %(payers)s::int[])
                AS seen(kind, key, account_id, shown, times, last_used, payer_id)
            WHERE (SELECT count(*) FROM utility_payer_identity other
                WHERE other.company_id = %(company)s AND other.kind = seen.kind
                AND other.key = seen.key) < %(most)s
            ORDER BY kind, key, account_id
            ON CONFLICT (company_id, kind, key, account_id) DO UPDATE SET
                times = EXCLUDED.times + CASE
                    WHEN known.payer_id <> EXCLUDED.payer_id THEN 0 ELSE known.times END,
                payer_id = EXCLUDED.payer_id,
                last_used = GREATEST(known.last_used, EXCLUDED.last_used),
                source = CASE WHEN %(source)s = 'hand' THEN 'hand' ELSE known.source END,
                active = known.active OR %(source)s = 'hand'
            RETURNING id
            """,
                company=company.id,
                source=source,
                uid=self.env.uid,
                kinds=[key[0] for key in seen],
                keys=[key[1] for key in seen],
                accounts=[key[2] for key in seen],
                shown=[value[1] for value in seen.values()],
                times=[value[0] for value in seen.values()],
                days=[value[2] for value in seen.values()],
                payers=[value[3] for value in seen.values()],
                most=MOST_ACCOUNTS,
            )
        )
        self.invalidate_model()

    def _forget(self):
        """It was wrong: it is kept, but does not count any more."""
        # who places payments need not be who mends what was learned
        self.sudo().active = False

    def _unlearn(self):
        """It was seen once less."""
        for identity in self.sudo():
            if identity.times > 1:
                identity.times -= 1
            else:
                identity.unlink()


def keys_of(said, collector_iban):
    """See `_keys_of`.

    :param said: a payment, or `PaymentText`
    """
    found = []
    iban = compact(said.payer_iban)
    if iban and iban != compact(collector_iban):
        found.append(("iban", iban, said.payer_iban))
    code = plain_of(said.payer_code)
    if code:
        found.append(("code", code, said.payer_code))
    if said.payer_name and said.payer_address:
        shown = f"{said.payer_name}, {said.payer_address}"
        found.append(("name", folded(shown), shown))
    return found
