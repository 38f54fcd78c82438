from collections import defaultdict

from odoo import models

from ..tools.saying import Names

# records that a trace names by their number, wherever it does
NUMBERED = {
    "meter": "utility.meter",
    "installation": "utility.meter.installation",
    "point": "utility.service.point",
    "benefit": "utility.benefit",
}
# what they are called, where that is not their display name
CALLED = {
    "utility.meter": "serial",
    "utility.service.point": "code",
    "utility.benefit": "kind_id.name",
    "utility.allocation.share": "run_id.display_name",
}
DOCUMENT = "utility.adjustment"
SHARE = "utility.allocation.share"
FUND = "res.partner"


class Explanation(models.AbstractModel):
    """Names of all that many traces speak of, with one query a model."""

    _inherit = "utility.explanation"

    def _names(self, traces):
        """
        :return: `Names`
        """
        found = _Mentioned()
        for trace in traces:
            found.look_at(trace)
        # whoever may read a charge may read what the things that it names are called
        env = self.sudo().env
        names = Names()
        installations = env["utility.meter.installation"].browse(
            found.ids.pop("utility.meter.installation", ())
        )
        installations = installations.exists()
        found.ids["utility.meter"] |= set(installations.meter_id.ids)
        for model, ids in found.ids.items():
            path = CALLED.get(model, "display_name")
            records = env[model].browse(ids).exists()
            records.mapped(path)
            names.records[model] = {
                record.id: next(iter(record.mapped(path)), "") for record in records
            }
        names.meters = {one.id: one.meter_id.serial for one in installations}
        self._name_by_code(names, found, env)
        return names

    def _name_by_code(self, names, found, env):
        zones = env["utility.tou.zone"].with_context(active_test=False)
        names.zones = {zone.code: zone.name for zone in zones.search([])}
        if found.attributes:
            attributes = env["utility.attribute"].with_context(active_test=False)
            names.attributes = {
                attribute.code: (attribute.uom_id.name or "", attribute.name)
                for attribute in attributes.search([("code", "in", list(found.attributes))])
            }
        if found.versions:
            components = env["utility.rate.component"].search_fetch(
                [("version_id", "in", list(found.versions))], ["version_id", "code", "name"]
            )
            names.components = {
                (component.version_id.id, component.code): component.name
                for component in components
            }


class _Mentioned:
    """What traces mention: {model: ids}, codes of attributes, versions whose components matter."""

    def __init__(self):
        self.ids = defaultdict(set)
        self.attributes = set()
        self.versions = set()

    def look_at(self, data):
        if isinstance(data, list | tuple):
            for value in data:
                self.look_at(value)
        elif isinstance(data, dict):
            self._note(data)
            for value in data.values():
                if isinstance(value, dict | list | tuple):
                    self.look_at(value)

    def _note(self, data):
        for key, model in NUMBERED.items():
            if isinstance(data.get(key), int) and data[key]:
                self.ids[model].add(data[key])
        if data.get("source") == "allocated" and data.get("id"):
            self.ids[SHARE].add(data["id"])
        if isinstance(data.get("document"), list | tuple):
            self.ids[DOCUMENT].add(data["document"][1])
        if isinstance(data.get("fund"), dict) and data["fund"].get("id"):
            self.ids[FUND].add(data["fund"]["id"])
        if isinstance(data.get("value"), dict) and "code" in data["value"]:
            self.attributes.add(data["value"]["code"])
        if isinstance(data.get("terms"), list | tuple) and data.get("version"):
            if any("of" in term for term in data["terms"] if isinstance(term, dict)):
                self.versions.add(data["version"])
