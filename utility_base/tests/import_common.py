import base64
import io

from openpyxl import Workbook

from odoo.tests import TransactionCase

from ..tools import check_digits


class ImportCommon(TransactionCase):
    """A company with two services, and helpers to import files written in the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create({"name": "Town Water"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(
                cls.env.context, allowed_company_ids=[cls.company.id], queue_job__no_delay=True
            )
        )
        unit = cls.env.ref("uom.product_uom_unit")
        cls.water, cls.heat = cls.env["utility.service"].create(
            [
                {"name": "Cold water", "code": "CW", "uom_id": unit.id},
                {"name": "Heating", "code": "HEAT", "uom_id": unit.id},
            ]
        )
        cls.flat_type = cls.env.ref("utility_base.premise_type_flat")

    @classmethod
    def number(cls, body):
        """An account number with its check digit: 17 gives 00000174."""
        return check_digits.append("luhn", f"{body:07d}")

    @classmethod
    def make_profile(cls, target, columns, **values):
        """A profile that reads {field: header}, or {field: {values of the mapping line}}."""
        profile = cls.env["utility.import.profile"].create(
            {
                "name": f"Test {target}",
                "target": target,
                **values,
            }
        )
        for column in profile.column_ids:
            said = columns.get(column.field_name)
            if isinstance(said, dict):
                column.write(said)
            elif said:
                column.source = said
        return profile

    @classmethod
    def upload(cls, profile, content, name="file.csv"):
        """A new batch with a file of text or bytes."""
        content = content.encode() if isinstance(content, str) else content
        return profile.env["utility.import.batch"].create(
            {
                "profile_id": profile.id,
                "file": base64.b64encode(content),
                "file_name": name,
            }
        )

    def read(self, profile, content, name="file.csv"):  # pylint: disable=method-required-super
        batch = self.upload(profile, content, name)
        batch.action_read()
        return batch

    def bring_in(self, profile, content, name="file.csv"):
        """Read, check and import."""
        batch = self.read(profile, content, name)
        if batch.good_count:
            batch.action_import()
        return batch

    def rows(self, batch, state=None):
        rows = batch.row_ids.sorted("number")
        return rows.filtered(lambda row: row.state == state) if state else rows

    @classmethod
    def account(cls, number):
        return cls.env["utility.account"].search(
            [
                ("number", "=", number),
                ("company_id", "=", cls.company.id),
            ]
        )

    @classmethod
    def whole_profile(cls, **values):
        return cls.make_profile(
            "accounts_whole",
            {
                "number": "account",
                "payer_name": "payer",
                "locality": "city",
                "street": "street",
                "building": "house",
                "unit": "flat",
                "services": "services",
                "date_open": "opened",
            },
            **values,
        )

    @classmethod
    def whole_file(cls, count, first=1, services="CW HEAT"):
        """Accounts in flats 1, 2, 3... of one building."""
        lines = ["account;payer;city;street;house;flat;services;opened"]
        lines += [
            f"{cls.number(n)};Payer {n};Kaunas;Laisvės al.;12;{n};{services};2026-01-01"
            for n in range(first, first + count)
        ]
        return "\n".join(lines) + "\n"

    @staticmethod
    def workbook(rows, sheet="Data"):
        book = Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
