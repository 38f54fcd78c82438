from odoo import api, fields, models
from odoo.tools import SQL, format_date


class UsageProblem(models.Model):
    """Why a point has no quantity for a period: its facts contradict each other."""

    _name = "utility.usage.problem"
    _description = "Usage Problem"
    _order = "state, found_at desc, id desc"
    _rec_name = "message"
    _check_company_auto = True

    service_point_id = fields.Many2one(
        "utility.service.point", required=True, index=True, readonly=True, ondelete="cascade"
    )
    service_id = fields.Many2one(
        related="service_point_id.service_id", store=True, index=True, precompute=True
    )
    premise_id = fields.Many2one(
        related="service_point_id.premise_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="service_point_id.company_id", store=True, index=True, precompute=True
    )
    date_start = fields.Date("From", required=True, readonly=True)
    date_end = fields.Date("To", required=True, readonly=True)
    code = fields.Char("Kind", required=True, readonly=True)
    message = fields.Char("Problem", required=True, readonly=True)
    register_id = fields.Many2one("utility.meter.register", readonly=True, ondelete="set null")
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")], required=True, default="open", readonly=True
    )
    found_at = fields.Datetime(
        "Found on", required=True, readonly=True, default=fields.Datetime.now
    )
    solved_at = fields.Datetime("Solved on", readonly=True)

    _one_open = models.UniqueIndex(
        "(service_point_id, date_start, date_end) WHERE state = 'open'",
        "The problem is noted already.",
    )

    # -- noting -----------------------------------------------------------------------------

    @api.model
    def _note(self, errors, solved):
        """Keep the errors of a calculation; what it could calculate is solved.

        :param errors: {(point id, period): `FactsError`}
        :param solved: set of (point id, period)
        """
        # nobody writes problems by hand: they follow from a calculation
        problems = self.sudo()
        problems._solve(solved)
        known = {
            (problem.service_point_id.id, (problem.date_start, problem.date_end)): problem
            for problem in errors
            and problems.search(
                [
                    ("service_point_id", "in", [point_id for point_id, _period in errors]),
                    ("state", "=", "open"),
                ]
            )
        }
        fresh = []
        for (point_id, period), error in errors.items():
            vals = {
                "code": error.code,
                "message": self._words(error),
                "register_id": error.figures.get("register"),
            }
            if (point_id, period) not in known:
                fresh.append(
                    {
                        "service_point_id": point_id,
                        "date_start": period[0],
                        "date_end": period[1],
                        **vals,
                    }
                )
            elif known[point_id, period].message != vals["message"]:
                known[point_id, period].write(vals)
        if fresh:
            problems.create(fresh)

    def _solve(self, pairs):
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
            UPDATE utility_usage_problem problem SET state = 'solved', solved_at = %s
            FROM unnest(%s::int[], %s::date[], %s::date[])
                AS calculated (point_id, date_start, date_end)
            WHERE problem.state = 'open' AND problem.service_point_id = calculated.point_id
            AND problem.date_start >= calculated.date_start
            AND problem.date_end <= calculated.date_end
            """,
                fields.Datetime.now(),
                [point_id for point_id, _period in pairs],
                [period[0] for _point_id, period in pairs],
                [period[1] for _point_id, period in pairs],
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["state", "solved_at"])

    # -- in words ---------------------------------------------------------------------------

    @api.model
    def _words(self, error):
        """A `FactsError` as a sentence that says what to do."""
        describe = getattr(self, f"_words_{error.code}")
        return describe(**error.figures)

    def _words_backward(self, previous, present, register, day, **_figures):
        return self.env._(
            "%(register)s shows %(present)s on %(day)s, less than %(previous)s before. Correct "
            "the wrong reading, or confirm that the register rolled over or ran backward.",
            register=self._register_name(register),
            present=present,
            previous=previous,
            day=format_date(self.env, day),
        )

    def _words_no_conversion(self, day, register, **_figures):
        return self.env._(
            "There is no conversion value for %(register)s on %(day)s. Add it to the conversion "
            "of the point or its service.",
            register=self._register_name(register),
            day=format_date(self.env, day),
        )

    def _words_unit(self, register, **_figures):
        counter = self.env["utility.meter.register"].sudo().browse(register)
        return self.env._(
            "%(register)s counts in %(unit)s, and nothing says how that becomes the service's "
            "unit. Choose a conversion on the point or its service.",
            register=counter.display_name,
            unit=counter.uom_id.name,
        )

    def _words_circle(self, point, **_figures):
        return self.env._(
            "%(point)s is derived, through other points, from itself. End one of the terms.",
            point=self._point_code(point),
        )

    def _words_source(self, source, **_figures):
        return self.env._(
            "It is derived from %(point)s, which has no quantity. Solve the problem there first.",
            point=self._point_code(source),
        )

    def _words_overlap(self, date_start, date_end, **_figures):
        return self.env._(
            "The quantity of %(start)s – %(end)s stands in the way: it reaches beyond this "
            "period. Calculate a period that holds it whole.",
            start=format_date(self.env, date_start),
            end=format_date(self.env, date_end),
        )

    def _register_name(self, register_id):
        return self.env["utility.meter.register"].sudo().browse(register_id).display_name

    def _point_code(self, point_id):
        return self.env["utility.service.point"].sudo().browse(point_id).code

    # -- buttons ----------------------------------------------------------------------------

    def action_calculate_again(self):
        """Calculate the points' periods anew, after somebody mended the facts."""
        self.env["utility.usage"]._check_may_calculate()
        plan = {}
        for problem in self:
            period = (problem.date_start, problem.date_end)
            plan.setdefault(problem.service_point_id.id, set()).add(period)
        self.env["utility.usage"]._recalculate_plan(plan)
        return True
