"""A town whose bills are posted: ten taxed services of which each household takes eight, so that
there are 45 shapes of bills; with the accounts of a ledger."""

from datetime import date

from bench.rating_town import BEGIN, Town

MONTH = date(2026, 1, 1)


class PostingTown(Town):
    def __init__(self, env):
        super().__init__(env)
        self._ledger()
        self.env.flush_all()
        self.env.cr.commit()

    def _services(self):
        super()._services()
        reduced = self.tax.copy({"name": "VAT 9 %", "amount": 9})
        unit = self.env.ref("uom.product_uom_unit")
        for code, name, kind in (("GS", "Gas meter", "gas"), ("FD", "Repair fund", "fund")):
            self.services[code] = self.env["utility.service"].create(
                {
                    "name": name,
                    "code": code,
                    "kind": kind,
                    "uom_id": unit.id,
                    "tax_ids": reduced.ids,
                }
            )
        self.services["HT"].tax_ids = reduced

    def _rates(self):
        super()._rates()
        area = self.env.ref("utility_base.attribute_heated_area").id
        self._version("GS", BEGIN, {"code": "meter", "kind": "fixed", "price": 0.56})
        fund = {"code": "fund", "kind": "attribute", "attribute_id": area, "price": 0.05}
        self._version("FD", BEGIN, fund)

    def _fund(self):
        """Nobody: what a fund pays is an entry of its own, and reconciled."""
        return self.env["res.partner"]

    def _ledger(self):
        receivable = self._account("991210", "Receivable", "asset_receivable", reconcile=True)
        revenue = self._account("994000", "Revenue", "income")
        vat = self._account("992510", "VAT", "liability_current")
        self.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=self.company.id,
        )
        for service in self.services.values():
            service.income_account_id = revenue
            parts = service.tax_ids.invoice_repartition_line_ids
            parts |= service.tax_ids.refund_repartition_line_ids
            parts.filtered(lambda part: part.repartition_type == "tax").account_id = vat
        self.company.utility_bill_term_id = self.env.ref("account.account_payment_term_15days")

    def _account(self, code, name, kind, **vals):
        return self.env["account.account"].create(
            {
                "code": code,
                "name": name,
                "account_type": kind,
                "company_ids": [(6, 0, self.company.ids)],
                **vals,
            }
        )

    def grow(self, size):
        if size <= self.size:
            return
        super().grow(size)
        self._take_eight()

    def _take_eight(self):
        """Each household leaves out two of the ten services, by its number."""
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.env.cr.execute(
            """
            WITH ranked AS (
                SELECT id, account_id, row_number() OVER (
                    PARTITION BY account_id ORDER BY service_id) - 1 AS place,
                    count(*) OVER (PARTITION BY account_id) AS services
                FROM utility_service_agreement WHERE account_id <> %s
            ), combos AS (
                SELECT one, two, row_number() OVER (ORDER BY one, two) - 1 AS combo
                FROM generate_series(0, 9) one, generate_series(0, 9) two WHERE one < two
            )
            DELETE FROM utility_service_agreement agreement USING ranked, combos
            WHERE agreement.id = ranked.id AND combos.combo = ranked.account_id %% 45
            AND ranked.place IN (combos.one, combos.two) AND ranked.services = 10
            """,
            [self.account.id],
        )
        self.env.cr.commit()
        self.env.invalidate_all()
