from odoo import models
from odoo.fields import Command

from .plan import sharing


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_sharing(self):
        """By which method each building's heat and common use of water is shared."""
        points, start = self._points(), self._town().calendar.start
        self._load_building_values()
        self._load_method()
        methods = {
            method.code: method for method in self.env["utility.allocation.method"].search([])
        }
        self.env["utility.allocation.assignment"].create(
            [
                self._fact(
                    start,
                    service_point_id=points[source].id,
                    company_id=self.env.company.id,
                    purpose=purpose,
                    method_id=methods[method].id,
                )
                for source, purpose, method in sharing.SHARED
            ]
        )

    def _load_building_values(self):
        premises = self._premises()
        for code, raws in sharing.VALUES.items():
            for name, raw in raws.items():
                attribute = self.env.ref(f"utility_billing.attribute_{name}")
                self._load_values(attribute, {("premise_id", premises[code].id): raw})

    def _load_method(self):
        """A copy of a method that is delivered, changed to what the owners decided."""
        area = self.env.ref("utility_base.attribute_heated_area")
        self.env["utility.allocation.method"].create(
            {
                **sharing.CIRCULATION,
                "company_id": self.env.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "sequence": 10 * number,
                            **step,
                            **(
                                {"weight_attribute_id": area.id}
                                if step.get("weight") == "attribute"
                                else {}
                            ),
                        }
                    )
                    for number, step in enumerate(sharing.STEPS, 1)
                ],
            }
        )
