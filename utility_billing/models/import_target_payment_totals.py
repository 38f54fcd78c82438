from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

SUMS = ("count", "all", "amount", "debit", "commission", "unread")
MONEY = ("amount", "debit", "commission")


class ImportTargetPayment(models.AbstractModel):
    """What files of payments state about themselves, against their lines."""

    _inherit = "utility.import.target.payment"

    @api.model
    def _sums_of_rows(self, batch):
        """What the lines of a file come to, those that wait in staging too: {kind: Decimal}, how
        many amounts cannot be read under `unread`, and the `currency` of the sums: the lines' own;
        where they are of several, the company's.
        """
        company = self.env.company
        groups = self._sums_by_currency(batch)
        currency, day = company.currency_id, fields.Date.context_today(self)
        currencies = {own for own, _sums in groups}
        if len(currencies) == 1:
            (currency,) = currencies
        elif currencies:
            day = fields.Date.to_date(batch._last_payment_day()) or day
        total = dict.fromkeys(SUMS, Decimal(0))
        for own, sums in groups:
            for kind, value in sums.items():
                if kind in MONEY and own != currency:
                    value = Decimal(str(own._convert(float(value), currency, company, day)))
                total[kind] += value
        return {**total, "debit": abs(total["debit"]), "currency": currency}

    @api.model
    def _sums_by_currency(self, batch):
        """[(currency, {kind: Decimal})]; a currency that is not in use counts as the company's."""
        batch._flush_rows()
        known = {currency.name: currency for currency in self.env["res.currency"].search([])}
        return [
            (
                known.get(code, self.env.company.currency_id),
                dict(zip(SUMS, map(Decimal, sums), strict=True)),
            )
            for code, *sums in self.env.execute_query(
                SQL(
                    """
                SELECT code, count(*) FILTER (WHERE NOT is_debit), count(*),
                       COALESCE(sum(amount) FILTER (WHERE NOT is_debit), 0)::text,
                       COALESCE(sum(amount) FILTER (WHERE is_debit), 0)::text,
                       COALESCE(sum(commission), 0)::text, count(*) FILTER (WHERE amount IS NULL)
                FROM (
                    SELECT upper(trim(parsed->>'currency')) AS code,
                        COALESCE(parsed->>'direction', '') = 'debit' AS is_debit,
                        %(amount)s AS amount, %(commission)s AS commission
                    FROM utility_import_row WHERE batch_id = %(batch)s AND key_hash IS NOT NULL
                ) line
                GROUP BY code
                """,
                    batch=batch.id,
                    amount=_number("amount"),
                    commission=_number("commission"),
                )
            )
        ]

    @api.model
    def _differing_totals(self, batch, stated):
        if not stated:
            return []
        sums = self._sums_of_rows(batch)
        words = [stated["warnings"]] if stated.get("warnings") else []
        stated = {kind: Decimal(value) for kind, value in stated.items() if kind != "warnings"}
        if "count" in stated and stated["count"] not in (sums["count"], sums["all"]):
            words.append(
                self.env._(
                    "The file states %(stated)s payments, it has %(found)s.",
                    stated=f"{stated['count']:f}",
                    found=sums["count"],
                )
            )
        for kind, label in (
            ("amount", self.env._("The sum that came in")),
            ("debit", self.env._("The sum that went out")),
            ("commission", self.env._("The commission")),
        ):
            if (
                kind in stated
                and sums[kind] != abs(stated[kind])
                and (kind != "commission" or sums[kind])
            ):
                words.append(
                    self.env._(
                        "%(label)s: the file states %(stated).2f, its lines add up to %(found).2f.",
                        label=label,
                        stated=stated[kind],
                        found=sums[kind],
                    )
                )
        words += self._differing_balance(stated, sums)
        if words and sums["unread"]:
            words.append(self.env._("Lines whose amount cannot be read: %s.", sums["unread"]))
        return words

    @api.model
    def _differing_balance(self, stated, sums):
        if "opening" not in stated or "closing" not in stated:
            return []
        expected = stated["opening"] + sums["amount"] - sums["debit"]
        if expected == stated["closing"]:
            return []
        return [
            self.env._(
                "The opening balance %(opening).2f with what came in and went out makes "
                "%(expected).2f; the file states a closing balance of %(closing).2f.",
                opening=stated["opening"],
                expected=expected,
                closing=stated["closing"],
            )
        ]


def _number(name):
    """A number that a row says, NULL where it could not be read."""
    return SQL(
        "CASE WHEN jsonb_typeof(parsed->%s) = 'number' THEN (parsed->>%s)::numeric END", name, name
    )
