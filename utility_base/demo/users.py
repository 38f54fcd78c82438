from passlib.hash import pbkdf2_sha512

from odoo import models
from odoo.fields import Command

# role: name, groups
STAFF = {
    "clerk": ("Asta Uostienė", ["utility_base.group_clerk"]),
    "meter_engineer": ("Vidas Skaitiklis", ["utility_base.group_meter_engineer"]),
    "field_controller": ("Juozas Kelpša", ["utility_base.group_field_controller"]),
    "billing_operator": ("Loreta Sąskaitė", ["utility_base.group_billing_operator"]),
    "cashier": ("Vita Kasperienė", ["utility_base.group_cashier"]),
    "accountant": (
        "Regina Balansienė",
        ["account.group_account_user", "account.group_account_manager"],
    ),
    "debt_officer": ("Valdas Kantrimas", ["utility_base.group_debt_officer"]),
    "lawyer": ("Erika Teisutytė", ["utility_base.group_lawyer"]),
    "manager": ("Stasys Namajūnas", ["utility_base.group_manager"]),
    "auditor": ("Violeta Tikrinienė", ["utility_base.group_auditor"]),
    "administrator": ("Linas Tvarkūnas", ["utility_base.group_administrator"]),
}
RESIDENT_LIVES_IN = "NU-SVY-7-12"


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_users(self):
        """A user for each role, and a resident of the portal; the password is the login."""
        users = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    *(self._prepare_user_vals(role, *staff) for role, staff in STAFF.items()),
                    self._prepare_resident_vals(),
                ]
            )
        )
        if "odoobot_state" in users._fields:
            # its first steps are no part of the story
            users.odoobot_state = "disabled"
        # few rounds of hashing, or twelve passwords would take longer than all else; Odoo hashes
        # each anew, with its own number of rounds, when the user first logs in
        hashing = pbkdf2_sha512.using(rounds=1000)
        for user in users:
            users._set_encrypted_password(user.id, hashing.hash(user.login))
        named = {f"user_{user.login}": user for user in users}
        # the manager of one house sees that one
        named["user_manager"].utility_building_ids = self.env.ref("utility_base.demo_building_old")
        self._name_records(**named)

    def _prepare_user_vals(self, role, name, groups):
        return {
            "name": name,
            "login": role,
            "email": f"{role}@naujauostis.example",
            "tz": "Europe/Vilnius",
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
            "group_ids": [
                Command.set([self.env.ref(group).id for group in ("base.group_user", *groups)])
            ],
        }

    def _prepare_resident_vals(self):
        account = self._accounts()[RESIDENT_LIVES_IN]
        account.delivery_channel = "portal"
        self._name_records(account_resident=account)
        return {
            "partner_id": account.partner_id.id,
            "login": "resident",
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
            "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        }
