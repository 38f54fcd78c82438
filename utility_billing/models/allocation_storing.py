"""Keeping what was shared: unchanged runs stay, changed ones are cancelled and replaced."""

from dataclasses import dataclass
from decimal import Decimal

from psycopg2.extras import Json

from odoo import fields
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import bulk_create

from ..engine.allocation_facts import Sharing
from ..engine.allocation_rounding import by_largest_remainder
from .allocation_facts import SharingFacts, Source

# what a participant's factors hold of the proof's inputs
FACTORS = ("usage", "norm", "values")


@dataclass
class Result:
    """A sharing, or why there is none."""

    source: Source
    facts: SharingFacts
    sharing: Sharing | None = None
    problem: dict | None = None


class SharingStore:
    """Compares results with the live runs and writes the difference, by a fixed number of queries.

    :param model: `utility.allocation.run`
    :param span: first and last day
    """

    def __init__(self, model, results, span):
        self.model = model
        self.env = model.env
        self.results = results
        self.span = span
        self.kept, self.fresh, self.noted = {}, [], []
        self.retired = []

    def run(self):
        live = self._live_runs()
        for place, result in enumerate(self.results):
            self._compare(place, result, live.get(_shared(result.source), ()))
        old = self.model.browse(self.retired)
        if old:
            old._retire(self.env._("Calculated again: what is known has changed"))
        self._note()
        runs = self._insert()
        return self.model.browse(
            self.kept.get(place) or runs[place] for place in range(len(self.results))
        )

    def _live_runs(self):
        """{what is shared: [(id, start, end, state, proof, problem)]} of runs that share a day,
        whichever assignment they are of."""
        points = {one.source.service_point_id for one in self.results} - {False}
        live = {}
        for point_id, service_id, purpose, *row in points and self.env.execute_query(
            SQL(
                """
            SELECT service_point_id, service_id, purpose, id, date_start, date_end, state, proof,
                   problem
            FROM utility_allocation_run
            WHERE service_point_id = ANY(%s) AND assignment_id IS NOT NULL
            AND state <> 'cancelled' AND date_start <= %s AND date_end >= %s
            """,
                list(points),
                self.span[1],
                self.span[0],
            )
        ):
            live.setdefault((point_id, service_id, purpose), []).append(row)
        return live

    def _compare(self, place, result, rows):
        same = [row for row in rows if (row[1], row[2]) == self.span]
        shared = [row for row in rows if row[3] != "draft"]
        problem = result.problem
        beyond = [row for row in shared if row not in same]
        if beyond and not problem:
            problem = {
                "code": "overlap",
                "date_start": beyond[0][1].isoformat(),
                "date_end": beyond[0][2].isoformat(),
            }
            result.sharing, result.problem = None, problem
        before = same or shared
        if problem and before:
            # what was shared before stays, with a note; a held run goes on being held
            self.kept[place] = before[0][0]
            self.noted.append((before[0][0], problem))
        elif same and result.sharing and same[0][4] == result.sharing.proof:
            self.kept[place] = same[0][0]
            if same[0][5]:
                self.noted.append((same[0][0], None))
        else:
            self.retired += [row[0] for row in rows]
            self.fresh.append((place, result, rows[0][0] if rows else False))

    # -- writing: the engine's word, not the user's ---------------------------------------------

    def _note(self):
        if not self.noted:
            return
        self.env.execute_query(
            SQL(
                """
            UPDATE utility_allocation_run run
            SET problem = NULLIF(noted.problem, 'null'::jsonb),
                has_problem = noted.problem <> 'null'::jsonb
            FROM unnest(%s::int[], %s::jsonb[]) AS noted (id, problem)
            WHERE run.id = noted.id RETURNING run.id
            """,
                [run_id for run_id, _problem in self.noted],
                [Json(problem) for _run_id, problem in self.noted],
            )
        )
        self.model.invalidate_model(["problem", "has_problem", "problem_text"])

    def _insert(self):
        """{place among the results: id of its new run}"""
        if not self.fresh:
            return {}
        now = fields.Datetime.now()
        self.facts_at = self.env["utility.rating"]._facts_moment()
        vals_list = [self._run_vals(result, old, now) for _place, result, old in self.fresh]
        runs = bulk_create(self.model.sudo(), vals_list, replaced=["_check_company"])
        shares = []
        for run, (_place, result, old) in zip(runs, self.fresh, strict=True):
            if result.sharing:
                shares += self._share_vals(run.id, result, old, now)
        self._name_replaced(shares)
        bulk_create(
            self.env["utility.allocation.share"].sudo(), shares, replaced=["_check_company"]
        )
        places = [place for place, _result, _old in self.fresh]
        return dict(zip(places, runs.ids, strict=True))

    def _run_vals(self, result, old, now):
        source, sharing = result.source, result.sharing
        residual = sharing.residual - _borne(result) if sharing else 0
        vals = {
            "name": source.name,
            "assignment_id": source.assignment_id,
            "company_id": source.company_id,
            "service_point_id": source.service_point_id,
            "building_id": source.place_id,
            "service_id": source.service_id,
            "method_id": source.method.id,
            "purpose": source.purpose,
            "date_start": self.span[0],
            "date_end": self.span[1],
            "state": "calculated" if sharing else "draft",
            "total_source": "typed" if source.typed is not None else "usage",
            "total": float(sharing.total if sharing else source.typed or 0),
            "own": float(sharing.own) if sharing else 0.0,
            "residual": float(residual),
            "shared": float(sharing.total - sharing.own - residual) if sharing else 0.0,
            "usage_ids": result.facts.source_usages(source) or False,
            "proof": sharing.proof if sharing else False,
            "problem": result.problem or False,
            "has_problem": bool(result.problem),
            "share_count": len(sharing.shares) + bool(_borne(result)) if sharing else 0,
            "recorded_at": now,
            "facts_at": self.facts_at,
            "replaces_id": old,
        }
        return vals

    def _share_vals(self, run_id, result, old, now):
        source, facts = result.source, result.facts
        factors = _factors_of(result.sharing.proof)
        found = []
        for share in result.sharing.shares:
            service_id = int(share.tag) if share.tag else source.service_id
            place = facts.places[share.key]
            vals = {
                "service_point_id": self._point_of(result, share.key, service_id),
                "premise_id": share.key,
                "building_id": place["building_id"],
                "address_sort": place["address_sort"],
                "service_id": service_id,
                "date_start": share.start or self.span[0],
                "date_end": share.end or self.span[1],
            }
            found += [
                {**vals, **self._part_vals(source, amount), "account_id": account_id, **more}
                for account_id, amount, more in self._parts(result, share, factors[share.key])
            ]
        if _borne(result):
            found.append(self._borne_vals(source, _borne(result)))
        common = {
            "run_id": run_id,
            "assignment_id": source.assignment_id,
            "company_id": source.company_id,
            "purpose": source.purpose,
            "recorded_at": now,
            "replaces_id": old,
        }
        return [{**common, **vals} for vals in found]

    def _borne_vals(self, source, amount):
        """What the association bears: a share like any other."""
        place = source.bearer.premise_id
        return {
            "service_point_id": source.bearer.id,
            "premise_id": place.id,
            "building_id": place.building_id.id,
            "address_sort": place.address_sort,
            "service_id": source.service_id,
            "date_start": self.span[0],
            "date_end": self.span[1],
            "account_id": False,
            "factors": {"borne": str(amount)},
            **self._part_vals(source, amount),
        }

    def _part_vals(self, source, amount):
        cost = source.purpose == "cost"
        return {
            "quantity": 0.0 if cost else float(amount),
            "amount": float(amount) if cost else 0.0,
        }

    def _parts(self, result, share, factors):
        """[(account id, what it bears, further values)] of a share. A cost that is shared once is
        a charge of its own: it is the accounts', not a point's."""
        if result.source.assignment_id:
            return [(share.user or False, share.amount, {"factors": factors})]
        parts = cost_parts(result, share)
        if len(parts) < 2:
            return [(account_id, share.amount, {"factors": factors}) for account_id in parts]
        return [
            (account_id, amount, {"factors": {**factors, "of": str(share.amount)}})
            for account_id, amount in parts.items()
        ]

    def _point_of(self, result, premise_id, service_id):
        """The premise's point of the charged service; else the one that takes part."""
        points = result.source.places[premise_id]
        target = result.facts.targets.get((premise_id, service_id))
        own = result.source.service_id == service_id and target in points
        return (points[0] if own else target) or (points[0] if points else False)

    def _name_replaced(self, shares):
        """Shares name the ones that they replace: those of the run before, of the same premise,
        service and first day."""
        old_runs = {vals["replaces_id"] for vals in shares} - {False}
        known = {}
        for row in old_runs and self.env.execute_query(
            SQL(
                """
            SELECT run_id, premise_id, service_id, date_start, id FROM utility_allocation_share
            WHERE run_id = ANY(%s)
            """,
                list(old_runs),
            )
        ):
            known[row[:4]] = row[4]
        for vals in shares:
            key = tuple(
                vals[name] for name in ("replaces_id", "premise_id", "service_id", "date_start")
            )
            vals["replaces_id"] = known.get(key, False)


def _shared(source):
    """What must not be shared twice for a day."""
    return source.service_point_id, source.service_id, source.purpose


def _borne(result):
    """What is left to the association, where its point is known; rounding stays a residual."""
    return sum(
        (
            residual.amount
            for residual in result.sharing.residuals
            if result.source.bearer
            and residual.bearer == "association"
            and residual.reason != "rounding"
        ),
        Decimal(0),
    )


def _factors_of(proof):
    """{participant's key: own inputs, and weight, unit and part of each step}."""
    factors = {}
    for one in proof["inputs"]["participants"]:
        factors[one["key"]] = {name: one[name] for name in FACTORS if name in one}
        factors[one["key"]]["steps"] = []
    for step in proof["steps"]:
        for key, weight, part in step["rows"]:
            if part != "0":
                factors[key]["steps"].append(
                    {
                        "name": step["name"],
                        "weight": weight,
                        "unit": "" if step["takes"] in ("own", "each") else step["unit"],
                        "part": part,
                    }
                )
    return factors


def cost_parts(result, share):
    """What accounts bear of a premise's share of a cost: by the shares in which they take the
    service there on its last day; the parts add up to it.

    :return: {account id: Decimal}; account False where nobody is known
    """
    facts, amount = result.facts, share.amount
    last = share.end or facts.span[1]
    payers = {share.user: 1} if share.user else facts.payers_on(result.source, share.key, last)
    whole = sum(payers.values())
    exact = {account: amount * weight / whole for account, weight in sorted(payers.items())}
    places = max(0, -amount.as_tuple().exponent)
    return by_largest_remainder(exact, amount, places) or {False: amount}
