"""The three apartment buildings and the dormitory, flat by flat."""

from dataclasses import dataclass

from .kinds import Place
from .streets import DORMITORY

OLD, NEW, SHOPS = "NU-ZVE-14", "NU-SVY-7", "NU-UOS-21"


@dataclass(frozen=True)
class Building:
    """How a building is made. Flats are numbered entrance by entrance, floor by floor."""

    code: str
    entrances: int
    first_floor: int
    last_floor: int
    per_floor: int
    areas: tuple
    hot_water: str
    attributes: dict

    @property
    def flat_count(self):
        return self.entrances * (self.last_floor - self.first_floor + 1) * self.per_floor


BUILDINGS = [
    Building(
        OLD,
        2,
        1,
        5,
        4,
        (44.12, 61.85, 31.40, 47.26),
        "heater",
        {
            "total_area": 2104.6,
            "useful_area": 1918.3,
            "heated_area": 1822.4,
            "floor_count": 5,
            "entrance_count": 2,
            "construction_year": 1964,
            "wall_material": "brick",
            "condition": "fair",
            "energy_class": "F",
            "renovated": False,
            "has_lift": False,
        },
    ),
    Building(
        NEW,
        3,
        1,
        5,
        4,
        (38.70, 52.44, 74.91, 66.08),
        "central",
        {
            "total_area": 3912.8,
            "useful_area": 3581.2,
            "heated_area": 3480.9,
            "floor_count": 5,
            "entrance_count": 3,
            "construction_year": 2021,
            "wall_material": "monolith",
            "condition": "good",
            "energy_class": "A",
            "renovated": False,
            "has_lift": True,
        },
    ),
    Building(
        SHOPS,
        2,
        2,
        6,
        4,
        (50.15, 63.72, 35.88, 58.20),
        "central",
        {
            "total_area": 3206.5,
            "useful_area": 2874.1,
            "heated_area": 2790.3,
            "floor_count": 6,
            "entrance_count": 2,
            "construction_year": 1986,
            "wall_material": "panel",
            "condition": "fair",
            "energy_class": "C",
            "renovated": True,
            "has_lift": True,
        },
    ),
]
SHOP_AREAS = (142.30, 86.75, 64.10, 48.55, 118.90, 212.40)
DORMITORY_FLOORS, ROOMS_PER_FLOOR = 5, 10


def build(town):
    for building in BUILDINGS:
        _add_building(town, building.code, "apartment_building", building.attributes)
        _add_flats(town, building)
    for number, area in enumerate(SHOP_AREAS, 1):
        town.places.append(
            Place(
                f"{SHOPS}-P{number}",
                "commercial",
                f"P{number}",
                SHOPS,
                floor=1,
                attributes={"total_area": area, "useful_area": area, "heated_area": area},
            )
        )
    _add_dormitory(town)


def _add_building(town, code, kind, attributes):
    street, number = code.rsplit("-", 1)
    place = town.place(street)
    town.places.append(
        Place(
            code,
            kind,
            number,
            street,
            postcode=place.postcode,
            latitude=round(place.latitude + int(number) * 0.00021, 7),
            longitude=round(place.longitude + int(number) * 0.00034, 7),
            attributes=attributes,
        )
    )


def _add_flats(town, building):
    number = 0
    for entrance in range(1, building.entrances + 1):
        section = f"{building.code}-E{entrance}"
        town.places.append(Place(section, "entrance", str(entrance), building.code))
        for floor in range(building.first_floor, building.last_floor + 1):
            for total in building.areas:
                number += 1
                town.places.append(
                    Place(
                        f"{building.code}-{number}",
                        "flat",
                        str(number),
                        section,
                        floor=floor,
                        attributes=_flat_attributes(building, total, number),
                    )
                )


def _flat_attributes(building, total, number):
    # stairs and loggias make the same flat of another floor a little different
    total = round(total + number % 7 * 0.31, 2)
    return {
        "total_area": total,
        "useful_area": round(total * 0.96, 2),
        "heated_area": round(total * 0.93, 2),
        "room_count": 1 if total < 40 else 2 if total < 60 else 3,
        "hot_water_supply": building.hot_water,
        "bathroom": "shower" if building.code == NEW and total < 55 else "bath",
    }


def _add_dormitory(town):
    _add_building(
        town,
        DORMITORY,
        "public_building",
        {
            "total_area": 1586.0,
            "useful_area": 1402.5,
            "heated_area": 1388.7,
            "floor_count": 5,
            "construction_year": 1972,
            "wall_material": "panel",
            "condition": "fair",
            "energy_class": "D",
            "renovated": True,
            "has_lift": False,
        },
    )
    for floor in range(1, DORMITORY_FLOORS + 1):
        for room in range(1, ROOMS_PER_FLOOR + 1):
            area = 17.4 if room % 2 else 12.8
            town.places.append(
                Place(
                    f"{DORMITORY}-{floor}{room:02d}",
                    "room",
                    f"{floor}{room:02d}",
                    DORMITORY,
                    floor=floor,
                    attributes={
                        "total_area": area,
                        "useful_area": area,
                        "heated_area": area,
                    },
                )
            )
