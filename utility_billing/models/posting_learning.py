"""Learning moulds, and trying what was learned."""

import logging
from contextlib import contextmanager

from odoo.tools import SQL
from odoo.tools.misc import Callbacks

from .posting_moulds import (
    ANALYTIC,
    FLEETING,
    LINE,
    MOVE,
    TRIED,
    Captured,
    Mould,
    known_tables,
    written_tables,
)
from .posting_rows import Ids

_logger = logging.getLogger(__name__)
# a process keeps the moulds of so many runs
KEPT_RUNS = 4


class CannotLearn(Exception):
    """Odoo writes something that bills in bulk would lack; says what."""


def moulds_for(posting, ledger, bills):
    """Moulds of all kinds of rows that the bills have.

    :return: ({kind: `Mould`}, False), or (None, why the bills cannot be posted in bulk)
    """
    known = _kept(ledger)
    samples = _samples(bills, known)
    if samples:
        try:
            learned = _learn(posting, ledger, samples)
        except CannotLearn as error:
            return None, str(error)
        known.update(learned)
    return known, False


def _kept(ledger):
    """What this process has learned for a run, as long as nothing it rests on has changed."""
    registry = ledger.env.registry
    kept = registry.__dict__.setdefault("_utility_posting_moulds", {})
    key = ledger.facts.run.id, ledger.env.uid, ledger.env.lang, _fingerprint(ledger)
    if key not in kept:
        for old in list(kept)[: 1 - KEPT_RUNS]:
            del kept[old]
        kept[key] = {}
    return kept[key]


def _fingerprint(ledger):
    """Changes with whatever decides how bills of the company are written."""
    tables = (
        "account_journal",
        "account_account",
        "account_tax",
        "account_tax_repartition_line",
        "account_payment_term_line",
        "product_template",
        "product_product",
        "res_company",
        "res_currency",
        "account_analytic_plan",
        "ir_default",
    )
    parts = SQL(" UNION ALL ").join(
        SQL("SELECT max(write_date), count(*) FROM %s", SQL.identifier(table)) for table in tables
    )
    return tuple(ledger.env.execute_query(parts))


def _samples(bills, known):
    """Bills that have all kinds of rows which are not known yet, few as they can be found."""
    missing = set().union(*(_kinds(bill) for bill in bills)) - set(known)
    samples = []
    while missing:
        best = max(bills, key=lambda bill: len(missing & _kinds(bill)))
        samples.append(best)
        missing -= _kinds(best)
    # a few more, on which what was learned is tried
    others = [bill for bill in bills if bill not in samples] if samples else []
    return samples + others[:TRIED]


def _kinds(bill):
    found = {bill.kind}
    for line in bill.lines:
        found.add(line.kind)
        if line.analytic:
            found.add(line.analytic)
    return found


class _RolledBack(Exception):
    pass


def _learn(posting, ledger, samples):
    env = ledger.env
    env.flush_all()
    try:
        with env.cr.savepoint(), _nothing_put_off(env.cr):
            before = written_tables(env.cr)
            posted = posting._post_orm(ledger.facts, [sample.prepared for sample in samples], None)
            strange = {
                table
                for table, count in written_tables(env.cr).items()
                if count > before.get(table, 0)
            } - known_tables(env)
            moves = env["account.move"].browse(bill.move_id for bill in posted)
            captured = Captured(env, moves)
            raise _RolledBack
    except _RolledBack:
        env.invalidate_all()
    if strange:
        raise CannotLearn(posting.env._("Odoo also writes to %s here.", ", ".join(sorted(strange))))
    moulds = {}
    pairs = [
        (sample, captured.moves[bill.move_id], captured.lines[bill.move_id])
        for sample, bill in zip(samples, posted, strict=True)
    ]
    for sample, move, rows in pairs:
        _take(moulds, sample, move, _matched(posting, sample, rows, captured), captured)
    for sample, move, rows in pairs:
        _try(posting, moulds, sample, move, _matched(posting, sample, rows, captured), captured)
    return moulds


@contextmanager
def _nothing_put_off(cr):
    """Samples are no bills: what Odoo would do about them at the end of the transaction, such as
    counting their payers as customers, is not done."""
    kept = cr.precommit, cr.postcommit
    cr.precommit, cr.postcommit = Callbacks(), Callbacks()
    try:
        yield
    finally:
        cr.precommit, cr.postcommit = kept


def _matched(posting, sample, rows, captured):
    """[(line of the bill, row)]: products by their order, taxes by their tax, the rest alone.

    :raise CannotLearn: Odoo makes other lines, or analyses others
    """
    products = sorted(
        (row for row in rows if row["display_type"] == "product"),
        key=lambda row: (row["sequence"], row["id"]),
    )
    by_tax = {row["tax_line_id"]: row for row in rows if row["display_type"] == "tax"}
    owed = [row for row in rows if row["display_type"] == "payment_term"]
    found = []
    for line in sample.lines:
        if line.kind[0] == "product":
            row = products.pop(0) if products else None
        elif line.kind[0] == "tax":
            row = by_tax.pop(line.tax_id, None)
        else:
            row = owed.pop(0) if owed else None
        found.append((line, row))
    if products or by_tax or owed or len(found) != len(rows) or any(not row for _l, row in found):
        raise CannotLearn(posting.env._("Odoo makes other lines of a bill than are known."))
    if any(len(captured.analytic[row["id"]]) != bool(line.analytic) for line, row in found):
        raise CannotLearn(posting.env._("Odoo makes other analytic lines than are known."))
    return found


def _take(moulds, sample, move, matched, captured):
    moulds.setdefault(sample.kind, Mould(move))
    for line, row in matched:
        line_id = row["id"]
        if line.kind not in moulds:
            moulds[line.kind] = Mould(row, captured.linked(line_id))
        if line.analytic:
            moulds.setdefault(line.analytic, Mould(captured.analytic[line_id][0]))


def _try(posting, moulds, sample, move, matched, captured):
    """Make the sample's rows from moulds and compare them with Odoo's."""
    analytic = [(line, captured.analytic[row["id"]][0]) for line, row in matched if line.analytic]
    taken = ([move], [row for _line, row in matched], [row for _line, row in analytic])
    ids = Ids(*(iter([row["id"] for row in rows]) for rows in taken))
    _posted, rows = sample.rows(moulds, ids, {})
    compare = [(MOVE, moulds[sample.kind].columns, rows.move, Mould(move))]
    compare += [
        (LINE, moulds[line.kind].columns, texts, Mould(row))
        for texts, (line, row) in zip(rows.lines, matched, strict=True)
    ]
    compare += [
        (ANALYTIC, moulds[line.analytic].columns, texts, Mould(row))
        for texts, (line, row) in zip(rows.analytic, analytic, strict=True)
    ]
    wrong = [
        (f"{table}.{column}", text, wanted)
        for table, columns, ours, theirs in compare
        for column, text in zip(columns, ours, strict=True)
        if column not in FLEETING and not _same(text, wanted := theirs.texts[theirs.places[column]])
    ]
    ours, theirs = set(rows.links), set(_links(captured, matched))
    wrong += [(link.table, line_id, other) for link, line_id, other in ours ^ theirs]
    for column, text, wanted in wrong:
        _logger.warning("bills in bulk: %s is %s, Odoo has %s", column, text, wanted)
    if wrong:
        raise CannotLearn(
            posting.env._(
                "Odoo writes otherwise than is known: %s.",
                ", ".join(dict.fromkeys(column for column, *_texts in wrong)),
            )
        )


def _links(captured, matched):
    for _line, row in matched:
        for link, others in captured.linked(row["id"]).items():
            yield from ((link, row["id"], other) for other in others)


def _same(ours, theirs):
    if ours == theirs:
        return True
    try:
        return float(ours) == float(theirs)
    except ValueError:
        return False
