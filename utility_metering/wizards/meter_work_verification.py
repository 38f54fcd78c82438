from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class MeterWork(models.TransientModel):
    """A verification: on the spot, or taken to a laboratory and brought back."""

    _inherit = "utility.meter.work"

    verified_at = fields.Selection(
        [
            ("spot", "On the spot"),
            ("away", "Taken away, the result comes later"),
        ],
        "Verified",
        required=True,
        default="spot",
    )
    date_back = fields.Date("Verification of", help="Empty: the day on which the work was done.")
    result = fields.Selection([("passed", "Passed"), ("failed", "Failed")], default="passed")
    certificate = fields.Char("Certificate Number")
    laboratory = fields.Char()

    def _do_verification(self):
        if not self.meter_id:
            raise UserError(self.env._("Choose the meter."))
        if self.verified_at == "away":
            return self._take_to_laboratory()
        self._refuse_bad_verification()
        act = self._create_act("verification")
        self._record_check(act)
        self._record_verification(act)
        self._after_verification(act)
        self._place_seals(self.meter_id, act)
        return act

    def _take_to_laboratory(self):
        if self.outage_id:
            raise UserError(
                self.env._(
                    "%(outage)s goes on since %(start)s. End it first.",
                    outage=self.outage_id.display_name,
                    start=format_date(self.env, self.outage_id.date_start),
                )
            )
        act = self._create_act("verification")
        self._record_check(act)
        self._begin_outage("verification", act)
        self._place_seals(self.meter_id, act)
        return act

    def _verified_day(self):
        return self.date_back or self.date

    def _refuse_bad_verification(self):
        day = self._verified_day()
        if day > self.date:
            raise UserError(
                self.env._(
                    "The verification of %(verified)s comes after the day of the work, %(day)s. "
                    "Correct one of them.",
                    verified=format_date(self.env, day),
                    day=format_date(self.env, self.date),
                )
            )
        if self.result == "passed" and self.valid_until and self.valid_until < day:
            raise UserError(
                self.env._(
                    "The verification of %(verified)s cannot end on %(until)s. Type a later last "
                    "day.",
                    verified=format_date(self.env, day),
                    until=format_date(self.env, self.valid_until),
                )
            )

    def _record_verification(self, act):
        day = self._verified_day()
        return self.env["utility.meter.verification"].create(
            {
                "meter_id": self.meter_id.id,
                "date_start": day,
                "date_end": self.valid_until if self.result == "passed" else day,
                "result": self.result,
                "certificate": self.certificate,
                "laboratory": self.laboratory,
                "act_id": act.id,
            }
        )

    def _after_verification(self, act):
        """A meter that came back counts again; one that failed is out of use until it is mended."""
        if self.outage_id.cause == "verification":
            self._end_outage(act)
        if self.result == "failed" and not self.meter_id._open_outages():
            self._begin_outage("fault", act)
