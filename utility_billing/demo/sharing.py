from odoo import api, fields, models

# inlet: what is shared and by which ready-made method
SHARED = {
    "HT-ZVE-14": ("quantity", "area"),
    "HT-UOS-21": ("quantity", "units_30_70"),
    "HT-SVY-7": ("quantity", "lt_minimum"),
    "HT-JUR-5": ("quantity", "residents"),
    "CW-ZVE-14": ("common", "common_area"),
    "CW-UOS-21": ("common", "common_area"),
    "CW-SVY-7": ("common", "common_area"),
}
# building: common area in m² and norm of cold water for one of them in a month, in m³
STAIRS = {"NU-ZVE-14": (310, 0.03), "NU-UOS-21": (420, 0.03), "NU-SVY-7": (540, 0.05)}
MONTHS = 12


class Demo(models.AbstractModel):
    """How the town's houses share their heat and their common use."""

    _inherit = "utility.demo"

    @api.model
    def _steps(self):
        return [*super()._steps(), "_load_sharing"]

    @api.model
    def _load_sharing(self):
        """Methods of seven inlets, and the sharings of the last year."""
        since = self._town().calendar.month(-24)
        self._load_stairs(since)
        assignments = self._load_assignments(since)
        runs = self.env["utility.allocation.run"]
        for offset in range(-MONTHS, 0):
            first = self._town().calendar.month(offset)
            period = first, fields.Date.end_of(first, "month")
            runs._allocate(runs._due(self.env.company, period) & assignments, *period)

    def _load_stairs(self, since):
        values, premises = self.env["utility.attribute.value"], self._premises()
        area = self.env.ref("utility_billing.attribute_common_area")
        norm = self.env.ref("utility_billing.attribute_common_norm")
        for code, numbers in STAIRS.items():
            for attribute, number in zip((area, norm), numbers, strict=True):
                fact = self._fact(since, attribute_id=attribute.id, premise_id=premises[code].id)
                values.create({**fact, **values._vals_for(attribute, number)})

    def _load_assignments(self, since):
        points = self._points()
        return self.env["utility.allocation.assignment"].create(
            [
                self._fact(
                    since,
                    service_point_id=points[code].id,
                    purpose=purpose,
                    method_id=self.env.ref(f"utility_billing.allocation_method_{method}").id,
                )
                for code, (purpose, method) in SHARED.items()
            ]
        )
