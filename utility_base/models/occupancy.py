from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .dated_mixin import no_overlap

RESIDENT_ROLES = ("tenant", "resident")


class Occupancy(models.Model):
    """Who owns, rents or lives at a premise, from when to when; or is away from it."""

    _name = "utility.occupancy"
    _description = "Occupancy"
    _inherit = ["utility.dated.mixin"]
    _order = "premise_id, date_start desc, id desc"
    _fact_key = ("premise_id", "partner_id", "role")

    premise_id = fields.Many2one("utility.premise", required=True, index=True, ondelete="restrict")
    building_id = fields.Many2one(related="premise_id.building_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Person or Company", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(
        [
            ("owner", "Owner"),
            ("tenant", "Tenant"),
            ("resident", "Resident"),
            ("absent", "Absent"),
        ],
        required=True,
        default="owner",
    )
    share = fields.Float(
        "Share, %",
        digits=(7, 4),
        default=100,
        help="Share of the property, for owners. The shares of all owners of a day "
        "make at most 100 %.",
    )
    is_resident = fields.Boolean(
        "Lives Here",
        compute="_compute_is_resident",
        store=True,
        readonly=False,
        help="Counted in the number of residents.",
    )
    is_registered = fields.Boolean(
        "Registered Here", help="The place is this person's declared residence."
    )
    basis = fields.Char(
        groups="utility_base.group_personal_data",
        help="The document behind: deed, lease, extract of the property register, "
        "certificate of absence.",
    )
    basis_date = fields.Date("Basis Dated", groups="utility_base.group_personal_data")
    replaces_id = fields.Many2one(
        "utility.occupancy", copy=False, readonly=True, index="btree_not_null"
    )

    _no_overlap = no_overlap(*_fact_key)
    _share_range = models.Constraint(
        "CHECK (role <> 'owner' OR (share > 0 AND share <= 100))",
        "An owner's share lies above 0 and is at most 100 %.",
    )

    @api.depends("role")
    def _compute_is_resident(self):
        for occupancy in self:
            occupancy.is_resident = occupancy.role in RESIDENT_ROLES

    @api.depends("partner_id.name", "role", "premise_id.address")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for occupancy in self:
            role = roles.get(occupancy.role, "").lower()
            occupancy.display_name = (
                f"{occupancy.partner_id.name or ''}, {role}, {occupancy.premise_id.address or ''}"
            )

    def _timeline_title(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        parts = [self.partner_id.display_name, roles.get(self.role)]
        if self.role == "owner" and self.share != 100:
            parts.append(self.env._("%(share)s %%", share=f"{self.share:g}"))
        return " · ".join(part for part in parts if part)

    def _refuse_bad(self, vals_list):
        for vals in vals_list:
            share = vals.get("share", 100)
            if vals.get("role", "owner") == "owner" and not 0 < share <= 100:
                raise ValidationError(
                    self.env._(
                        "%(who)s: an owner's share lies above 0 and is at most 100 %%, "
                        "not %(share)s %%.",
                        who=self._vals_period_label(vals),
                        share=f"{share:g}",
                    )
                )
        return super()._refuse_bad(vals_list)

    @api.constrains("premise_id", "role", "share", "date_start", "date_end", "voided_at")
    def _check_owner_shares(self):
        owners = self.filtered(lambda o: o.role == "owner" and not o.voided_at)
        beyond = owners._beyond_whole("premise_id", Domain("role", "=", "owner"))
        for premise, total, day in beyond:
            raise ValidationError(
                self.env._(
                    "%(premise)s: the owners' shares add up to %(total)s %% on %(day)s. "
                    "End or correct another owner's share first.",
                    premise=premise.display_name,
                    total=total,
                    day=day,
                )
            )

    @api.constrains("role", "is_resident")
    def _check_absent_is_not_resident(self):
        for absent in self.filtered(lambda o: o.role == "absent" and o.is_resident):
            raise ValidationError(
                self.env._("%s cannot be absent and live here at once.", absent._fact_label())
            )
