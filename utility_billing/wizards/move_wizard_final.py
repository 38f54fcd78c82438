from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from odoo.addons.utility_base.tools.dates import day_before

OPERATOR = "utility_base.group_billing_operator"


class NothingHappened(Exception):
    """What was tried is taken back."""


class MoveWizard(models.TransientModel):
    """Who goes gets the final bill at once: up to the last day, without waiting for the month."""

    _inherit = "utility.move.wizard"

    bill_now = fields.Boolean(
        "Final Bill",
        default=lambda self: bool(self.env.company.utility_billing_start),
        help="Bill who goes up to the last day. Off: the month's run does it.",
    )
    post_now = fields.Boolean(
        "Post It at Once",
        default=lambda self: self.env.user.has_group(OPERATOR),
        help="Off: the final bill is calculated and waits for a billing operator.",
    )
    may_post = fields.Boolean(compute="_compute_may_post")
    final_account_ids = fields.Many2many(
        "utility.account", "utility_move_wizard_final_account_rel", readonly=True
    )
    final_run_id = fields.Many2one("utility.billing.run", readonly=True)
    final_preview = fields.Text("Final Bill Will Come to", readonly=True)

    @api.depends_context("uid")
    def _compute_may_post(self):
        self.may_post = self.env.user.has_group(OPERATOR)

    @api.depends("bill_now", "post_now")
    def _compute_preview(self):
        return super()._compute_preview()

    @api.model
    def _move_out_steps(self):
        return super()._move_out_steps() + [
            {"sequence": 1, "labels": lambda wizard: [], "run": type(self)._run_note_leaving},
            {"sequence": 50, "labels": type(self)._labels_final, "run": type(self)._run_final},
        ]

    # -- steps ------------------------------------------------------------------------------

    def _leaving_accounts(self):
        """Accounts whose payer leaves after having paid for a day at least."""
        return self._accounts_with_new_payer().filtered(
            lambda account: account.date_open < self.date and account.kind != "collective"
        )

    def _labels_final(self):
        if not self.bill_now:
            return []
        last = day_before(self.date)
        words = {"day": format_date(self.env, last)}
        if last > fields.Date.context_today(self):
            return [
                self.env._(
                    "Account %(number)s gets its final bill from the month’s run: %(day)s has not "
                    "come yet",
                    number=account.number,
                    **words,
                )
                for account in self._leaving_accounts()
            ]
        if self.post_now and self.may_post:
            return [
                self.env._(
                    "The final bill of account %(number)s up to %(day)s is posted",
                    number=account.number,
                    **words,
                )
                for account in self._leaving_accounts()
            ]
        return [
            self.env._(
                "The final bill of account %(number)s up to %(day)s waits for a billing operator",
                number=account.number,
                **words,
            )
            for account in self._leaving_accounts()
        ]

    def _run_note_leaving(self):
        self.final_account_ids = self._leaving_accounts()

    def _run_final(self):
        last = day_before(self.date)
        today = fields.Date.context_today(self)
        if not self.bill_now or not self.final_account_ids or last > today:
            return
        # a clerk has the final bill calculated; only an operator approves and posts it
        run = (
            self.env["utility.billing.run"]
            .sudo()
            .create(
                {
                    "purpose": "final",
                    "month": last,
                    "bill_until": last,
                    "bill_date": today,
                    "company_id": self.final_account_ids.company_id[:1].id,
                    "account_ids": [Command.set(self.final_account_ids.ids)],
                }
            )
        )
        run.action_calculate()
        self.final_run_id = run

    # -- buttons ----------------------------------------------------------------------------

    def action_preview_final(self):
        """Try it all, keep what the final bill comes to, take it back."""
        self.ensure_one()
        self._check_ready()
        text = ""
        try:
            with self.env.cr.savepoint():
                for step in self._steps():
                    step["run"](self)
                text = self._final_words()
                raise NothingHappened
        except NothingHappened:
            self.env.invalidate_all()
        self.final_preview = text
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sale, Move-in, Move-out"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _final_words(self):
        run = self.final_run_id
        if not run:
            return self.env._("There is nothing to bill yet.")
        sums = run._sums_with_tax(run.charge_ids)
        lines = [
            self.env._(
                "%(account)s · %(service)s: %(amount)s",
                account=self.env["utility.account"].browse(account_id).number,
                service=self.env["utility.service"].browse(service_id).name,
                amount=format_amount(self.env, float(amount), run.currency_id),
            )
            for (account_id, service_id), (_quantity, amount) in sums.items()
        ]
        lines += [
            self.env._(
                "%(account)s cannot be billed: %(why)s",
                account=problem.account_id.number,
                why=problem.message,
            )
            for problem in run.problem_ids
        ]
        total = sum(float(amount) for _quantity, amount in sums.values())
        lines.append(
            self.env._(
                "In all, with tax: %(amount)s",
                amount=format_amount(self.env, total, run.currency_id),
            )
        )
        return "\n".join(lines)

    def _run(self):
        done = super()._run()
        run = self.final_run_id.sudo(False)
        if run and self.post_now and self.may_post and run.charge_ids and not run.held_count:
            run._approve_and_post()
        return done

    def _action_result(self):
        run = self.final_run_id.sudo(False)
        if run and self.may_post:
            return run._action_open_form()
        return super()._action_result()
