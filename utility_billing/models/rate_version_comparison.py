from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RateVersion(models.Model):
    """The money that new versions move, seen before they are approved."""

    _inherit = "utility.rate.version"

    def action_compare(self):
        """Compare each version with the one before it, over last month's real facts.

        A tariff that nobody was on keeps its comparison as a new one, to choose another month.

        :raise UserError: a version is the first of its tariff
        """
        comparisons = self.env["utility.rate.comparison"].create(
            [version._prepare_comparison() for version in self]
        )
        accounts = self.env["utility.account"]
        for comparison in comparisons:
            if accounts.search_count(comparison._domain_accounts(), limit=1):
                comparison.action_compare()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "utility_billing.rate_comparison_action"
            ),
            "domain": list(Domain("id", "in", comparisons.ids)),
            "context": {},
        }

    def _prepare_comparison(self):
        previous = self._previous()
        if not previous:
            raise UserError(
                self.env._(
                    "%(version)s is the first of its tariff: there is nothing to compare it with. "
                    "Leave it out.",
                    version=self.display_name,
                )
            )
        return {
            "version_id": previous.id,
            "other_version_id": self.id,
            "company_id": self.company_id.id,
        }
