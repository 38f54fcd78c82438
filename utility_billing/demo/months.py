from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from odoo.addons.utility_base.demo.plan import buildings
from odoo.addons.utility_base.demo.plan.kinds import Stay

# what became known after the bills of the month before last
MISTYPED = {"point": "CW-UOS-21-24", "less": 3.0}
MOVED_IN = {"place": f"{buildings.NEW}-30", "from": f"{buildings.OLD}-25", "day": 11}
UNKNOWN_AREA = f"{buildings.OLD}-33"
# day of the month after on which a month is billed
BILLED = 5


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_months(self):
        """The month before last is approved; what became known since shows in last month's run,
        which waits to be looked at."""
        calendar = self._town().calendar
        operator = self.env.ref("utility_base.demo_user_billing_operator")
        runs = self.env["utility.billing.run"].with_user(operator)
        approved = runs.create({"month": calendar.month(-2)})
        approved.action_calculate()
        approved.action_approve()
        self._bill_in_time(approved, calendar.moment(calendar.month(-1, BILLED)))
        self._learn_late()
        review = runs.create({"month": calendar.month(-1)})
        review.action_calculate()
        self._name_records(run_approved=approved, run_review=review)

    def _bill_in_time(self, run, moment):
        """The run was approved when its month was over, with what was known then."""
        self.env.flush_all()
        for table in ("utility_charge_claim", "utility_billing_batch"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET facts_at = %s WHERE run_id = %s",
                    SQL.identifier(table),
                    moment,
                    run.id,
                )
            )
        self.env.invalidate_all()
        run.sudo().write(
            {
                "started_at": moment,
                "ended_at": moment + timedelta(minutes=2),
                "approved_at": moment + timedelta(hours=3),
            }
        )

    def _learn_late(self):
        """What was adjusted last month; a mistyped reading, somebody who moved in before, an area
        that is measured anew."""
        calendar = self._town().calendar
        self._load_adjustments()
        self._mend_reading(calendar)
        self._tell_moved_in(calendar)
        self._lose_area(calendar)

    def _mend_reading(self, calendar):
        """The last reading of the month before last was so much less."""
        last = calendar.month(-2, 0)
        reading = self.env["utility.reading"].search(
            [
                ("service_point_id", "=", self._points()[MISTYPED["point"]].id),
                ("date", "=", last),
                ("state", "=", "accepted"),
            ]
        )
        engineer = self.env.ref("utility_base.demo_user_meter_engineer")
        reading.with_user(engineer).sudo()._correct(
            reading.value - MISTYPED["less"], "A photograph from the resident shows another figure"
        )
        self.env["utility.usage.stale"]._settle(reading.service_point_id)

    def _tell_moved_in(self, calendar):
        premises, partners = self._premises(), self._partners()
        mover = next(
            stay.person
            for stay in self._town().stays
            if stay.place == MOVED_IN["from"] and stay.role == "owner"
        )
        stay = Stay(
            MOVED_IN["place"],
            mover,
            "resident",
            calendar.month(-2, MOVED_IN["day"]),
            lives=True,
            registered=True,
            note="Declared late",
        )
        vals = self._prepare_occupancy_vals(stay, premises, partners)
        vals["recorded_at"] = calendar.moment(calendar.month(-1, 12), 11, 20)
        self.env["utility.occupancy"].create(vals)

    def _lose_area(self, calendar):
        """The old measurement is no longer valid, the new one is not there yet."""
        area = self._premises()[UNKNOWN_AREA].attribute_value_ids.filtered(
            lambda row: row.attribute_id.code == "useful_area"
        )
        with self._recorded_at(calendar.moment(calendar.month(-1, 14), 10)):
            area._close(calendar.month(-2, 0))
