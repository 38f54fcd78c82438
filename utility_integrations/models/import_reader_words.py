from odoo import api, models
from odoo.exceptions import UserError


class ImportReader(models.AbstractModel):
    """What is wrong with a file, in words for who got it from a bank."""

    _inherit = "utility.import.reader"

    @api.model
    def _format_error(self, error):
        """`engine.errors.FormatError` as the user reads it."""
        return UserError(self._format_words(error.code, error.details))

    @api.model
    def _format_words(self, code, details):
        """Words for what the engine found wrong.

        :param code: see `engine`
        :param details: {name: value} that the words mention
        """
        words = {
            **self._words_of_files(),
            **self._words_of_packed(),
            **self._words_of_lines(),
            **self._words_of_sums(),
        }
        return words[code] % details

    def _words_of_files(self):
        env = self.env
        return {
            "not_xml": env._(
                "This is no XML file. Statements in camt come as XML, or as a ZIP with XML inside: "
                "choose another file, or another format in the profile."
            ),
            "doctype": env._(
                "The file declares a document type of its own, as no bank does and as files made "
                "to harm do: it is not read. Get it from the bank anew."
            ),
            "not_camt": env._(
                "This is XML of another kind (%(found)s), no statement camt.052, camt.053 or "
                "camt.054. Choose another file."
            ),
            "no_statement": env._(
                "The file has a header but no statement. Ask the bank for it once more."
            ),
            "truncated": env._(
                "The file is cut off around line %(line)s: its end is missing. Get it once more."
            ),
            "xml_encoding": env._(
                "Line %(line)s is not in the encoding that the file names at its beginning. It was "
                "changed on its way: get it from the bank once more, and do not save it in an "
                "editor."
            ),
            "bad_xml": env._(
                "The XML is damaged in line %(line)s (%(words)s). Get the file once more."
            ),
            "not_mt940": env._(
                "This is no MT940 or MT942 statement: it has no fields such as :20: and :61:. "
                "Choose another file, or another format in the profile."
            ),
            "mt940_field": env._(
                "A field of the statement cannot be read: “%(text)s”. Ask the bank for the file "
                "once more."
            ),
            "not_1c": env._(
                "The file does not begin with 1CClientBankExchange: choose another file, or "
                "another format in the profile."
            ),
            "not_litas": env._(
                "The file does not begin with a line 000 of LITAS-ESIS: choose another file, or "
                "another format in the profile."
            ),
            "not_dbf": env._(
                "This is no DBF table. Choose another file, or another format in the profile."
            ),
            "dbf_cut": env._(
                "The table is cut off: it says it has %(stated)s records, %(read)s are there. Get "
                "it once more."
            ),
            "dbf_encoding": env._(
                "Record %(record)s of the table is not in %(encoding)s: choose the right encoding "
                "in the profile, usually DOS 866 or Windows-1251."
            ),
        }

    def _words_of_packed(self):
        env = self.env
        return {
            "bad_zip": env._("The ZIP is damaged, or packed in a way that cannot be read."),
            "zip_locked": env._(
                "“%(name)s” in the ZIP is locked with a password: unpack it first."
            ),
            "zip_bomb": env._(
                "The ZIP grows beyond all measure when it is unpacked (%(size)s bytes): it is not "
                "read. Get the file from the bank anew."
            ),
            "zip_empty": env._("There is no XML file in the ZIP."),
            "zip_other": env._("“%(name)s” in the ZIP is no XML file and was not read."),
        }

    def _words_of_lines(self):
        env = self.env
        return {
            "not_booked": env._(
                "the bank has not booked it yet (%(status)s): it will come again when it is; leave "
                "the row out"
            ),
            "no_amount": env._("the amount “%(text)s” is no number"),
            "no_own_amount": env._(
                "one of several payments that the bank booked as %(total)s %(currency)s together, "
                "without saying how much this one is: type the amount"
            ),
            "mt940_line": env._("the bank's line “%(text)s” cannot be read: type what it says"),
            "1c_direction": env._(
                "document %(number)s does not say whether the money came or went: type the "
                "direction"
            ),
            "short_line": env._(
                "the line has %(length)s signs, its columns reach beyond place %(wanted)s"
            ),
        }

    def _words_of_sums(self):
        env = self.env
        return {
            "balance": env._(
                "Statement %(statement)s of %(account)s: opening balance %(opening)s and turnover "
                "give %(expected)s, the closing balance is %(closing)s: %(difference)s differ."
            ),
            "chain": env._(
                "Statement %(statement)s of %(account)s opens with %(opening)s, the one before "
                "closed with %(closing)s: one may be missing."
            ),
            "stated_credit": env._(
                "Statement %(statement)s of %(account)s says %(stated)s came in, its lines come to "
                "%(read)s."
            ),
            "stated_debit": env._(
                "Statement %(statement)s of %(account)s says %(stated)s went out, its lines come "
                "to %(read)s."
            ),
            "stated_entries": env._(
                "Statement %(statement)s of %(account)s says it has %(stated)s entries, there are "
                "%(read)s."
            ),
            "entry_sum": env._(
                "Statement %(statement)s of %(account)s, entry %(entry)s: the bank booked "
                "%(total)s, its payments come to %(details)s."
            ),
        }
