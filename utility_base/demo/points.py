from odoo import models

NAMED = {"source_water": "CW-M", "source_heat": "HT-M", "inlet_old": "CW-ZVE-14"}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_points(self):
        """The networks from their sources on, then who takes what from which point."""
        premises, services, points = self._premises(), self._services(), {}
        pending = self._town().points
        while pending:
            level = [point for point in pending if not point.parent or point.parent in points]
            records = self.env["utility.service.point"].create(
                [
                    self._prepare_point_vals(
                        point,
                        services[point.service],
                        premises[point.place],
                        points.get(point.parent),
                    )
                    for point in level
                ]
            )
            points.update(zip((point.code for point in level), records, strict=True))
            pending = [point for point in pending if point.code not in points]
        self._name_records(**{name: points[code] for name, code in NAMED.items()})
        self._load_agreements(points)

    def _prepare_point_vals(self, point, service, premise, parent):
        return {
            "code": point.code,
            "name": point.name,
            "company_id": self.env.company.id,
            "service_id": service.id,
            "premise_id": premise.id,
            "parent_id": parent.id if parent else False,
            "kind": point.kind,
            "latitude": premise.latitude,
            "longitude": premise.longitude,
        }

    def _load_agreements(self, points):
        accounts = self._accounts()
        self.env["utility.service.agreement"].create(
            [
                self._fact(
                    accounts[supply.contract].date_open,
                    account_id=accounts[supply.contract].id,
                    service_point_id=points[supply.point].id,
                    company_id=self.env.company.id,
                    share=supply.share,
                    billing_cycle_id=self.env.ref(f"utility_base.billing_cycle_{supply.cycle}").id,
                )
                for supply in self._town().supplies
            ]
        )
