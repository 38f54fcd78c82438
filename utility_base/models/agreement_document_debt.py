import operator as operators

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

COMPARE = {"<": operators.lt, "<=": operators.le, ">": operators.gt, ">=": operators.ge}


class AgreementDocument(models.Model):
    """What is owed under each agreement: the open receivables of the accounts it covers."""

    _inherit = "utility.agreement.document"

    def _compute_debt(self):
        debts = self._debts(self.ids)
        for agreement in self:
            agreement.debt = debts.get(agreement._origin.id, 0.0)

    def _search_debt(self, operator, value):
        if operator in COMPARE:
            compare, zero = COMPARE[operator], COMPARE[operator](0, value)
            found = [key for key, debt in self._debts().items() if compare(debt, value)]
        elif operator == "in":
            wanted = {round(float(amount), 2) for amount in value}
            zero = 0.0 in wanted
            found = [key for key, debt in self._debts().items() if round(debt, 2) in wanted]
        else:
            return NotImplemented
        if not zero:
            return Domain("id", "in", found)
        # agreements without open items owe nothing
        return Domain("id", "in", found) | Domain("id", "not in", list(self._debts()))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != "debt":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        owed = self._debts_query(SQL("rel.agreement_document_id = %s", SQL.identifier(alias, "id")))
        return SQL("COALESCE((SELECT debt FROM (%s) owed), 0) %s %s", owed, direction, nulls)

    def action_open_debt(self):
        """The open receivables behind the debt."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Debt under %s", self.display_name),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("utility_account_id", "in", self.account_ids.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "!=", 0),
            ],
        }

    def _debts(self, ids=None):
        """What is owed under agreements, by one query.

        :param ids: agreements; all of them when None
        :return: {agreement id: amount in company currency}, only those with open items
        """
        if ids is not None and not ids:
            return {}
        where = SQL("TRUE")
        if ids is not None:
            where = SQL("rel.agreement_document_id = ANY(%s)", list(ids))
        rows = self.env.execute_query(self._debts_query(where))
        return {agreement: float(debt) for agreement, debt in rows}

    def _debts_query(self, where):
        line = self.env["account.move.line"]._fields
        return SQL(
            """
            SELECT rel.agreement_document_id, SUM(line.amount_residual) AS debt
            FROM utility_agreement_document_account_rel rel
            JOIN account_move_line line ON line.utility_account_id = rel.account_id
                AND line.reconciled IS NOT TRUE AND line.amount_residual <> 0
                AND line.parent_state = 'posted'
            JOIN account_account ledger ON ledger.id = line.account_id
                AND ledger.account_type = 'asset_receivable'
            WHERE %s
            GROUP BY rel.agreement_document_id
            """,
            where,
            to_flush=[
                self._fields["account_ids"],
                *(
                    line[name]
                    for name in (
                        "utility_account_id",
                        "reconciled",
                        "amount_residual",
                        "parent_state",
                    )
                ),
            ],
        )
