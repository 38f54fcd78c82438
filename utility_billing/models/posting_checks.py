"""What keeps a batch from being posted, in words that say what to do."""

from .receivables import receivables_of


def problems_of(facts):
    """:return: messages, each about one thing to mend"""
    env = facts.env
    if not facts.journal.active:
        yield env._(
            "The journal “%s” is archived: bring it back, or choose another one in the settings.",
            facts.journal.name,
        )
    locked = facts.run._locked_words(bool(facts.all_taxes()))
    if locked:
        yield locked
    yield from _problems_of_payers(facts)
    yield from _problems_of_services(facts)
    yield from _problems_of_taxes(facts)
    if facts.bank and not facts.bank.active:
        yield env._(
            "The bank account %s on the bills is archived: choose another one in the settings.",
            facts.bank.acc_number,
        )


def _problems_of_payers(facts):
    env = facts.env
    ledgers = env["account.account"]
    receivables = receivables_of(env, facts.company, list(facts.payers))
    for bill in facts.bills:
        account = facts.accounts[bill.account_id]
        payer = facts.payers.get(bill.partner_id)
        if not payer:
            yield env._("Account %s has no payer: record who pays.", account.number)
            continue
        receivable = ledgers.browse(receivables[payer.id])
        if not receivable:
            yield env._(
                "%s has no receivable account: set one on the partner, or a default for the "
                "company.",
                payer.display_name,
            )
        elif not receivable.active:
            yield _archived(env, receivable)


def _problems_of_services(facts):
    env = facts.env
    for service_id in {line.service_id for bill in facts.bills for line in bill.lines}:
        service = facts.services[service_id]
        ledger = service._ledger_account()
        if not ledger and service.ownership == "agency":
            yield env._(
                "“%s” is collected for another: choose on the service the account of what is "
                "owed to its creditor.",
                service.name,
            )
        elif not ledger:
            yield env._("Choose on “%s” the account of its revenue.", service.name)
        elif not ledger.active:
            yield _archived(env, ledger)


def _problems_of_taxes(facts):
    env = facts.env
    for tax in facts.all_taxes().flatten_taxes_hierarchy():
        for part in tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids:
            if part.repartition_type != "tax" or not part.factor_percent or not tax.amount:
                continue
            if not part.account_id:
                yield env._(
                    "The tax “%s” has no account in its distribution: choose one there.", tax.name
                )
            elif not part.account_id.active:
                yield _archived(env, part.account_id)


def _archived(env, ledger):
    return env._(
        "The account %s is archived: bring it back, or choose another one.", ledger.display_name
    )
