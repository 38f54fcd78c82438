from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.covering import Terms

FIRST = [("oldest", "The oldest debt"), ("newest", "The newest bill, then old debt")]


class PaymentPolicy(models.Model):
    """In which order money covers what is owed, from a day on."""

    _name = "utility.payment.policy"
    _description = "Payment Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, date_start desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Payment policy"))
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_start = fields.Date(
        "In Force from",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="Until the next policy begins.",
    )
    first = fields.Selection(
        FIRST,
        "Covered First",
        required=True,
        default="oldest",
        tracking=True,
    )
    by = fields.Selection(
        [
            ("age", "Bill after bill; its services in the order below"),
            ("service", "Service after service; of each the bills by age"),
        ],
        "Goes by",
        required=True,
        default="age",
        tracking=True,
    )
    late_fee = fields.Selection(
        [
            ("same", "As any other service"),
            ("first", "Before everything else"),
            ("last", "After everything else"),
        ],
        "Late Fees",
        required=True,
        default="same",
        tracking=True,
    )
    named_first = fields.Boolean(
        "A Bill that the Payer Named Comes First", default=True, tracking=True
    )
    credit_covers = fields.Selection(
        [("all", "All services"), ("groups", "Services of the groups ticked below")],
        "Money Left over Covers",
        required=True,
        default="all",
        tracking=True,
        help="What the credit of an account covers by itself when its next bill is posted.",
    )
    group_ids = fields.One2many(
        "utility.payment.policy.group",
        "policy_id",
        "Order of Services",
        copy=True,
        help="Services of one group share in proportion to what is open. Services that are in no "
        "group come last.",
    )

    _start_unique = models.Constraint(
        "UNIQUE (company_id, date_start)", "One policy begins on a day."
    )

    @api.model
    def _in_force(self, company, day):
        return self.search(
            [("company_id", "=", company.id), ("date_start", "<=", day)],
            order="date_start desc",
            limit=1,
        )

    @api.model
    def _terms_on(self, company, day):
        """The terms in force on a day: oldest first, services in proportion, where there is no
        policy.

        :return: `Terms`
        """
        return self._in_force(company, day)._terms()

    def _terms(self):
        if not self:
            return Terms()
        return Terms(
            self.first,
            self.by,
            self.late_fee,
            {
                service.id: place
                for place, group in enumerate(self.group_ids)
                for service in group.service_ids
            },
            self.named_first,
            self._firsts(),
        )

    def _firsts(self):
        """{service id: what of it is covered first}, of services that have it otherwise; bill
        after bill there is but one order of bills."""
        if self.by != "service":
            return {}
        return {
            service.id: group.first
            for group in self.group_ids.filtered("first")
            for service in group.service_ids
        }

    def _credit_services(self):
        """Ids of the services that credit covers by itself; None: all."""
        if not self or self.credit_covers == "all":
            return None
        return frozenset(self.group_ids.filtered("covered_by_credit").service_ids.ids)

    # -- what was used stays ----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._refuse_used()
        return policies

    def write(self, vals):
        if set(vals) - {"name", "message_follower_ids"}:
            self._refuse_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unused(self):
        self._refuse_used()

    def _refuse_used(self):
        """:raise UserError: money was placed by the policy"""
        for policy in self:
            used = (
                self.env["utility.payment.allocation"]
                .sudo()
                .search_count(
                    [
                        ("company_id", "=", policy.company_id.id),
                        ("date", ">=", policy.date_start),
                        ("kind", "=", "payment"),
                    ],
                    limit=1,
                )
            )
            if used:
                raise UserError(
                    self.env._(
                        "Payments since %(day)s were placed by “%(policy)s”: make a new policy "
                        "that begins on a later day.",
                        day=format_date(self.env, policy.date_start),
                        policy=policy.name,
                    )
                )
