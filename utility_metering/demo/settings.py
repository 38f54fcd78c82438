from odoo import api, models
from odoo.fields import Command

# service: situation, method, further values; in order
ESTIMATION = {
    "cold_water": (
        ("missing", "average", {}),
        ("missing", "last_year", {}),
        ("missing", "norm", {}),
        ("unfit", "average", {"max_in_row": 3}),
        ("unfit", "norm", {}),
        ("unmetered", "norm", {}),
    ),
    "hot_water": (
        ("missing", "average", {}),
        ("missing", "norm", {}),
        ("unfit", "average", {"max_in_row": 3}),
        ("unfit", "norm", {}),
        ("unmetered", "norm", {}),
    ),
    "heat": (("missing", "last_year", {}), ("missing", "average", {})),
    "electricity": (("missing", "average", {}),),
    "waste": (("missing", "schedule", {}),),
}
# service: for whom, m³ a month, what it is counted by
NORMS = {
    "cold_water": (
        ("Homes in the town", 2.6, "resident", "NU-M", 10),
        ("Homes elsewhere", 3.9, "resident", None, 20),
    ),
    "hot_water": (("Homes with hot water", 1.8, "resident", None, 10),),
}
DERIVED = {"sewerage": ("cold_water", "hot_water")}
WITHOUT_QUANTITY = ("maintenance", "repair_fund")
TYPES = (
    ("CW40", "Woltman DN40, cold water", "cold_water", "DN40", 7, 3, 48),
    ("HW40", "Woltman DN40, hot water", "hot_water", "DN40", 7, 3, 48),
    ("CW150", "Bulk meter DN150", "cold_water", "DN150", 8, 1, 48),
)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    @api.model
    def _steps(self):
        return super()._steps() + [
            "_load_metering_settings",
            "_load_meters",
            "_load_readings",
            "_load_routes",
            "_load_usage",
            "_load_late_readings",
            "_load_losses",
        ]

    def _load_metering_settings(self):
        """How the town's quantities become known: rules, norms, windows, larger meters."""
        services = self._services()
        for code, rules in ESTIMATION.items():
            self.env["utility.estimation.rule"].create(
                [
                    {
                        "service_id": services[code].id,
                        "sequence": 10 * number,
                        "situation": situation,
                        "method": method,
                        **more,
                    }
                    for number, (situation, method, more) in enumerate(rules, 1)
                ]
            )
        self._load_norms(services)
        self._load_windows(services)
        start = self._town().calendar.years_ago(3)
        self.env["utility.derivation"].create(
            [
                self._fact(
                    start,
                    service_id=services[code].id,
                    source_service_id=services[source].id,
                    company_id=self.env.company.id,
                )
                for code, sources in DERIVED.items()
                for source in sources
            ]
        )
        for code in WITHOUT_QUANTITY:
            services[code].is_quantified = False
        services["heat"].cut_method = "degree_days"
        self._load_large_meters()

    def _load_norms(self, services):
        start, premises = self._town().calendar.years_ago(3), self._premises()
        self.env["utility.norm"].create(
            [
                self._fact(
                    start,
                    name=name,
                    service_id=services[code].id,
                    quantity=quantity,
                    basis=basis,
                    sequence=sequence,
                    premise_id=premises[place].id if place else False,
                )
                for code, norms in NORMS.items()
                for name, quantity, basis, place, sequence in norms
            ]
        )

    def _load_windows(self, services):
        """Water is declared from the 20th to the last day and counts for the month's end."""
        self.env["utility.reading.window"].create(
            [
                {
                    "service_id": services[code].id,
                    "day_from": 20,
                    "day_to": 0,
                    "counts_as_end": True,
                }
                for code in ("cold_water", "hot_water")
            ]
        )

    def _load_large_meters(self):
        metre = self.env.ref("uom.product_uom_cubic_meter")
        self.env["utility.meter.type"].create(
            [
                {
                    "code": code,
                    "name": name,
                    "service_kind": kind,
                    "size": size,
                    "verification_months": months,
                    "register_ids": [
                        Command.create({"uom_id": metre.id, "digits": digits, "decimals": decimals})
                    ],
                }
                for code, name, kind, size, digits, decimals, months in TYPES
            ]
        )
