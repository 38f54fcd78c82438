from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .bill_delivery import CHANNELS, STATES


class AccountMove(models.Model):
    """What became of the bill after it was posted."""

    _inherit = "account.move"

    utility_delivery_ids = fields.One2many(
        "utility.bill.delivery",
        "move_id",
        "Deliveries",
        readonly=True,
        groups="utility_base.group_reader",
    )
    utility_delivery_state = fields.Selection(
        STATES,
        "Delivery",
        compute="_compute_utility_delivery",
        search="_search_utility_delivery_state",
    )
    utility_delivery_channel = fields.Selection(
        CHANNELS, "Sent by", compute="_compute_utility_delivery"
    )

    @api.depends("utility_delivery_ids.state", "utility_delivery_ids.is_current")
    def _compute_utility_delivery(self):
        # whoever sees the bill may see whether it was sent
        current = (
            self.env["utility.bill.delivery"]
            .sudo()
            .search([("move_id", "in", self.ids), ("is_current", "=", True)])
        )
        of_move = {delivery.move_id.id: delivery for delivery in current}
        for move in self:
            delivery = of_move.get(move._origin.id, current.browse())
            move.utility_delivery_state = delivery.state
            move.utility_delivery_channel = delivery.channel

    def _search_utility_delivery_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if state]
        found = Domain(
            "utility_delivery_ids", "any", [("is_current", "=", True), ("state", "in", states)]
        )
        if False in value:
            found |= Domain("utility_delivery_ids", "=", False)
        return found

    def _utility_on_their_way(self):
        """Bills that need no sending: what waits, was sent, or was let be."""
        deliveries = self.env["utility.bill.delivery"]
        deliveries.flush_model(["move_id", "is_current", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_id FROM utility_bill_delivery
                WHERE move_id = ANY(%s) AND is_current AND state != 'failed'
                """,
                self.ids,
            )
        )
        return self.browse(row[0] for row in rows)

    def _utility_lang(self):
        """Language code of the bill and of what is written along with it."""
        self.ensure_one()
        return self.utility_account_id.lang or self.partner_id.lang or self.env.lang or "en_US"

    def action_utility_send(self):
        """Choose how to send the bills."""
        return self.env["utility.delivery.send"]._action_for(self)

    def action_utility_deliveries(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "utility_billing.bill_delivery_action"
        )
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}
