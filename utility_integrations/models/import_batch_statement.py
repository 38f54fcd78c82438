from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.errors import FormatError
from .account_statement_import_camt import documents
from .import_profile_formats import STATEMENT_READERS


class ImportBatch(models.Model):
    """The same file as Odoo's bank statement, for the accountant."""

    _inherit = "utility.import.batch"

    statement_ids = fields.One2many(
        "account.bank.statement", "utility_import_batch_id", "Bank Statements"
    )
    statement_count = fields.Integer(compute="_compute_statement_count")
    can_be_statement = fields.Boolean(compute="_compute_can_be_statement")

    def _compute_statement_count(self):
        # only their number: cashiers see that the accountant has the file, not the statements
        for batch, found in zip(self, self.sudo(), strict=True):
            batch.statement_count = len(found.statement_ids)

    def _compute_can_be_statement(self):
        for batch in self:
            profile = batch.profile_id
            batch.can_be_statement = (
                profile.reader in STATEMENT_READERS
                and profile.statement_journal_id
                and batch.state not in ("draft", "cancelled")
                and not batch.statement_count
            )

    def action_make_statement(self):
        """Make the file Odoo's bank statement in the profile's journal, through OCA's importer.
        Lines that are there already stay out.

        :raise UserError: the profile names no bank journal, or all of it is there already
        """
        self.ensure_one()
        self._refuse_statement()
        file = self.with_context(bin_size=False).file
        importer = (
            self.env["account.statement.import"]
            .with_company(self.company_id)
            .with_context(journal_id=self.profile_id.statement_journal_id.id)
            .create({"statement_file": file, "statement_filename": self.file_name})
        )
        result = {"statement_ids": [], "notifications": []}
        for content in self._statement_contents():
            importer.import_single_file(content, result)
        if not result["statement_ids"]:
            raise UserError(
                self.env._(
                    "All of %s is in the bank statements already, or it has no booked lines.",
                    self.file_name,
                )
            )
        statements = self.env["account.bank.statement"].browse(result["statement_ids"])
        statements.utility_import_batch_id = self
        self.invalidate_recordset(["statement_ids"])
        return self.action_open_statements()

    def _refuse_statement(self):
        if self.profile_id.reader not in STATEMENT_READERS:
            raise UserError(self.env._("%s is no bank statement in camt or MT940.", self.file_name))
        if not self.profile_id.statement_journal_id:
            raise UserError(
                self.env._(
                    "%s: choose the bank journal on the profile's page “Recording” first.",
                    self.profile_id.name,
                )
            )
        self._refuse_unless(
            "staged", "checking", "validated", "importing", "partly", "done", "undone"
        )

    def _statement_contents(self):
        try:
            return documents(self._content())
        except FormatError as error:
            raise self.env["utility.import.reader"]._format_error(error) from error

    def action_open_statements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_bank_statement_tree")
        return {**action, "domain": [("id", "in", self.statement_ids.ids)], "context": {}}
