from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.import_item import ImportItem

OPEN_STATES = ("new", "valid", "invalid")


class ImportRow(models.Model):
    """A row of a file: what it said, how it was read, what it became. Kept for ever."""

    _name = "utility.import.row"
    _description = "Import Row"
    _order = "batch_id desc, number, id"
    _rec_name = "number"
    # rows come by the hundred thousand; who changed one is said by mended_by and skipped_by
    _log_access = False

    batch_id = fields.Many2one("utility.import.batch", required=True, ondelete="cascade")
    profile_id = fields.Many2one(related="batch_id.profile_id")
    number = fields.Integer("Row", required=True, readonly=True, aggregator=None)
    wave = fields.Integer(
        default=0,
        required=True,
        aggregator=None,
        help="Rows that others stand below go in first.",
    )
    source = fields.Json("As the File Has It", readonly=True)
    # “values” is a word of the ORM and of SQL
    parsed = fields.Json("As It Was Read")
    source_problem = fields.Char(
        "Problem of the Row", readonly=True, help="What is wrong with the row as the file has it."
    )
    problem_fields = fields.Json("Fields That Could Not Be Read")
    source_text = fields.Char("In the File", compute="_compute_texts")
    parsed_text = fields.Char("Read as", compute="_compute_texts")
    state = fields.Selection(
        [
            ("new", "Not checked yet"),
            ("valid", "Good"),
            ("invalid", "Bad"),
            ("imported", "Imported"),
            ("unchanged", "Nothing new"),
            ("skipped", "Left out"),
            ("undone", "Taken back"),
        ],
        required=True,
        default="new",
        readonly=True,
    )
    action = fields.Selection(
        [("create", "New"), ("update", "Changes"), ("unchanged", "Nothing new")],
        "Will Be",
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    key_hash = fields.Char(
        "Key", readonly=True, help="Fingerprint of what makes the row the same in another file."
    )
    effect_key = fields.Char(
        readonly=True, help="The key of a row that was imported and may have its effect only once."
    )
    res_model = fields.Char("Became (Model)", readonly=True)
    res_id = fields.Many2oneReference("Became (Record)", model_field="res_model", readonly=True)
    made = fields.Json("Created Records", readonly=True)
    mended_by = fields.Many2one("res.users", readonly=True)
    mended_at = fields.Datetime(readonly=True)
    skipped_by = fields.Many2one("res.users", "Left out by", readonly=True)
    skipped_at = fields.Datetime("Left out on", readonly=True)
    skip_reason = fields.Char("Why It Was Left out", readonly=True)

    _in_file_order = models.Index("(batch_id, wave, number)")
    _has_effect_once = models.UniqueIndex(
        "(effect_key) WHERE effect_key IS NOT NULL",
        "The same row was imported before.",
    )

    def init(self):
        """A row is changed twice on its way in: room on its page leaves the indexes alone."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 45)", SQL.identifier(self._table))
        )

    @api.depends("source", "parsed")
    def _compute_texts(self):
        for row in self:
            row.source_text = " | ".join(map(_shown, row._cells_in_order()))
            fields_by_name = row.batch_id._fields_by_name()
            row.parsed_text = " | ".join(
                f"{fields_by_name[name].label if name in fields_by_name else name}: {_shown(value)}"
                for name, value in (row.parsed or {}).items()
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A row of an imported file is kept for the record. Leave it out instead, with a "
                "reason."
            )
        )

    def _cells_in_order(self):
        """What the file says, in its own order: JSON keeps none."""
        source = self.source or {}
        headers = [header for header in self.batch_id.headers or () if header in source]
        return [source[name] for name in dict.fromkeys((*headers, *source))]

    def _item(self):
        return ImportItem(self.id, self.number, self.parsed or {}, self.key_hash)

    # -- mending ----------------------------------------------------------------------------

    def mend(self, changes):
        """Say what the row should have said, and check it again.

        :param changes: {field: text, as the profile reads it}; an empty text is nothing
        :return: True when the row is good now
        :raise UserError: the row is imported already
        """
        self.ensure_one()
        self._refuse_unless(OPEN_STATES)
        self.check_access("write")
        unknown = set(changes) - set(self.batch_id._fields_by_name())
        if unknown:
            raise UserError(
                self.env._(
                    "Row %(number)s: there is no field “%(field)s”.",
                    number=self.number,
                    field=", ".join(sorted(unknown)),
                )
            )
        values = {**(self.parsed or {}), **changes}
        parsed, problems = self.batch_id._mapping_of_batch().reread(values)
        self.write(
            {
                "parsed": parsed,
                **self._prepare_problems(problems),
                "mended_by": self.env.uid,
                "mended_at": fields.Datetime.now(),
            }
        )
        self.batch_id._check_rows(self)
        return self.state == "valid"

    def _prepare_problems(self, problems, source_problem=None):
        reasons = [source_problem] if source_problem else []
        reasons += [words for _name, words in problems]
        return {
            "problem_fields": [name for name, _words in problems] or False,
            "reason": "; ".join(reasons) or False,
            "state": "invalid" if reasons else "new",
            "action": False,
        }

    def _read_again(self, mapping, target):
        """Read the source as the profile is now; what was mended by hand stays so."""
        if self.mended_at:
            parsed, problems = mapping.reread(self.parsed or {})
            source_problem = None
        else:
            parsed, problems = mapping.read_row(self.source or {})
            source_problem = self.source_problem
        self.write(
            {
                "parsed": parsed,
                "key_hash": self._key_now(target, parsed),
                **self._prepare_problems(problems, source_problem),
            }
        )

    def _key_now(self, target, parsed):
        """The key as the profile reads the row now; its place among equal rows stays."""
        if not target._numbers_equal_rows:
            return target._row_key(self.profile_id, parsed)
        if self.mended_at:
            return self.key_hash
        key = target._row_key(self.profile_id, parsed)
        return self.key_hash if (self.key_hash or "").split("/")[0] == key else key

    def skip(self, reason):
        """Leave the rows out; who did and why stays with them.

        :raise UserError: no reason, or a row is imported already
        """
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the rows are left out."))
        self._refuse_unless(OPEN_STATES)
        self.check_access("write")
        self.write(
            {
                "state": "skipped",
                "skip_reason": reason,
                "skipped_by": self.env.uid,
                "skipped_at": fields.Datetime.now(),
            }
        )
        self.batch_id._settle()
        return True

    def _refuse_unless(self, states):
        for row in self:
            if row.state not in states:
                raise UserError(
                    self.env._(
                        "Row %(number)s is settled (%(state)s) and cannot be changed any more.",
                        number=row.number,
                        state=dict(self._fields["state"]._description_selection(self.env))[
                            row.state
                        ],
                    )
                )

    # -- buttons ----------------------------------------------------------------------------

    def action_mend(self):
        """The wizard with the rows' cells, those that are wrong first."""
        self._refuse_unless(OPEN_STATES)
        wizard = self.env["utility.import.mend.wizard"].create(
            {
                "row_ids": [fields.Command.set(self.ids)],
            }
        )
        return wizard._action_open()

    def action_skip(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave out"),
            "res_model": "utility.import.skip.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_row_ids": self.ids},
        }

    def action_open_record(self):
        self.ensure_one()
        if not self.res_id:
            raise UserError(self.env._("Row %s has not become anything yet.", self.number))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }


def _shown(value):
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"
