from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AgreementDocument(models.Model):
    """The paper itself: filled in from its template, with the schedule of what it covers."""

    _inherit = "utility.agreement.document"

    def _paper_lang(self):
        """Language code of the printed text."""
        account = self.account_ids[:1]
        return account.lang or self.partner_id.lang or self.env.lang or "en_US"

    def _paper_values(self):
        """Names that the template's text may use beside `object`."""
        schedule = self._schedule()
        return {
            "accounts": self.account_ids.sorted("number"),
            "schedule": schedule,
            "premises": _by_account(schedule),
            "main": self.main_agreement_id,
        }

    def _paper_html(self):
        """The text of the agreement, filled in; special terms follow it."""
        self.ensure_one()
        if not self.template_id:
            raise UserError(
                self.env._("%s: choose the template that it is printed from.", self.display_name)
            )
        return self.template_id._fill_in(self)[1]

    def _schedule(self):
        """Premises of the accounts, and their services as they are when the agreement begins; a
        service that begins later is listed from its first day on.

        :return: list of dicts: account, premise, address, payer, service, point, share (in %),
            date_start, date_end; an account without services gives one row with no service
        """
        self.ensure_one()
        accounts = self.account_ids or self.main_agreement_id.account_ids
        by_account = self._scheduled_services(accounts).grouped("account_id")
        rows = []
        for account in accounts.sorted(lambda a: (a.premise_id.address_sort or "", a.number)):
            rows += [
                self._schedule_row(account, service)
                for service in by_account.get(account) or [None]
            ]
        return rows

    def _scheduled_services(self, accounts):
        """The service agreements to be listed: of each account and point the earliest."""
        found = self.env["utility.service.agreement"].search(self._schedule_domain(accounts))
        first = {}
        for row in found.sorted("date_start"):
            first.setdefault((row.account_id, row.service_point_id), row)
        return found.browse(row.id for row in first.values()).sorted(
            lambda row: (row.service_id.sequence, row.service_id.id, row.service_point_id.code)
        )

    def _schedule_domain(self, accounts):
        model = self.env["utility.service.agreement"]
        domain = Domain("account_id", "in", accounts.ids) & model._domain_in_force(
            self.date_start,
            day_to=self.last_day or max(self.date_start, fields.Date.context_today(self)),
        )
        if self.service_ids:
            domain &= Domain("service_id", "in", self.service_ids.ids)
        return domain

    def _schedule_row(self, account, service=None):
        return {
            "account": account.number,
            "premise": account.premise_id,
            "address": account.address or "",
            "payer": account.partner_id.name or "",
            "service": service.service_id.name if service else "",
            "point": service.service_point_id.code if service else "",
            "share": service.share if service else 0.0,
            "date_start": service.date_start if service else False,
            "date_end": service.date_end if service else False,
        }

    def _print(self):
        """Render the agreement and file the PDF; a reprint before signing is the next version."""
        for agreement in self:
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "utility_base.agreement_document_report", agreement.ids
            )
            agreement.printed_document_id = self.env["utility.document"]._file_pdf(
                content,
                self.env._("Agreement %s", agreement.number).replace("/", "-") + ".pdf",
                agreement._printed_type(),
                agreement._document_links(),
                document=agreement.printed_document_id,
            )

    def _printed_type(self):
        return self.template_id.document_type_id or self.env.ref(
            "utility_base.document_type_agreement"
        )

    def _document_links(self):
        """Where documents of the agreement are filed: with its account, when it is one."""
        return {
            "agreement_document_id": self.id,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "account_id": self.account_ids.id if len(self.account_ids) == 1 else False,
        }

    def action_print(self):
        """Print what is not signed yet anew; of what is signed, give the paper that was signed."""
        self.filtered(
            lambda agreement: (
                agreement.state in ("draft", "sent") or not agreement.printed_document_id
            )
        )._print()
        if len(self) == 1:
            return self.printed_document_id.action_download()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.document_action")
        action["domain"] = [("id", "in", self.printed_document_id.ids)]
        return action


def _by_account(schedule):
    """The schedule with one row for each account: its services stand in one cell, joined."""
    rows = {}
    for line in schedule:
        row = rows.setdefault(line["account"], {**line, "services": ""})
        row["services"] = ", ".join(filter(None, (row["services"], line["service"])))
    return list(rows.values())
