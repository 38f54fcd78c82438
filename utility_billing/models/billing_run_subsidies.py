from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine.subsidy import Due, Laid, lay
from .charge import COUNTED

ZERO = Decimal(0)


class BillingRun(models.Model):
    """Money from funds, laid over all else that a month's bill comes to."""

    _inherit = "utility.billing.run"

    def _prepare_documents(self, accounts, held, batch, vals_list):
        made = super()._prepare_documents(accounts, held, batch, vals_list)
        ids = [account_id for account_id in accounts.ids if account_id not in held]
        return made + self._prepare_subsidies(ids, batch, vals_list + made)

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
        """{account id: subsidies of the month}, without what approved runs have used of them, in
        this month or after."""
        subsidies = self.env["utility.subsidy"]
        found = subsidies._for_accounts(account_ids, self.month)
        if not found:
            return {}
        used = self._used_subsidies(list(found), self._span()[0])
        later = subsidies._left_later(list(found), self._span()[0])
        firsts, left = subsidies._firsts(list(found)), {}
        for account_id, facts in found.items():
            facts = [_less(fact, firsts[fact.id], used, later) for fact in facts]
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
        return self.env["utility.rating"]._with_tax(net, tax_key, self.currency_id)

    # -- approval ---------------------------------------------------------------------------

    def action_approve(self):
        done = super().action_approve()
        for run in self:
            run._keep_uses(run._billed_accounts(), [run._span()[0]])
        return done

    def action_cancel(self):
        done = super().action_cancel()
        for run in self:
            months = {run._span()[0], *run._corrected_subsidies()}
            run._keep_uses(run._billed_accounts(), sorted(months))
        return done

    def _keep_uses(self, account_ids, months):
        """What the approved runs of months used of the subsidies of accounts; months after have so
        much less, or more, of it.

        :param months: first days, in order
        """
        subsidies = self.env["utility.subsidy"]
        before = subsidies._used_until(account_ids, months[-1])
        for month in months:
            self._forget_uses(account_ids, month)
        for month in months:
            facts = subsidies._for_accounts(self._counted_accounts(account_ids, month), month)
            used, firsts = self._used_subsidies(list(facts), month), subsidies._firsts(list(facts))
            subsidies._store_uses(
                month,
                [
                    _laid(fact, used.get(firsts[fact.id], (ZERO, 0))[0])
                    for found in facts.values()
                    for fact in found
                ],
            )
        self._pass_on(account_ids, months[-1], before)

    def _forget_uses(self, account_ids, month):
        # uses are the runs' own; users only read them
        self.env["utility.subsidy.use"].sudo().search(
            [("subsidy_id.account_id", "in", account_ids), ("month", "=", month)]
        ).unlink()

    def _pass_on(self, account_ids, month, before):
        """Leave the months after with what is left now, where it was something else before."""
        subsidies = self.env["utility.subsidy"]
        after = subsidies._used_until(account_ids, month)
        subsidies._leave_later(
            account_ids,
            month,
            {key: before.get(key, ZERO) - after.get(key, ZERO) for key in before | after},
        )

    def _billed_accounts(self):
        """Ids of the accounts with subsidies that the run has charged."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT account_id FROM utility_subsidy subsidy
            WHERE EXISTS (SELECT FROM utility_charge charge
                          WHERE charge.run_id = %s AND charge.account_id = subsidy.account_id)
            """,
                self.id,
            )
        )
        return [row[0] for row in rows]

    def _counted_accounts(self, account_ids, month):
        """Those of the accounts that an approved run has charged for a month."""
        rows = self.env["utility.charge"]._read_group(
            [
                ("account_id", "in", account_ids),
                ("month", "=", month),
                ("state", "in", COUNTED),
            ],
            ["account_id"],
        )
        return [account.id for (account,) in rows]

    def _corrected_subsidies(self):
        """First days of the months before, whose subsidies the run has corrected."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT period_start FROM utility_charge
            WHERE run_id = %s AND kind = 'subsidy' AND period_start < month
            """,
                self.id,
            )
        )
        return [month for (month,) in rows]

    def _used_subsidies(self, account_ids, month):
        """{first of a chain: (what approved charges used of it in a month, the last of them)}"""
        firsts, found = self.env["utility.subsidy"]._firsts(account_ids), {}
        for source_id, amount, last in self.env["utility.charge"]._read_group(
            [
                ("kind", "=", "subsidy"),
                ("state", "in", COUNTED),
                ("period_start", "=", month),
                ("account_id", "in", account_ids),
            ],
            ["source_id"],
            ["amount:sum", "id:max"],
        ):
            key = firsts.get(source_id, source_id)
            used, latest = found.get(key, (ZERO, 0))
            found[key] = used - Decimal(str(amount)).quantize(Decimal("0.01")), max(latest, last)
        return found


def _less(subsidy, first_id, used, later):
    """A subsidy without what the month used of it already, and what months after did."""
    spent, last = used.get(first_id, (ZERO, 0))
    left = subsidy.amount - spent
    return replace(subsidy, amount=min(left, later.get(first_id, left)), after=last)


def _laid(subsidy, used):
    rest = subsidy.amount - used
    carry = subsidy.over == "carry"
    return Laid(subsidy, (), used, rest if carry else ZERO, ZERO if carry else rest)
