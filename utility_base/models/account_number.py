"""Numbers of accounts: given by the company's numbering, never twice."""

from odoo import models


class Account(models.Model):
    _inherit = "utility.account"

    def _give_numbers(self, vals_list):
        new = self.env._("New")
        missing = {}
        for vals in vals_list:
            if vals.get("number") in (None, False, "", "New", new):
                company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
                missing.setdefault(company, []).append(vals)
        given = {vals["number"] for vals in vals_list if vals.get("number")} - {"New", new}
        for company, rows in missing.items():
            numbers = self._free_numbers(company, len(rows), given)
            for vals, number in zip(rows, numbers, strict=True):
                vals["number"] = number

    def _free_numbers(self, company, count, given=()):
        """`count` numbers that no account of the company has: some may have come from elsewhere.

        :param given: more numbers that are taken
        """
        numbering = self.env["utility.numbering"]._for("account", company)
        everyone = self.sudo().with_context(active_test=False)
        numbers, step = [], count
        while len(numbers) < count:
            fresh = numbering._next(step)
            taken = everyone.search([("company_id", "=", company.id), ("number", "in", fresh)])
            free = [it for it in fresh if it not in given and it not in taken.mapped("number")]
            numbers += free[: count - len(numbers)]
            # a block of numbers from an old system is passed in growing strides
            step = count - len(numbers) if free else step * 2
        return numbers
