import io

from odoo import api, models
from odoo.exceptions import UserError

from ..engine import dbase, fixed_width


class ImportReader(models.AbstractModel):
    """Tables of older systems: DBF, and text with columns at fixed places."""

    _inherit = "utility.import.reader"

    @api.model
    def _read_dbf(self, profile, stream):
        """A row is a record that is not deleted. The encoding is the profile's, else what the table
        says itself, else what its text looks like."""
        return self._told(dbase.read(stream, self._dbf_encoding(profile, stream)))

    def _dbf_encoding(self, profile, stream):
        if profile.encoding != "auto":
            return profile.encoding
        stated = dbase.stated_encoding(stream)
        return stated or profile._detect_encoding(io.BytesIO(dbase.text_sample(stream)))

    @api.model
    def _read_fixed(self, profile, stream):
        """A row is a line; row numbers are lines of the file."""
        if not profile.position_ids:
            raise UserError(
                self.env._(
                    "%s: say on the profile's page “Reading” at which places of a line its columns "
                    "stand.",
                    profile.name,
                )
            )
        places = [(place.name, place.start, place.width) for place in profile.position_ids]
        with self._text_of(stream, profile._encoding_of(stream)) as text:
            yield from self._told(
                fixed_width.read(text, places, profile.row_start or "", profile.skip_rows)
            )
