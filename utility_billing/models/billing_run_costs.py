from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine.single import single, typed
from .charge import COUNTED


class BillingRun(models.Model):
    """Costs that were shared once among chosen premises: each account's part, as a charge."""

    _inherit = "utility.billing.run"

    def _prepare_documents(self, accounts, held, batch, vals_list):
        ids = [account_id for account_id in accounts.ids if account_id not in held]
        costs = self._prepare_costs(ids, batch)
        return costs + super()._prepare_documents(accounts, held, batch, vals_list + costs)

    def _prepare_costs(self, account_ids, batch):
        services = self.env["utility.service"]
        return [
            self._prepare_document(
                row["account_id"], services.browse(row["service_id"]), _charge(row), batch
            )
            for row in self._cost_rows(account_ids)
            if not self.service_ids or row["service_id"] in self.service_ids.ids
        ]

    def _cost_rows(self, account_ids):
        """Approved shares that no live run has charged, and charged ones that are void since."""
        names = (
            "id run_id account_id service_id code name amount day last_day back payer_id taxes unit"
        ).split()
        lang = self.env.lang or "en_US"
        return [
            dict(zip(names, row, strict=True))
            for row in self.env.execute_query(
                SQL(
                    """
            SELECT share.id, sharing.id, share.account_id, service.id, service.code,
                   COALESCE(sharing.name, service.name->>%(lang)s, service.name->>'en_US'),
                   trim_scale(share.amount)::text, share.date_start, share.date_end,
                   share.voided_at IS NOT NULL, COALESCE(payer.partner_id, account.partner_id, 0),
                   %(taxes)s,
                   currency.rounding::text
            FROM utility_allocation_share share
            JOIN utility_allocation_run sharing ON sharing.id = share.run_id
            JOIN utility_account account ON account.id = share.account_id
            JOIN utility_service service ON service.id = share.service_id
            JOIN res_company company ON company.id = share.company_id
            JOIN res_currency currency ON currency.id = company.currency_id
            LEFT JOIN LATERAL (
                SELECT partner_id FROM utility_account_payer
                WHERE account_id = account.id AND voided_at IS NULL
                AND daterange(date_start, date_end, '[]') @> share.date_end LIMIT 1
            ) payer ON TRUE
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE claim.source = 'cost,' || share.id) AS charged,
                       count(*) FILTER (WHERE claim.source LIKE '%%,back') AS taken_back
                FROM utility_charge_claim claim
                WHERE claim.account_id = share.account_id AND claim.kind = 'source'
                AND claim.released_at IS NULL
                AND claim.source IN ('cost,' || share.id, 'cost,' || share.id || ',back')
            ) claimed ON TRUE
            WHERE share.assignment_id IS NULL AND share.purpose = 'cost'
            AND share.account_id = ANY(%(accounts)s) AND share.date_end <= %(last)s
            AND (sharing.state = 'approved' AND share.voided_at IS NULL AND claimed.charged = 0
                 OR share.voided_at IS NOT NULL AND claimed.charged > 0
                 AND claimed.taken_back = 0)
            ORDER BY share.id
            """,
                    lang=lang,
                    accounts=list(account_ids),
                    last=self._span()[1],
                    taxes=self._taxes_of_share(),
                )
            )
        ]

    def _taxes_of_share(self):
        """SQL of ids of the taxes of a share's service on its last day, with commas; of what is
        taken back, those that it was charged with."""
        return SQL(
            """
            COALESCE(
                (SELECT charge.tax_key FROM utility_charge charge
                 WHERE share.voided_at IS NOT NULL AND charge.kind = 'cost'
                 AND charge.account_id = share.account_id AND charge.source_id = share.id
                 AND charge.state = ANY(%s) ORDER BY charge.id DESC LIMIT 1),
                (SELECT COALESCE((
                     SELECT string_agg(rel.tax_id::text, ',' ORDER BY rel.tax_id)
                     FROM utility_service_tax_rel rel WHERE rel.service_tax_id = dated.id), '')
                 FROM utility_service_tax dated
                 WHERE dated.service_id = service.id AND dated.voided_at IS NULL
                 AND daterange(dated.date_start, dated.date_end, '[]') @> share.date_end),
                (SELECT string_agg(rel.account_tax_id::text, ',' ORDER BY rel.account_tax_id)
                 FROM account_tax_utility_service_rel rel
                 WHERE rel.utility_service_id = service.id),
                '')
            """,
            list(COUNTED),
        )


def _charge(row):
    basis = {"sharing": row["run_id"], "share": row["id"]}
    if row["back"]:
        basis["taken_back"] = True
    return single(
        "cost",
        row["code"],
        row["name"],
        [typed(Decimal(row["amount"]), minus=row["back"])],
        agreement_id=0,
        payer_id=row["payer_id"],
        taxes=row["taxes"],
        tax_included=False,
        day=row["day"],
        last_day=row["last_day"],
        quantity=Decimal(0),
        price=None,
        unit=Decimal(row["unit"]).normalize(),
        basis=basis,
        source_id=row["id"],
    )
