from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .staged_payments import STAGED


class BillingPeriodCheck(models.Model):
    """A point of the checklist: no line of a file waits outside of the lists of payments."""

    _inherit = "utility.billing.period.check"

    code = fields.Selection(
        selection_add=[("staged", "All lines of payment files are in")],
        ondelete={"staged": "cascade"},
    )

    def _advice(self):
        if self.code == "staged":
            return self.env._("Mend these lines and import them, or leave them out.")
        return super()._advice()

    def _open_staged(self, company, _first, last):
        return "utility.import.row", Domain("id", "in", self._staged(company, last))

    @api.model
    def _staged(self, company, last):
        """Ids of the lines of payments until a day."""
        self.env.flush_all()
        return [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT id FROM (%s) line WHERE company_id = %s AND date <= %s",
                    STAGED,
                    company.id,
                    last,
                )
            )
        ]
