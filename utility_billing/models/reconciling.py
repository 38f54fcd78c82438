from odoo import api, models

from odoo.addons.utility_base.tools.bulk import _definers

from .posting_strangers import READ
from .reconciling_rows import Reconciliation

METHODS = {
    "account.partial.reconcile": ("create", "_update_matching_number"),
    "account.full.reconcile": ("create",),
    "account.move.line": ("_reconcile_plan", "_reconcile_post_hook", "_reconcile_pre_hook"),
    "account.move": ("_invoice_paid_hook",),
}


class Reconciling(models.AbstractModel):
    """Reconciles what is owed with what was given, by sums that are told: one by one by Odoo, or
    the same rows in bulk."""

    _name = "utility.reconciling"
    _description = "Reconciliation in Bulk"

    @api.model
    def _reconcile(self, company, pairs):
        """Reconcile ledger lines of one company.

        :param pairs: [(what is owed, what was given, amount)]: ids and a Decimal in company
            currency, above zero, within what is open of both
        :return: (bulk or orm, why one by one)
        """
        if not pairs:
            return "bulk", False
        self.env.flush_all()
        reconciliation = Reconciliation(self.env, pairs)
        foreign = reconciliation.foreign_pairs(company)
        if foreign:
            apart = set(foreign)
            self._reconcile(company, [pair for pair in pairs if pair not in apart])
            self._reconcile_by_odoo(foreign)
            return "orm", self.env._("Something is in a foreign currency.")
        reason = False
        if company.utility_payment_way == "bulk":
            reason = self._why_not_bulk(company, reconciliation)
            if not reason:
                reconciliation.store()
                self.env["utility.allocating"]._allocate(reconciliation.partial_ids)
                return "bulk", False
        self._reconcile_exactly(pairs)
        return "orm", reason

    @api.model
    def _why_not_bulk(self, company, reconciliation):
        if company.tax_exigibility:
            return self.env._("Taxes are due when bills are paid: Odoo books them.")
        if reconciliation.is_odoos_payment():
            return self.env._("Some money came by a payment or a statement line of Odoo's own.")
        found = set(self.env["utility.posting"]._dependants()) - READ
        for model, methods in METHODS.items():
            for method in methods:
                found |= set(_definers(self.env[model], method)) - READ
        if found:
            return self.env._(
                "Modules take part in reconciliation that are not known: %s.",
                ", ".join(sorted(found)),
            )
        return False

    @api.model
    def _reconcile_by_odoo(self, pairs):
        """Pair after pair, the sums are Odoo's to find: it knows the rates."""
        lines = self.env["account.move.line"]
        lines._reconcile_plan([lines.browse((debit, credit)) for debit, credit, _amount in pairs])

    @api.model
    def _reconcile_exactly(self, pairs):
        """By Odoo's own records, for the sums that are told."""
        lines = self.env["account.move.line"].browse(
            {line_id for debit, credit, _amount in pairs for line_id in (debit, credit)}
        )
        before = lines._reconcile_pre_hook()
        partials = self.env["account.partial.reconcile"].create(
            [
                {
                    "debit_move_id": debit,
                    "credit_move_id": credit,
                    "amount": float(amount),
                    "debit_amount_currency": float(amount),
                    "credit_amount_currency": float(amount),
                }
                for debit, credit, amount in pairs
            ]
        )
        if any(lines.company_id.mapped("tax_exigibility")):
            partials._create_tax_cash_basis_moves()
            partials._set_draft_caba_move_vals()
        self._settle_fully(lines)
        lines._reconcile_post_hook(before)

    def _settle_fully(self, lines):
        """Lines that are settled together, with nothing left of any, are fully reconciled."""
        groups = lines._reconciled_by_number()
        whole = [found for found in groups.values() if all(found.mapped("reconciled"))]
        self.env["account.full.reconcile"].create(
            [
                {
                    "partial_reconcile_ids": [
                        (4, partial_id)
                        for partial_id in (found.matched_debit_ids | found.matched_credit_ids).ids
                    ],
                    "reconciled_line_ids": [(4, line_id) for line_id in found.ids],
                }
                for found in whole
            ]
        )
