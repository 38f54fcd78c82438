import base64
import hashlib
import io

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL, human_size

SMALL_FILE = 64 * 1024
LIVE = "state NOT IN ('draft', 'cancelled', 'undone')"
PHASES = {"reading": "_do_read", "checking": "_do_check", "importing": "_do_import"}


class ImportBatch(models.Model):
    """One file on its way in: stored, read, checked, imported."""

    _name = "utility.import.batch"
    _description = "Import"
    _inherit = ["mail.thread"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    profile_id = fields.Many2one(
        "utility.import.profile", required=True, index=True, ondelete="restrict", check_company=True
    )
    target = fields.Selection(related="profile_id.target")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    file = fields.Binary(attachment=True, required=True, copy=False)
    file_name = fields.Char(required=True)
    file_size = fields.Integer("Size, Bytes", readonly=True, copy=False)
    file_size_text = fields.Char("Size", compute="_compute_file_size_text")
    checksum = fields.Char("SHA-256", readonly=True, copy=False, index=True)
    same_file_id = fields.Many2one(
        "utility.import.batch",
        compute="_compute_same_file_id",
        help="The import of this profile that had the very same file.",
    )
    headers = fields.Json(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "New"),
            ("reading", "Reading"),
            ("staged", "Read"),
            ("checking", "Checking"),
            ("validated", "Checked"),
            ("importing", "Importing"),
            ("partly", "Done, Bad Rows Left"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("undone", "Taken Back"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    message = fields.Char("Problem", readonly=True, copy=False)
    row_ids = fields.One2many("utility.import.row", "batch_id", "Rows")
    row_count = fields.Integer("Rows in the File", readonly=True, copy=False)
    new_count = fields.Integer("Not Checked", compute="_compute_counts")
    good_count = fields.Integer("Good", compute="_compute_counts")
    create_count = fields.Integer("Will Be New", compute="_compute_counts")
    update_count = fields.Integer("Will Change", compute="_compute_counts")
    unchanged_count = fields.Integer("Nothing New", compute="_compute_counts")
    bad_count = fields.Integer("Bad", compute="_compute_counts")
    imported_count = fields.Integer("Imported", compute="_compute_counts")
    skipped_count = fields.Integer("Left out", compute="_compute_counts")
    progress = fields.Float("Progress, %", compute="_compute_counts")
    rows_per_second = fields.Float("Rows per Second", compute="_compute_counts", digits=(16, 1))
    import_started_at = fields.Datetime(readonly=True, copy=False)
    import_ended_at = fields.Datetime(readonly=True, copy=False)
    import_user_id = fields.Many2one("res.users", "Imported by", readonly=True, copy=False)
    note = fields.Char()

    _file_once = models.UniqueIndex(
        f"(profile_id, checksum) WHERE {LIVE}",
        "This file was read by this profile before.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends("file_name", "profile_id.name")
    def _compute_name(self):
        for batch in self:
            batch.name = f"{batch.profile_id.name or ''}: {batch.file_name or ''}"

    def _compute_file_size_text(self):
        for batch in self:
            batch.file_size_text = human_size(batch.file_size)

    @api.depends("checksum", "profile_id")
    def _compute_same_file_id(self):
        for batch in self:
            batch.same_file_id = batch._find_same_file()

    def _find_same_file(self):
        if not self.checksum:
            return self.browse()
        return self.search(
            [
                ("profile_id", "=", self.profile_id.id),
                ("checksum", "=", self.checksum),
                ("id", "!=", self._origin.id),
                ("state", "not in", ("draft", "cancelled", "undone")),
            ],
            limit=1,
        )

    def _compute_counts(self):
        counts = self._counts()
        now = fields.Datetime.now()
        for batch in self:
            own = counts.get(batch._origin.id, {})
            by_state = {state: sum(numbers.values()) for state, numbers in own.items()}
            good = own.get("valid", {})
            batch.new_count = by_state.get("new", 0)
            batch.good_count = by_state.get("valid", 0)
            batch.create_count = good.get("create", 0)
            batch.update_count = good.get("update", 0)
            batch.unchanged_count = by_state.get("unchanged", 0)
            batch.bad_count = by_state.get("invalid", 0)
            batch.imported_count = by_state.get("imported", 0)
            batch.skipped_count = by_state.get("skipped", 0)
            left = batch.good_count if batch.state == "importing" else batch.new_count
            total = batch.row_count or 1
            batch.progress = 100.0 * (total - left) / total if batch.row_count else 0
            began, ended = batch.import_started_at, batch.import_ended_at or now
            seconds = (ended - began).total_seconds() if began else 0
            batch.rows_per_second = batch.imported_count / max(seconds, 1) if began else 0

    def _counts(self):
        """{batch id: {state: {action: rows}}}, by one query."""
        ids = [batch._origin.id for batch in self if batch._origin.id]
        found = {}
        if not ids:
            return found
        self.env["utility.import.row"].flush_model(["state", "action", "batch_id"])
        for batch_id, state, action, count in self.env.execute_query(
            SQL(
                "SELECT batch_id, state, action, count(*) FROM utility_import_row "
                "WHERE batch_id = ANY(%s) GROUP BY 1, 2, 3",
                ids,
            )
        ):
            found.setdefault(batch_id, {}).setdefault(state, {})[action] = count
        return found

    # -- create -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_fingerprint(vals) for vals in vals_list])

    def write(self, vals):
        if vals.get("file"):
            for batch in self.filtered(lambda batch: batch.state != "draft"):
                raise UserError(
                    self.env._(
                        "%s was read already: upload the other file as a new import.",
                        batch.file_name,
                    )
                )
            vals = self._with_fingerprint(vals)
        return super().write(vals)

    @api.model
    def _with_fingerprint(self, vals):
        if not vals.get("file"):
            return vals
        content = base64.b64decode(vals["file"])
        vals = {
            **vals,
            "checksum": hashlib.sha256(content).hexdigest(),
            "file_size": len(content),
        }
        if vals.get("profile_id"):
            profile = self.env["utility.import.profile"].browse(vals["profile_id"])
            vals["company_id"] = profile.company_id.id
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unread(self):
        for batch in self.filtered(lambda batch: batch.state != "draft"):
            raise UserError(
                self.env._("%s is kept for the record: cancel it, or take it back.", batch.name)
            )

    # -- buttons ----------------------------------------------------------------------------

    def action_read(self):
        """Read the file and check its rows: at once when it is small, else as a job."""
        self.ensure_one()
        self._refuse_unless("draft")
        self._refuse_second_time()
        if not self.file_size:
            raise UserError(self.env._("%s is empty: choose another file.", self.file_name))
        self._begin("reading", small=self.file_size <= SMALL_FILE)

    def action_import(self):
        """Write what is good."""
        self.ensure_one()
        self._refuse_unless("validated", "partly", "done")
        if not self.good_count:
            raise UserError(self.env._("There is no good row left that is not imported."))
        self._run_target()._check_rights()
        self.write(
            {
                "import_started_at": self.import_started_at or fields.Datetime.now(),
                "import_ended_at": False,
                "import_user_id": self.env.uid,
            }
        )
        self._begin("importing", small=self.good_count < self._small_count())

    def action_resume(self):
        """Take up work that a stopped server left behind; harmless when it goes on."""
        self.ensure_one()
        self._refuse_unless(*PHASES)
        self._enqueue()

    def action_check_again(self):
        """Read the rows that are not imported anew, as the profile is now, and check them."""
        self.ensure_one()
        self._refuse_unless("validated", "partly", "done", "staged")
        self._reread_rows()
        open_count = sum(row_count for row_count in (self.new_count, self.bad_count))
        self._begin("checking", small=open_count < self._small_count())

    def action_cancel(self):
        self.ensure_one()
        if self.imported_count:
            raise UserError(
                self.env._(
                    "%(count)s rows of %(file)s are imported: take them back, or leave the rest "
                    "out.",
                    count=self.imported_count,
                    file=self.file_name,
                )
            )
        self._refuse_unless("draft", "reading", "staged", "checking", "validated", "importing")
        self.state = "cancelled"

    def action_stop(self):
        """Stop an import after the present slice; what is in stays in, the rest stays ready."""
        self.ensure_one()
        self._refuse_unless("importing")
        self.state = "partly" if self.imported_count else "validated"

    def action_open_rows(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.import_row_action")
        shown = "search_default_bad" if self.bad_count else "search_default_all"
        return {
            **action,
            "domain": [("batch_id", "=", self.id)],
            "context": {shown: 1},
        }

    def action_open_same_file(self):
        self.ensure_one()
        return self._form_of(self.same_file_id)

    @api.model
    def _form_of(self, batch):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": batch.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # -- helpers ----------------------------------------------------------------------------

    def _refuse_unless(self, *states):
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(batch)s is in state “%(state)s”: this cannot be done now.",
                    batch=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state],
                )
            )

    def _refuse_second_time(self):
        former = self._find_same_file()
        if former:
            raise RedirectWarning(
                self.env._(
                    "This very file was imported by this profile on %(date)s: %(count)s rows are "
                    "in. Look at that import instead; its bad rows can be mended there.",
                    date=fields.Date.to_string(former.create_date),
                    count=former.imported_count,
                ),
                self._form_of(former),
                self.env._("Open that import"),
            )

    def _content(self):
        """The file as a binary stream."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", "file"),
                ],
                limit=1,
            )
        )
        return io.BytesIO(attachment.raw or b"")

    def _fields_by_name(self):
        return self.profile_id._fields_by_name()

    def _mapping_of_batch(self):
        return self.profile_id._mapping(self.headers or [])

    def _run_target(self):
        """The target's model in the batch's company, without chatter."""
        profile = self.profile_id.with_company(self.company_id).with_context(tracking_disable=True)
        return profile._target()
