from odoo import api, fields, models

from odoo.addons.utility_base.tools.import_values import ValueReader

from ..engine.statement import COLUMNS
from ..tools.minor_units import MinorUnits

# formats that say themselves what an amount and a day look like
BANK_READERS = ("camt", "mt940", "1c", "litas")
STATEMENT_READERS = ("camt", "mt940")
EXPORTED = ("minor_units", "row_start")


class ImportProfile(models.Model):
    """Formats of banks and of older systems."""

    _inherit = "utility.import.profile"

    position_ids = fields.One2many(
        "utility.import.position", "profile_id", "Places of Columns", copy=True
    )
    row_start = fields.Char(
        "Rows Begin with", help="Lines that begin otherwise are headers and totals. Empty: all."
    )
    minor_units = fields.Boolean(
        "Amounts in Cents", help="The file writes 1050 for 10.50: amounts are divided by 100."
    )
    statement_journal_id = fields.Many2one(
        "account.journal",
        "Bank Journal",
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="Where accountants make the same file Odoo's bank statement, by a button of the "
        "import.",
    )

    @api.model
    def _import_readers(self):
        reader = self.env["utility.import.reader"]
        return {
            **super()._import_readers(),
            "camt": {
                "label": self.env._("Bank statement camt.053, camt.054, camt.052 (XML, ZIP)"),
                "extensions": ("xml", "zip", "camt"),
                "reader": reader._read_camt,
                "totals": reader._totals_of_bank,
            },
            "mt940": {
                "label": self.env._("Bank statement MT940, MT942 (SWIFT)"),
                "extensions": ("sta", "mt940", "940", "942", "swi", "fin", "txt"),
                "reader": reader._read_mt940,
                "totals": reader._totals_of_bank,
            },
            "1c": {
                "label": self.env._("Bank statement for 1C (1CClientBankExchange)"),
                "extensions": ("txt",),
                "reader": reader._read_1c,
                "totals": reader._totals_of_bank,
            },
            "litas": {
                "label": self.env._("Bank statement LITAS-ESIS"),
                "extensions": ("acc", "txt", "esis"),
                "reader": reader._read_litas,
                "totals": reader._totals_of_bank,
            },
            "dbf": {
                "label": self.env._("Table dBASE, FoxPro (DBF)"),
                "extensions": ("dbf",),
                "reader": reader._read_dbf,
            },
            "fixed": {
                "label": self.env._("Text with columns at fixed places"),
                "extensions": ("txt", "dat", "prn", "asc", "fix"),
                "reader": reader._read_fixed,
            },
        }

    def _guess_bank_columns(self):
        """Map the columns that all statements have. Charges that a bank names beside a payment
        stay out: it books them by themselves."""
        for profile in self:
            profile._guess([name for name in COLUMNS if name != "commission"])

    def _value_reader(self):
        if self.reader in BANK_READERS:
            return ValueReader(self.env, ".", "", self.date_formats)
        return super()._value_reader()

    def _mapping(self, headers):
        mapping = super()._mapping(headers)
        if self.minor_units and self.reader not in BANK_READERS:
            mapping.columns = [
                MinorUnits(column) if column.field.kind == "money" else column
                for column in mapping.columns
            ]
        return mapping

    @api.depends(
        "position_ids.name",
        "position_ids.start",
        "position_ids.width",
        "row_start",
        "minor_units",
    )
    def _compute_preview(self):
        return super()._compute_preview()

    # -- profiles as files ------------------------------------------------------------------

    def _export(self):
        return {
            **super()._export(),
            **{name: self[name] for name in EXPORTED},
            "positions": [position._export() for position in self.position_ids],
        }

    @api.model
    def _prepare_from_export(self, data):
        return {
            **super()._prepare_from_export(data),
            **{name: data[name] for name in EXPORTED if name in data},
            "position_ids": [
                fields.Command.create({key: line[key] for key in ("name", "start", "width")})
                for line in data.get("positions", ())
            ],
        }
