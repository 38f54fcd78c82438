from odoo import models
from odoo.fields import Command

ROUTES = (
    ("Centre", ("NU-ZVE-14", "NU-UOS-21", "NU-SVY-7"), True),
    ("Houses of the town", ("NU-KOP", "NU-PUS", "NU-GIN"), True),
    ("Žuvėdrynė", ("NU-K",), False),
    ("School, cannery, dormitory", ("NU-MOK", "NU-FAB", "NU-JUR"), False),
)


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_routes(self):
        """Two routes belong to the controller, the others to nobody yet."""
        premises = self._premises()
        controller = self.env.ref("utility_base.demo_user_field_controller")
        routes = self.env["utility.route"].create(
            [
                {
                    "name": name,
                    "sequence": 10 * number,
                    "company_id": self.env.company.id,
                    "premise_ids": [Command.set([premises[code].id for code in places])],
                    "user_ids": [Command.set(controller.ids if walked else [])],
                }
                for number, (name, places, walked) in enumerate(ROUTES, 1)
            ]
        )
        self._name_records(route_centre=routes[0], route_houses=routes[1])

    def _load_usage(self):
        """The usage of every point in each of the 24 months, as it is known now."""
        points = self.env["utility.service.point"].search(
            [("company_id", "=", self.env.company.id), ("service_id.is_quantified", "=", True)]
        )
        usage, calendar, plan = self.env["utility.usage"], self._town().calendar, {}
        for offset in range(-24, 0):
            for point_id, periods in usage._due_plan(points, calendar.month(offset)).items():
                plan.setdefault(point_id, set()).update(periods)
        usage._recalculate_plan(plan)

    def _load_losses(self):
        """A year of balances against the year before the leak was mended, what is suspicious, and
        two visits: one that found a leak, one that is planned."""
        calendar, services = self._town().calendar, self._services()
        self.env["utility.loss.limit"].create(
            {"service_id": services["heat"].id, "common_quantity": 100, "least_quantity": 50}
        )
        for code in ("cold_water", "hot_water", "heat"):
            self.env["utility.network.balance"]._calculate(
                services[code],
                calendar.month(-12),
                calendar.month(-1),
                calendar.month(-20),
                calendar.month(-9),
            )
            self.env["utility.suspicion"]._calculate(services[code], calendar.month(-1))
        self._load_visits(self._points())

    def _load_visits(self, points):
        visits, calendar = self.env["utility.check.visit"], self._town().calendar
        found = visits._plan(
            {points["CW-ZVE-14"]: "The flats use 15 % less than what comes into the house"},
            date_planned=calendar.month(-9, 18),
        )
        found._finish(
            "done",
            "A pipe leaked under the cellar of entrance 2; mended the same week",
            day=calendar.month(-9, 20),
        )
        visits._plan(
            {points["CW-UOS-21-27"]: "A fifth of what was used before, since three months"},
            date_planned=calendar.month(0, 26),
        )
