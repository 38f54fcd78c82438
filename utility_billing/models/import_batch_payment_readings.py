import base64
import csv
import io

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.utility_base.models.import_batch_work import READ_CHUNK
from odoo.addons.utility_base.tools.export_text import safe_text

from .import_target_payment import READINGS

COLUMNS = {
    "number": "account",
    "serial": "meter",
    "register": "register",
    "date": "date",
    "value": "value",
    "note": "note",
    "key": "key",
}


class ImportBatch(models.Model):
    """Readings that come with payments: a file of readings of their own, so that each is validated
    as any other, and a bad one waits there without holding its payment up."""

    _inherit = "utility.import.batch"

    payments_import_id = fields.Many2one(
        "utility.import.batch",
        "Came with the Payments of",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    readings_import_ids = fields.One2many(
        "utility.import.batch", "payments_import_id", "Readings That Came Along", readonly=True
    )
    readings_import_count = fields.Integer(compute="_compute_readings_import_count")
    unsettled_readings_count = fields.Integer(compute="_compute_readings_import_count")

    def _compute_readings_import_count(self):
        for batch in self:
            found = batch.readings_import_ids
            batch.readings_import_count = len(found)
            batch.unsettled_readings_count = sum(
                each.bad_count + each.held_reading_count for each in found
            )

    def action_open_readings_imports(self):
        """The files of readings that came with the payments."""
        self.ensure_one()
        if len(self.readings_import_ids) == 1:
            return self._form_of(self.readings_import_ids)
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.import_batch_action")
        return {**action, "domain": [("payments_import_id", "=", self.id)], "context": {}}

    def _send_readings(self):
        """Import the readings of rows whose payments were looked for accounts, and which did not
        send them yet."""
        self.ensure_one()
        count, day = self._count_readings()
        if not count:
            return
        content = self._readings_file(day)
        # readings are the meter engineers'; whoever imports payments brings them, and the rules of
        # readings judge them
        batches = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        readings = batches.create(
            {
                "profile_id": batches._readings_profile().id,
                "file": base64.b64encode(content),
                "file_name": f"{self.file_name.rpartition('.')[0] or self.file_name}-readings.csv",
                "payments_import_id": self.id,
            }
        )
        try:
            with self.env.cr.savepoint():
                readings.action_read()
        except UserError as error:
            self.message_post(
                body=self.env._("The readings of the file wait: %(problem)s", problem=error)
            )
            return
        self.message_post(
            body=self.env._(
                "%(count)s rows with meter readings were handed over to the readings.",
                count=count,
            )
        )

    def _count_readings(self):
        """(how many rows have readings to send, the last day of them)"""
        self._flush_rows()
        self.env["utility.payment"].flush_model(["account_id", "import_row_id"])
        ((count, day),) = self.env.execute_query(
            SQL("SELECT count(*), max(line.parsed->>'date') %s", self._from_rows_with_readings())
        )
        return count, day

    def _from_rows_with_readings(self):
        """Imported rows with readings that they did not send yet, beside the accounts that their
        payments are for."""
        return SQL(
            """
            FROM utility_import_row line
            LEFT JOIN utility_payment payment ON payment.import_row_id = line.id
            LEFT JOIN utility_account account ON account.id = payment.account_id
            WHERE line.batch_id = %s AND line.state = 'imported' AND line.parsed ?| %s
            AND line.id NOT IN (
                SELECT split_part(source->>'key', ':', 2)::int FROM utility_import_row
                WHERE batch_id = ANY(%s) AND source->>'key' IS NOT NULL
            )
            """,
            self.id,
            [f"reading_{place}_to" for place in range(1, READINGS + 1)],
            self.readings_import_ids.ids,
        )

    def _rows_with_readings(self):
        """Lists of (row id, what it says, number of the account), in the order of the file, so
        many at a time."""
        after = (0, 0, 0)
        while True:
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT line.wave, line.number, line.id, line.parsed,
                        COALESCE(account.number, NULLIF(line.parsed->>'number', ''),
                            line.parsed->>'reference', '')
                    %s AND (line.wave, line.number, line.id) > (%s, %s, %s)
                    ORDER BY line.wave, line.number, line.id LIMIT %s
                    """,
                    self._from_rows_with_readings(),
                    *after,
                    READ_CHUNK,
                )
            )
            if not rows:
                return
            after = rows[-1][:3]
            yield [row[2:] for row in rows]

    def _readings_file(self, day):
        """A CSV file with a line for each reading.

        :param day: ISO text, on which meters are those of the accounts
        """
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(COLUMNS.values())
        for rows in self._rows_with_readings():
            registers = self._registers_of_accounts(rows, day)
            for row_id, parsed, number in rows:
                self._write_readings(writer, row_id, parsed, number, registers.get(number, ()))
        return stream.getvalue().encode()

    def _write_readings(self, writer, row_id, parsed, number, known):
        """:param known: [(serial, register's code)] of the account's meters"""
        for place in range(1, READINGS + 1):
            value = parsed.get(f"reading_{place}_to")
            if value in (None, ""):
                continue
            serial, register = known[place - 1] if place <= len(known) else ("", "")
            before = parsed.get(f"reading_{place}_from")
            writer.writerow(
                map(
                    safe_text,
                    (
                        number,
                        serial,
                        register,
                        parsed["date"],
                        self._number_or_text(value),
                        self._words_of_reading(place, before),
                        f"payment:{row_id}:{place}",
                    ),
                )
            )

    def _number_or_text(self, text):
        """A number as the profile of readings reads it; what is none goes as it is, and waits."""
        number, problem = self.profile_id._read_value("number", text)
        return text if problem else f"{number:.6f}"

    def _words_of_reading(self, place, before):
        if not before:
            return self.env._("Came with a payment, meter %s of the register", place)
        return self.env._(
            "Came with a payment, meter %(place)s of the register, from %(before)s",
            place=place,
            before=before,
        )

    def _registers_of_accounts(self, rows, day):
        """{account number: [(serial, register's code)]} in the order in which bills show them:
        by service, then by point and meter."""
        found = {}
        for number, serial, code, *_order in self.env.execute_query(
            SQL(
                """
            SELECT DISTINCT a.number, m.serial, r.code, s.sequence, s.id, p.code, i.id, r.sequence,
                   r.id
            FROM utility_account a
            JOIN utility_service_agreement g ON g.account_id = a.id AND g.voided_at IS NULL
                AND g.date_start <= %(day)s AND COALESCE(g.date_end, %(day)s) >= %(day)s
            JOIN utility_service s ON s.id = g.service_id
            JOIN utility_service_point p ON p.id = g.service_point_id
            JOIN utility_meter_installation i ON i.service_point_id = p.id AND i.voided_at IS NULL
                AND i.date_start <= %(day)s AND COALESCE(i.date_end, %(day)s) >= %(day)s
            JOIN utility_meter m ON m.id = i.meter_id
            JOIN utility_meter_register r ON r.meter_id = m.id AND r.active
                AND r.purpose <> 'info'
            WHERE a.company_id = %(company)s AND a.number = ANY(%(numbers)s)
            ORDER BY a.number, s.sequence, s.id, p.code, i.id, r.sequence, r.id
            """,
                day=day,
                company=self.company_id.id,
                numbers=list({number for _id, _parsed, number in rows}),
            ),
        ):
            found.setdefault(number, []).append((serial, code))
        return found

    def _readings_profile(self):
        """The profile by which readings that came with payments are imported."""
        profile = self.profile_id
        if not profile.readings_profile_id:
            made = profile.search(
                [
                    ("target", "=", "readings"),
                    ("company_id", "=", self.company_id.id),
                    ("id", "in", profile.search([]).readings_profile_id.ids),
                ],
                limit=1,
            )
            profile.readings_profile_id = made or profile.create(self._prepare_readings_profile())
        return profile.readings_profile_id

    def _prepare_readings_profile(self):
        columns = self.env["utility.import.column"]
        return {
            "name": self.env._("Readings That Come with Payments"),
            "target": "readings",
            "company_id": self.company_id.id,
            "sequence": 90,
            "encoding": "utf-8",
            "delimiter": "semicolon",
            "date_formats": "yyyy-mm-dd",
            "column_ids": [
                fields.Command.create(
                    columns._prepare_from_export({"field": name, "source": header})
                )
                for name, header in COLUMNS.items()
            ],
        }

    def _do_check(self):
        """Readings that came with payments go on by themselves: nobody waits for them."""
        more = super()._do_check()
        if more or not self.payments_import_id or not self.good_count or self.import_started_at:
            return more
        self.write(
            {
                "state": "importing",
                "import_started_at": fields.Datetime.now(),
                "import_user_id": self.env.uid,
            }
        )
        return True
