import logging
from contextlib import contextmanager
from time import monotonic

from odoo import api, fields, models
from odoo.tools.misc import clean_context

from . import plan

_logger = logging.getLogger(__name__)

MODULE = "utility_base"
DONE = "utility_base.demo_steps"
STORY_DAY = "utility_base.demo_day"


class Demo(models.AbstractModel):
    """The demo town, loaded step by step into the current company.

    The `plan` says what there is; each step writes its part of it. A module that has more to show
    adds steps by extending `_steps` and calls `_load_town` from its own demo data: what is there
    already is left alone.
    """

    _name = "utility.demo"
    _description = "Demo Town"

    @api.model
    def _steps(self):
        """Names of the methods that build the town, in order."""
        return [
            "_load_company",
            "_load_services",
            "_load_places",
            "_load_people",
            "_load_accounts",
            "_load_points",
            "_load_users",
            "_load_events",
            "_load_balances",
        ]

    @api.model
    def _load_town(self):
        """Run the steps that did not run yet in this database."""
        demo = self.sudo().with_context(
            **clean_context(self.env.context),
            mail_create_nolog=True,
            mail_notrack=True,
            mail_create_nosubscribe=True,
        )
        parameters = demo.env["ir.config_parameter"]
        done = (parameters.get_param(DONE) or "").split()
        for step in demo._steps():
            if step in done:
                continue
            began = monotonic()
            getattr(demo, step)()
            demo.env.flush_all()
            done.append(step)
            parameters.set_param(DONE, " ".join(done))
            _logger.info("demo town: %s in %.1f s", step, monotonic() - began)

    @api.model
    def _run_main_job(self):
        """Do what is due in the town whenever it is served; nothing is here, billing has a month to
        bill."""

    @api.model
    def _town(self):
        """The plan; its days are those of the first load, whenever a step runs."""
        parameters = self.env["ir.config_parameter"].sudo()
        day = parameters.get_param(STORY_DAY)
        if not day:
            day = fields.Date.to_string(fields.Date.context_today(self))
            parameters.set_param(STORY_DAY, day)
        return plan.draw_up(fields.Date.to_date(day))

    # -- finding what earlier steps made --------------------------------------------------------

    @api.model
    def _premises(self):
        """{code in the plan: premise}"""
        premises = self.env["utility.premise"].search([("registry_code", "=like", "NU%")])
        return {premise.registry_code: premise for premise in premises}

    @api.model
    def _partners(self):
        """{reference in the plan: partner}"""
        refs = [person.ref for person in self._town().people]
        return {p.ref: p for p in self.env["res.partner"].search([("ref", "in", refs)])}

    @api.model
    def _services(self):
        """{code: service}"""
        services = self.env["utility.service"].search([("company_id", "=", self.env.company.id)])
        return {service.code: service for service in services}

    @api.model
    def _accounts(self):
        """{key in the plan: account}; an account that replaced another is not among them."""
        refs = {contract.payer for contract in self._town().contracts}
        found = {}
        for payer in self.env["utility.account.payer"].search(
            [("company_id", "=", self.env.company.id), ("partner_id.ref", "in", list(refs))],
            order="date_start desc, id desc",
        ):
            account = payer.account_id
            place = account.premise_id.registry_code or ""
            found[account.kind == "collective", place, payer.partner_id.ref] = account
        return {
            contract.key: found[contract.kind == "collective", contract.place, contract.payer]
            for contract in self._town().contracts
        }

    @api.model
    def _points(self):
        """{code: service point}"""
        points = self.env["utility.service.point"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return {point.code: point for point in points}

    # -- helpers --------------------------------------------------------------------------------

    @api.model
    def _name_records(self, **records):
        """Give the records external ids `utility_base.demo_<name>`, for documentation and tests."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {"xml_id": f"{MODULE}.demo_{name}", "record": record, "noupdate": True}
                for name, record in records.items()
            ]
        )

    @api.model
    def _fact(self, start, end=None, **values):
        """Values of a dated fact that the office learned when the history began, or the day it came
        into force."""
        calendar = self._town().calendar
        vals = {
            **values,
            "date_start": start,
            "date_end": end or False,
            "recorded_at": calendar.learned(start),
        }
        if end:
            vals["end_recorded_at"] = calendar.learned(end)
        return vals

    @contextmanager
    def _recorded_at(self, moment):
        """What is recorded inside counts as recorded at `moment` (UTC)."""
        began = fields.Datetime.now()
        yield
        self.env.flush_all()
        for name in sorted(self.env["utility.dated.mixin"]._inherit_children):
            facts = self.env[name].with_context(active_test=False)
            for column in ("recorded_at", "end_recorded_at", "voided_at"):
                facts.search([(column, ">=", began)])._write_fact({column: moment})
        self.env["mail.message"].search([("date", ">=", began)]).date = moment
