from odoo import models
from odoo.tools import SQL


class MeterInstallation(models.Model):
    _inherit = "utility.meter.installation"

    def _reopen(self, reason):
        """Let meters whose removal was wrong hang on: each removal is voided, the installation goes
        on with the readings it has. Returns the installations that take the place of these."""
        ended = self.filtered(lambda row: row.date_end and not row.voided_at)
        if not ended:
            return ended
        opened = ended._supersede({"date_end": False}, reason=reason)
        self.env.flush_all()
        # what belongs to an installation, whichever way it is told, belongs to its correction
        for table in ("utility_reading", "utility_lift_schedule"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s r SET installation_id = v.new FROM unnest(%s::int[], %s::int[]) "
                    "AS v (old, new) WHERE r.installation_id = v.old",
                    SQL.identifier(table),
                    ended.ids,
                    opened.ids,
                )
            )
        self.env.invalidate_all()
        return opened
