from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_duration

from odoo.addons.utility_base.tools.bulk import bulk_create

# seconds a bill, until something was printed here: docs/benchmarks.md, "Mass printing"
DRAWN_SECONDS, REPORTED_SECONDS = 1 / 60, 0.3
# parts that the pace is taken from
RECENT = 20
ORDERS = {
    "route": SQL("premise.address_sort NULLS LAST, account.number, move.name"),
    "postcode": SQL(
        "COALESCE(NULLIF(receiver.zip, ''), premise.postcode) NULLS LAST, receiver.city,"
        " receiver.street, receiver.street2, account.number, move.name"
    ),
    "account": SQL("account.number, move.name"),
}


class PrintRun(models.Model):
    """Which bills, in what order, and how long they will take."""

    _inherit = "utility.print.run"

    bill_count = fields.Integer("Bills to Print", compute="_compute_expectation")
    reported_count = fields.Integer(
        "By Layouts of Their Own",
        compute="_compute_expectation",
        help="Their layout has a view that users have changed: such bills are not drawn directly "
        "and take longer.",
    )
    expectation = fields.Char("How Long", compute="_compute_expectation")

    @api.depends(
        "company_id",
        "billing_run_id",
        "month",
        "premise_ids",
        "account_ids",
        "move_ids",
        "on_paper",
        "not_printed",
        "part_size",
        "state",
    )
    def _compute_expectation(self):
        for run in self:
            moves = run._chosen() if run.state == "draft" else run.sudo().line_ids.move_id
            run.bill_count = len(moves)
            run.reported_count = len(run._reported(moves))
            run.expectation = run._expected() if run.bill_count else False

    def _expected(self):
        drawn, reported = self._pace()
        drawn_count = self.bill_count - self.reported_count
        seconds = drawn_count * drawn + self.reported_count * reported
        if not self.reported_count:
            return self.env._(
                "%(bills)s bills are drawn directly: about %(time)s.",
                bills=self.bill_count,
                time=_duration(self.env, seconds),
            )
        return self.env._(
            "%(bills)s bills: about %(time)s. %(reported)s of them have a layout that was changed "
            "here and take %(each).2f s each, %(reported_time)s in all; the others are drawn "
            "directly, %(times).0f times as fast.",
            bills=self.bill_count,
            time=_duration(self.env, seconds),
            reported=self.reported_count,
            each=reported,
            reported_time=_duration(self.env, self.reported_count * reported),
            times=reported / drawn,
        )

    def _seconds_for(self, moves):
        drawn, reported = self._pace()
        slow = len(self._reported(moves))
        return (len(moves) - slow) * drawn + slow * reported

    @api.model
    def _pace(self):
        """(seconds a drawn bill, seconds a bill with a view of its own): as they were in the last
        parts that were printed here."""
        # how long others' printing took is no secret
        parts = (
            self.env["utility.print.part"]
            .sudo()
            .search([("state", "=", "done")], order="id desc", limit=RECENT)
        )
        slow, slow_seconds = (
            sum(parts.mapped("reported_count")),
            sum(parts.mapped("reported_seconds")),
        )
        quick = sum(parts.mapped("bill_count")) - slow
        quick_seconds = sum(parts.mapped("seconds")) - slow_seconds
        return (
            quick_seconds / quick if quick and quick_seconds > 0 else DRAWN_SECONDS,
            slow_seconds / slow if slow else REPORTED_SECONDS,
        )

    def _reported(self, moves):
        # who prints bills need not be an accountant
        return self.env["utility.bill.printing"]._reported_moves(moves.sudo())

    # -- which bills ------------------------------------------------------------------------

    def _chosen_by_hand(self):
        # who prints bills need not be an accountant
        return self.sudo().move_ids

    def _chosen(self):
        """Posted bills of accounts that the user may see."""
        accounts = self.env["utility.account"]._search(self._domain_accounts())
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("state", "=", "posted")
            & Domain("utility_account_id", "in", accounts)
        )
        by_hand = self._chosen_by_hand()
        if by_hand:
            domain &= Domain("id", "in", by_hand.ids)
        if self.billing_run_id:
            domain &= Domain("utility_run_id", "=", self.billing_run_id._origin.id)
        if self.month:
            domain &= Domain("utility_month", "=", self.month.replace(day=1))
        if self.not_printed and not by_hand:
            domain &= Domain("utility_printed_at", "=", False)
        # who prints bills need not be an accountant; the accounts are those that he may see
        return self.env["account.move"].sudo().search(domain, order="id")

    def _domain_accounts(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self._chosen_by_hand():
            return domain
        if self.on_paper:
            domain &= Domain("delivery_channel", "=", "paper")
        if self.account_ids:
            domain &= Domain("id", "in", self.account_ids.ids)
        if self.premise_ids:
            domain &= Domain("premise_id", "child_of", self.premise_ids.ids)
        return domain

    def _ordered_ids(self):
        """Ids of the chosen bills as they shall lie on the pile."""
        chosen = self._chosen()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id FROM account_move move
                JOIN utility_account account ON account.id = move.utility_account_id
                LEFT JOIN utility_premise premise ON premise.id = account.premise_id
                LEFT JOIN res_partner receiver
                    ON receiver.id = COALESCE(account.delivery_partner_id, move.partner_id)
                WHERE move.id = ANY(%s) ORDER BY %s, move.id
                """,
                chosen.ids,
                ORDERS[self.order],
            )
        )
        return [row[0] for row in rows]

    def _add_lines(self, parts, slices):
        """A line a bill, numbered through all parts."""
        accounts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, utility_account_id FROM account_move WHERE id = ANY(%s)",
                    [move_id for part in slices for move_id in part],
                )
            )
        )
        numbered = enumerate(
            ((part, move_id) for part, ids in zip(parts, slices, strict=True) for move_id in ids),
            1,
        )
        # lines are the run's own; users only read them
        bulk_create(
            self.env["utility.print.line"].sudo(),
            [
                {
                    "run_id": self.id,
                    "part_id": part.id,
                    "company_id": self.company_id.id,
                    "sequence": place,
                    "move_id": move_id,
                    "account_id": accounts[move_id],
                }
                for place, (part, move_id) in numbered
            ],
        )
        self.env.invalidate_all()


def _duration(env, seconds):
    """Seconds in words of the environment's language."""
    if seconds < 60:
        return env._("%s s", max(1, round(seconds)))
    if seconds < 5400:
        return env._("%s min", round(seconds / 60))
    return env._("%s h", format_duration(seconds / 3600))
