from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.utility_base.tools.dates import day_before

APPROVERS = "utility_base.group_billing_operator"


class RateVersion(models.Model):
    """How a version goes from a draft to what is billed, and back."""

    _inherit = "utility.rate.version"

    problems = fields.Text(
        compute="_compute_problems", help="What is to be mended before it can price anything."
    )

    def action_test(self):
        """Check the version, mark it as tested and try it out in the rate check."""
        self.ensure_one()
        self._refuse_withdrawn()
        if self.state == "draft":
            self._refuse_problems()
            self.check_access("write")
            # the state is set by the buttons only
            self.sudo().write({"state": "tested"})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tariff Check"),
            "res_model": "utility.rate.check",
            "view_mode": "form",
            "target": "new",
            "context": {"default_version_id": self.id, "dialog_size": "extra-large"},
        }

    def action_approve(self):
        """Put the versions in force from their first day on; whatever was before them ends."""
        self._refuse_others()
        for version in self.sorted("date_start"):
            version._approve()
        return True

    def action_approve_tested(self):
        """Approve versions together, if all of them were tried out.

        :raise UserError: some were not
        """
        untested = self.filtered(lambda version: version.state == "draft")
        if untested:
            raise UserError(
                self.env._(
                    "Not tested yet:\n%(versions)s\nTest them on their forms, or choose “Approve "
                    "Untested”.",
                    versions="\n".join(f"• {version.display_name}" for version in untested),
                )
            )
        return self.action_approve()

    def _approve(self):
        self._refuse_withdrawn()
        if self.state == "approved":
            raise UserError(
                self.env._("%(version)s is approved already.", version=self.display_name)
            )
        self._refuse_problems()
        self._check_after_locked()
        # rights are checked; approval is written by nobody else
        before = self.sudo()._end_before()
        self.sudo().write(
            {
                "state": "approved",
                "approved_by": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        return before

    def _end_before(self):
        """End what is in force on the first day; flushed before this version is in force."""
        before = self.search(
            [
                ("schedule_id", "=", self.schedule_id.id),
                ("state", "=", "approved"),
                ("voided_at", "=", False),
                ("date_start", "<", self.date_start),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", self.date_start),
            ]
        )
        for version in before:
            version.write(
                {
                    "end_before": version.date_end,
                    "date_end": day_before(self.date_start),
                    "ended_by_id": self.id,
                }
            )
        before.flush_recordset()
        return before

    def action_reset(self):
        """A tested version becomes a draft again."""
        self._refuse_locked()
        self.check_access("write")
        # the state is set by the buttons only
        self.sudo().write({"state": "draft"})
        return True

    def action_withdraw(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw"),
            "res_model": "utility.rate.withdraw.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_version_ids": self.ids},
        }

    def _withdraw(self, reason):
        """Take approved versions out of force, as never having been so; what they had ended goes
        on as if they had not been.

        :raise UserError: no reason, or it is not approved
        :raise AccessError: the user may not approve either
        """
        self._refuse_others()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the version is withdrawn."))
        for version in self:
            version._refuse_withdrawn()
            if version.state != "approved":
                raise UserError(
                    self.env._(
                        "%(version)s is not approved: delete it instead.",
                        version=version.display_name,
                    )
                )
            # rights are checked; a withdrawal is written by nobody else
            version.sudo().write(
                {
                    "voided_at": fields.Datetime.now(),
                    "voided_by": self.env.uid,
                    "void_reason": reason,
                }
            )
            version.flush_recordset()
            version.sudo()._reopen_ended()

    def _reopen_ended(self):
        """What this version had ended ends as foreseen, or before the next approved one."""
        for version in self.search([("ended_by_id", "=", self.id), ("voided_at", "=", False)]):
            following = self.search(
                [
                    ("schedule_id", "=", version.schedule_id.id),
                    ("state", "=", "approved"),
                    ("voided_at", "=", False),
                    ("date_start", ">", version.date_start),
                ],
                order="date_start",
                limit=1,
            )
            end = version.end_before
            if following and (not end or end >= following.date_start):
                version.write(
                    {
                        "date_end": day_before(following.date_start),
                        "ended_by_id": following.id,
                    }
                )
            else:
                version.write({"date_end": end, "ended_by_id": False, "end_before": False})

    def action_open(self):
        """The record on a page of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_copy(self):
        """A new draft with the same prices."""
        self.ensure_one()
        return self.copy().action_open()

    # -- checks -----------------------------------------------------------------------------

    def _refuse_others(self):
        """Only billing operators decide on prices."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(APPROVERS):
            raise AccessError(
                self.env._("Only a billing operator or an administrator approves tariffs.")
            )

    def _refuse_problems(self):
        for version in self:
            problems = version._problems()
            if problems:
                raise ValidationError(
                    self.env._(
                        "%(version)s cannot be used yet:\n%(problems)s",
                        version=version.display_name,
                        problems="\n".join(f"• {problem}" for problem in problems),
                    )
                )

    @api.depends(
        "component_ids.kind",
        "component_ids.code",
        "component_ids.name",
        "component_ids.formula",
        "component_ids.condition",
        "component_ids.of_component_ids",
        "component_ids.priced_by",
        "component_ids.line_ids",
        "component_ids.unzoned",
        "component_ids.tax_included",
        "component_ids.has_own_taxes",
        "component_ids.tax_ids",
        "calendar_id",
    )
    def _compute_problems(self):
        for version in self:
            known = version.component_ids and version.state != "approved"
            version.problems = "\n".join(version._problems()) if known else False

    def _problems(self):
        """What is to be mended before the version can price anything, as sentences."""
        self.ensure_one()
        if not self.component_ids:
            return [self.env._("There is no component: say what is to be paid.")]
        problems = [
            problem for component in self.component_ids for problem in component._problems()
        ]
        return problems + self.component_ids._circles()
