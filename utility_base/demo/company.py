import base64

from stdnum.iso7064 import mod_97_10

from odoo import models
from odoo.fields import Command
from odoo.tools.misc import file_open

LOGO = "utility_base/demo/logo.png"

BANK_CODE = "99999"  # no bank has it
TAX_RATES = (21, 9)


def iban_of(number):
    """A Lithuanian IBAN with right check digits, of a bank that does not exist."""
    body = f"{BANK_CODE}{number:011d}"
    return f"LT{mod_97_10.calc_check_digits(f'{body}LT')}{body}"


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_company(self):
        """The town's utility company: address, euro, ledger, taxes, bank account."""
        company = self.env.company
        if not company.chart_template:
            self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        # install_mode: another country would install its localisation, with a commit of its own
        company.with_context(install_mode=True).write(self._prepare_company_vals())
        company.partner_id.write({"tz": "Europe/Vilnius", "is_company": True})
        self.env["utility.numbering"]._for("account", company)
        self._load_taxes(company)
        self._load_bank(company)

    def _prepare_company_vals(self):
        country = self.env.ref("base.lt")
        return {
            "name": "UAB „Naujauosčio vandenys ir namai“",
            "street": "Uosto g. 1",
            "city": "Naujauostis",
            "zip": "LT-99101",
            "country_id": country.id,
            "account_fiscal_country_id": country.id,
            "currency_id": self.env.ref("base.EUR").id,
            "company_registry": "999999999",
            "vat": "LT999999917",
            "email": "info@naujauostis.example",
            "website": "https://naujauostis.example",
            "phone": "+370 000 00001",
            "logo": self._logo(),
        }

    def _logo(self):
        with file_open(LOGO, "rb") as picture:
            return base64.b64encode(picture.read())

    def _load_taxes(self, company):
        """The rates of the story; those of the chart give way."""
        taxes = self.env["account.tax"]
        taxes.search([("company_id", "=", company.id)]).active = False
        payable = self._ledger_account("251000")
        made = [taxes.create(self._prepare_tax_vals(company, rate, payable)) for rate in TAX_RATES]
        company.account_sale_tax_id = made[0]
        company.account_purchase_tax_id = False

    def _prepare_tax_vals(self, company, rate, payable):
        group = self.env["account.tax.group"].create(
            {
                "name": f"VAT {rate} %",
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
            }
        )
        distribution = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": payable.id}),
        ]
        return {
            "name": f"{rate} %",
            "invoice_label": f"VAT {rate} %",
            "amount": rate,
            "type_tax_use": "sale",
            "company_id": company.id,
            "country_id": company.account_fiscal_country_id.id,
            "tax_group_id": group.id,
            "invoice_repartition_line_ids": distribution,
            "refund_repartition_line_ids": distribution,
        }

    def _load_bank(self, company):
        bank = self.env["res.bank"].create({"name": "Pamario bankas", "bic": "PMBKLT22"})
        account = self._bank_account(company.partner_id, 1, bank)
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        journal.bank_account_id = account
        self._name_records(bank=bank)

    def _bank_account(self, partner, number, bank):
        return self.env["res.partner.bank"].create(
            {
                "partner_id": partner.id,
                "acc_number": iban_of(number),
                "bank_id": bank.id,
                "allow_out_payment": True,
            }
        )

    def _ledger_account(self, code, name=None, account_type=None):
        """The ledger's account with the code; made when a name is given."""
        accounts = self.env["account.account"]
        found = accounts.search(
            [("code", "=", code), ("company_ids", "in", self.env.company.ids)], limit=1
        )
        if found or not name:
            return found
        return accounts.create(
            {
                "code": code,
                "name": name,
                "account_type": account_type,
                "company_ids": [Command.set(self.env.company.ids)],
            }
        )
