"""What asks for Odoo itself: settings and modules that bulk posting does not know."""

from odoo.addons.utility_base.tools.bulk import _definers

# modules whose overrides were read: nothing of them is lost by writing the rows
READ = frozenset(
    {"base", "mail", "account", "analytic", "account_payment", "snailmail"}
    | {"utility_base", "utility_billing", "portal", "account_edi_ubl_cii"}
    # OCA's ledger reports keep a line's analytic accounts as links: see `OWN_LINKS`
    | {"account_financial_report"}
    # OCA's reconciliation changes fields of bank lines, which no bill and no payment has
    | {"account_reconcile_oca"}
)
METHODS = {
    "account.move": ("create", "write", "_post", "_invoice_paid_hook", "_set_next_sequence"),
    "account.move.line": ("create", "write", "_create_analytic_lines"),
    "account.analytic.line": ("create", "write"),
    "res.partner": ("_increase_rank",),
}


def strangers_of(facts, prepared):
    """In words, why a batch cannot be posted in bulk; False when it can."""
    env = facts.env
    if facts.journal.restrict_mode_hash_table:
        return env._("The journal “%s” seals its entries one by one.", facts.journal.name)
    if facts.currency != facts.company.currency_id or (
        facts.journal.currency_id and facts.journal.currency_id != facts.company.currency_id
    ):
        return env._("The bills are in a foreign currency.")
    if (
        env["account.payment.term"]
        .browse({bill.vals["invoice_payment_term_id"] for bill in prepared} - {False})
        .filtered(lambda term: len(term.line_ids) > 1 or term.early_discount)
    ):
        return env._("A payment term has instalments or a discount.")
    modules = _strange_modules(env)
    if modules:
        return env._("Modules take part in posting that are not known: %s.", ", ".join(modules))
    return _strange_rules(env)


def _strange_modules(env):
    found = set()
    for model, methods in METHODS.items():
        for method in methods:
            found |= set(_definers(env[model], method)) - READ
    for model in ("account.move", "account.move.line"):
        checks = (check.__module__.split(".") for check in env[model]._constraint_methods)
        found |= {path[2] for path in checks if path[:2] == ["odoo", "addons"]} - READ
    return sorted(found | env["utility.posting"]._dependants() - READ)


def dependants(env):
    """Modules that store something calculated from bills, which rows alone would not update."""
    found = set()
    for model in ("account.move", "account.move.line"):
        tree = env.registry.get_trigger_tree(
            list(env[model]._fields.values()), select=lambda field: field.compute and field.store
        )
        found |= {module for field in _fields(tree) for module in field._modules}
    return frozenset(found)


def _fields(tree):
    yield from tree.root
    for branch in tree.values():
        yield from _fields(branch)


def _strange_rules(env):
    """Automations that people have set on bills."""
    if "base.automation" in env and env["base.automation"].search_count(
        [("model_id.model", "in", ("account.move", "account.move.line"))], limit=1
    ):
        return env._("Automation rules are set on bills.")
    return False
