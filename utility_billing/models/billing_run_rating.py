from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create
from odoo.addons.utility_base.tools.garbage import uncollected

from ..engine.difference import differences
from ..engine.facts import RatingError
from .rating_due import Due
from .rating_facts import RatingFacts

SHOWN = 3


class BillingRun(models.Model):
    """One batch of accounts: what is due, what has changed, what it comes to."""

    _inherit = "utility.billing.run"

    def _rate_accounts(self, accounts, batch):
        """Rate accounts and keep their charges in the batch; what cannot be rated is held.

        An account of which one line cannot be rated gets no charge at all in this run.
        """
        self.ensure_one()
        with uncollected():
            self._rate_batch(accounts, batch)

    def _rate_batch(self, accounts, batch):
        rating = self.env["utility.rating"]
        moment = rating._facts_moment()
        due = self._due(accounts)
        changed = self._changed(accounts)
        redone = self._redone(changed)
        found, supplies = {}, {}
        for wanted in filter(None, (due, redone)):
            # loaded apart: past periods reach back over years, but are of few supplies
            facts = RatingFacts(self.env, wanted)
            found.update(rating._rate_facts(facts))
            supplies.update(facts.supplies)
            facts.forget()
        held = self._held(found)
        past = {
            (*key, entry.period)
            for key, entries in redone.items()
            for entry in entries
            if key[0] not in held
        }
        was = self.env["utility.charge"]._charged_before(past)
        vals_list = self._prepare_charges(supplies, found, (past, was, changed), held, batch)
        vals_list += self._prepare_documents(accounts, held, batch, vals_list)
        # charges are the engine's word, not the user's: nobody may write them
        bulk_create(self.env["utility.charge"].sudo(), vals_list, replaced=["_check_company"])
        self._note_problems(held, batch)
        self._keep_rated(batch, accounts, (due, redone), (held, was), moment)

    def _due(self, accounts):
        """{(account id, point id): [`Due`]} of what the run bills for the first time."""
        return self.env["utility.rating"]._due(accounts, self.month, self.service_ids or None)

    # -- what has changed -------------------------------------------------------------------

    def _changed(self, accounts):
        """{(account id, point id): {(first, last): [(model, fact id)]}} of billed periods."""
        if not self.with_corrections:
            return {}
        return self.env["utility.rating"]._changed(
            accounts, self._corrected_since(), self.service_ids or None
        )

    def _corrected_since(self):
        """First day of the periods that are rated again."""
        return fields.Date.subtract(
            self._span()[0], months=self.company_id.utility_correction_months
        )

    def _redone(self, changed):
        """{(account id, point id): [`Due`]} of billed periods that are to be rated again."""
        if not changed:
            return {}
        found = defaultdict(list)
        for account_id, point_id, start, end, *cycle, months in self.env.execute_query(
            SQL(
                """
            SELECT account_id, service_point_id, date_start, date_end, cycle_start, cycle_end,
                   cycle_months
            FROM utility_charge_claim
            WHERE released_at IS NULL AND kind = 'supply' AND account_id = ANY(%s)
            AND date_end >= %s
            ORDER BY date_start
            """,
                list({account_id for account_id, _point_id in changed}),
                self._corrected_since(),
            )
        ):
            if (start, end) in changed.get((account_id, point_id), ()):
                found[account_id, point_id].append(Due((start, end), tuple(cycle), months))
        return dict(found)

    # -- charges ----------------------------------------------------------------------------

    def _held(self, found):
        """{account id: [(point id, period, error)]}"""
        held = defaultdict(list)
        for (account_id, point_id, period), result in found.items():
            if isinstance(result, RatingError):
                held[account_id].append((point_id, period, result))
        return held

    def _prepare_charges(self, supplies, found, history, held, batch):
        past, was, changed = history
        self._fetch_names(changed[key[:2]][key[2]] for key in past)
        vals_list, common = [], self._prepare_common(False, batch)
        for key, charges in found.items():
            if key[0] in held:
                continue
            correction = key in past
            if correction:
                charges = differences(was.get(key, {}), charges)
            if not charges:
                continue
            reason = self._words_of(changed[key[:2]][key[2]]) if correction else False
            supply = supplies.get(key[:2])
            base = self._prepare_charge_base(key, supply, common, correction, reason)
            vals_list += [{**base, **charge_vals(charge)} for charge in charges]
        return vals_list

    def _prepare_charge_base(self, key, supply, common, correction, reason):
        account_id, point_id, period = key
        if supply is None:
            point = self.env["utility.service.point"].browse(point_id)
            supply = {
                "service_id": point.service_id.id,
                "premise_id": point.premise_id.id,
                "building_id": point.building_id.id,
                "uom_id": point.service_id.uom_id.id,
            }
        return {
            **common,
            "account_id": account_id,
            "service_point_id": point_id,
            "service_id": supply["service_id"],
            "premise_id": supply["premise_id"],
            "building_id": supply["building_id"] or False,
            "uom_id": supply["uom_id"],
            "period_start": period[0],
            "period_end": period[1],
            "is_correction": correction,
            "reason": reason,
        }

    def _prepare_common(self, account_id, batch):
        return {
            "company_id": self.company_id.id,
            "run_id": self.id,
            "batch_id": batch.id,
            "month": self.month.replace(day=1),
            "state": "calculated",
            "account_id": account_id,
        }

    def _fetch_names(self, changes):
        """Load the names of the facts that `_words_of` says, all at once.

        :param changes: lists of facts
        """
        wanted = defaultdict(list)
        for facts in changes:
            for model, ids in _grouped(facts).items():
                wanted[model] += ids[: 2 * SHOWN]
        for model, ids in wanted.items():
            self.env[model].browse(dict.fromkeys(ids)).sudo().mapped("display_name")

    def _words_of(self, facts):
        """The facts that changed, in a few words."""
        words = []
        for model, ids in _grouped(facts).items():
            records = self.env[model].browse(ids[: 2 * SHOWN]).sudo()
            label = self.env["ir.model"]._get(model).name
            # a share that replaces another has its name
            names = dict.fromkeys(records.mapped("display_name"))
            words += [f"{label}: {name}" for name in names]
        more = ["…"] if len(words) > SHOWN else []
        return "; ".join([*words[:SHOWN], *more])

    # -- what is held -----------------------------------------------------------------------

    def _note_problems(self, held, batch):
        rating = self.env["utility.rating"]
        points = self.env["utility.service.point"]
        # problems are the run's own; users only read them
        self.env["utility.billing.problem"].sudo().create(
            [
                {
                    "run_id": self.id,
                    "batch_id": batch.id,
                    "account_id": account_id,
                    "service_point_id": point_id,
                    "date_start": period[0],
                    "date_end": period[1],
                    "code": error.code,
                    "message": rating._message(error, points.browse(point_id)),
                }
                for account_id, errors in held.items()
                for point_id, period, error in errors
            ]
        )

    def _keep_rated(self, batch, accounts, dues, outcome, moment):
        """Note in the batch which periods were rated, new ones and again: approval claims them."""
        (held, was), mine = outcome, set(accounts.ids)
        rated = [entry for entry in batch.rated or () if entry[0] not in mine]
        rated += [
            [
                *key,
                *map(str, (*due.period, *due.cycle)),
                due.months,
                again,
                _last_charge(was.get((*key, due.period), {})),
            ]
            for again, wanted in enumerate(dues)
            for key, entries in wanted.items()
            if key[0] not in held
            for due in entries
        ]
        batch.sudo().write(
            {
                "rated": rated,
                "facts_at": min(moment, batch.facts_at or moment),
                "charge_count": self.env["utility.charge"].search_count(
                    [("batch_id", "=", batch.id)]
                ),
                "held_count": len(
                    self.env["utility.billing.problem"]
                    .search([("batch_id", "=", batch.id), ("state", "=", "open")])
                    .account_id
                ),
            }
        )

    def _recalculate_accounts(self, accounts):
        """Rate some accounts of a run in review again, after what held them was mended."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._refuse_unless("review")
        self.env.flush_all()
        for table in ("utility_charge", "utility_billing_problem"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE run_id = %s AND account_id = ANY(%s)",
                    SQL.identifier(table),
                    self.id,
                    accounts.ids,
                )
            )
        self.env.invalidate_all()
        domain = self._domain_accounts() & Domain("id", "in", accounts.ids)
        for batch in self.batch_ids:
            inside = self.env["utility.account"].search(
                domain & Domain("id", ">=", batch.first_id) & Domain("id", "<=", batch.last_id)
            )
            if inside:
                self._prepare_facts(inside)
                batch._rate_accounts(inside)
        self._sum_up()


def charge_vals(charge):
    """A charge of the engine as values to store."""
    return {
        "kind": charge.kind,
        "code": charge.code,
        "component_id": charge.component_id or False,
        "agreement_id": charge.agreement_id or False,
        "partner_id": charge.payer_id or False,
        "tax_key": charge.taxes,
        "tax_included": charge.tax_included,
        "date_start": charge.date_start,
        "date_end": charge.date_end,
        "quantity": float(charge.quantity),
        "price": None if charge.price is None else float(charge.price),
        "amount": float(charge.amount),
        "fund_partner_id": charge.fund_id or False,
        "fund_amount": float(charge.trace.get("fund", {}).get("amount", 0)),
        "source_id": charge.source_id,
        "trace": charge.trace,
    }


def _grouped(facts):
    found = defaultdict(list)
    for model, fact_id in facts:
        found[model].append(fact_id)
    return found


def _last_charge(was):
    """The last charge of a period that a difference is taken from."""
    return max((charge_id for line in was.values() for charge_id in line.ids), default=0)
