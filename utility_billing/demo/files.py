import base64

from odoo import models

# columns of the register after the ones that are filled: pairs of meter readings
READINGS = 12
# of the debtors, those who stand in the register
FIRST_IN_REGISTER = 22
PAID = (12.5, 27.0, 31.4, 40.0, 22.15)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_payment_files(self):
        """A register of the post that is uploaded and waits to be read."""
        profile = self.env.ref("utility_billing.import_profile_lietuvos_pastas").copy(
            {
                "name": "Pajūrio paštas: register of payments",
                "company_id": self.env.company.id,
                "collector_id": self._collector("post").id,
            }
        )
        day = self._town().calendar.month(-1, 0)
        register = self._upload_file(
            profile, f"npst_{day:%y%m%d}.txt", self._register_of(day).encode("cp1257", "replace")
        )
        self._name_records(profile_post=profile, file_post=register)

    def _upload_file(self, profile, name, content):
        cashier = self.env.ref("utility_base.demo_user_cashier")
        return (
            self.env["utility.import.batch"]
            .with_user(cashier)
            .create(
                {
                    "profile_id": profile.id,
                    "file": base64.b64encode(content),
                    "file_name": name,
                }
            )
        )

    def _register_of(self, day):
        """Four payments with the account's number, one with a payer's name alone."""
        own = self.env.company.utility_bill_bank_id.acc_number
        payers = self._debtors()[FIRST_IN_REGISTER:]
        lines = []
        for place, (account, amount) in enumerate(zip(payers, PAID, strict=False), 1):
            columns = [
                "99101",
                f"{day:%Y.%m.%d}",
                own,
                account.number if place < len(PAID) else "",
                "",
                account.partner_id.name,
                account.premise_id.address,
                "1",
                f"{amount:.2f}",
                "EUR",
                "",
                "",
                *[""] * READINGS,
            ]
            lines.append("\t".join(columns))
        return "\r\n".join([*lines, ""])
