from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.subsidy import Due, Laid, lay
from ..engine.terms import rounded
from .billing_run_rating import charge_vals
from .charge import COUNTED

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class BillingRun(models.Model):
    """What documents bring to a bill: one-off services, corrections by hand, subsidies."""

    _inherit = "utility.billing.run"

    def _prepare_documents(self, accounts, held, batch, vals_list):
        """Values of charges that no rate makes.

        :param vals_list: values of the rated charges, which subsidies are laid over
        """
        ids = [account_id for account_id in accounts.ids if account_id not in held]
        # each document asks where its account is
        accounts.fetch(["premise_id", "building_id"])
        made = self._prepare_adjustments(ids, batch)
        return made + self._prepare_subsidies(ids, batch, vals_list + made)

    def _prepare_adjustments(self, account_ids, batch):
        adjustments = self.env["utility.adjustment"]
        found = adjustments._one_off_charges(account_ids, self._span()[1])
        sources = adjustments.sudo().browse(
            charge.source_id for charges in found.values() for charge in charges
        )
        services = {source.id: source.service_id for source in sources}
        return [
            self._prepare_document(account_id, services[charge.source_id], charge, batch)
            for account_id, charges in found.items()
            for charge in charges
            if not self.service_ids or services[charge.source_id] in self.service_ids
        ]

    def _prepare_document(self, account_id, service, charge, batch):
        account = self.env["utility.account"].browse(account_id)
        return {
            **self._prepare_common(account_id, batch),
            "service_id": service.id,
            "uom_id": service.uom_id.id,
            "premise_id": account.premise_id.id,
            "building_id": account.building_id.id,
            "period_start": charge.date_start,
            "period_end": charge.date_end,
            "is_correction": False,
            "reason": False,
            **charge_vals(charge),
        }

    # -- subsidies --------------------------------------------------------------------------

    def _prepare_subsidies(self, account_ids, batch, vals_list):
        subsidies = self._subsidies_left(account_ids)
        if not subsidies:
            return []
        dues = self._dues([vals for vals in vals_list if vals["account_id"] in subsidies])
        services = self.env["utility.service"]
        return [
            self._prepare_document(
                account_id,
                services.browse(charge.trace["parts"][0]["service"]),
                charge,
                batch,
            )
            for account_id, facts in subsidies.items()
            for laid in lay(facts, dues.get(account_id, []), self._span())
            for charge in laid.charges
        ]

    def _subsidies_left(self, account_ids):
        """{account id: subsidies of the month}, without what approved runs have used of them."""
        found = self.env["utility.subsidy"]._for_accounts(account_ids, self.month)
        used = self._used_subsidies(list(found))
        left = {}
        for account_id, facts in found.items():
            facts = [_less(fact, *used.get(fact.id, (ZERO, 0))) for fact in facts]
            left[account_id] = [fact for fact in facts if fact.amount > 0]
        return {account_id: facts for account_id, facts in left.items() if facts}

    def _dues(self, vals_list):
        """{account id: what each service comes to, tax included}, in the services' order."""
        nets, agreements = defaultdict(lambda: ZERO), {}
        for vals in vals_list:
            key = vals["account_id"], vals["service_id"], vals["partner_id"] or 0
            tax_key = "" if vals["tax_included"] else vals["tax_key"] or ""
            nets[key, tax_key] += Decimal(str(vals["amount"]))
            agreements[key] = vals["agreement_id"] or 0
        sums = defaultdict(lambda: ZERO)
        for (key, tax_key), net in nets.items():
            sums[key] += self._with_tax(net, tax_key)
        order = self.env["utility.service"].search([("company_id", "=", self.company_id.id)]).ids
        ranks = {service_id: rank for rank, service_id in enumerate(order)}
        dues = defaultdict(list)
        for key, amount in sorted(sums.items(), key=lambda item: ranks.get(item[0][1], 0)):
            account_id, service_id, payer_id = key
            dues[account_id].append(Due(service_id, amount, agreements[key], payer_id))
        return dues

    def _with_tax(self, net, tax_key):
        """What a bill comes to with its taxes by per cent.

        :param tax_key: ids of the taxes, with commas
        """
        taxes = self.env["account.tax"].browse(int(key) for key in tax_key.split(",") if key)
        percent = sum(Decimal(str(tax.amount)) for tax in taxes if tax.amount_type == "percent")
        unit = Decimal(str(self.currency_id.rounding))
        return rounded(net * (1 + percent / HUNDRED), unit)

    # -- approval ---------------------------------------------------------------------------

    def action_approve(self):
        done = super().action_approve()
        for run in self:
            run._documents_charged()
        return done

    def action_cancel(self):
        done = super().action_cancel()
        for run in self:
            self.env["utility.adjustment"]._unmark_charged(run._document_ids())
            run._keep_uses()
        return done

    def _document_ids(self, accounts=None):
        """Ids of the adjustments that the run has charged.

        :param accounts: to these; None: to any
        """
        domain = Domain("run_id", "=", self.id) & Domain("kind", "in", ("manual", "one_off"))
        if accounts is not None:
            domain &= Domain("account_id", "in", accounts.ids)
        rows = self.env["utility.charge"]._read_group(domain, ["source_id"])
        return [source_id for (source_id,) in rows]

    def _documents_charged(self):
        self.env["utility.adjustment"]._mark_charged(self._document_ids())
        self._keep_uses()

    def _keep_uses(self):
        """What the month's approved runs used of the subsidies of the run's accounts."""
        subsidies, billed = self.env["utility.subsidy"], self._billed_accounts()
        # uses are the runs' own; users only read them
        self.env["utility.subsidy.use"].sudo().search(
            [("subsidy_id.account_id", "in", billed), ("month", "=", self._span()[0])]
        ).unlink()
        facts = subsidies._for_accounts(self._billed_accounts(COUNTED), self.month)
        used = self._used_subsidies(list(facts))
        subsidies._store_uses(
            self.month,
            [
                _laid(fact, used.get(fact.id, (ZERO, 0))[0])
                for found in facts.values()
                for fact in found
            ],
        )

    def _billed_accounts(self, states=None):
        """Ids of the accounts that the run has charged.

        :param states: only those with charges of the month in these states, whichever run made them
        """
        return [
            account_id
            for (account_id,) in self.env.execute_query(
                SQL(
                    """
                SELECT DISTINCT account_id FROM utility_charge mine WHERE run_id = %s
                AND (%s::varchar[] IS NULL OR EXISTS (
                    SELECT FROM utility_charge charge WHERE charge.account_id = mine.account_id
                    AND charge.month = mine.month AND charge.state = ANY(%s::varchar[])))
                """,
                    self.id,
                    states and list(states),
                    states and list(states),
                )
            )
        ]

    def _used_subsidies(self, account_ids):
        """{subsidy id: (what the month's approved charges used of it, the last of them)}"""
        rows = self.env["utility.charge"]._read_group(
            [
                ("kind", "=", "subsidy"),
                ("state", "in", COUNTED),
                ("month", "=", self._span()[0]),
                ("account_id", "in", account_ids),
            ],
            ["source_id"],
            ["amount:sum", "id:max"],
        )
        return {source_id: (-Decimal(str(amount)), last) for source_id, amount, last in rows}


def _less(subsidy, used, last):
    """A subsidy without what the month used of it already."""
    return replace(subsidy, amount=subsidy.amount - used, after=last)


def _laid(subsidy, used):
    used = used.quantize(Decimal("0.01"))
    rest = subsidy.amount - used
    carry = subsidy.over == "carry"
    return Laid(subsidy, (), used, rest if carry else ZERO, ZERO if carry else rest)
