"""The map: municipality, town, village, streets, and what stands on them but flats."""

from .kinds import Place

TERRITORY = ("NU", "Naujauosčio savivaldybė")
LOCALITIES = [("NU-M", "Naujauostis"), ("NU-K", "Žuvėdrynės k.")]
# code, name, locality, postcode, latitude and longitude of its first house
STREETS = [
    ("NU-UOS", "Uosto g.", "NU-M", "LT-99101", 55.8712, 21.0611),
    ("NU-SVY", "Švyturio g.", "NU-M", "LT-99102", 55.8741, 21.0587),
    ("NU-ZVE", "Žvejų g.", "NU-M", "LT-99103", 55.8698, 21.0640),
    ("NU-JUR", "Jūreivių g.", "NU-M", "LT-99104", 55.8723, 21.0672),
    ("NU-MOK", "Mokyklos g.", "NU-M", "LT-99105", 55.8735, 21.0694),
    ("NU-FAB", "Fabriko g.", "NU-M", "LT-99106", 55.8667, 21.0731),
    ("NU-KOP", "Kopų g.", "NU-M", "LT-99107", 55.8780, 21.0570),
    ("NU-PUS", "Pušyno g.", "NU-M", "LT-99108", 55.8802, 21.0618),
    ("NU-GIN", "Gintaro g.", "NU-M", "LT-99109", 55.8769, 21.0655),
    ("NU-MAR", "Marių g.", "NU-K", "LT-99121", 55.8891, 21.0777),
    ("NU-SAL", "Šaltinio g.", "NU-K", "LT-99122", 55.8903, 21.0802),
]
# street and its private houses by number; 40 in all
HOUSES = {
    "NU-KOP": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    "NU-PUS": [1, 2, 3, 4, 5, 6, 7, 8, 10, 12],
    "NU-GIN": [2, 4, 6, 8, 10, 12, 14, 16],
    "NU-MAR": [1, 3, 5, 7, 9, 11],
    "NU-SAL": [2, 4, 6, 8],
}
SCHOOL, FACTORY, DORMITORY = "NU-MOK-3", "NU-FAB-1", "NU-JUR-5"
CONTAINERS = "NU-KOP-K1"


def lay_out(town, rng):
    """Everything down to the streets, the private houses, the public buildings and the site."""
    town.places.append(Place(TERRITORY[0], "territory", TERRITORY[1]))
    town.places += [Place(code, "locality", name, TERRITORY[0]) for code, name in LOCALITIES]
    for code, name, locality, postcode, latitude, longitude in STREETS:
        town.places.append(
            Place(
                code,
                "street",
                name,
                locality,
                postcode=postcode,
                latitude=latitude,
                longitude=longitude,
            )
        )
    for street, numbers in HOUSES.items():
        for number in numbers:
            town.places.append(
                _on_street(
                    town,
                    street,
                    f"{street}-{number}",
                    "private_house",
                    str(number),
                    number,
                    _house_attributes(rng, village=street in ("NU-MAR", "NU-SAL")),
                )
            )
    for code, kind, name, attributes in _others():
        town.places.append(
            _on_street(town, code.rsplit("-", 1)[0], code, kind, name, 3, attributes)
        )


def _on_street(town, street, code, kind, name, number, attributes):
    place = town.place(street)
    return Place(
        code,
        kind,
        name,
        street,
        postcode=place.postcode,
        latitude=round(place.latitude + number * 0.00021, 7),
        longitude=round(place.longitude + number * 0.00034, 7),
        attributes=attributes,
    )


def _house_attributes(rng, village):
    total = rng.randrange(62, 214) + rng.randrange(0, 100) / 100
    year = rng.choice([1936, 1958, 1967, 1974, 1983, 1995, 2004, 2012, 2019])
    return {
        "total_area": total,
        "useful_area": round(total * 0.94, 2),
        "heated_area": round(total * 0.86, 2),
        "room_count": max(2, int(total // 28)),
        "floor_count": 1 if total < 110 else 2,
        "construction_year": year,
        "wall_material": "wood" if year < 1960 else "block" if year > 2000 else "brick",
        "condition": "good" if year > 1990 else "fair" if year > 1960 else "poor",
        "energy_class": "A" if year > 2015 else "C" if year > 2000 else "E" if year > 1970 else "G",
        "renovated": 1960 < year < 1990 and rng.random() < 0.4,
        "hot_water_supply": "heater",
        "bathroom": "shower" if year > 2000 else "bath",
        "livestock": rng.choice([0, 2, 3, 12]) if village else 0,
        "garden_area": float(rng.choice([300, 450, 600] if village else [0, 40, 80, 120])),
    }


def _others():
    public = {"wall_material": "brick", "renovated": False, "has_lift": False}
    return [
        (
            SCHOOL,
            "public_building",
            "3",
            {
                **public,
                "total_area": 4820.4,
                "useful_area": 4610.0,
                "heated_area": 4553.2,
                "floor_count": 3,
                "construction_year": 1979,
                "condition": "good",
                "energy_class": "C",
                "renovated": True,
            },
        ),
        (
            FACTORY,
            "public_building",
            "1",
            {
                **public,
                "total_area": 7315.0,
                "useful_area": 7020.5,
                "heated_area": 3104.6,
                "floor_count": 2,
                "construction_year": 1968,
                "condition": "fair",
                "energy_class": "E",
            },
        ),
        (CONTAINERS, "container_site", "K1", {"container_volume": 1.1, "container_count": 4}),
    ]
