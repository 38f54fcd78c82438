"""Whose payment it is: candidates with points from 0 to 100, and the reason in words.

Evidence is of four kinds: what the payment says (a reference, a number), who paid (seen before),
how he is called and where he lives, and the sum that is open. Of each kind the strongest counts;
kinds that do not depend on each other add up as chances do: 100 − (100 − a)(100 − b)/100.

What contradicts lowers: two accounts with the same digits, a text that names another account than
the reference, wrong check digits, an account that was closed and owes nothing. Then a person says.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .names import alike, likeness
from .payment_reading import BARE, DIGITS, MISTYPED

SAID = "said"
PAYER = "payer"
NAME = "name"
AMOUNT = "amount"

# more accounts than these of one payer: a bank, a shop, an agent
MOST_OF_A_PAYER = 5
ONE_OF_SEVERAL = 50
SAME_DIGITS = 65
CONTRADICTED = 70
OPEN_AMOUNT = 40
KNOWN_NAME = 25
LEAST_ALIKE = 0.6
CLOSED = 30
# the next one must be so many points behind for the first to be sure
LEAD = 10
# what is matched without any doubt, for a company that lets nothing register itself
MATCHED = 90
SHOWN = 5
LEAST_SHOWN = 20

RANKS = ("reference", "bill", "number", "text", "payer", "name", "amount")


@dataclass(slots=True)
class AccountFacts:
    """An account that a payment may be for.

    :param owed: open in all; below zero: overpaid
    :param open_bills: {bill id: open}
    :param former: {payer: what he owes who pays for the account no more}
    :param former_bills: open bills of these
    """

    account_id: int
    number: str
    payer_name: str = ""
    address: str = ""
    date_close: date | None = None
    owed: Decimal = Decimal(0)
    open_bills: dict = field(default_factory=dict)
    former: dict = field(default_factory=dict)
    former_bills: set = field(default_factory=set)

    @property
    def owed_now(self):
        """Open of today's payer."""
        return self.owed - sum(self.former.values())


@dataclass(slots=True)
class Known:
    """What is on record of what payments name.

    :param by_plain, by_digits: {number as it is compared: {account id}}
    :param bills: {bill's number or reference: {(bill id, account id)}}
    :param payers: {(kind, key): {account id: times}}
    :param former: {(kind, key): {account id: the payer for whom it was}}, where he is not today's
    :param accounts: {account id: `AccountFacts`}
    :param together: {account id: the collective account that owes for it}
    """

    by_plain: dict = field(default_factory=dict)
    by_digits: dict = field(default_factory=dict)
    bills: dict = field(default_factory=dict)
    payers: dict = field(default_factory=dict)
    former: dict = field(default_factory=dict)
    accounts: dict = field(default_factory=dict)
    together: dict = field(default_factory=dict)

    def owing(self, account_id):
        """The account that owes what is billed for an account."""
        return self.together.get(account_id, account_id)


@dataclass(slots=True)
class Candidate:
    """An account that a payment may be for.

    :param evidence: [(code, text)], the strongest first; codes are put in words by the caller
    :param doubt: code of what makes it doubtful however many points it has, or nothing
    :param partner_id: the former payer whose debt may be paid; 0: today's
    """

    account_id: int
    bill_id: int = 0
    partner_id: int = 0
    score: int = 0
    method: str = ""
    evidence: list = field(default_factory=list)
    doubt: str = ""
    points: dict = field(default_factory=dict)
    is_said: bool = False

    def add(self, kind, score, method, code, shown=""):
        if (code, shown) not in self.evidence:
            self.evidence.append((code, shown))
        if score > self.points.get(kind, (0,))[0]:
            self.points[kind] = (score, method)


def candidates(payment, clues, payer_keys, known, day, near=()):
    """Accounts that a payment may be for, the likeliest first.

    :param payment: `PaymentText`
    :param clues: [`Clue`] read from it
    :param payer_keys: [(kind, key)] by which its payer may have been seen before
    :param day: when it was paid
    :param near: ids of accounts whose payers are called or live alike, or owe the sum
    """
    found = {}
    _hear(clues, known, found)
    _recognise(payer_keys, known, found)
    for account_id in near:
        found.setdefault(account_id, Candidate(account_id))
    for candidate in found.values():
        _support(candidate, payment, known.accounts.get(candidate.account_id), bool(near))
    _contradict(found)
    for candidate in found.values():
        _sum_up(candidate, known.accounts.get(candidate.account_id), day)
    kept = [candidate for candidate in found.values() if candidate.score >= LEAST_SHOWN]
    kept.sort(key=lambda candidate: (-candidate.score, candidate.account_id))
    return kept[:SHOWN]


def outcome(found, sure, doubtful):
    """(state, the best candidate or None).

    :param sure: points from which payments of the company register themselves
    :param doubtful: points below which nothing was found
    """
    best = found[0] if found else None
    if not best or best.score < doubtful:
        return "unmatched", best
    leads = len(found) == 1 or best.score - found[1].score >= LEAD
    if best.score >= min(sure, MATCHED) and leads and not best.doubt:
        return "matched", best
    return "doubtful", best


def _hear(clues, known, found):
    """What the payment says itself."""
    for clue in clues:
        hits = _bills_of(clue, known) or _accounts_of(clue, known)
        several = len({account_id for account_id, *_more in hits}) > 1
        for account_id, bill_id, score, method, code in hits:
            candidate = found.setdefault(account_id, Candidate(account_id))
            candidate.bill_id = candidate.bill_id or bill_id
            candidate.is_said = candidate.is_said or clue.is_said or bool(bill_id)
            if several:
                score, candidate.doubt = min(score, SAME_DIGITS), "same_digits"
            if clue.score == MISTYPED:
                candidate.doubt = candidate.doubt or "check_digits"
            candidate.add(SAID, score, method, code, clue.shown)


def _bills_of(clue, known):
    bills = known.bills.get(clue.whole) or known.bills.get(clue.key) or ()
    method = "reference" if clue.method == "reference" else "bill"
    return [
        (account_id, bill_id, max(clue.score, DIGITS + 3), method, "bill")
        for bill_id, account_id in sorted(bills)
    ]


def _accounts_of(clue, known):
    """[(account, no bill, points, method, code)]; a number with its letters is one account's, one
    of digits alone is everybody's who has them."""
    whole = {*map(known.owing, known.by_plain.get(clue.key, ()))}
    if whole and not clue.key.isdigit():
        return [(each, 0, clue.score, clue.method, _code(clue)) for each in sorted(whole)]
    same = {*map(known.owing, known.by_digits.get(clue.digits, ()))}
    if not clue.key.isdigit() and clue.method == "text" and not clue.is_said:
        # letters that no account has: another thing's number
        return []
    # the letters of another number: its digits may be a chance
    most = DIGITS if clue.key.isdigit() else BARE
    return [
        (
            each,
            0,
            clue.score if each in whole or clue.method == "reference" else min(clue.score, most),
            clue.method,
            _code(clue),
        )
        for each in sorted({*whole, *same})
    ]


def _code(clue):
    if clue.method == "text":
        return "labelled" if clue.is_said else "bare"
    return clue.method


def _recognise(payer_keys, known, found):
    """Who paid, if he was seen before."""
    for kind, key in payer_keys:
        seen = known.payers.get((kind, key), {})
        accounts = {known.owing(account_id): times for account_id, times in seen.items()}
        if not accounts or len(accounts) > MOST_OF_A_PAYER:
            continue
        for account_id, times in accounts.items():
            score = ONE_OF_SEVERAL if len(accounts) > 1 else 80 + 4 * min(times, 3)
            code = "payer_several" if len(accounts) > 1 else f"payer_{kind}"
            candidate = found.setdefault(account_id, Candidate(account_id))
            former = known.former.get((kind, key), {}).get(account_id)
            if former:
                score, code = ONE_OF_SEVERAL, "payer_former"
                _doubt_payer(candidate, former, known.accounts.get(account_id))
            candidate.add(PAYER, score, "payer", code, str(times))


def _doubt_payer(candidate, former, facts):
    """Who paid, paid for a payer who is not today's: if that one still owes, it may be his debt,
    unless a bill was named."""
    if facts and facts.former.get(former, 0) > 0 and not candidate.bill_id:
        candidate.partner_id, candidate.doubt = former, "former_payer"


def _support(candidate, payment, facts, is_search):
    """What else speaks for an account: the sum, the payer's name."""
    if not facts:
        return
    if payment.amount in facts.open_bills.values():
        candidate.add(AMOUNT, OPEN_AMOUNT, "amount", "open_bill")
        candidate.bill_id = candidate.bill_id or _bill_of_sum(candidate, payment.amount, facts)
    elif payment.amount == facts.owed_now > 0:
        candidate.add(AMOUNT, OPEN_AMOUNT, "amount", "owed")
    if not payment.payer_name:
        return
    points = 0
    if is_search:
        points = likeness(
            payment.payer_name, payment.payer_address, facts.payer_name, facts.address
        )
    if points > KNOWN_NAME:
        candidate.add(NAME, points, "name", "name_address" if payment.payer_address else "name")
    elif alike(payment.payer_name, facts.payer_name) >= LEAST_ALIKE:
        candidate.add(NAME, KNOWN_NAME, "name", "name")


def _bill_of_sum(candidate, amount, facts):
    """The bill that is open with just this sum, if it is not all that is owed; a former payer's
    only where it is nobody else's, and never surely."""
    if amount == facts.owed_now:
        return 0
    equal = [bill for bill, left in facts.open_bills.items() if left == amount]
    own = [bill for bill in equal if bill not in facts.former_bills]
    if own:
        return own[0]
    if PAYER in candidate.points and not candidate.partner_id:
        return 0
    candidate.doubt = candidate.doubt or "former_bill"
    return equal[0]


def _contradict(found):
    """Several accounts that were each said plainly."""
    said = [candidate for candidate in found.values() if candidate.is_said]
    if len(said) > 1:
        for candidate in said:
            candidate.doubt = candidate.doubt or "contradicted"
            score, method = candidate.points[SAID]
            candidate.points[SAID] = (min(score, CONTRADICTED), method)


def _sum_up(candidate, facts, day):
    left = 1.0
    for score, _method in candidate.points.values():
        left *= (100 - score) / 100
    best = max(candidate.points.values(), default=(0, ""), key=_strength)
    candidate.score = 100 if best[0] == 100 else min(99, int(100 * (1 - left) + 0.5))
    candidate.method = best[1]
    if candidate.doubt and PAYER not in candidate.points:
        candidate.score = min(candidate.score, MATCHED - 1)
    elif candidate.doubt == "same_digits":
        # who paid says which of them it is
        candidate.doubt = ""
    if facts and facts.date_close and facts.date_close < day and facts.owed <= 0:
        candidate.score = max(0, candidate.score - CLOSED)
        candidate.evidence.append(("closed", facts.date_close.isoformat()))
        candidate.doubt = candidate.doubt or "closed"


def _strength(point):
    score, method = point
    return score, -RANKS.index(method)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A registered payment that one below zero may take back."""

    payment_id: int
    account_id: int
    reference: str = ""
    payer: str = ""
    bank_ref: str = ""


def taken_back(payment, bank_ref, earlier):
    """Which registered payment of the same sum is taken back.

    :param payment: `PaymentText`, below zero
    :param earlier: [`Earlier`] of that sum
    :return: [(payment, points, [codes])], the likeliest first
    """
    found = []
    for other in earlier:
        codes = ["same_sum"]
        points = 40
        if other.payer and other.payer in (payment.payer_iban, payment.payer_name):
            points, codes = points + 25, [*codes, "same_payer"]
        if payment.reference and other.reference == payment.reference:
            points, codes = points + 20, [*codes, "same_reference"]
        if bank_ref and other.bank_ref == bank_ref:
            points, codes = points + 15, [*codes, "same_transaction"]
        found.append((other, min(points, 99), codes))
    return sorted(found, key=lambda row: (-row[1], -row[0].payment_id))[:SHOWN]
