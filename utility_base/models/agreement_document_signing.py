from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..tools.dates import FOREVER, day_after


class AgreementDocument(models.Model):
    """An agreement's way: sent, signed, added to, renewed, terminated."""

    _inherit = "utility.agreement.document"

    # -- business ---------------------------------------------------------------------------

    def _refuse_incomplete(self):
        """:raise UserError: the agreement cannot be sent or signed as it is"""
        self.ensure_one()
        if not self.account_ids and not self.main_agreement_id:
            raise UserError(
                self.env._(
                    "%s covers no account: add the accounts it is about, then sign it.",
                    self.display_name,
                )
            )

    def _refuse_double_cover(self):
        """:raise ValidationError: an account is under another agreement for the same services"""
        self.account_ids.lock_for_update(allow_referencing=True)
        others = self.sudo().search(
            Domain("id", "not in", self.ids)
            & Domain("state", "=", "signed")
            & Domain("main_agreement_id", "=", False)
            & Domain("account_ids", "in", self.account_ids.ids)
            & (Domain("last_day", "=", False) | Domain("last_day", ">=", self.date_start))
            & Domain("date_start", "<=", self.last_day or FOREVER)
        )
        for other in others:
            same = self.service_ids & other.service_ids
            if self.service_ids and other.service_ids and not same:
                continue
            account = (self.account_ids & other.account_ids)[:1]
            raise ValidationError(
                self.env._(
                    "%(agreement)s: account %(account)s is covered by %(other)s (from %(start)s) "
                    "for the same services already. Terminate that agreement first, or name the "
                    "services of each.",
                    agreement=self.display_name,
                    account=account.number,
                    other=other.display_name,
                    start=format_date(self.env, other.date_start),
                )
            )

    def _sign(self, day):
        for agreement in self:
            if agreement.state not in ("draft", "sent"):
                raise UserError(
                    self.env._("%s is not waiting to be signed.", agreement.display_name)
                )
            agreement._refuse_incomplete()
            if not agreement.main_agreement_id:
                agreement._refuse_double_cover()
            agreement.write({"date_signed": agreement.date_signed or day, "state": "signed"})
            agreement._apply_to_main()

    def _apply_to_main(self):
        """What a signed additional agreement changes in the main one."""
        main = self.main_agreement_id
        if not main:
            return
        vals = {}
        if self.prolongs_until:
            vals["date_end"] = self.prolongs_until
            if main.state == "expired" and self.prolongs_until >= fields.Date.context_today(self):
                vals["state"] = "signed"
        added = self.account_ids - main.account_ids
        if added:
            vals["account_ids"] = [Command.link(account.id) for account in added]
        if vals:
            main.write(vals)
            main._refuse_double_cover()
            main.message_post(
                body=self.env._("Changed by the additional agreement %s.", self.number)
            )

    def _terminate(self, day, reason):
        """End the agreements before their term; `day` is the last one in force."""
        for agreement in self:
            if agreement.state != "signed":
                raise UserError(
                    self.env._(
                        "%s is not in force and cannot be terminated.", agreement.display_name
                    )
                )
            if day < agreement.date_start:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s begins on %(start)s and cannot end on %(day)s.",
                        agreement=agreement.display_name,
                        day=format_date(self.env, day),
                        start=format_date(self.env, agreement.date_start),
                    )
                )
            agreement.write(
                {
                    "state": "terminated",
                    "date_terminated": day,
                    "termination_reason": reason,
                }
            )

    def _prepare_renewal_vals(self):
        return {
            "renews_id": self.id,
            "date_start": day_after(self.last_day or fields.Date.context_today(self)),
            "user_id": self.user_id.id,
        }

    def _prepare_amendment_vals(self):
        return {
            "main_agreement_id": self.id,
            "number": self._amendment_number(),
            "date_start": fields.Date.context_today(self),
            "account_ids": [Command.clear()],
        }

    def _amendment_number(self):
        """The main agreement's number and the next free count."""
        scope = Domain("company_id", "=", self.company_id.id)
        count = len(self.amendment_ids) + 1
        while self.browse()._numbered(scope, [f"{self.number}/{count}"]):
            count += 1
        return f"{self.number}/{count}"

    # -- buttons ----------------------------------------------------------------------------

    def action_send_to_sign(self):
        """The printed agreement goes out; the PDF is filed with the documents."""
        for agreement in self.filtered(lambda a: a.state == "draft"):
            agreement._refuse_incomplete()
            agreement._print()
            agreement.state = "sent"

    def action_sign(self):
        self._sign(fields.Date.context_today(self))

    def action_cancel(self):
        for agreement in self:
            if agreement.state not in ("draft", "sent"):
                raise UserError(
                    self.env._("%s is signed: terminate it instead.", agreement.display_name)
                )
        self.state = "cancelled"

    def action_draft(self):
        self.filtered(lambda a: a.state in ("sent", "cancelled")).state = "draft"

    def action_terminate(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terminate"),
            "res_model": "utility.agreement.termination",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_document_ids": self.ids},
        }

    def action_amend(self):
        self.ensure_one()
        return self.copy(self._prepare_amendment_vals())._action_form()

    def action_renew(self):
        self.ensure_one()
        return self.copy(self._prepare_renewal_vals())._action_form()
