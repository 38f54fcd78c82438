from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.payers import payer_on

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
                row["account_id"], services.browse(row["service_id"]), charge, batch
            )
            for row in self._cost_rows(account_ids)
            if not self.service_ids or row["service_id"] in self.service_ids.ids
            for charge in _charges(row)
        ]

    def _cost_rows(self, account_ids):
        """Approved shares that no live run has charged, charged ones that are void since, and
        those that were charged with other taxes than are known now."""
        names = (
            "id run_id account_id service_id code name amount day last_day void payer_id unit "
            "taxes last_charge_id last_taxes"
        ).split()
        lang = self.env.lang or "en_US"
        return [
            dict(zip(names, row, strict=True))
            for row in self.env.execute_query(
                SQL(
                    """
            SELECT * FROM (
                SELECT share.id, sharing.id AS run_id, share.account_id, service.id AS service_id,
                       service.code,
                       COALESCE(sharing.name, service.name->>%(lang)s, service.name->>'en_US'),
                       trim_scale(share.amount)::text, share.date_start, share.date_end,
                       share.voided_at IS NOT NULL AS void,
                       COALESCE(%(payer)s, account.partner_id, 0), currency.rounding::text,
                       %(taxes)s AS taxes,
                       CASE WHEN claimed.charged > claimed.taken_back
                       THEN last.id END AS last_charge_id, last.tax_key AS last_taxes
                FROM utility_allocation_share share
                JOIN utility_allocation_run sharing ON sharing.id = share.run_id
                JOIN utility_account account ON account.id = share.account_id
                JOIN utility_service service ON service.id = share.service_id
                JOIN res_company company ON company.id = share.company_id
                JOIN res_currency currency ON currency.id = company.currency_id
                LEFT JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE part[3] IS DISTINCT FROM 'back') AS charged,
                           count(*) FILTER (WHERE part[3] = 'back') AS taken_back
                    FROM utility_charge_claim claim, string_to_array(claim.source, ',') part
                    WHERE claim.account_id = share.account_id AND claim.kind = 'source'
                    AND claim.released_at IS NULL
                    AND part[1] = 'cost' AND part[2] = share.id::text
                ) claimed ON TRUE
                LEFT JOIN LATERAL (
                    SELECT charge.id, COALESCE(charge.tax_key, '') AS tax_key
                    FROM utility_charge charge
                    WHERE claimed.charged > 0 AND charge.kind = 'cost'
                    AND charge.account_id = share.account_id AND charge.source_id = share.id
                    AND charge.state = ANY(%(counted)s)
                    AND NOT charge.trace->'parts'->0 ? 'taken_back'
                    ORDER BY charge.id DESC LIMIT 1
                ) last ON TRUE
                WHERE share.assignment_id IS NULL AND share.purpose = 'cost'
                AND share.account_id = ANY(%(accounts)s) AND share.date_end <= %(last)s
                AND (sharing.state = 'approved' OR share.voided_at IS NOT NULL)
            ) cost
            WHERE CASE
                WHEN void THEN last_charge_id IS NOT NULL
                ELSE last_charge_id IS NULL OR last_taxes <> taxes
            END
            ORDER BY id
            """,
                    lang=lang,
                    accounts=list(account_ids),
                    last=self._span()[1],
                    payer=payer_on(SQL("account.id"), SQL("share.date_end")),
                    taxes=self._taxes_of_share(),
                    counted=list(COUNTED),
                )
            )
        ]

    def _taxes_of_share(self):
        """SQL of ids of the taxes of a share's service on its last day, with commas."""
        return SQL(
            """
            COALESCE(
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
            """
        )


def _charges(row):
    """What is charged for a share now: itself; what it was charged with, back; or both."""
    charged = row["last_charge_id"]
    if not charged:
        return [_charge(row, row["taxes"])]
    if row["void"]:
        return [_charge(row, row["last_taxes"], taken_back=True)]
    # of other taxes: a link more in the chain of what this share was charged with
    return [
        _charge(row, row["last_taxes"], taken_back=True, after=charged),
        _charge(row, row["taxes"], after=charged),
    ]


def _charge(row, taxes, **more):
    return single(
        "cost",
        row["code"],
        row["name"],
        [typed(Decimal(row["amount"]), minus="taken_back" in more)],
        agreement_id=0,
        payer_id=row["payer_id"],
        taxes=taxes,
        tax_included=False,
        day=row["day"],
        last_day=row["last_day"],
        quantity=Decimal(0),
        price=None,
        unit=Decimal(row["unit"]).normalize(),
        basis={"sharing": row["run_id"], "share": row["id"], **more},
        source_id=row["id"],
    )
