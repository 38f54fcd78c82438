from odoo import api, fields, models

from odoo.addons.utility_base.models.service import KINDS

from .reading import SOURCES
from .vee_rule import PARAMETERS

FROM_CUSTOMERS = ("portal", "phone", "sms", "email")


class VeeGroup(models.Model):
    """Rules by which readings of some services and sources are validated, in order.

    A check is made by the first group that fits a reading and has it: what a group says for one
    service or source stands instead of what a later one says for all.
    """

    _name = "utility.vee.group"
    _description = "Validation Rules"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    service_ids = fields.Many2many("utility.service", help="Empty: every service.")
    service_kind = fields.Selection(KINDS, "Kind of Service", help="Empty: every kind.")
    point_kind = fields.Selection(
        selection="_point_kinds", string="Kind of Point", help="Empty: every kind."
    )
    source = fields.Selection(
        [*SOURCES, ("customers", "Whatever comes from customers")],
        help="Empty: whatever the source.",
    )
    occasion = fields.Selection(
        [
            ("regular", "Regular readings"),
            ("act", "First, last and check readings of meters"),
        ],
        "For",
        help="Empty: every reading.",
    )
    rule_ids = fields.One2many("utility.vee.rule", "group_id", "Rules", copy=True)

    @api.model
    def _point_kinds(self):
        return self.env["utility.service.point"]._fields["kind"].selection

    @api.model
    def _rules_by_group(self):
        """All groups in force with their rules as the engine knows them.

        :return: list of (group, [rules])
        """
        groups = self.search([])
        groups.fetch(["rule_ids", "service_ids"])
        groups.rule_ids.fetch(["check_code", "verdict", "periods", *PARAMETERS])
        return [(group, [rule._as_engine_rule() for rule in group.rule_ids]) for group in groups]

    @api.model
    def _rules_for(self, groups, company_id, service_id, service_kind, point_kind, source, by_act):
        """The rules that a reading is judged by, out of `_rules_by_group`."""
        found, taken = [], set()
        occasion = "act" if by_act else "regular"
        for group, rules in groups:
            if (
                group.company_id.id not in (False, company_id)
                or (group.service_ids and service_id not in group.service_ids.ids)
                or group.service_kind not in (False, service_kind)
                or group.point_kind not in (False, point_kind)
                or not group._fits_source(source)
                or group.occasion not in (False, occasion)
            ):
                continue
            own = [rule for rule in rules if rule.check not in taken]
            taken |= {rule.check for rule in own}
            found += own
        return found

    def _fits_source(self, source):
        if self.source == "customers":
            return source in FROM_CUSTOMERS
        return self.source in (False, source)
