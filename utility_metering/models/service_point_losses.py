from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain

# how many months back the drawing of a network can show: the same month last year, too
DRAWN_MONTHS = 13


class ServicePoint(models.Model):
    """Losses and suspicions where the points are drawn."""

    _inherit = "utility.service.point"

    def _network_nodes(self):
        """Adds `losses`, what `utility.network.balance` says of the last months, newest first, and
        `suspicion`, that of the last month, to the points that have any."""
        nodes = super()._network_nodes()
        losses, suspicions = self._drawn_losses(), self._drawn_suspicions()
        for node in nodes:
            if node["id"] in losses:
                node["losses"] = losses[node["id"]]
            if node["id"] in suspicions:
                node["suspicion"] = suspicions[node["id"]]
        return nodes

    def _drawn_losses(self):
        """{point's id: [{month, quantity, loss, percent, known, count, state, severity, unit}]}"""
        balances = self.env["utility.network.balance"]
        if not balances.has_access("read"):
            return {}
        latest = balances._latest_months(Domain("service_id", "in", self.service_id.ids))
        rows = balances.search(
            Domain("service_point_id", "in", self.ids)
            & Domain.OR(
                Domain("service_id", "=", service.id)
                & Domain("date_start", ">", day - relativedelta(months=DRAWN_MONTHS))
                for service, day in latest.items()
            ),
            order="date_start desc",
        )
        drawn = {}
        for row in rows:
            drawn.setdefault(row.service_point_id.id, []).append(row._prepare_drawn())
        return drawn

    def _drawn_suspicions(self):
        """{point's id: {score, reason}} of what is new or waits for a visit."""
        suspicions = self.env["utility.suspicion"]
        if not suspicions.has_access("read"):
            return {}
        rows = suspicions.search(
            Domain("service_point_id", "in", self.ids)
            & Domain("state", "!=", "explained")
            & Domain("is_latest", "=", True)
        )
        return {
            row.service_point_id.id: {"score": row.score, "reason": row.explanation} for row in rows
        }
