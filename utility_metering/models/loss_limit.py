from odoo import api, fields, models
from odoo.fields import Domain


class LossLimit(models.Model):
    """From where on a loss or a consumer is worth a look: for one service, or for all others."""

    _name = "utility.loss.limit"
    _description = "Limits of Losses and Suspicions"
    _order = "company_id, service_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    service_id = fields.Many2one(
        "utility.service",
        index=True,
        check_company=True,
        ondelete="cascade",
        help="Empty: all services that have no limits of their own.",
    )
    loss_percent = fields.Float(
        "Loss, %",
        digits=(16, 2),
        required=True,
        default=15,
        help="A branch that loses more is marked as an alarm, from half of it on as a warning.",
    )
    surplus_percent = fields.Float(
        "Surplus, %",
        digits=(16, 2),
        required=True,
        default=2,
        help="Children may be above their feeder by so much; more means that a meter is wrong.",
    )
    common_quantity = fields.Float(
        "Common Use a Flat",
        digits="Utility Quantity",
        required=True,
        default=1,
        help="What a house may lose or use in common in a month for each point it feeds, in the "
        "service's unit.",
    )
    drop_percent = fields.Float(
        "Use Fell below, %",
        digits=(16, 2),
        required=True,
        default=30,
        help="Of the point's own daily average of the 12 months before and of the same month last "
        "year, whichever is smaller.",
    )
    history_days = fields.Integer(
        "History, Days",
        required=True,
        default=90,
        help="A point must have been measured for so long before its use can have fallen.",
    )
    least_quantity = fields.Float(
        "Least Expected Use",
        digits="Utility Quantity",
        required=True,
        default=1,
        help="Points that used less in a month before are not looked at, in the service's unit.",
    )
    zero_months = fields.Integer(
        "Stuck for, Months", required=True, default=2, help="Months in a row without any use."
    )
    neighbours_percent = fields.Float(
        "While Neighbours Use, %",
        digits=(16, 2),
        required=True,
        default=50,
        help="At least so many of the measured consumers in the same building use something.",
    )
    estimated_months = fields.Integer(
        "Estimated for, Months",
        required=True,
        default=3,
        help="Months since the last measured use.",
    )
    least_score = fields.Float(
        digits=(16, 2), required=True, default=30, help="Points with a lower score are not listed."
    )

    _one_a_service = models.UniqueIndex(
        "(company_id, COALESCE(service_id, 0))",
        "These limits exist already: change them instead.",
    )
    _in_range = models.Constraint(
        "CHECK (loss_percent > 0 AND surplus_percent >= 0 AND common_quantity > 0 "
        "AND drop_percent BETWEEN 0 AND 100 AND history_days > 0 AND least_quantity >= 0 "
        "AND zero_months > 0 AND neighbours_percent BETWEEN 0 AND 100 AND estimated_months > 0 "
        "AND least_score BETWEEN 0 AND 100)",
        "Percentages lie between 0 and 100; quantities, days and months are above 0.",
    )

    @api.depends("service_id", "company_id")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = limit.service_id.name or self.env._("All other services")

    @api.model
    def _for(self, services):
        """The limits of each service: its own, those of its company, or the usual ones.

        :return: {service: limit}; the usual ones are a record that is not stored
        """
        found = self.search(
            Domain("company_id", "in", services.company_id.ids)
            & (Domain("service_id", "in", services.ids) | Domain("service_id", "=", False))
        )
        own = {limit.service_id: limit for limit in found if limit.service_id}
        general = {limit.company_id: limit for limit in found if not limit.service_id}
        usual = self.new({})
        return {
            service: own.get(service) or general.get(service.company_id) or usual
            for service in services
        }
