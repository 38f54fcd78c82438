import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import import_text
from ..tools.import_fields import plain
from ..tools.import_mapping import Mapping
from ..tools.import_values import ValueProblem, ValueReader

EXPORTED = (
    "name",
    "target",
    "reader",
    "encoding",
    "delimiter",
    "quote",
    "has_header",
    "skip_rows",
    "sheet",
    "decimal_sign",
    "thousands_sign",
    "date_formats",
    "existing",
    "fact_mode",
    "fact_reason",
    "same_name_same_person",
    "column_count",
    "row_formula",
)

SIGNS = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'"}


class ImportProfile(models.Model):
    """How files of one kind are read and what their rows become."""

    _name = "utility.import.profile"
    _description = "Import Profile"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    target = fields.Selection(
        "_selection_target", "Rows Become", required=True, default="accounts_whole"
    )
    target_help = fields.Char(compute="_compute_target_help")
    reader = fields.Selection("_selection_reader", "Format", required=True, default="csv")
    encoding = fields.Selection(
        [("auto", "Found by itself"), *import_text.ENCODINGS], required=True, default="auto"
    )
    delimiter = fields.Selection(
        [("auto", "Found by itself"), *import_text.DELIMITERS], required=True, default="auto"
    )
    quote = fields.Selection(
        [("double", 'Double "'), ("single", "Single '"), ("none", "None")],
        "Quotation Mark",
        required=True,
        default="double",
    )
    has_header = fields.Boolean("First Row Holds Headers", default=True)
    skip_rows = fields.Integer("Rows to Leave out at the Top", default=0)
    sheet = fields.Char(help="Name of the sheet; empty: the first.")
    decimal_sign = fields.Selection(
        [("point", "Point 0.5"), ("comma", "Comma 0,5")], required=True, default="point"
    )
    thousands_sign = fields.Selection(
        [
            ("space", "Space 1 000"),
            ("comma", "Comma 1,000"),
            ("point", "Point 1.000"),
            ("apostrophe", "Apostrophe 1'000"),
        ],
        help="Empty: none.",
    )
    date_formats = fields.Char(
        required=True,
        default="yyyy-mm-dd; dd.mm.yyyy",
        help="One or several, separated by semicolons: yyyy-mm-dd; dd.mm.yyyy; mm/dd/yy.",
    )
    existing = fields.Selection(
        [("update", "Bring it up to date"), ("leave", "Leave it as it is")],
        "What Is on Record Already",
        required=True,
        default="update",
    )
    fact_mode = fields.Selection(
        [
            ("change", "From the row's date on, or the day below"),
            ("correction", "All the time: what is on record was wrong"),
        ],
        "A Dated Fact That Differs Is So",
        required=True,
        default="change",
    )
    fact_date = fields.Date(
        "From", help="First day of new facts whose row names none; empty: the day of the import."
    )
    fact_reason = fields.Char("Reason of Corrections", default="Corrected by an imported file")
    same_name_same_person = fields.Boolean(
        "Same Name, Same Person",
        help="People without a code are recognised by their name alone. Otherwise every new "
        "account gets a person of its own.",
    )
    journal_id = fields.Many2one(
        "account.journal", check_company=True, domain="[('type', '=', 'general')]"
    )
    opening_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="What opening balances are booked against: equity, or a clearing account.",
    )
    column_ids = fields.One2many("utility.import.column", "profile_id", "Mapping", copy=True)
    sample_file = fields.Binary(attachment=True, copy=False)
    sample_name = fields.Char(copy=False)
    sample_headers = fields.Json(compute="_compute_preview")
    sample_html = fields.Html("As the File Has It", compute="_compute_preview", sanitize=False)
    read_html = fields.Html("As It Will Be Read", compute="_compute_preview", sanitize=False)
    note = fields.Text()
    batch_ids = fields.One2many("utility.import.batch", "profile_id", "Imports")
    batch_count = fields.Integer(compute="_compute_batch_count")

    _skip_rows_range = models.Constraint(
        "CHECK (skip_rows BETWEEN 0 AND 10000)", "0 to 10,000 rows can be left out at the top."
    )

    # -- hooks for the modules above --------------------------------------------------------

    @api.model
    def _import_targets(self):
        """What rows can become; modules above extend it.

        :return: {key: {"label", "model": abstract model that inherits `utility.import.target`}}
        """
        return {
            "premises": {
                "label": self.env._("Premises, address registry"),
                "model": "utility.import.target.premise",
            },
            "accounts_whole": {
                "label": self.env._("Accounts with premises, points and agreements"),
                "model": "utility.import.target.whole",
            },
            "people": {
                "label": self.env._("People and their premises"),
                "model": "utility.import.target.person",
            },
            "accounts": {
                "label": self.env._("Accounts"),
                "model": "utility.import.target.account",
            },
            "points": {
                "label": self.env._("Service points"),
                "model": "utility.import.target.point",
            },
            "agreements": {
                "label": self.env._("Service agreements"),
                "model": "utility.import.target.agreement",
            },
            "attributes": {
                "label": self.env._("Attribute values"),
                "model": "utility.import.target.attribute",
            },
            "opening": {
                "label": self.env._("Opening balances"),
                "model": "utility.import.target.opening",
            },
        }

    @api.model
    def _import_readers(self):
        """Formats that can be read; modules above extend it.

        :return: {key: {"label", "extensions": of file names, "reader": see
            `utility.import.reader`}}
        """
        reader = self.env["utility.import.reader"]
        return {
            "csv": {
                "label": self.env._("Text with delimiters (CSV)"),
                "extensions": ("csv", "txt", "tsv"),
                "reader": reader._read_csv,
            },
            "xlsx": {
                "label": self.env._("Excel workbook (XLSX)"),
                "extensions": ("xlsx", "xlsm"),
                "reader": reader._read_xlsx,
            },
        }

    @api.model
    def _selection_target(self):
        return [(key, target["label"]) for key, target in self._import_targets().items()]

    @api.model
    def _selection_reader(self):
        return [(key, reader["label"]) for key, reader in self._import_readers().items()]

    # -- computes ---------------------------------------------------------------------------

    @api.depends("target")
    def _compute_target_help(self):
        for profile in self:
            profile.target_help = profile._target()._target_help() if profile.target else ""

    def _compute_batch_count(self):
        counts = dict(
            self.env["utility.import.batch"]._read_group(
                [("profile_id", "in", self.ids)], ["profile_id"], ["__count"]
            )
        )
        for profile in self:
            profile.batch_count = counts.get(profile, 0)

    @api.onchange("target")
    def _onchange_target(self):
        wanted = self._fields_by_name() if self.target else {}
        kept = self.column_ids.filtered(lambda column: column.field_name in wanted)
        self.column_ids = kept
        self.column_ids = [
            fields.Command.create(vals) for vals in self._missing_columns(kept.mapped("field_name"))
        ]

    @api.constrains("decimal_sign", "thousands_sign")
    def _check_signs(self):
        for profile in self:
            if profile.decimal_sign == profile.thousands_sign:
                raise ValidationError(
                    self.env._(
                        "%s: the decimal sign and the thousands sign must differ.", profile.name
                    )
                )

    # -- create and write -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        profiles._add_missing_columns()
        return profiles

    def write(self, vals):
        done = super().write(vals)
        if "target" in vals:
            for profile in self:
                places = {name: place for place, name in enumerate(profile._fields_by_name(), 1)}
                profile.column_ids.filtered(
                    lambda column, places=places: column.field_name not in places
                ).unlink()
                for column in profile.column_ids:
                    column.sequence = places[column.field_name]
            self._add_missing_columns()
        return done

    def _add_missing_columns(self):
        self.env["utility.import.column"].create(
            [
                {**vals, "profile_id": profile.id}
                for profile in self
                for vals in profile._missing_columns(profile.column_ids.mapped("field_name"))
            ]
        )

    def _missing_columns(self, present):
        return [
            {
                "field_name": field.name,
                "sequence": sequence,
                "default_value": field.default or False,
            }
            for sequence, field in enumerate(self._target()._target_fields(self), start=1)
            if field.name not in present
        ]

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", profile.name)}
            for profile, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for profile in self.filtered("batch_ids"):
            raise UserError(
                self.env._("Files were imported by “%s”: archive it instead.", profile.name)
            )

    # -- business ---------------------------------------------------------------------------

    def _target(self):
        """The abstract model behind the profile's target, in the profile's company."""
        self.ensure_one()
        model = self.env[self._import_targets()[self.target]["model"]]
        return model.with_company(self.company_id) if self.company_id else model

    def _fields_by_name(self):
        if not self.target:
            return {}
        return {field.name: field for field in self._target()._target_fields(self)}

    def _read_rows(self, stream):
        """(number, cells, problem) of each row of a binary stream, as it is read."""
        for number, cells, *problem in self._import_readers()[self.reader]["reader"](self, stream):
            yield number, cells, problem[0] if problem else None

    def _mapping(self, headers):
        """The mapping made ready for a file with `headers`.

        :raise UserError: the file lacks a column
        """
        known = {header.strip().casefold(): header for header in headers}
        fields_by_name = self._fields_by_name()
        used = self.column_ids.filtered(
            lambda column: (
                column.field_name in fields_by_name
                and (column._is_used() or column.required or column.field_required)
            )
        )
        lacking = used.filtered(
            lambda column: column.source and column.source.strip().casefold() not in known
        )
        if lacking:
            raise UserError(
                self.env._(
                    "The file has no column %(columns)s. It has: %(headers)s. Correct the file or "
                    "the profile's mapping.",
                    columns=", ".join(
                        f"“{column.source}” ({column.field_label})" for column in lacking
                    ),
                    headers=", ".join(headers),
                )
            )
        values = self._value_reader()
        return Mapping(
            [column._mapped(fields_by_name[column.field_name], values, known) for column in used],
            self.env,
        )

    def _detect_encoding(self, stream):
        return import_text.detect_encoding(stream)

    def _encoding_of(self, stream):
        encoding = self.encoding if self.encoding != "auto" else self._detect_encoding(stream)
        return "utf-8-sig" if encoding == "utf-8" else encoding

    def _delimiter_of(self, text):
        if self.delimiter != "auto":
            return import_text.DELIMITER_SIGNS[self.delimiter]
        sign = import_text.detect_delimiter(text.read(64 * 1024))
        text.seek(0)
        return sign

    def _guess(self, headers):
        """Name a column of the file for each field that has none, by header."""
        by_plain = {plain(header): header for header in headers}
        taken = {column.source for column in self.column_ids if column.source}
        wanted = self._fields_by_name()
        for column in self.column_ids.filtered(lambda c: not c.source and c.field_name in wanted):
            field = wanted[column.field_name]
            for word in (field.name, field.label, *field.aliases):
                header = by_plain.get(plain(word))
                if header and header not in taken:
                    column.source = header
                    taken.add(header)
                    break

    # -- buttons ----------------------------------------------------------------------------

    def action_guess(self):
        """Name columns by the sample's headers."""
        self.ensure_one()
        if not self.sample_headers:
            raise UserError(self.env._("Upload a sample file first: its headers are looked at."))
        self._guess(self.sample_headers)

    def action_new_batch(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a File"),
            "res_model": "utility.import.batch",
            "view_mode": "form",
            "context": {"default_profile_id": self.id},
        }

    def action_open_batches(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.import_batch_action")
        return {
            **action,
            "domain": [("profile_id", "=", self.id)],
            "context": {"default_profile_id": self.id},
        }

    # -- profiles as files ------------------------------------------------------------------

    def action_export(self):
        """A JSON file of the profiles, to be read in another database."""
        data = json.dumps(
            {"utility_import_profiles": [profile._export() for profile in self]},
            ensure_ascii=False,
            indent=2,
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "import-profiles.json",
                "raw": data.encode(),
                "mimetype": "application/json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _export(self):
        return {
            **{name: self[name] for name in EXPORTED},
            "columns": [column._export() for column in self.column_ids if column._is_used()],
        }

    @api.model
    def _import_json(self, text):
        """Create the profiles of an exported file.

        :raise UserError: the text is no export of profiles
        """
        try:
            found = json.loads(text)["utility_import_profiles"]
            vals_list = [self._prepare_from_export(data) for data in found]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                self.env._(
                    "This is no file of import profiles: export one in the other database first."
                )
            ) from error
        return self.create(vals_list)

    @api.model
    def _prepare_from_export(self, data):
        column = self.env["utility.import.column"]
        if data["target"] not in self._import_targets():
            raise UserError(
                self.env._(
                    "“%(profile)s” fills “%(target)s”, which this database does not know: install "
                    "the module it belongs to.",
                    profile=data["name"],
                    target=data["target"],
                )
            )
        return {
            **{name: data[name] for name in EXPORTED if name in data},
            "column_ids": [
                fields.Command.create(column._prepare_from_export(line)) for line in data["columns"]
            ],
        }

    def _read_value(self, kind, text):
        """(value, None), or (None, what is wrong), of a text in the profile's signs and dates."""
        reader = self._value_reader()
        try:
            return getattr(reader, f"read_{kind}")(text), None
        except ValueProblem as problem:
            return None, str(problem)

    def _value_reader(self):
        return ValueReader(
            self.env,
            SIGNS[self.decimal_sign or "point"],
            SIGNS.get(self.thousands_sign, ""),
            self.date_formats,
        )
