from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..engine.covering import spread
from .covering_sketch import Sketch, Told


class PaymentCorrection(models.Model):
    """Covering again: by the policy of a day, or as it is typed."""

    _inherit = "utility.payment.correction"

    manner = fields.Selection(
        [("policy", "By the policy of a day"), ("hand", "By hand")],
        "Cover Again",
        required=True,
        default="policy",
    )
    policy_day = fields.Date(
        "Policy of", help="Day whose payment policy counts. Empty: today's policy."
    )

    def _sources_reallocation(self):
        return self.payment_id._standing()

    def _terms(self):
        day = self.policy_day or fields.Date.context_today(self)
        return self.env["utility.payment.policy"].sudo()._terms_on(self.company_id, day)

    def action_propose(self):
        """Fill in what the policy would cover: to be looked at, or to be changed by hand."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft" or self.kind != "reallocation":
            raise UserError(self.env._("%s is applied already.", self.display_name))
        self.line_ids = [Command.clear(), *map(Command.create, self.sudo()._propose())]
        return True

    def _propose(self):
        """Values of rows: what is covered, what would be."""
        standing = self.payment_id._standing()
        accounts = {line.utility_account_id.id for line in standing}
        sketch = Sketch(
            self.env, self.company_id, accounts, self.date, self._terms(), self.payment_id
        )
        open_amounts = sketch.open_by_service()
        for line, amount in standing.items():
            sketch.cover(self.payment_id._money(line, amount, sketch))
        after = sketch.told_by_service()
        before = {
            (line.id, service.id): amount
            for (_account, line, service), amount in self._covered().items()
            if line
        }
        lines = self.env["account.move.line"]
        return [
            {
                "account_id": lines.browse(line_id).utility_account_id.id,
                "owed_id": line_id,
                "month": sketch.items.lines[line_id].month,
                "service_id": service_id or False,
                "open_amount": float(amount),
                "before": float(before.get((line_id, service_id), 0)),
                "after": float(after.get((line_id, service_id), 0)),
            }
            for (line_id, service_id), amount in open_amounts.items()
        ]

    def _apply_reallocation(self):
        wishes = {
            (row.owed_id, row.service_id): Decimal(str(row.after))
            for row in self.line_ids
            if row.owed_id and row.after
        }
        standing = self.payment_id._standing()
        self.env["account.move.line"]._utility_free(standing)
        if self.manner == "hand":
            self._refuse_bad_wishes(wishes, standing)
            told = self._told_by_hand(wishes, standing)
        else:
            told = self._told_by_policy(standing)
        self._cover_as_told(told)
        return self.env["account.move"]

    def _told_by_policy(self, standing):
        covering = Told(
            self.env,
            self.company_id,
            [line.utility_account_id.id for line in standing],
            self.date,
            self._terms(),
        )
        for line, amount in standing.items():
            covering.cover(self.payment_id._money(line, amount, covering))
        return covering.told

    def _refuse_bad_wishes(self, wishes, standing):
        whole, wanted = sum(standing.values()), sum(wishes.values())
        if not wishes or wanted > whole or min(wishes.values()) < 0:
            raise UserError(
                self.env._(
                    "%(wanted).2f is to be covered, %(whole).2f stands in the ledger: type sums "
                    "above zero that come to no more than that.",
                    wanted=wanted,
                    whole=whole,
                )
            )

    def _told_by_hand(self, wishes, standing, is_strict=True):
        """Cover what is typed.

        :param wishes: {(what is owed, service): Decimal}
        :param is_strict: refuse what is not open any more; otherwise as far as it is
        :return: see `Told`
        :raise UserError: so much is not open
        """
        accounts = [line.utility_account_id.id for line in standing]
        covering = Told(self.env, self.company_id, accounts, self.date, self._terms())
        left, told = dict(standing), defaultdict(list)
        for (owed, service), wanted in wishes.items():
            rest = wanted
            for line in [line for line in left if self._may_cover(line, owed)]:
                amount = min(rest, left[line], covering.left.get(owed.id, Decimal(0)))
                rows = self._spread(covering, owed, service, amount)
                part = sum(row[2] for row in rows)
                if part:
                    told[owed.id, line.id] += rows
                    left[line] -= part
                    covering.left[owed.id] -= part
                    rest -= part
            if rest and is_strict:
                raise UserError(
                    self.env._(
                        "Of %(service)s of %(bill)s only %(open).2f can be covered by this "
                        "payment, not %(wanted).2f.",
                        service=service.name or self.env._("other"),
                        bill=owed.move_id.name,
                        open=wanted - rest,
                        wanted=wanted,
                    )
                )
        return told

    def _may_cover(self, line, owed):
        return (
            line.utility_account_id == owed.utility_account_id
            and line.account_id == owed.account_id
        )

    def _spread(self, covering, owed, service, amount):
        """[(bill's line, service, Decimal)] of one service of a bill."""
        if amount <= 0:
            return []
        items = [
            item for item in covering.items.of(owed.id) if item.service_id == (service.id or 0)
        ]
        parts = spread(amount, items, covering.terms)
        for item, part in parts:
            covering.items.take(owed.id, item, part)
        return [(item.item_id, item.service_id, part) for item, part in parts]

    def _cover_as_told(self, told):
        pairs = [(*key, sum(row[2] for row in rows)) for key, rows in told.items() if rows]
        self.env["utility.reconciling"]._reconcile(self.company_id, pairs)
        self.env.flush_all()
        self.env["utility.allocating"]._allocate_as_told(told)

    def _undo_reallocation(self):
        """What was covered before is covered again, as far as it is open still."""
        standing = self.payment_id._standing()
        self.env["account.move.line"]._utility_free(standing)
        wishes = {
            (row.owed_id, row.service_id): Decimal(str(row.before))
            for row in self.line_ids
            if row.owed_id and row.before
        }
        self._cover_as_told(self._told_by_hand(wishes, standing, is_strict=False))
