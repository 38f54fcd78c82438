from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class BuildingAccessWizard(models.TransientModel):
    """A manager lets others see own buildings, or takes it back; never more than the "
    "manager sees."""

    _name = "utility.building.access.wizard"
    _description = "Access to Buildings"

    operation = fields.Selection(
        [("grant", "Let see"), ("revoke", "Take back")], required=True, default="grant"
    )
    user_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="cascade",
        help="Empty: a new user is made from the name and e-mail.",
    )
    name = fields.Char("Name of the New User")
    email = fields.Char("E-mail of the New User")
    own_building_ids = fields.Many2many("utility.premise", compute="_compute_own_building_ids")
    building_ids = fields.Many2many(
        "utility.premise",
        string="Buildings",
        required=True,
        domain="[('level', '=', 'building'), ('id', 'in', own_building_ids)]",
    )

    @api.depends_context("uid")
    def _compute_own_building_ids(self):
        for wizard in self:
            wizard.own_building_ids = self.env["utility.premise"].search(
                [("level", "=", "building")], limit=10000
            )

    def action_apply(self):
        self.ensure_one()
        self._check_manager()
        user = self.user_id or self._create_user()
        if self.operation == "grant":
            self._grant(user)
        else:
            self._revoke(user)
        for building in self.building_ids:
            # a manager does not write premises; this is the record of the right that was given
            building.sudo().message_post(
                body=self.env._(
                    "%(manager)s: %(operation)s %(user)s",
                    manager=self.env.user.name,
                    user=user.name,
                    operation=dict(self._fields["operation"]._description_selection(self.env))[
                        self.operation
                    ].lower(),
                )
            )
        return {"type": "ir.actions.act_window_close"}

    def _check_manager(self):
        if not self.env.user.has_group("utility_base.group_manager"):
            raise AccessError(self.env._("Only a manager gives rights on buildings to others."))
        own = self.env["utility.premise"].search(
            [
                ("id", "in", self.building_ids.ids),
                ("level", "=", "building"),
            ]
        )
        tied = self.env.user.utility_building_ids
        # a building that the manager may not see has vanished from `building_ids` by now
        if not self.building_ids or self.building_ids - (own & tied if tied else own):
            raise AccessError(
                self.env._(
                    "Choose buildings that you manage: rights on others are not yours to give."
                )
            )

    def _grant(self, user):
        self._check_user(user)
        # a manager is no administrator of users; the check above keeps it within own buildings
        user.sudo().write(
            {
                "utility_building_ids": [fields.Command.link(b.id) for b in self.building_ids],
                "group_ids": [fields.Command.link(self.env.ref("utility_base.group_manager").id)],
            }
        )

    def _revoke(self, user):
        self._check_user(user)
        left = user.sudo().utility_building_ids - self.building_ids
        vals = {"utility_building_ids": [fields.Command.set(left.ids)]}
        if not left:
            vals["group_ids"] = [fields.Command.unlink(group.id) for group in self._given_groups()]
        user.sudo().write(vals)
        if not left and user.sudo().has_group("utility_base.group_reader"):
            # tied to nothing means every building: never the effect of taking rights back
            raise self._beyond_error(user)

    def _given_groups(self):
        """The manager's group and those of ours that it implies."""
        groups = self.env.ref("utility_base.group_manager").sudo().all_implied_ids
        readers = self.env.ref("utility_base.group_reader").sudo().all_implied_ids
        return (groups - readers) | self.env.ref("utility_base.group_reader")

    def _check_user(self, user):
        """Rights of somebody with a wider view are the administrator's to set."""
        account = user.sudo()
        roles = (
            account.all_group_ids & self.env.ref("utility_base.group_administrator").all_implied_ids
        )
        others = roles - self.env.ref("utility_base.group_manager").all_implied_ids
        unrestricted = (
            account.has_group("utility_base.group_reader") and not account.utility_building_ids
        )
        if account.share or others or unrestricted or account.has_group("base.group_system"):
            raise self._beyond_error(user)

    def _beyond_error(self, user):
        return UserError(
            self.env._(
                "%s has rights beyond single buildings: ask the administrator to change them.",
                user.name,
            )
        )

    def _create_user(self):
        if self.operation == "revoke" or not (self.name and self.email):
            raise UserError(self.env._("Choose a user, or type the name and e-mail of a new one."))
        return (
            self.env["res.users"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "login": self.email,
                    "email": self.email,
                    "company_id": self.env.company.id,
                    "company_ids": [fields.Command.set(self.env.company.ids)],
                    "group_ids": [fields.Command.set(self.env.ref("base.group_user").ids)],
                }
            )
        )
