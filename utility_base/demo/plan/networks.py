"""The networks from the source to the taps, and who takes what from which point."""

from . import buildings, streets
from .kinds import Point, Supply

# prefix of the points' codes and, for networks, what feeds them
PREFIXES = {
    "cold_water": "CW",
    "sewerage": "SW",
    "hot_water": "HW",
    "heat": "HT",
    "electricity": "EL",
    "waste": "WS",
    "maintenance": "MT",
    "repair_fund": "RF",
}
SOURCES = {
    "cold_water": "Pušyno waterworks",
    "sewerage": "Treatment plant",
    "heat": "Boiler house Fabriko g.",
}
# houses that have a septic tank and no sewer
WITHOUT_SEWER = {f"NU-MAR-{n}" for n in (1, 3, 5, 7, 9, 11)} | {f"NU-SAL-{n}" for n in (2, 4, 6, 8)}
HEATED_BY_TOWN = (
    buildings.OLD,
    buildings.NEW,
    buildings.SHOPS,
    streets.SCHOOL,
    streets.FACTORY,
    streets.DORMITORY,
)


class Network:
    """Draws points and supplies into `town`."""

    def __init__(self, town):
        self.town = town
        self.keys = {}
        for contract in town.contracts:
            self.keys.setdefault(contract.place, []).append(contract.key)

    def draw(self):
        for service in SOURCES:
            self._draw_mains(service)
        for building in buildings.BUILDINGS:
            self._draw_apartment_building(building)
        for place in self.town.places:
            if place.kind == "private_house":
                self._draw_house(place)
        self._draw_dormitory()
        self._draw_public()

    # -- parts of the town ------------------------------------------------------------------

    def _draw_mains(self, service):
        source = self._point(service, "NU-M", kind="source", name=SOURCES[service])
        fed = [code for code, *_rest in streets.STREETS]
        if service == "heat":
            fed = sorted({code.rsplit("-", 1)[0] for code in HEATED_BY_TOWN})
        elif service == "sewerage":
            fed = [code for code in fed if code not in ("NU-MAR", "NU-SAL")]
        for street in fed:
            self._point(service, street, parent=source, kind="main")

    def _draw_apartment_building(self, building):
        units = self.town.inside(building.code)
        for service in ("cold_water", "sewerage", "heat"):
            self._draw_inlet(service, building.code)
        if building.hot_water == "central":
            self._point("hot_water", building.code, kind="inlet", name="Heat exchanger")
        meter = self._point("electricity", building.code, kind="inlet", name="Stairs and lifts")
        self._share_by_area(meter, units)
        for unit in units:
            piped = ["cold_water", "sewerage", "heat"]
            if building.hot_water == "central" and unit.kind == "flat":
                piped.append("hot_water")
            for service in piped:
                riser = self._riser(service, unit)
                cycle = "heating_season" if service == "heat" else "monthly"
                self._take(self._point(service, unit.code, parent=riser), unit.code, cycle)
            for service in ("waste", "maintenance", "repair_fund"):
                self._take(self._point(service, unit.code), unit.code)

    def _draw_house(self, house):
        services = ["cold_water"] + ["sewerage"] * (house.code not in WITHOUT_SEWER)
        for service in services:
            point = self._point(service, house.code, parent=self._main(service, house.parent))
            self._take(point, house.code, "two_months")
        self._take(self._point("waste", house.code), house.code, "quarterly")

    def _draw_dormitory(self):
        for service in ("cold_water", "sewerage", "heat"):
            self._draw_inlet(service, streets.DORMITORY)
        self._point("hot_water", streets.DORMITORY, kind="inlet", name="Heat exchanger")
        for room in self.town.inside(streets.DORMITORY):
            for service in ("cold_water", "hot_water", "sewerage", "heat"):
                inlet = self._code(service, streets.DORMITORY)
                cycle = "heating_season" if service == "heat" else "monthly"
                self._take(self._point(service, room.code, parent=inlet), room.code, cycle)
            self._take(self._point("waste", room.code), room.code)

    def _draw_public(self):
        for place in (streets.SCHOOL, streets.FACTORY):
            for service in ("cold_water", "sewerage", "heat"):
                self._take(self._draw_inlet(service, place), place)
            self._take(self._point("waste", place), place)
        process = self._point(
            "cold_water",
            streets.FACTORY,
            parent=self._main("cold_water", "NU-FAB"),
            kind="inlet",
            name="Process water",
            suffix="B",
        )
        self._take(process, streets.FACTORY)
        self._take(self._point("waste", streets.CONTAINERS), streets.CONTAINERS)

    # -- pieces -----------------------------------------------------------------------------

    def _draw_inlet(self, service, building):
        street = building.rsplit("-", 1)[0]
        return self._point(service, building, parent=self._main(service, street), kind="inlet")

    def _riser(self, service, unit):
        """The riser of the unit's entrance; shops hang on the inlet itself."""
        if unit.kind != "flat":
            return self._code(service, unit.parent)
        code = self._code(service, unit.parent)
        if not any(point.code == code for point in self.town.points):
            building = unit.parent.rsplit("-", 1)[0]
            self._point(service, unit.parent, parent=self._code(service, building), kind="riser")
        return code

    def _share_by_area(self, meter, units):
        """What the stairs use is paid by area, to four places, 100 % in all."""
        areas = [unit.attributes["useful_area"] for unit in units]
        shares = [round(100 * area / sum(areas), 4) for area in areas]
        shares[0] = round(shares[0] + 100 - sum(shares), 4)
        for unit, share in zip(units, shares, strict=True):
            self._take(meter, unit.code, share=share)

    def _take(self, point, place, cycle="monthly", share=None):
        """The place's accounts take from the point, in equal parts when there are several."""
        keys = self.keys[place]
        for key in keys:
            self.town.supplies.append(Supply(key, point, cycle, share or 100.0 / len(keys)))

    def _main(self, service, street):
        return self._code(service, street)

    def _point(self, service, place, parent="", kind="unit", name="", suffix=""):
        code = self._code(service, place) + suffix
        self.town.points.append(Point(code, service, place, parent, kind, name))
        return code

    def _code(self, service, place):
        return place.replace("NU", PREFIXES[service], 1)
