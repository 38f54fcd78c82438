from odoo import models

from .plan import buildings, streets

NAMED = {
    "building_old": buildings.OLD,
    "building_new": buildings.NEW,
    "building_shops": buildings.SHOPS,
    "building_dormitory": streets.DORMITORY,
    "building_school": streets.SCHOOL,
    "building_factory": streets.FACTORY,
    "container_site": streets.CONTAINERS,
    "locality": "NU-M",
}


class Demo(models.AbstractModel):
    _inherit = "utility.demo"

    def _load_places(self):
        """Premises, from the municipality down to the rooms, and their attributes."""
        town = self._town()
        types = {kind.code: kind for kind in self.env["utility.premise.type"].search([])}
        premises = {}
        pending = town.places
        while pending:
            # those whose parent is there: one level at a time
            level = [place for place in pending if not place.parent or place.parent in premises]
            records = self.env["utility.premise"].create(
                [
                    self._prepare_premise_vals(place, types[place.kind], premises.get(place.parent))
                    for place in level
                ]
            )
            premises.update(zip((place.code for place in level), records, strict=True))
            pending = [place for place in pending if place.code not in premises]
        self._name_records(**{name: premises[code] for name, code in NAMED.items()})
        self._load_attributes(premises)

    def _prepare_premise_vals(self, place, kind, parent):
        return {
            "name": place.name,
            "type_id": kind.id,
            "parent_id": parent.id if parent else False,
            "registry_code": place.code,
            "postcode": place.postcode,
            "floor": place.floor,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }

    def _load_attributes(self, premises):
        attributes = {a.code: a for a in self.env["utility.attribute"].search([])}
        values = self.env["utility.attribute.value"]
        start = self._town().calendar.start
        values.create(
            [
                self._fact(
                    start,
                    premise_id=premises[place.code].id,
                    **values._vals_for(attributes[code], raw),
                )
                for place in self._town().places
                for code, raw in place.attributes.items()
            ]
        )
