"""What tests of explanations share."""

from odoo.addons.utility_metering.tests.common import MeteringCommon

from .explanation_kit import traces


class ExplanationCommon(MeteringCommon):
    def said(self, facts, lang=None):
        """All lines of all charges."""
        return sum(self.explained(traces(facts), lang), [])

    def explained(self, all_traces, lang=None):
        euro = self.env.ref("base.EUR")
        return self.env["utility.explanation"]._explain(all_traces, euro, lang)
