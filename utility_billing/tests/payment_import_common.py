"""The billed house with registers of payments: a profile of columns day; sum; code; text; …

What a file becomes is matched here by the account's number alone: these tests are about files.
"""

import base64
from unittest.mock import patch

from .payment_common import PaymentCommon

HEADER = "date;amount;currency;direction;reference;purpose;name;transaction"


def match_by_number(payments, _part):
    """A stand-in for matching: the account of that number, or none."""
    for payment in payments.filtered(lambda payment: payment.state == "new"):
        account = payment.env["utility.account"].search([("number", "=", payment.reference)])
        payment.write(
            {
                "account_id": account.id,
                "state": "matched" if account else "unmatched",
                "score": 100 if account else 0,
            }
        )
    return {}


class PaymentImportCommon(PaymentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "queue_job__no_delay": True})
        cls.startClassPatcher(
            patch.object(
                cls.registry["utility.payment"], "_slice_matching", match_by_number, create=True
            )
        )
        cls.post_office = cls.make_collector("Lietuvos paštas", kind="post")
        cls.profile = cls.make_profile(
            {
                "date": "date",
                "amount": "amount",
                "currency": "currency",
                "direction": "direction",
                "reference": "reference",
                "purpose": "purpose",
                "payer_name": "name",
                "bank_ref": "transaction",
            }
        )

    @classmethod
    def make_profile(cls, columns, **values):
        """A profile of payments that reads {field: header}."""
        profile = cls.env["utility.import.profile"].create(
            {
                "name": "Register",
                "target": "payments",
                "company_id": cls.company.id,
                "collector_id": cls.post_office.id,
                "delimiter": "semicolon",
                **values,
            }
        )
        for column in profile.column_ids:
            column.source = columns.get(column.field_name)
        return profile

    def upload(self, content, profile=None, name="register.csv"):
        content = content.encode() if isinstance(content, str) else content
        return self.env["utility.import.batch"].create(
            {
                "profile_id": (profile or self.profile).id,
                "file": base64.b64encode(content),
                "file_name": name,
            }
        )

    def read_lines(self, *lines, header=HEADER, profile=None):
        """A file of such lines, read and checked."""
        return self.read_file("\n".join([header, *lines, ""]), profile)

    def read_file(self, content, profile=None, name="register.csv"):
        batch = self.upload(content, profile, name)
        batch.action_read()
        return batch

    def bring_in(self, *lines, header=HEADER, profile=None):
        """Read, check and import."""
        batch = self.read_lines(*lines, header=header, profile=profile)
        if batch.good_count:
            batch.action_import()
        return batch

    def rows(self, batch, state=None):
        rows = batch.row_ids.sorted("number")
        return rows.filtered(lambda row: row.state == state) if state else rows

    def payments(self, batch):
        return batch.payment_batch_ids.payment_ids.sorted("number")
