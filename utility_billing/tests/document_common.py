"""Posted bills of the house of `posting_common`, with somebody to pay them to.

The company has the bank account LT121000011101001000; everybody's bill of January is of 12.345 m³
or by the norm. Reports are drawn for real.
"""

import io
import struct
import zlib

import zxingcpp
from PIL import Image

from odoo.fields import Command
from odoo.tools.pdf import PdfFileReader

from .posting_common import PostingCommon

IBAN, CREDITOR_IBAN = "LT121000011101001000", "DE89370400440532013000"


class DocumentCommon(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.utility_posting_way = "orm"
        cls.company.write({"company_registry": "304000000", "phone": "+370 37 000001"})
        cls.bank = cls.make_bank(cls.company.partner_id, IBAN)
        cls.documents = cls.env["utility.bill.document"]
        cls.jonas.write({"street": "Savanorių pr. 12-1", "zip": "44001", "city": "Kaunas"})

    @classmethod
    def make_bank(cls, partner, number):
        return cls.env["res.partner.bank"].create(
            {
                "acc_number": number,
                "partner_id": partner.id,
                "allow_out_payment": True,
            }
        )

    @classmethod
    def make_customer(cls, name, number):
        """An account in the other house that takes cold water, with a reading of every month."""
        flat = cls.make_premise("flat", f"{100 + number}", cls.other_house)
        account = cls.make_account(flat, cls.make_person(name))
        point = cls.make_point(cls.water, flat, f"CW-X{number}")
        cls.make_agreement(account, point)
        meter = cls.make_meter(f"X{number}")
        cls.make_installation(meter, point, "2025-12-31", initial=10)
        cls.make_reading(meter.register_ids, "2026-01-31", 10 + number)
        cls.calculate_usage("2026-01-01", "2026-01-31", point)
        return account

    @classmethod
    def make_agency_service(cls, amount=10):
        """Heating at flat 1, collected for the heat company: a fixed fee a month."""
        creditor = cls.make_person("AB Šiluma", is_company=True)
        heat = cls.make_service(
            "HEAT",
            name="Heating",
            kind="heat",
            ownership="agency",
            creditor_partner_id=creditor.id,
            creditor_bank_account_id=cls.make_bank(creditor, CREDITOR_IBAN).id,
            liability_account_id=cls.owed_to_creditors.id,
        )
        cls.make_agreement(cls.account, cls.make_point(heat, cls.flat, "H-1"))
        schedule = cls.make_schedule(cls.plan, heat)
        cls.make_version(
            schedule,
            "2025-01-01",
            {"code": "heat", "name": "Heat fee", "kind": "fixed", "price": amount},
        )
        return heat

    @classmethod
    def grant_half(cls):
        """A fund pays half of all that the account takes."""
        kind = cls.env["utility.benefit.kind"].create(
            {
                "name": "Veteran",
                "code": "VET",
                "value": 50,
                "company_id": cls.company.id,
                "fund_partner_id": cls.make_person("Social Fund", is_company=True).id,
                "fund_percent": 100,
            }
        )
        cls.env["utility.benefit"].create(
            {
                "kind_id": kind.id,
                "account_id": cls.account.id,
                "partner_id": cls.jonas.id,
                "date_start": "2026-01-01",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def pay(cls, amount, day="2026-02-10", account=None):
        """Money that came under an account, as an entry of the ledger."""
        account = account or cls.account
        clearing = cls.env["account.account"].search(
            [("code", "=", "271000"), ("company_ids", "in", cls.company.ids)]
        ) or cls.make_ledger_account("271000", "Clearing", "asset_current")
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "journal_id": cls.company._utility_fund_journal().id,
                "ref": "Bank",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.receivable.id,
                            "partner_id": account.partner_id.id,
                            "utility_account_id": account.id,
                            "balance": -amount,
                        }
                    ),
                    Command.create({"account_id": clearing.id, "balance": amount}),
                ],
            }
        )
        move.action_post()
        return move

    def content(self, move):
        return self.documents._contents(move)[0]

    def rows(self, rows):
        return [(row.name, row.amount) for row in rows]

    # -- paper ------------------------------------------------------------------------------

    def text_of(self, pdf):
        """All text of a PDF, in lines without spaces at their ends."""
        pages = PdfFileReader(io.BytesIO(pdf)).pages
        return "\n".join(page.extract_text() for page in pages)

    def codes_in(self, pdf):
        """What scanners read from the pictures of a PDF."""
        found = []
        for page in PdfFileReader(io.BytesIO(pdf)).pages:
            pictures = page["/Resources"].get("/XObject", {})
            for picture in (each.get_object() for each in pictures.values()):
                if picture["/Subtype"] == "/Image":
                    found += [code.text for code in zxingcpp.read_barcodes(picture_of(picture))]
        return found


def picture_of(stream):
    """A picture of a PDF, whose data are those of a PNG."""
    kinds = {"/DeviceGray": 0, "/DeviceRGB": 2}
    head = struct.pack(
        ">IIBBBBB",
        stream["/Width"],
        stream["/Height"],
        stream["/BitsPerComponent"],
        kinds[stream["/ColorSpace"]],
        0,
        0,
        0,
    )
    png = b"\x89PNG\r\n\x1a\n"
    for name, data in ((b"IHDR", head), (b"IDAT", stream._data), (b"IEND", b"")):
        check = struct.pack(">I", zlib.crc32(name + data))
        png += struct.pack(">I", len(data)) + name + data + check
    return Image.open(io.BytesIO(png)).convert("L")
