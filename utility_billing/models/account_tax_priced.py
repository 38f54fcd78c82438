from odoo import fields, models


class AccountTax(models.Model):
    """Whether a price includes a tax is said by the rate, while Odoo's taxes say it themselves:
    where they disagree, the tax has a twin that says the other."""

    _inherit = "account.tax"

    utility_twin_of_id = fields.Many2one(
        "account.tax",
        "Same Tax, Priced Otherwise",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _utility_priced(self, included):
        """These taxes, or their twins, so that prices include them or not.

        :param included: whether prices include them
        """
        return self.browse([tax._utility_twin(included).id for tax in self])

    def _utility_twin(self, included):
        self.ensure_one()
        if self.amount_type == "group" or self.price_include == included:
            return self
        twin = self.utility_twin_of_id or self.with_context(active_test=False).search(
            [("utility_twin_of_id", "=", self.id)], limit=1
        )
        return twin or self._make_utility_twin(included)

    def _make_utility_twin(self, included):
        env = self.env
        name = env._("%s, included", self.name) if included else env._("%s, added", self.name)
        # operators bill; they need not be allowed to set up taxes
        return self.sudo().copy(
            {
                "name": name,
                "price_include_override": "tax_included" if included else "tax_excluded",
                "utility_twin_of_id": self.id,
                "sequence": self.sequence + 1,
            }
        )
