from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.utility_base.tools.bulk import copy_rows
from odoo.addons.utility_base.tools.bulk_references import references_checked

from ..engine.bill import ChargeRow


class Posting(models.AbstractModel):
    """Charges: what a batch posts, and where each went."""

    _inherit = "utility.posting"

    @api.model
    def _charge_rows(self, run, first_id, last_id):
        """Approved charges of accounts billed from `first_id` to `last_id`, with those that an
        earlier run has carried on.

        :return: [`ChargeRow`]
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            WITH accounts AS (
                SELECT account.id, COALESCE(account.bill_to_account_id, account.id) AS bill_id,
                       payer.partner_id AS payer_id
                FROM utility_account account
                LEFT JOIN utility_account payer ON payer.id = account.bill_to_account_id
                WHERE COALESCE(account.bill_to_account_id, account.id)
                      BETWEEN %(first)s AND %(last)s AND account.company_id = %(company)s
            ), charges AS (
                SELECT charge.id FROM accounts JOIN utility_charge charge
                ON charge.run_id = %(run)s AND charge.account_id = accounts.id
                UNION
                SELECT charge.id FROM accounts JOIN utility_charge charge
                ON charge.carried AND charge.account_id = accounts.id
            )
            SELECT charge.id, accounts.id, accounts.bill_id,
                   COALESCE(accounts.payer_id, charge.partner_id, 0), charge.service_id,
                   COALESCE(charge.building_id, 0), COALESCE(charge.tax_key, ''),
                   COALESCE(charge.tax_included, FALSE), charge.kind, COALESCE(charge.code, ''),
                   trim_scale(charge.quantity)::text, COALESCE(charge.uom_id, 0),
                   trim_scale(charge.price)::text, charge.amount::text,
                   COALESCE(charge.fund_partner_id, 0), COALESCE(charge.fund_amount, 0)::text,
                   COALESCE(charge.is_correction, FALSE), charge.period_start, charge.period_end
            FROM charges JOIN utility_charge charge ON charge.id = charges.id
            JOIN accounts ON accounts.id = charge.account_id
            WHERE charge.state = 'approved'
            ORDER BY charge.id
            """,
                first=first_id,
                last=last_id,
                company=run.company_id.id,
                run=run.id,
            )
        )
        return [_charge_row(row) for row in rows]

    @api.model
    def _mark_charges(self, facts, posted, bills, carried):
        """Charges of posted bills lead to the line that carries them; others wait."""
        lines, taxes = {}, {}
        for bill in posted:
            lines.update(bill.lines_of_charges())
            taxes.update(facts.tax_parts(bill))
        for charge_id, line_id in facts.fund_lines.items():
            lines.setdefault(charge_id, line_id)
        everything = {charge for bill in bills for charge in bill.charge_ids} | facts.idle(carried)
        if everything:
            self._write_marks(
                [
                    (charge, lines.get(charge), str(taxes.get(charge, 0)))
                    for charge in sorted(everything)
                ]
            )
        waiting = [charge for bill in carried for charge in bill.charge_ids]
        if waiting:
            self.env.cr.execute(
                SQL("UPDATE utility_charge SET carried = TRUE WHERE id = ANY(%s)", waiting)
            )
        self.env["utility.charge"].invalidate_model()

    def _write_marks(self, marks):
        cr = self.env.cr
        cr.execute(
            "CREATE TEMP TABLE IF NOT EXISTS utility_charge_mark "
            "(charge_id int, line_id int, tax numeric) ON COMMIT DELETE ROWS"
        )
        cr.execute("TRUNCATE utility_charge_mark")
        copy_rows(cr, "utility_charge_mark", ("charge_id", "line_id", "tax"), marks)
        lines = {"move_line_id": {line_id for _charge, line_id, _tax in marks}}
        with references_checked(cr, "utility_charge", lines):
            cr.execute(
                """
                UPDATE utility_charge charge
                SET state = 'posted', carried = FALSE, move_line_id = mark.line_id,
                    tax_amount = mark.tax
                FROM utility_charge_mark mark WHERE charge.id = mark.charge_id
                """
            )


def _charge_row(row):
    row = ChargeRow(*row)
    return row._replace(
        quantity=Decimal(row.quantity or 0),
        price=None if row.price is None else Decimal(row.price),
        amount=Decimal(row.amount),
        fund_amount=Decimal(row.fund_amount),
    )
