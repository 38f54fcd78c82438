import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.utility_billing.tests.payment_common import PaymentCommon

from . import format_kit as kit


@tagged("post_install", "-at_install", "utility_formats")
class TestImportFormats(PaymentCommon):
    """Statements and registers through the imports, as a cashier sees them."""

    @classmethod
    def make_profile(cls, reader, columns=None, **values):
        profile = cls.env["utility.import.profile"].create(
            {
                "name": f"Payments {reader}",
                "target": "payments",
                "reader": reader,
                "company_id": cls.company.id,
                "collector_id": cls.bank.id,
                **values,
            }
        )
        if columns is None:
            profile._guess_bank_columns()
        for column in profile.column_ids:
            column.source = (columns or {}).get(column.field_name) or column.source
        return profile

    def read_file(self, profile, content, name):
        batch = self.env["utility.import.batch"].create(
            {"profile_id": profile.id, "file": base64.b64encode(content), "file_name": name}
        )
        batch.action_read()
        return batch

    def parsed(self, batch, *names):
        return [
            tuple(row.parsed.get(name) for name in names) for row in batch.row_ids.sorted("number")
        ]

    def test_ready_profiles_map_themselves(self):
        for name in ("camt_053", "camt_054", "mt940", "1c", "litas"):
            profile = self.env.ref(f"utility_integrations.import_profile_{name}")
            mapped = {
                column.field_name: column.source for column in profile.column_ids if column.source
            }
            wanted = (
                *("date", "amount", "currency", "direction", "reference", "purpose", "bank_ref"),
                *("payer_name", "payer_code", "payer_iban", "payer_address", "is_return"),
            )
            self.assertEqual(mapped, {field: field for field in wanted}, name)

    def test_camt_becomes_payments(self):
        content = kit.camt(
            kit.entry(
                "30.00",
                kit.detail("10.00", text="Už vandenį", reference="RF18539007547034"),
                kit.detail("20.00", name="Ona"),
            ),
            kit.entry("4.00", sign="DBIT", info="Fee"),
            kit.entry("9.00", kit.detail("9.00"), status="<Cd>PDNG</Cd>"),
            balances=("100.00", "126.00"),
        )
        batch = self.read_file(self.make_profile("camt"), content, "statement.xml")
        self.assertEqual(
            [(row.state, row.number) for row in batch.row_ids.sorted("number")],
            [("valid", 1), ("valid", 2), ("skipped", 3), ("invalid", 4)],
        )
        self.assertIn("has not booked it yet (PDNG)", batch.row_ids.sorted("number")[3].reason)
        self.assertEqual(
            self.parsed(batch, "date", "amount", "direction", "reference", "payer_name")[:2],
            [
                ("2026-03-16", 10.0, "credit", "RF18539007547034", "Jonas Jonaitis"),
                ("2026-03-16", 20.0, "credit", None, "Ona"),
            ],
        )
        batch.action_import()
        payments = self.env["utility.payment"].search([("import_row_id.batch_id", "=", batch.id)])
        self.assertEqual(sorted(payments.mapped("amount")), [10.0, 20.0])

    def test_ready_profile_leaves_out_what_is_not_booked(self):
        profile = self.env.ref("utility_integrations.import_profile_camt_053").copy(
            {
                "company_id": self.company.id,
                "collector_id": self.bank.id,
                "statement_journal_id": False,
            }
        )
        content = kit.camt(
            kit.entry("30.00", kit.detail("30.00")),
            kit.entry("9.00", kit.detail("9.00"), status="<Cd>PDNG</Cd>"),
            balances=("100.00", "130.00"),
        )
        batch = self.read_file(profile, content, "statement.xml")
        self.assertEqual(
            [row.state for row in batch.row_ids.sorted("number")], ["valid", "skipped"]
        )
        self.assertFalse(batch.totals_problem)

    def test_a_statement_that_does_not_add_up_is_told_and_read(self):
        content = kit.camt(kit.entry("5.00", kit.detail("5.00")), balances=("100.00", "104.00"))
        batch = self.read_file(self.make_profile("camt"), content, "statement.xml")
        self.assertEqual(batch.good_count, 1)
        self.assertTrue(batch.totals_problem)
        good = kit.camt(kit.entry("5.00", kit.detail("5.00")), balances=("100.00", "105.00"))
        batch = self.read_file(self.make_profile("camt"), good, "statement.xml")
        self.assertFalse(batch.totals_problem)

    def test_statements_that_do_not_follow_each_other_are_told(self):
        content = kit.zipped(
            a_xml=kit.camt(kit.entry("5.00"), balances=("100.00", "105.00")),
            b_xml=kit.camt(kit.entry("6.00"), balances=("110.00", "116.00"), number="S2"),
        )
        batch = self.read_file(self.make_profile("camt"), content, "statements.zip")
        self.assertIn("S2", batch.totals_problem)
        self.assertIn("opens with 110.00", batch.totals_problem)

    def test_damaged_files_are_refused_in_words(self):
        profile = self.make_profile("camt")
        whole = kit.camt(kit.entry("5.00", kit.detail("5.00", text="Žąsis")))
        for content, words in (
            (whole[:600], "cut off"),
            (whole.decode().encode("windows-1257"), "not in the encoding"),
            (
                whole.replace(b"<Document", b'<!DOCTYPE d [<!ENTITY x "x">]><Document'),
                "document type",
            ),
            (kit.no_statement(), "no statement"),
            (b"<html><body>Session expired</body></html>", "another kind"),
            (kit.zipped(a_xml=whole)[:-30], "ZIP is damaged"),
        ):
            # Odoo looks into attachments that seem to be archives
            with (
                mute_logger("odoo.tools.mimetypes.guess_mimetype"),
                self.assertRaisesRegex(UserError, words),
            ):
                self.read_file(profile, content, "statement.xml")
        for reader, name, words in (
            ("mt940", "a.sta", "no MT940"),
            ("1c", "a.txt", "1CClientBankExchange"),
            ("litas", "a.acc", "LITAS-ESIS"),
            ("dbf", "a.dbf", "no DBF table"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.read_file(self.make_profile(reader), b"date;amount\n2026-03-16;5\n" * 9, name)

    def test_mt940_in_its_encoding(self):
        text = kit.mt940(":61:2603160316C30,50NTRFNONREF//B1", ":86:Už vandenį, Žukauskas")
        for encoding in ("utf-8", "windows-1257"):
            batch = self.read_file(self.make_profile("mt940"), text.encode(encoding), "a.sta")
            self.assertEqual(
                self.parsed(batch, "amount", "purpose", "bank_ref"),
                [(30.5, "Už vandenį, Žukauskas", "B1")],
            )

    def test_a_line_that_cannot_be_read_is_mended(self):
        text = kit.mt940(":61:2603160316C30,50NTRFX", ":61:damaged")
        batch = self.read_file(self.make_profile("mt940"), text.encode(), "a.sta")
        bad = batch.row_ids.filtered(lambda row: row.state == "invalid")
        self.assertIn("cannot be read: type what it says", bad.reason)

    def test_1c_whatever_its_encoding(self):
        text = kit.client_bank(
            {
                "Номер": "6032",
                "Дата": "15.03.2026",
                "Сумма": "1052.98",
                "ДатаПоступило": "15.03.2026",
                "Плательщик1": "Иванов Иван",
                "Код": "50133547364",
                "НазначениеПлатежа": "ЛС: 50133547364",
            }
        )
        for encoding in ("windows-1251", "cp866"):
            profile = self.make_profile("1c", decimal_sign="comma")
            batch = self.read_file(profile, text.encode(encoding), "kl_to_1c.txt")
            self.assertEqual(
                self.parsed(batch, "date", "amount", "reference", "payer_name"),
                [("2026-03-15", 1052.98, "50133547364", "Иванов Иван")],
            )

    def test_litas(self):
        content = kit.litas(("20260105", 2550, "C", "2", "Už vandenį", "Jonas"), closing=12550)
        batch = self.read_file(self.make_profile("litas"), content.encode("windows-1257"), "a.acc")
        self.assertEqual(
            self.parsed(batch, "date", "amount", "purpose"), [("2026-01-05", 25.5, "Už vandenį")]
        )

    def test_dbf_in_kopecks(self):
        content = kit.dbf(
            [("LS", "C", 8), ("FIO", "C", 12), ("SUMMA", "N", 10), ("DATA", "D", 8)],
            [["0001", "Петренко", "1050", "20260316"], ["0002", "Шевченко", "20", "20260316"]],
        )
        columns = {"date": "DATA", "amount": "SUMMA", "number": "LS", "payer_name": "FIO"}
        batch = self.read_file(
            self.make_profile("dbf", columns, minor_units=True), content, "payments.dbf"
        )
        self.assertEqual(
            self.parsed(batch, "date", "amount", "number", "payer_name"),
            [("2026-03-16", 10.5, "0001", "Петренко"), ("2026-03-16", 0.2, "0002", "Шевченко")],
        )
        self.assertEqual(batch.row_ids[0].source["SUMMA"], 1050, "the source as it came")
        batch = self.read_file(self.make_profile("dbf", columns), content, "payments.dbf")
        self.assertEqual(self.parsed(batch, "amount"), [(1050.0,), (20.0,)])

    def test_columns_at_fixed_places(self):
        places = [("ls", 2, 4), ("sum", 6, 6), ("day", 12, 8), ("who", 20, 20)]
        columns = {"date": "day", "amount": "sum", "number": "ls", "payer_name": "who"}
        profile = self.make_profile(
            "fixed",
            columns,
            minor_units=True,
            row_start="D",
            date_formats="yyyymmdd",
            position_ids=[
                (0, 0, {"name": name, "start": start, "width": width})
                for name, start, width in places
            ],
        )
        text = "H2026\r\nD000100105020260316Žukauskas\r\nD0002\r\nT2\r\n"
        batch = self.read_file(profile, text.encode("windows-1257"), "register.txt")
        first, second = batch.row_ids.sorted("number")
        self.assertEqual((first.number, first.state), (2, "valid"))
        self.assertEqual(
            {name: first.parsed[name] for name in ("date", "amount", "number", "payer_name")},
            {"date": "2026-03-16", "amount": 10.5, "number": "0001", "payer_name": "Žukauskas"},
        )
        self.assertIn("the line has 5 signs", second.reason)

    def test_fixed_places_have_to_be_said(self):
        with self.assertRaisesRegex(UserError, "at which places"):
            self.read_file(self.make_profile("fixed", {}), b"D0001\n", "register.txt")

    def test_a_profile_goes_to_another_database_with_its_places(self):
        profile = self.make_profile(
            "fixed",
            {"amount": "sum"},
            minor_units=True,
            row_start="D",
            position_ids=[(0, 0, {"name": "sum", "start": 6, "width": 6})],
        )
        vals = self.env["utility.import.profile"]._prepare_from_export(profile._export())
        other = self.env["utility.import.profile"].create({**vals, "name": "Other"})
        self.assertEqual(
            (other.minor_units, other.row_start, other.position_ids.mapped("start")),
            (True, "D", [6]),
        )

    def test_what_was_mended_by_hand_is_in_whole_units(self):
        content = b"date;sum\n2026-03-16;1050\n2026-03-16;none\n"
        profile = self.make_profile("csv", {"date": "date", "amount": "sum"}, minor_units=True)
        batch = self.read_file(profile, content, "a.csv")
        bad = batch.row_ids.filtered(lambda row: row.state == "invalid")
        mapping = batch._mapping_of_batch()
        values, problems = mapping.reread({**bad.parsed, "amount": "10.50"})
        self.assertEqual((values["amount"], problems), (10.5, []))

    def test_who_may_say_where_columns_stand(self):
        profile = self.make_profile(
            "fixed", {}, position_ids=[(0, 0, {"name": "sum", "start": 6, "width": 6})]
        )
        groups = "utility_base.group_{}".format
        for login, role, company, reads, writes in (
            ("rd-operator", "billing_operator", self.company, True, False),
            ("rd-auditor", "auditor", self.company, True, False),
            ("rd-admin", "administrator", self.company, True, True),
            ("rd-field", "field_controller", self.company, False, False),
            ("rd-other", "administrator", self.env.ref("base.main_company"), False, False),
        ):
            user = new_test_user(
                self.env,
                login,
                groups=f"base.group_user,{groups(role)}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )
            places = profile.position_ids.with_user(user).with_context(
                allowed_company_ids=company.ids
            )
            places.invalidate_recordset()
            for allowed, act in ((reads, lambda p: p.read(["name"])), (writes, self.widen)):
                with self.subTest(login=login):
                    if allowed:
                        act(places)
                    else:
                        with self.assertRaises(AccessError):
                            act(places)

    @staticmethod
    def widen(places):
        places.width = 7
