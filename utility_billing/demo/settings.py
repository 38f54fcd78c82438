from odoo import api, models
from odoo.fields import Command

from odoo.addons.utility_base.demo.plan.kinds import Calendar

from .plan import heat

# service: where its quantity comes from, the preferred first
SOURCES = {
    "heat": ("allocated", "measured"),
    "cold_water": ("usage",),
    "sewerage": ("usage",),
}
# m³ of the container of a private house by the last figure of its number, of others by code
CONTAINERS = {
    0: 0.12,
    1: 0.12,
    2: 0.12,
    3: 0.24,
    4: 0.12,
    5: 0.14,
    6: 0.12,
    7: 0.24,
    8: 0.14,
    9: 0.12,
}
LARGE = {
    "NU-MOK-3": 1.1,
    "NU-FAB-1": 1.1,
    "NU-UOS-21-P1": 0.12,
    "NU-UOS-21-P2": 0.24,
    "NU-UOS-21-P3": 0.24,
    "NU-UOS-21-P4": 0.12,
    "NU-UOS-21-P5": 0.24,
    "NU-UOS-21-P6": 1.1,
}
# mm, of the meters of businesses and institutions
DIAMETERS = {
    "CW-MOK-3": 40,
    "CW-FAB-1": 40,
    "CW-FAB-1B": 40,
    **{f"CW-UOS-21-P{number}": 15 for number in range(1, 7)},
}
VOLUME_FOR = ("private_house", "public_building", "commercial")
DIAMETER = {
    "name": "Diameter of the meter, mm",
    "code": "meter_diameter",
    "value_type": "number",
    "decimals": 0,
    "for_premises": False,
    "for_service_points": True,
    "description": "The fee of a business's meter goes by it.",
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    @api.model
    def _steps(self):
        return super()._steps() + [
            "_load_billing_settings",
            "_load_rates",
            "_load_sharing",
            "_load_reliefs",
            "_load_months",
            "_load_ledger",
            "_load_collectors",
            "_load_posted",
            "_load_doubtful",
            "_load_cash_shift",
            "_load_payment_files",
        ]

    def _load_billing_settings(self):
        """Where quantities come from, what is taxed how and when, what tariffs ask for."""
        calendar, services = self._town().calendar, self._services()
        self.env.company.utility_billing_start = calendar.month(-2)
        self.env["utility.service.source"].create(
            [
                {"service_id": services[code].id, "sequence": 10 * number, "source": source}
                for code, sources in SOURCES.items()
                for number, source in enumerate(sources, 1)
            ]
        )
        self._load_dated_taxes(calendar, services)
        self._load_containers()
        self._load_diameters()

    def _load_dated_taxes(self, calendar, services):
        """Residents' heat and hot water were taxed less until the end of 2025."""
        firsts = [first or calendar.years_ago(3) for first, _percent in heat.TAXES]
        lasts = [Calendar(first).month(-1, 0) for first in firsts[1:]] + [None]
        self.env["utility.service.tax"].create(
            [
                self._fact(
                    first,
                    last,
                    service_id=services[code].id,
                    tax_ids=[Command.set(self._tax(percent).ids)],
                )
                for code in heat.TAXED
                for first, last, (_since, percent) in zip(firsts, lasts, heat.TAXES, strict=True)
            ]
        )

    def _tax(self, percent):
        """The town's sales tax of so many per cent."""
        return self.env["account.tax"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", percent),
            ],
            limit=1,
        )

    def _load_containers(self):
        """How large the waste container is; the site's is known since the town was made."""
        attribute = self.env.ref("utility_base.attribute_container_volume")
        types = self.env["utility.premise.type"].search([("code", "in", VOLUME_FOR)])
        attribute.premise_type_ids = [Command.link(kind.id) for kind in types]
        premises = self._premises()
        volumes = {
            place.code: CONTAINERS[int(place.name) % 10]
            for place in self._town().places
            if place.kind == "private_house"
        }
        self._load_values(
            attribute,
            {("premise_id", premises[code].id): raw for code, raw in {**volumes, **LARGE}.items()},
        )

    def _load_diameters(self):
        attribute = self.env["utility.attribute"].create(DIAMETER)
        points = self._points()
        self._load_values(
            attribute,
            {("service_point_id", points[code].id): raw for code, raw in DIAMETERS.items()},
        )

    def _load_values(self, attribute, raws):
        """Values since the history began, {(owner's field, owner's id): value}."""
        values, start = self.env["utility.attribute.value"], self._town().calendar.start
        values.create(
            [
                self._fact(start, **{owner: owner_id}, **values._vals_for(attribute, raw))
                for (owner, owner_id), raw in raws.items()
            ]
        )
