# pylint: disable=prefer-env-translation
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_people import People
from ..tools.import_references import accounts_by_number


class ImportTargetOpening(models.AbstractModel):
    """What accounts owe, or have paid in advance, when the system takes over."""

    _name = "utility.import.target.opening"
    _description = "Import: Opening Balances"
    _inherit = ["utility.import.target"]

    _once = True
    _slice_size = 500

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is an amount owed under an account (negative: paid in advance). Each slice is "
            "one posted entry: receivables against the opening account. The same row of another "
            "file changes nothing; two amounts of one account and day need different references."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        return [
            ImportField(
                "number",
                _("Account Number"),
                required=True,
                aliases=("account", "sąskaita", "лицевой счет"),
                looks_up=_("an account by its number"),
            ),
            ImportField(
                "amount",
                _("Amount Owed"),
                kind="money",
                required=True,
                aliases=("balance", "debt", "skola", "suma", "сальдо", "сумма"),
                help=_("In the company's currency; negative: paid in advance."),
            ),
            ImportField(
                "date", _("Accounting Date"), kind="date", help=_("Empty: the profile's day.")
            ),
            ImportField(
                "date_due", _("Due on"), kind="date", aliases=("due date", "maturity", "terminas")
            ),
            ImportField(
                "reference",
                _("Reference"),
                aliases=("document", "invoice", "dokumentas", "документ"),
            ),
            ImportField(
                "payer_ref",
                _("Owed by, Code"),
                looks_up=_("a former payer by code; empty: the account's payer"),
            ),
        ]

    @api.model
    def _key_fields(self):
        return ("number", "date", "reference", "payer_ref", "amount")

    @api.model
    def _target_models(self):
        return {"account.move": ("create",)}

    @api.model
    def _refuse_settings(self, profile):
        if not profile.journal_id or not profile.opening_account_id:
            raise UserError(
                self.env._(
                    "“%s”: choose the journal and the opening account that opening balances are "
                    "booked in.",
                    profile.name,
                )
            )

    @api.model
    def _check_rights(self):
        """Whoever books opening balances may post entries."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise UserError(
                self.env._(
                    "Opening balances are entries in the ledger: only accountants may import them."
                )
            )
        return super()._check_rights()

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        profile = batch.profile_id
        accounts = accounts_by_number(self.env, {item.get("number") for item in items})
        may = self._permitted(
            "utility.account", [account["id"] for account in accounts.values()], "read"
        )
        people = People(self.env)
        for item in items:
            if item.get("payer_ref"):
                item.plan["payer"] = people.add({"ref": item.get("payer_ref")})
        people.look_up()
        company = self.env.company
        for item in items:
            account = accounts.get(item.get("number"))
            if not account or account["id"] not in may:
                item.fail(
                    self.env._(
                        "no account has the number “%s”: import the accounts first, or mend the "
                        "number",
                        item.get("number"),
                    )
                )
                continue
            self._plan_line(profile, company, item, account)

    @api.model
    def _plan_line(self, profile, company, item, account):
        _ = self.env._
        payer = item.plan.get("payer")
        if payer and payer.count != 1:
            item.fail(
                _(
                    "%(count)s people on record have the code “%(code)s”",
                    count=payer.count,
                    code=item.get("payer_ref"),
                )
            )
        partner_id = payer.id if payer else account["partner_id"]
        if not partner_id and item.is_good:
            item.fail(
                _(
                    "account %s has no payer: record one, or give the payer's code",
                    account["number"],
                )
            )
        day = self._day(item.get("date"), self._first_day(profile))
        locks = company._get_violated_lock_dates(day, False, profile.journal_id)
        if locks:
            item.fail(
                _(
                    "the ledger is locked until %s: give a later date",
                    format_date(self.env, locks[0][0]),
                )
            )
        if not item.get("amount"):
            item.fail(_("the amount is zero: leave the row out"))
        item.plan.update(account_id=account["id"], partner_id=partner_id, day=day)
        item.action = CREATE

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        by_day = {}
        for item in items:
            by_day.setdefault(item.plan["day"], []).append(item)
        for day, of_day in sorted(by_day.items()):
            self._post(batch, day, of_day)

    @api.model
    def _post(self, batch, day, items):
        profile = batch.profile_id
        partners = self.env["res.partner"].browse([item.plan["partner_id"] for item in items])
        receivables = {
            partner.id: partner.property_account_receivable_id.id for partner in partners
        }
        lines = [self._prepare_line(item, receivables) for item in items]
        total = sum(self.env.company.currency_id.round(line["balance"]) for line in lines)
        lines.append(
            {
                "name": batch.file_name,
                "account_id": profile.opening_account_id.id,
                "balance": -self.env.company.currency_id.round(total),
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": profile.journal_id.id,
                "company_id": self.env.company.id,
                "date": day,
                "ref": batch.name,
                "line_ids": [fields.Command.create(line) for line in lines],
            }
        )
        move._post(soft=False)
        for item in items:
            item.becomes("account.move", move.id)
        items[0].has_made("account.move", move.id)

    @api.model
    def _prepare_line(self, item, receivables):
        return {
            "name": item.get("reference") or self.env._("Opening balance"),
            "account_id": receivables[item.plan["partner_id"]],
            "partner_id": item.plan["partner_id"],
            "utility_account_id": item.plan["account_id"],
            "balance": item.get("amount"),
            "date_maturity": self._day(item.get("date_due"), item.plan["day"]),
        }

    @api.model
    def _undo(self, made, reason):
        """Entries are reversed, as of today; what was paid on them must be unreconciled first."""
        moves = self.env["account.move"].browse(made.get("account.move", ())).exists()
        for move in moves:
            if any(line.matched_debit_ids or line.matched_credit_ids for line in move.line_ids):
                raise UserError(
                    self.env._(
                        "%s is reconciled with payments already: undo those reconciliations first.",
                        move.name,
                    )
                )
        moves._reverse_moves(
            [{"ref": reason, "date": fields.Date.context_today(self)} for _move in moves],
            cancel=True,
        )
