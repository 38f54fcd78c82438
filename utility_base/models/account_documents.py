from odoo import fields, models
from odoo.fields import Domain


class Account(models.Model):
    """The account's papers: documents, letters, agreements."""

    _inherit = "utility.account"

    document_ids = fields.Many2many(
        "utility.document",
        compute="_compute_documents",
        help="Filed with the account, with an agreement that covers it, or with its letters.",
    )
    document_count = fields.Integer(compute="_compute_documents")
    agreement_document_ids = fields.Many2many(
        "utility.agreement.document",
        "utility_agreement_document_account_rel",
        "account_id",
        "agreement_document_id",
        "Paper Agreements",
    )
    agreement_document_count = fields.Integer(compute="_compute_paper_counts")
    correspondence_ids = fields.Many2many(
        "utility.correspondence",
        "utility_correspondence_account_rel",
        "account_id",
        "correspondence_id",
    )
    correspondence_count = fields.Integer(compute="_compute_paper_counts")
    overdue_correspondence_count = fields.Integer(compute="_compute_paper_counts")

    def _compute_documents(self):
        for account in self:
            found = self.env["utility.document"].search(account._documents_domain())
            account.document_ids = found
            account.document_count = len(found)

    def _documents_domain(self):
        account = self._origin.id or 0
        return (
            Domain("account_id", "=", account)
            | Domain("agreement_document_id.account_ids", "in", [account])
            | Domain("correspondence_id.account_ids", "in", [account])
        )

    def _compute_paper_counts(self):
        for account in self:
            letters = account.correspondence_ids
            account.agreement_document_count = len(account.agreement_document_ids)
            account.correspondence_count = len(letters)
            account.overdue_correspondence_count = len(letters.filtered("is_overdue"))

    # -- timeline ---------------------------------------------------------------------------

    def _timeline_sources(self):
        return super()._timeline_sources() + [
            {
                "key": "paper_agreement",
                "label": self.env._("Paper Agreement"),
                "icon": "fa-file-text-o",
                "model": "utility.agreement.document",
                "events": lambda account: account._timeline_agreement_documents(),
            },
            {
                "key": "document",
                "label": self.env._("Document"),
                "icon": "fa-paperclip",
                "model": "utility.document",
                "events": lambda account: account._timeline_documents(),
            },
            {
                "key": "correspondence",
                "label": self.env._("Letter"),
                "icon": "fa-envelope-o",
                "model": "utility.correspondence",
                "events": lambda account: account._timeline_correspondence(),
            },
        ]

    def _timeline_agreement_documents(self):
        states = {
            "signed": "in_force",
            "draft": "planned",
            "sent": "planned",
            "cancelled": "voided",
        }
        return [
            {
                "date": agreement.date_start,
                "date_end": agreement.last_day,
                "title": agreement.display_name,
                "text": _selected(agreement, "state"),
                "state": states.get(agreement.state, "ended"),
                "res_model": agreement._name,
                "res_id": agreement.id,
            }
            for agreement in self.env["utility.agreement.document"].search(
                [("account_ids", "in", self.ids)]
            )
        ]

    def _timeline_documents(self):
        return [
            {
                "date": document.date,
                "date_end": document.valid_until,
                "title": document.display_name,
                "text": document.description or document.file_name or "",
                "state": "ended" if document.is_expired else "in_force",
                "res_model": document._name,
                "res_id": document.id,
            }
            for document in self.env["utility.document"].search(self._documents_domain())
        ]

    def _timeline_correspondence(self):
        return [
            {
                "date": letter.date,
                "date_end": False,
                "title": letter.display_name,
                "text": ", ".join(
                    _selected(letter, name) for name in ("direction", "channel", "state")
                ),
                "state": "planned" if letter.state == "draft" else "ended",
                "res_model": letter._name,
                "res_id": letter.id,
            }
            for letter in self.env["utility.correspondence"].search(
                [("account_ids", "in", self.ids)]
            )
        ]

    # -- buttons ----------------------------------------------------------------------------

    def action_open_documents(self):
        self.ensure_one()
        return self._action_papers(
            "utility_base.document_action",
            self._documents_domain(),
            {"default_account_id": self.id},
        )

    def action_open_agreement_documents(self):
        self.ensure_one()
        return self._action_papers(
            "utility_base.agreement_document_action",
            Domain("account_ids", "in", self.ids),
            {"default_account_ids": self.ids, "default_partner_id": self.partner_id.id},
        )

    def action_open_correspondence(self):
        self.ensure_one()
        return self._action_papers(
            "utility_base.correspondence_action",
            Domain("account_ids", "in", self.ids),
            {"default_account_ids": self.ids, "default_partner_id": self.partner_id.id},
        )

    def action_new_agreement_document(self):
        return self._action_new_paper(self.action_open_agreement_documents())

    def action_new_correspondence(self):
        return self._action_new_paper(self.action_open_correspondence())

    def action_write_letters(self):
        """The wizard for the same letter to all selected accounts."""
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.letter_wizard_action")
        action["context"] = {"default_account_ids": self.ids}
        return action

    def _action_papers(self, xmlid, domain, context):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {
            **action,
            "domain": list(domain),
            "context": {**context, "default_company_id": self.company_id.id},
        }

    def _action_new_paper(self, action):
        return {**action, "views": [(False, "form")], "view_mode": "form"}


def _selected(record, name):
    return dict(record._fields[name]._description_selection(record.env)).get(record[name], "")
