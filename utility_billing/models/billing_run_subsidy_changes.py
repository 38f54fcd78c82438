from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..engine.difference import differences
from ..engine.subsidy import lay
from .charge import COUNTED
from .charge_history import was_of

ZERO = Decimal(0)
SUBSIDY = "utility.subsidy"


class BillingRun(models.Model):
    """Subsidies that were granted, ended, raised or voided after their months were billed: laid
    anew over what those months came to; the difference is charged."""

    _inherit = "utility.billing.run"

    def _prepare_subsidies(self, account_ids, batch, vals_list):
        changed, since = self._changed_subsidies(account_ids)
        same = [account_id for account_id in account_ids if account_id not in changed]
        made = super()._prepare_subsidies(same, batch, vals_list)
        if changed:
            vals_list = [vals for vals in vals_list if vals["account_id"] in changed]
            made += self._prepare_laid_anew(changed, since, batch, vals_list)
        return made

    def _changed_subsidies(self, account_ids):
        """Accounts with subsidies of billed months that have changed since.

        A run of some services leaves them to the next one of all.

        :return: {account id: ids of the subsidies}, first day of the first month to lay anew
        """
        if not self.with_corrections or self.service_ids:
            return {}, None
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            WITH billed AS (
                SELECT account_id, month,
                       COALESCE(max(facts_at) FILTER (WHERE whole), min(facts_at)) AS facts_at
                FROM (%(billed)s) charged GROUP BY account_id, month
            )
            SELECT subsidy.account_id, min(billed.month), array_agg(DISTINCT subsidy.id)
            FROM billed JOIN utility_subsidy subsidy ON subsidy.account_id = billed.account_id
            WHERE subsidy.date_start <= billed.month AND (
                (subsidy.recorded_at >= billed.facts_at OR subsidy.voided_at >= billed.facts_at)
                AND (subsidy.date_end IS NULL OR subsidy.date_end >= billed.month)
                OR subsidy.end_recorded_at >= billed.facts_at
                AND subsidy.date_end < billed.month + interval '1 month')
            GROUP BY subsidy.account_id
            """,
                billed=self._billed_months(account_ids),
            )
        )
        changed = {account_id: ids for account_id, _month, ids in rows}
        return changed, min((month for _account_id, month, _ids in rows), default=None)

    def _billed_months(self, account_ids):
        """SQL of what accounts were charged: the month, as of when its facts were known, and
        whether the run looked at all subsidies."""
        return SQL(
            """
            SELECT charge.account_id, what.month,
                   COALESCE(batch.facts_at, charge.recorded_at) AS facts_at,
                   run.with_corrections AND NOT EXISTS (
                       SELECT FROM utility_billing_run_service_rel chosen
                       WHERE chosen.utility_billing_run_id = run.id) AS whole
            FROM utility_charge charge
            JOIN utility_billing_run run ON run.id = charge.run_id
            LEFT JOIN utility_billing_batch batch ON batch.id = charge.batch_id
            CROSS JOIN LATERAL (
                SELECT charge.month UNION
                SELECT charge.period_start WHERE charge.kind = 'subsidy'
            ) what
            WHERE charge.account_id IN (
                SELECT account_id FROM utility_subsidy WHERE account_id = ANY(%(accounts)s))
            AND charge.state = ANY(%(counted)s)
            AND what.month BETWEEN %(since)s AND %(last)s
            """,
            accounts=list(account_ids),
            counted=list(COUNTED),
            since=self._corrected_since(),
            last=self._span()[0],
        )

    # -- laying anew ------------------------------------------------------------------------

    def _prepare_laid_anew(self, changed, since, batch, vals_list):
        was = self.env["utility.charge"]._subsidised_before(changed, since, self._span()[0])
        firsts = self.env[SUBSIDY]._firsts(changed)
        services, made = self.env["utility.service"], []
        self._fetch_names([(SUBSIDY, each) for each in ids] for ids in changed.values())
        for account_id, month, laid in self._laid_anew(changed, since, vals_list):
            before = was.get((account_id, month), ())
            again = bool(before) or month < self._span()[0]
            facts = [(SUBSIDY, each) for each in changed[account_id]]
            words = self._words_of(facts) if again else False
            made += [
                {
                    **self._prepare_document(account_id, services.browse(service), charge, batch),
                    "is_correction": again,
                    "reason": words,
                }
                for service, charge in _subsidy_differences(before, laid, firsts)
            ]
        return made

    def _laid_anew(self, account_ids, since, vals_list):
        """Subsidies as they are known now, month by month over what the months came to.

        :param vals_list: what this run charges besides
        :return: [(account id, first day of the month, [`engine.subsidy.Laid`])], months in order
        """
        subsidies, last = self.env[SUBSIDY], self._span()[0]
        firsts, dues = subsidies._firsts(account_ids), self._charged_in(account_ids, since)
        for vals in vals_list:
            dues[last][vals["account_id"]].append(vals)
        left, found = {}, []
        for month in sorted({*dues, last}):
            ids = list(account_ids) if month == last else list(dues[month])
            facts = subsidies._for_accounts(ids, month, since, left)
            if month == last:
                facts = self._within_later(facts, firsts)
            due = self._dues([vals for each in ids for vals in dues[month].get(each, ())])
            span = month, fields.Date.end_of(month, "month")
            for account_id in ids:
                laid = lay(facts.get(account_id, ()), due.get(account_id, []), span)
                left |= {firsts[one.subsidy.id]: (one.carried, month) for one in laid}
                found.append((account_id, month, laid))
        return found

    def _within_later(self, facts, firsts):
        """No more of subsidies than the months after have left, and the month itself used."""
        first = self._span()[0]
        later = self.env[SUBSIDY]._left_later(list(facts), first)
        used = self._used_subsidies(list(later and facts), first)
        found = {}
        for account_id, rows in facts.items():
            found[account_id] = []
            for fact in rows:
                key = firsts[fact.id]
                most = later[key] + used.get(key, (ZERO, 0))[0] if key in later else fact.amount
                found[account_id].append(replace(fact, amount=min(fact.amount, most)))
        return found

    def _charged_in(self, account_ids, since):
        """What approved runs charged accounts, but for subsidies.

        :return: {first day of a month: {account id: [values of charges]}}
        """
        found = defaultdict(lambda: defaultdict(list))
        names = "account_id month service_id partner_id tax_included tax_key amount agreement_id"
        for row in self.env.execute_query(
            SQL(
                """
            SELECT account_id, month, service_id, partner_id, tax_included, tax_key,
                   sum(amount)::text, (array_agg(agreement_id ORDER BY id DESC))[1]
            FROM utility_charge
            WHERE account_id = ANY(%s) AND state = ANY(%s) AND kind <> 'subsidy'
            AND month BETWEEN %s AND %s
            GROUP BY account_id, month, service_id, partner_id, tax_included, tax_key
            ORDER BY min(id)
            """,
                list(account_ids),
                list(COUNTED),
                since,
                self._span()[0],
            )
        ):
            vals = dict(zip(names.split(), row, strict=True))
            found[vals["month"]][vals["account_id"]].append(vals)
        return found

    # -- approval ---------------------------------------------------------------------------

    def action_approve(self):
        found = {run: run._changed_subsidies(run._billed_accounts()) for run in self}
        done = super().action_approve()
        for run, (changed, since) in found.items():
            if changed:
                run._keep_laid_anew(changed, since)
        return done

    def _keep_laid_anew(self, account_ids, since):
        """What became of subsidies in the months that were laid anew, now that this is charged."""
        last, by_month = self._span()[0], defaultdict(list)
        before = self.env[SUBSIDY]._used_until(account_ids, last)
        for account_id, month, laid in self._laid_anew(account_ids, since, []):
            by_month[month].append((account_id, laid))
        for month, found in by_month.items():
            self._forget_uses([account_id for account_id, _laid in found], month)
            self.env[SUBSIDY]._store_uses(month, [one for _id, laid in found for one in laid])
        self._pass_on(account_ids, last, before)

    def _refuse_if_corrected(self, accounts=None):
        done = super()._refuse_if_corrected(accounts)
        rows = self.env.execute_query(
            SQL(
                """
            SELECT later.run_id FROM utility_charge later
            JOIN utility_charge mine ON mine.account_id = later.account_id
                AND mine.month = later.period_start
            WHERE mine.run_id = %s AND mine.state = ANY(%s) AND later.kind = 'subsidy'
            AND later.is_correction AND later.state = ANY(%s) AND %s
            AND later.run_id <> mine.run_id AND later.id > mine.id LIMIT 1
            """,
                self.id,
                list(COUNTED),
                list(COUNTED),
                self._chosen("mine", accounts),
            )
        )
        if rows:
            raise self._corrected_error(self.browse(rows[0][0]))
        return done


def _subsidy_differences(before, laid, firsts):
    """What brings a month's subsidies from what was charged to what is due.

    A subsidy that replaces another goes on in its place: both are one here.

    :param before: [(charge id, service id, `Charge`)]
    :param laid: [`engine.subsidy.Laid`]
    :param firsts: {subsidy id: first of its chain}
    :return: [(service id, `Charge`)]
    """
    was, now = defaultdict(lambda: defaultdict(list)), defaultdict(list)
    sources, last = {}, {}
    for charge_id, service_id, line in before:
        line = _of_chain(line, firsts, sources)
        was[service_id][line.key].append((charge_id, line))
        last[line.source_id] = charge_id
    for one in laid:
        for charge in one.charges:
            now[charge.trace["parts"][0]["service"]].append(_of_chain(charge, firsts, sources))
    found = []
    for service_id in dict.fromkeys([*now, *was]):
        lines = {key: was_of(rows) for key, rows in was[service_id].items()}
        for charge in differences(lines, now[service_id]):
            part = charge.trace["parts"][0]
            part.update(subsidy=sources[charge.source_id], service=service_id)
            if charge.source_id in last:
                part["after"] = last[charge.source_id]
            found.append((service_id, replace(charge, source_id=sources[charge.source_id])))
    return found


def _of_chain(charge, firsts, sources):
    """The charge as one of the chain's first subsidy; which it was is noted in `sources`."""
    first = firsts.get(charge.source_id, charge.source_id)
    sources[first] = charge.source_id
    return replace(charge, source_id=first)
