from odoo import models
from odoo.fields import Command

NAMED = {"account_dormitory": "C-COLLEGE", "account_landlord": "C-LANDLORD"}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_accounts(self):
        """One account after the other in the order of the plan, as the numbering gives them."""
        town, premises, partners = self._town(), self._premises(), self._partners()
        # a bill's collective account must be there before its members
        contracts = sorted(town.contracts, key=lambda contract: contract.kind != "collective")
        collective = {}
        for group in (True, False):
            chosen = [row for row in contracts if (row.kind == "collective") is group]
            accounts = self.env["utility.account"].create(
                [self._prepare_account_vals(row, premises, partners, collective) for row in chosen]
            )
            if group:
                collective = dict(zip((row.key for row in chosen), accounts, strict=True))
        self._name_records(**{name: collective[key] for name, key in NAMED.items()})

    def _prepare_account_vals(self, contract, premises, partners, collective):
        payer = partners[contract.payer]
        vals = {
            "company_id": self.env.company.id,
            "kind": contract.kind,
            "partner_id": payer.id,
            "date_open": contract.start,
            "delivery_channel": contract.channel,
            "payer_ids": [Command.create(self._fact(contract.start, partner_id=payer.id))],
        }
        if contract.place:
            vals["premise_id"] = premises[contract.place].id
        if contract.billed_with:
            vals["bill_to_account_id"] = collective[contract.billed_with].id
        return vals
