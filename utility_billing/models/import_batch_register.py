from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class ImportBatch(models.Model):
    """A whole register of beneficiaries: who is missing in it has no benefit any more."""

    _inherit = "utility.import.batch"

    is_whole_register = fields.Boolean(compute="_compute_is_whole_register")

    def _compute_is_whole_register(self):
        for batch in self:
            profile = batch.profile_id
            batch.is_whole_register = profile.target == "benefits" and profile.ends_missing

    def _finish(self):
        done = super()._finish()
        if self.is_whole_register and self.state == "done":
            self._end_missing()
        return done

    def action_end_missing(self):
        """End the benefits that the file lacks, where nothing in it was left to import."""
        self.ensure_one()
        if not self.is_whole_register or self.bad_count or self.good_count or self.new_count:
            raise UserError(
                self.env._(
                    "Only a whole register, all of whose rows are imported or known, says who has "
                    "no benefit any more. Mend or import its rows first."
                )
            )
        self._end_missing()
        return True

    def _end_missing(self):
        missing = self._missing_benefits()
        last = fields.Date.context_today(self) - timedelta(days=1)
        ending = missing.filtered(lambda benefit: benefit.date_start <= last)
        for benefit in ending:
            benefit._close(last)
        self.message_post(
            body=self.env._(
                "%(count)s benefits are not in the register any more and end on %(day)s.",
                count=len(ending),
                day=format_date(self.env, last),
            )
        )

    def _missing_benefits(self):
        """Benefits in force, of the kinds that the file speaks of, which it does not name."""
        benefits = self.env["utility.benefit"]
        named = benefits.browse(
            [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT res_id FROM utility_import_row WHERE batch_id = %s "
                        "AND res_model = 'utility.benefit' AND res_id IS NOT NULL "
                        "AND state IN ('imported', 'unchanged')",
                        self.id,
                    )
                )
            ]
        )
        return benefits.search(
            benefits._domain_in_force(fields.Date.context_today(self))
            & Domain("company_id", "=", self.profile_id.company_id.id)
            & Domain("kind_id", "in", named.kind_id.ids)
            & Domain("id", "not in", named.ids)
        )
