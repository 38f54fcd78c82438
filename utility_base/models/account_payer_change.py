"""Who pays for an account: today, from a day on, and once that day has come."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.dates import day_before


class Account(models.Model):
    _inherit = "utility.account"

    def write(self, vals):
        if "partner_id" in vals:
            vals = dict(vals)
            payer = self.env["res.partner"].browse(vals.pop("partner_id") or ())
            self.check_access("write")
            self._refuse_losing_payer(payer)
            self._change_payer(payer)
        if vals.get("date_open"):
            self._open_from(fields.Date.to_date(vals["date_open"]))
        return super().write(vals)

    def _open_from(self, day):
        """Let the first payer begin with the account, when its first day was wrong."""
        for account in self.filtered(lambda account: account.date_open != day):
            first = account.payer_ids.filtered(
                lambda payer, opened=account.date_open: (
                    not payer.voided_at and payer.date_start == opened
                )
            )
            first._supersede(
                {"date_start": day}, reason=self.env._("The account was opened on another day")
            )

    def _refuse_losing_payer(self, payer):
        for account in self:
            if account.partner_id and not payer:
                raise ValidationError(
                    self.env._(
                        "%s needs a payer: choose who pays from now on, or close the account.",
                        account.number,
                    )
                )

    def _change_payer(self, partner, day=None):
        """Let `partner` pay from `day` on (today when empty)."""
        given = day or fields.Date.context_today(self)
        for account in self:
            day = max(given, account.date_open)
            current = account.payer_ids._in_force(day)
            if current.partner_id == partner:
                continue
            if not current:
                current.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "date_start": day,
                        "date_end": account._day_before_next_payer(day),
                    }
                )
            elif current.date_start == day:
                current._supersede({"partner_id": partner.id}, reason=self.env._("Other payer"))
            else:
                current._supersede({"partner_id": partner.id}, date_start=day)

    def _day_before_next_payer(self, day):
        later = self.payer_ids.filtered(lambda row: not row.voided_at and row.date_start > day)
        return day_before(min(later.mapped("date_start"))) if later else False

    # pylint: disable-next=missing-return
    def _refresh_payer(self):
        """Bring `partner_id` in line with the dated payers."""
        for account in self:
            payer = account.payer_ids._in_force(account._payer_day()).partner_id
            if payer != account.partner_id:
                # not through write, which would record a change
                # pylint: disable-next=super-method-mismatch
                super(Account, account).write({"partner_id": payer.id})
                account._drop_foreign_followers()

    def _drop_foreign_followers(self):
        """What is written about the account is no longer for those who paid or lived here."""
        today = fields.Date.context_today(self)
        for account in self.sudo().filtered("partner_id"):
            there = (
                account.partner_id | account.premise_id.occupancy_ids._in_force(today).partner_id
            )
            outsiders = account.message_partner_ids.filtered("partner_share") - there
            account.message_unsubscribe(outsiders.ids)

    def _payer_day(self):
        """The day whose payer is shown: today, within the days of the account."""
        day = max(fields.Date.context_today(self), self.date_open)
        return min(day, self.date_close) if self.date_close else day

    @api.model
    def _cron_refresh_payers(self):
        """Payers whose first day has come, also where yesterday's run was missed."""
        self.env["utility.account.payer"].flush_model()
        self.flush_model(["partner_id", "date_open", "date_close"])
        rows = self.env.execute_query(
            SQL(
                """
            SELECT account.id FROM utility_account account
            LEFT JOIN utility_account_payer payer
                ON payer.account_id = account.id AND payer.voided_at IS NULL
                AND daterange(payer.date_start, payer.date_end, '[]') @> LEAST(
                    GREATEST(%(today)s, account.date_open), account.date_close)
            WHERE payer.partner_id IS DISTINCT FROM account.partner_id
            """,
                today=fields.Date.context_today(self),
            )
        )
        self.sudo().browse([account_id for [account_id] in rows])._refresh_payer()

    def _payer_on(self, day):
        self.ensure_one()
        return self.payer_ids._in_force(day).partner_id
