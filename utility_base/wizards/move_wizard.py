from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.dates import day_before


class MoveWizard(models.TransientModel):
    """Sale, move-in and move-out: who goes, who comes, and who pays from then on.

    What happens is a list of steps that modules above extend; see `_move_out_steps`.
    """

    _name = "utility.move.wizard"
    _description = "Sale, Move-in, Move-out"

    kind = fields.Selection(
        [
            ("sale", "Sale: a new owner"),
            ("move_in", "Move-in: a tenant comes"),
            ("move_out", "Move-out: a tenant goes"),
        ],
        required=True,
        default="sale",
    )
    premise_id = fields.Many2one("utility.premise", required=True)
    date = fields.Date(
        "First Day",
        required=True,
        default=fields.Date.context_today,
        help="First day of the new situation; what was ends the day before.",
    )
    leaving_ids = fields.Many2many(
        "utility.occupancy",
        string="Who Goes",
        compute="_compute_leaving_ids",
        store=True,
        readonly=False,
        domain="[('premise_id', '=', premise_id), ('voided_at', '=', False)]",
    )
    partner_id = fields.Many2one("res.partner", "Who Comes")
    share = fields.Float("Share, %", default=100, digits=(7, 4))
    is_resident = fields.Boolean("Lives Here", default=True)
    basis = fields.Char(help="The document behind: contract, extract of the property register.")
    account_ids = fields.Many2many(
        "utility.account",
        string="Accounts",
        compute="_compute_account_ids",
        store=True,
        readonly=False,
        domain="[('premise_id', '=', premise_id)]",
        help="The accounts that get the new payer.",
    )
    payer_policy = fields.Selection(
        lambda self: (
            self.env["res.company"]._fields["utility_payer_policy"]._description_selection(self.env)
        ),
        "The Account and Its Debt",
        required=True,
        default=lambda self: self.env.company.utility_payer_policy,
    )
    payer_id = fields.Many2one("res.partner", "Pays from Then on", compute="_compute_payer_id")
    currency_id = fields.Many2one(related="premise_id.account_ids.currency_id")
    debt = fields.Monetary("Owed Today", compute="_compute_debt")
    preview = fields.Text("What Will Happen", compute="_compute_preview")
    new_account_ids = fields.Many2many(
        "utility.account", "utility_move_wizard_new_account_rel", readonly=True
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("premise_id", "kind", "date")
    def _compute_leaving_ids(self):
        going = {"sale": ("owner", "resident"), "move_in": (), "move_out": ("tenant", "resident")}
        for wizard in self:
            people = wizard.premise_id.occupancy_ids._in_force(wizard.date or fields.Date.today())
            roles = going.get(wizard.kind, ())
            wizard.leaving_ids = people.filtered(lambda person, roles=roles: person.role in roles)

    @api.depends("premise_id", "date", "kind", "leaving_ids")
    def _compute_account_ids(self):
        chosen = self.env.context.get("default_account_id")
        for wizard in self:
            accounts = wizard.premise_id.account_ids.filtered(
                lambda account, day=wizard.date: (
                    not account.date_close or not day or account.date_close >= day
                )
            )
            if chosen:
                accounts = accounts.filtered(lambda account: account.id == chosen)
            wizard.account_ids = accounts.filtered(wizard._concerns)

    @api.depends("partner_id", "premise_id", "date", "kind", "leaving_ids")
    def _compute_payer_id(self):
        for wizard in self:
            wizard.payer_id = wizard.partner_id or wizard._remaining_owner()

    @api.depends("account_ids")
    def _compute_debt(self):
        for wizard in self:
            wizard.debt = sum(wizard.account_ids.mapped("balance"))

    @api.depends(
        "kind",
        "premise_id",
        "date",
        "leaving_ids",
        "partner_id",
        "share",
        "account_ids",
        "payer_policy",
        "is_resident",
    )
    def _compute_preview(self):
        for wizard in self:
            if not (wizard.premise_id and wizard.date):
                wizard.preview = ""
                continue
            labels = [label for step in wizard._steps() for label in step["labels"](wizard)]
            wizard.preview = "\n".join(f"{n}. {label}" for n, label in enumerate(labels, 1))

    def _concerns(self, account):
        """Whether the account gets another payer: not where a tenant pays who stays."""
        if account.kind == "collective" or not self.date:
            return False
        there = self.premise_id.occupancy_ids._in_force(self.date) - self.leaving_ids._origin
        staying = there.filtered(lambda person: person.role == "tenant").partner_id
        return self.kind == "move_in" or not account._payer_on(self.date) & staying

    # -- steps ------------------------------------------------------------------------------

    @api.model
    def _move_out_steps(self):
        """What a sale or move does, in order; modules above add their own.

        :return: list of dicts: `sequence`; `labels(wizard)`, the step in words, a list (empty:
            nothing to do); `run(wizard)`, which does it
        """
        return [
            {"sequence": 10, "labels": type(self)._labels_payer, "run": type(self)._run_payer},
            {"sequence": 20, "labels": type(self)._labels_debt, "run": type(self)._run_debt},
            {"sequence": 30, "labels": type(self)._labels_leave, "run": type(self)._run_leave},
            {"sequence": 40, "labels": type(self)._labels_arrive, "run": type(self)._run_arrive},
        ]

    def _steps(self):
        return sorted(self._move_out_steps(), key=lambda step: step["sequence"])

    def _labels_leave(self):
        last_day = format_date(self.env, day_before(self.date))
        return [
            self.env._("%(who)s leaves; last day %(day)s", who=person.partner_id.name, day=last_day)
            for person in self.leaving_ids
        ]

    def _run_leave(self):
        never_came = self.leaving_ids.filtered(lambda person: person.date_start >= self.date)
        never_came._void(self.env._("Left before the first day"))
        (self.leaving_ids - never_came)._close(day_before(self.date))

    def _labels_arrive(self):
        if not self.partner_id:
            return []
        return [
            self.env._(
                "%(who)s comes as %(role)s on %(day)s",
                who=self.partner_id.name,
                day=format_date(self.env, self.date),
                role=self.env._("owner") if self.kind == "sale" else self.env._("tenant"),
            )
        ]

    def _run_arrive(self):
        if self.partner_id:
            self.env["utility.occupancy"].create(self._prepare_arrival_vals())

    def _prepare_arrival_vals(self):
        vals = {
            "premise_id": self.premise_id.id,
            "partner_id": self.partner_id.id,
            "role": "owner" if self.kind == "sale" else "tenant",
            "share": self.share if self.kind == "sale" else 100,
            "is_resident": self.is_resident,
            "date_start": self.date,
        }
        if self.basis:
            vals["basis"] = self.basis
        return vals

    def _labels_payer(self):
        labels = []
        for account in self._accounts_with_new_payer():
            values = {
                "number": account.number,
                "who": self.payer_id.name,
                "day": format_date(self.env, self.date),
            }
            if self.payer_policy == "new_account":
                labels.append(self.env._("Account %(number)s is closed the day before", **values))
                labels.append(
                    self.env._(
                        "%(who)s gets a new account with the same services from %(day)s", **values
                    )
                )
            else:
                labels.append(
                    self.env._("%(who)s pays for account %(number)s from %(day)s", **values)
                )
        return labels

    def _run_payer(self):
        for account in self._accounts_with_new_payer():
            if self.payer_policy == "new_account":
                self.new_account_ids |= account._replace_by_new(self.payer_id, self.date)
            else:
                account._change_payer(self.payer_id, self.date)

    def _labels_debt(self):
        if self.payer_policy != "same_debt_follows" or not self.payer_id:
            return []
        return [
            self.env._(
                "The debt of account %(number)s goes over to %(who)s",
                number=account.number,
                who=self.payer_id.name,
            )
            for account in self.account_ids
            if account._owed_by_others(self.payer_id)
        ]

    def _run_debt(self):
        if self.payer_policy == "same_debt_follows":
            for account in self.account_ids:
                account._transfer_debt(self.payer_id, self.date)

    # -- business ---------------------------------------------------------------------------

    def action_run(self):
        self.ensure_one()
        self._check_ready()
        self._run()
        return self._action_result()

    def _run(self):
        for step in self._steps():
            step["run"](self)
        self.premise_id.message_post(body=self._log_text())

    def _check_ready(self):
        if self.kind != "move_out" and not self.partner_id:
            raise UserError(self.env._("Choose who comes."))
        if self.kind == "move_out" and not self.leaving_ids:
            raise UserError(
                self.env._("Choose who goes: nobody is recorded as tenant or resident here.")
            )
        if self.account_ids and not self.payer_id:
            raise UserError(
                self.env._(
                    "%s has no owner on record who could pay from then on. Record the "
                    "owner first, or "
                    "choose who comes.",
                    self.premise_id.display_name,
                )
            )

    def _accounts_with_new_payer(self):
        if not self.payer_id:
            return self.account_ids.browse()
        return self.account_ids.filtered(
            lambda account: account._payer_on(self.date) != self.payer_id
        )

    def _remaining_owner(self):
        """The owner with the largest share on the first day, of those who stay."""
        people = (
            self.premise_id.occupancy_ids._in_force(self.date) if self.date else self.leaving_ids
        )
        owners = (people - self.leaving_ids._origin).filtered(lambda person: person.role == "owner")
        return owners.sorted(lambda owner: (-owner.share, owner.id))[:1].partner_id

    def _log_text(self):
        """Without names: the premise's messages are read also by those who may not know people."""
        return self.env._(
            "%(kind)s on %(day)s; accounts: %(accounts)s",
            kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            day=format_date(self.env, self.date),
            accounts=", ".join((self.account_ids | self.new_account_ids).mapped("number")) or "–",
        )

    def _action_result(self):
        accounts = self.new_account_ids or self.account_ids
        if len(accounts) != 1:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.act_window",
            "res_model": "utility.account",
            "res_id": accounts.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
