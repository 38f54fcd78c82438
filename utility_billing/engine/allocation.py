"""Sharing of a building's total among its flats, step by step.

What laws and house meetings invent is said by a `Method`: heat by area, by meters with the rest by
area, 30/70, with a least share, hot water and circulation first; none of it is code here.
"""

from decimal import Decimal, localcontext

from . import allocation_proof as proofs
from .allocation_facts import Residual, Share, Sharing, SharingError
from .allocation_limits import limit
from .allocation_rounding import PRECISION, by_largest_remainder, rounded
from .allocation_users import split_share, users_of
from .allocation_weights import Building

ZERO, HUNDRED = Decimal(0), Decimal(100)
# places of what is left over: whoever adds up shares and residuals needs no more
LEFT_DECIMALS = 12


def share_out(pool, participants, method):
    """Share a building's total.

    :param pool: `Pool`
    :param participants: `Participant`s, in any order
    :param method: `Method`
    :return: `Sharing`; its shares, residuals and what was used by the participants themselves add
        up to the total exactly
    :raise SharingError: something is missing or may not be so
    """
    with localcontext() as context:
        context.prec = PRECISION
        return _Calculation(pool, participants, method).run()


def recompute_sharing(proof):
    """The shares of a stored proof, calculated again from its inputs alone."""
    return share_out(*proofs.inputs_of(proof)).shares


class _Calculation:
    def __init__(self, pool, participants, method):
        self.pool = pool
        self.method = method
        _refuse_bad(method)
        self.building = Building(pool, participants, method)
        self.whole = pool.total - self.building.own
        self.residuals = []
        self.done = []
        self.limits = None

    def run(self):
        self.to_share = self.rest = self._capped()
        for step in self.method.steps:
            self._take(step)
        rest = rounded(self.rest, LEFT_DECIMALS)
        self._leave("negative" if rest < 0 else "unshared", rest)
        parts = [dict(taken["parts"]) for taken in self.done]
        self._limit(parts)
        self._cut(parts)
        amounts = self._by_tag(parts)
        shares = self._round(amounts)
        given = sum((amount for amounts in shares.values() for amount in amounts.values()), ZERO)
        known = sum((residual.amount for residual in self.residuals), ZERO)
        self._leave("rounding", self.whole - given - known)
        self.shares = tuple(self._share_rows(shares, parts))
        return Sharing(
            self.pool.total,
            self.building.own,
            self.shares,
            tuple(self.residuals),
            proofs.proof_of(self),
        )

    def _leave(self, reason, amount):
        if amount:
            self.residuals.append(Residual(reason, amount, self.method.bearer))

    # -- what is shared -------------------------------------------------------------------------

    def _capped(self):
        """What is shared at most; the rest is somebody else's."""
        self.cap = None
        method = self.method
        if method.cap_formula:
            self.cap = self.building.of_building(method.code, method.cap_formula)
        elif method.cap_percent is not None:
            self.cap = self.pool.total * method.cap_percent / HUNDRED
        if self.cap is None or self.whole <= self.cap:
            return self.whole
        self.cap = rounded(self.cap, LEFT_DECIMALS)
        self._leave("cap", self.whole - self.cap)
        return self.cap

    def _take(self, step):
        """One step: its part of the total, shared by its weights."""
        group = self.building.among(step.among, step.flag)
        self.building.constants["rest"] = self.rest
        if step.takes in ("own", "each"):
            taken = self._take_each(step, group)
        else:
            taken = self._take_pool(step, group)
        self.rest -= taken["pool"]
        self.done.append({"step": step, **taken})

    def _take_each(self, step, group):
        if step.takes == "own":
            found = self.building.uses(group, "usage")
        else:
            found = self.building.each(step, step.formula, group)
        parts = {
            key: rounded(amount * step.coefficient, step.decimals) for key, amount in found.items()
        }
        pool = sum(parts.values(), ZERO)
        return {"pool": pool, "weights": found, "unit": step.coefficient, "parts": parts}

    def _take_pool(self, step, group):
        pool = rounded(self._pool_of(step), step.pool_decimals)
        weights = self.building.weights(step, group)
        whole = sum(weights.values(), ZERO)
        kept = pool < 0 and self.method.negative == "keep"
        if not pool:
            nothing = dict.fromkeys(weights, ZERO)
            return {"pool": ZERO, "weights": weights, "unit": ZERO, "parts": nothing}
        if not whole or kept:
            return {"pool": ZERO, "weights": weights, "unit": ZERO, "parts": {}}
        unit = rounded(pool / whole, step.unit_decimals)
        if step.unit_decimals is None:
            parts = {key: pool * weight / whole for key, weight in weights.items()}
        else:
            parts = {key: unit * weight for key, weight in weights.items()}
        parts = {key: rounded(part, step.decimals) for key, part in parts.items()}
        return {"pool": pool, "weights": weights, "unit": unit, "parts": parts}

    def _pool_of(self, step):
        if step.takes == "percent":
            taken = self.to_share * step.amount / HUNDRED
        elif step.takes == "percent_rest":
            taken = self.rest * step.amount / HUNDRED
        elif step.takes == "formula":
            taken = self.building.of_building(step.name, step.formula)
        else:
            taken = self.rest
        return taken * step.coefficient

    # -- what holds for all steps ---------------------------------------------------------------

    def _limit(self, parts):
        """Bring the limited steps of each participant between the least and the most share."""
        method = self.method
        if method.minimum is None and method.maximum is None:
            return
        limited = [
            place for place, taken in enumerate(self.done) if taken["step"].limited and parts[place]
        ]
        keys = sorted({key for place in limited for key in parts[place]})
        if not keys:
            return
        before = {
            key: sum((parts[place].get(key, ZERO) for place in limited), ZERO) for key in keys
        }
        bearing = [one for one in self.building.participants if one.key in before]
        areas = self.building.values(bearing, method.area, method.code)
        after = limit(before, areas, method.minimum, method.maximum)
        for key in keys:
            for place in limited:
                if before[key] and key in parts[place]:
                    parts[place][key] *= after[key] / before[key]
            if not before[key]:
                parts[limited[0]][key] = after[key]
        change = sum(before.values(), ZERO) - sum(after.values(), ZERO)
        self._leave("limits", rounded(change, LEFT_DECIMALS))
        self.limits = {"areas": areas, "before": before, "after": after}

    def _cut(self, parts):
        """Take from some what the law takes off their bill."""
        method = self.method
        if not method.cut_percent:
            return
        cut = ZERO
        for one in self.building.among(method.cut_among, method.cut_flag):
            for found in parts:
                if one.key in found:
                    less = found[one.key] * method.cut_percent / HUNDRED
                    found[one.key] -= less
                    cut += less
        self._leave("cut", rounded(cut, LEFT_DECIMALS))

    # -- shares ---------------------------------------------------------------------------------

    def _by_tag(self, parts):
        amounts = {}
        for taken, found in zip(self.done, parts, strict=True):
            by_key = amounts.setdefault(taken["step"].tag, {})
            for key, part in found.items():
                by_key[key] = by_key.get(key, ZERO) + part
        return amounts

    def _round(self, amounts):
        decimals = self.method.decimals
        if self.method.remainder != "largest":
            return {
                tag: {key: rounded(amount, decimals) for key, amount in by_key.items()}
                for tag, by_key in amounts.items()
            }
        lost = self._lost_by_units(amounts)
        return {
            tag: by_largest_remainder(
                by_key, sum(by_key.values(), ZERO) + lost.get(tag, ZERO), decimals
            )
            for tag, by_key in amounts.items()
        }

    def _lost_by_units(self, amounts):
        """{tag: what rounded unit values and rounded parts did not give out}."""
        lost = {}
        for taken in self.done:
            if taken["parts"]:
                gap = taken["pool"] - sum(taken["parts"].values(), ZERO)
                tag = taken["step"].tag
                lost[tag] = lost.get(tag, ZERO) + gap
        return {tag: lost.get(tag, ZERO) for tag in amounts}

    def _share_rows(self, shares, parts):
        people = {one.key: one for one in self.building.participants}
        for tag in sorted(shares):
            for key in sorted(shares[tag]):
                amount = shares[tag][key]
                pieces = [
                    (taken["step"].split, found[key])
                    for taken, found in zip(self.done, parts, strict=True)
                    if taken["step"].tag == tag and key in found
                ]
                yield from self._rows_of(people[key], tag, amount, pieces)

    def _rows_of(self, one, tag, amount, pieces):
        span = one.span or self.pool.span
        users = users_of(one, span) if span and one.users else []
        if len(users) < 2 or all(split == "none" for split, _part in pieces):
            yield Share(one.key, tag, amount)
            return
        found = split_share(amount, pieces, users, self.method)
        for (user, days), part in zip(users, found, strict=True):
            yield Share(one.key, tag, part, user.key, *days)


def _refuse_bad(method):
    """:raise SharingError: steps that take more than there is, or an unlawful coefficient"""
    percent = sum((step.amount for step in method.steps if step.takes == "percent"), ZERO)
    if percent > HUNDRED:
        raise SharingError("too_much", percent=percent)
    for step in method.steps:
        fits = any(low <= step.coefficient <= high for low, high in step.allowed)
        if step.allowed and not fits:
            raise SharingError("coefficient", step=step.name, coefficient=step.coefficient)
