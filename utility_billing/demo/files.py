import base64

from odoo import models

# columns of the register after the ones that are filled: pairs of meter readings
READINGS = 12
# who paid at the post; the last one did not say for which account
PAID = {
    "NU-SVY-7-46": 12.5,
    "NU-SVY-7-51": 27.0,
    "NU-SVY-7-56": 31.4,
    "NU-SVY-7-59": 40.0,
    "NU-UOS-21-1": 22.15,
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_payment_files(self):
        """A register of the post that is uploaded and waits to be read."""
        profile = self._profile_like(
            "utility_billing.import_profile_lietuvos_pastas",
            "Pajūrio paštas: register of payments",
            collector_id=self._collector("post").id,
        )
        day = self._town().calendar.month(-1, 0)
        content = self._register_of(day).encode("cp1257")
        register = self._upload_file(profile, f"npst_{day:%y%m%d}.txt", content)
        self._name_records(profile_post=profile, file_post=register)

    def _profile_like(self, ready, name, **vals):
        """A profile of the town's own, as a ready one."""
        profile = self.env.ref(ready).copy({"company_id": self.env.company.id, **vals})
        profile.name = name
        return profile

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
        own, accounts = self.env.company.utility_bill_bank_id.acc_number, self._accounts()
        last, lines = list(PAID)[-1], []
        for key, amount in PAID.items():
            account = accounts[key]
            columns = [
                "99101",
                f"{day:%Y.%m.%d}",
                own,
                account.number if key != last else "",
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
