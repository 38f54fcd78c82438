from decimal import Decimal

from odoo import api, models

from ..engine.tax_keys import tax_ids


class RateChecking(models.AbstractModel):
    """What a check found, for programs and for the screen."""

    _inherit = "utility.rate.checking"

    @api.model
    def _answer(self, plan, values):
        """See `check_rate` of `utility.rate.plan`."""
        rated, problems = [], []
        for point, service, found in self._check(plan, values):
            if isinstance(found, list):
                rated += [(service, charge) for charge in found]
            else:
                problems.append(self._problem(found, point, service))
        company = (rated and rated[0][0].company_id) or plan.company_id or self.env.company
        currency = company.currency_id
        charges = self._described(rated, currency)
        return {
            "currency": currency.name,
            "total": self._sum(charges, "untaxed", currency),
            "tax": self._sum(charges, "tax", currency),
            "total_with_tax": self._sum(charges, "with_tax", currency),
            "charges": charges,
            "problems": problems,
        }

    def _problem(self, error, point, service):
        point = point or self.env["utility.service.point"].new({"service_id": service.id})
        return self.env["utility.rating"]._message(error, point)

    def _described(self, rated, currency):
        explained = self.env["utility.explanation"]._explain(
            [charge.trace for _service, charge in rated], currency
        )
        components = self.env["utility.rate.component"].browse(
            {charge.component_id for _service, charge in rated}
        )
        names = {component.id: component.name for component in components}
        kinds = dict(self.env["utility.charge"]._fields["kind"]._description_selection(self.env))
        return [
            self._describe(service, charge, names, kinds, lines, currency)
            for (service, charge), lines in zip(rated, explained, strict=True)
        ]

    def _describe(self, service, charge, names, kinds, lines, currency):
        name = names.get(charge.component_id) or charge.code
        if charge.kind not in ("consumption", "fixed"):
            name = f"{name}, {kinds.get(charge.kind, charge.kind).lower()}"
        return {
            "service": service.name,
            "code": charge.code,
            "name": name,
            "kind": charge.kind,
            "date_start": charge.date_start.isoformat(),
            "date_end": charge.date_end.isoformat(),
            "quantity": str(charge.quantity),
            "unit": service.uom_id.name,
            "price": None if charge.price is None else str(charge.price),
            "amount": str(charge.amount),
            "tax_included": charge.tax_included,
            **self._taxed(charge, currency),
            "trace": charge.trace,
            "explanation": lines,
        }

    def _taxed(self, charge, currency):
        """The amount before tax and its taxes, as Odoo calculates them for a line alone."""
        taxes = self.env["account.tax"].browse(tax_ids(charge.taxes))
        # the names and rates of a service's taxes are no secret to who may see its price
        found = (
            taxes.sudo()
            .with_context(force_price_include=charge.tax_included)
            .compute_all(float(charge.amount), currency)
        )
        untaxed, with_tax = (
            _text(found[name], currency) for name in ("total_excluded", "total_included")
        )
        return {
            "taxes": taxes.sudo().mapped("name"),
            "untaxed": untaxed,
            "tax": str(Decimal(with_tax) - Decimal(untaxed)),
            "with_tax": with_tax,
        }

    def _sum(self, charges, name, currency):
        return str(sum((Decimal(charge[name]) for charge in charges), Decimal(_text(0, currency))))


def _text(value, currency):
    return f"{value:.{currency.decimal_places}f}"
