from dataclasses import dataclass

from odoo import models
from odoo.fields import Command


@dataclass(frozen=True)
class Supplied:
    """A service: `ledger` is the code of its revenue or, for a creditor's or the houses' own money,
    of the liability."""

    code: str
    name: str
    kind: str
    unit: str
    tax: int
    ledger: str
    color: int
    creditor: str = ""
    network: bool = True


SERVICES = [
    Supplied("cold_water", "Cold water", "cold_water", "cubic_meter", 21, "400110", 4),
    Supplied("sewerage", "Sewerage", "sewerage", "cubic_meter", 21, "400120", 7),
    Supplied("hot_water", "Hot water", "hot_water", "cubic_meter", 9, "219110", 1, "heat"),
    Supplied("heat", "Heating", "heat", "kwh", 9, "219120", 2, "heat"),
    Supplied(
        "electricity", "Electricity of stairs and lifts", "electricity", "kwh", 21, "400130", 3
    ),
    Supplied("waste", "Waste collection", "waste", "unit", 21, "219130", 10, "waste", False),
    Supplied(
        "maintenance",
        "Building maintenance",
        "maintenance",
        "square_meter",
        21,
        "400140",
        5,
        network=False,
    ),
    Supplied("repair_fund", "Repair fund", "fund", "square_meter", 0, "219210", 9, network=False),
]


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_services(self):
        """A service and its product for each of SERVICES, and the creditors behind."""
        creditors = self._load_creditors()
        taxes = {
            int(tax.amount): tax
            for tax in self.env["account.tax"].search(
                [("company_id", "=", self.env.company.id), ("type_tax_use", "=", "sale")]
            )
        }
        for sequence, supplied in enumerate(SERVICES, 1):
            ledger = self._ledger_account(
                supplied.ledger,
                supplied.name,
                "income" if supplied.ledger.startswith("4") else "liability_current",
            )
            tax = taxes.get(supplied.tax, self.env["account.tax"])
            product = self.env["product.product"].create(
                self._prepare_product_vals(supplied, ledger, tax)
            )
            vals = self._prepare_service_vals(supplied, product, ledger, tax)
            vals.update(creditors.get(supplied.creditor, {}), sequence=10 * sequence)
            service = self.env["utility.service"].create(vals)
            self._name_records(
                **{
                    f"service_{supplied.code}": service,
                    f"product_{supplied.code}": product,
                }
            )

    def _load_creditors(self):
        """Values of agency services by creditor."""
        bank, values = self.env.ref("utility_base.demo_bank"), {}
        people = {person.ref: person for person in self._town().people}
        for number, key in enumerate(("heat", "waste"), 2):
            person = people[self._town().companies[key]]
            partner = self.env["res.partner"].create(self._prepare_partner_vals(person, None))
            values[key] = {
                "ownership": "agency",
                "creditor_partner_id": partner.id,
                "creditor_bank_account_id": self._bank_account(partner, number, bank).id,
            }
            self._name_records(**{f"creditor_{key}": partner})
        return values

    def _prepare_product_vals(self, supplied, ledger, tax):
        return {
            "name": supplied.name,
            "default_code": supplied.code.upper(),
            "type": "service",
            "uom_id": self._unit(supplied).id,
            "list_price": 0.0,
            "company_id": self.env.company.id,
            "taxes_id": [Command.set(tax.ids)],
            "supplier_taxes_id": [Command.clear()],
            "property_account_income_id": ledger.id,
        }

    def _prepare_service_vals(self, supplied, product, ledger, tax):
        vals = {
            "name": supplied.name,
            "code": supplied.code,
            "kind": supplied.kind,
            "color": supplied.color,
            "company_id": self.env.company.id,
            "product_id": product.id,
            "uom_id": self._unit(supplied).id,
            "tax_ids": [Command.set(tax.ids)],
            "has_network": supplied.network,
        }
        if ledger.account_type != "income":
            vals["liability_account_id"] = ledger.id
        if not supplied.creditor:
            # a fund's contributions are the houses' own money: posted to the liability, too
            vals["income_account_id"] = ledger.id
        return vals

    def _unit(self, supplied):
        unit = self.env.ref(f"uom.product_uom_{supplied.unit}")
        unit.active = True
        return unit
