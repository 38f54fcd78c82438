"""What happened since the history began: the plan of the events."""

from dataclasses import dataclass, field
from datetime import date

from . import buildings
from .kinds import Stay
from .names import surname_forms


@dataclass
class Move:
    """A sale or move-in, as the clerk does it in the wizard, with the family that comes along."""

    key: str
    kind: str
    place: str
    day: date
    newcomer: str
    family: list = field(default_factory=list)
    policy: str = "same_debt_stays"
    basis: str = ""


@dataclass
class Stories:
    """`day`s are first days of the new situation, `last_day`s the last ones of the old."""

    moves: list
    tenant_leaves: tuple
    correction: dict
    changes: list
    stays: list
    cut_off: tuple


# houses that were sold while every new payer got a new account
SOLD_EARLY = {
    "NU-KOP-2": (-22, 14),
    "NU-KOP-9": (-20, 3),
    "NU-GIN-4": (-19, 21),
    "NU-MAR-3": (-17, 9),
    "NU-SAL-6": (-14, 27),
}
# where somebody is away: first and last day as (months from now, day), or no last day yet
ABSENCES = {
    f"{buildings.OLD}-4": ((-20, 1), (-15, 0)),
    f"{buildings.NEW}-3": ((-13, 10), (-9, 20)),
    f"{buildings.NEW}-27": ((-8, 1), (-4, 0)),
    f"{buildings.SHOPS}-3": ((-2, 12), (0, 10)),
    f"{buildings.SHOPS}-14": ((-1, 8), None),
    f"{buildings.OLD}-16": ((-3, 1), None),
    "NU-PUS-3": ((-1, 1), (1, 0)),
    "NU-KOP-10": ((1, 1), (4, 0)),
}


def tell(town, registrar):
    calendar = town.calendar
    return Stories(
        moves=[
            *_early_sales(registrar, calendar),
            _sale(registrar, calendar),
            _move_in(registrar, calendar),
        ],
        tenant_leaves=(f"{buildings.OLD}-8", calendar.month(-2, 20)),
        correction={
            "place": f"{buildings.SHOPS}-18",
            "attribute": "heated_area",
            "day": calendar.month(-2),
            "wrong": 65.0,
            "right": 56.0,
            "typed_on": calendar.month(-2, 24),
            "corrected_on": calendar.month(-1, 8),
            "reason": "Typed 65 instead of 56: the cadastral file says 56.00 m²",
        },
        changes=_changes(calendar),
        stays=[*_births(town, registrar), *_absences(town)],
        cut_off=("CW-SAL-8", calendar.month(-5, 17)),
    )


def _early_sales(registrar, calendar):
    for place, (offset, day) in SOLD_EARLY.items():
        buyer = registrar.person(31 + len(place) + day)
        buyer.home = place
        yield Move(
            f"early_sale_{place[3:].replace('-', '_').lower()}",
            "sale",
            place,
            calendar.month(offset, day),
            buyer.ref,
            policy="new_account",
            basis="Purchase contract",
        )


def _sale(registrar, calendar):
    buyer = registrar.named("Олена Бондаренко", 34, male=False)
    son = registrar.named("Тимофій Бондаренко", 7, male=True)
    buyer.home = son.home = f"{buildings.NEW}-23"
    return Move(
        "sale",
        "sale",
        buyer.home,
        calendar.month(-1, 16),
        buyer.ref,
        [son.ref],
        basis="Purchase contract, notary's register No. 4471",
    )


def _move_in(registrar, calendar):
    tenant = registrar.named("Justina Vėjūnaitė", 27, male=False)
    return Move(
        "planned",
        "move_in",
        f"{buildings.SHOPS}-9",
        calendar.month(1),
        tenant.ref,
        basis="Lease",
    )


def _changes(calendar):
    """Attributes that change from a day on: place, attribute, value, day, why."""
    renovated = calendar.month(-9, 15)
    return [
        ("NU-KOP-3", "renovated", True, renovated, "Building permit closed"),
        ("NU-KOP-3", "condition", "good", renovated, "Building permit closed"),
        ("NU-KOP-3", "energy_class", "B", renovated, "Energy certificate"),
        ("NU-MAR-7", "livestock", 5, calendar.month(-6), "Declared by the owner"),
        (f"{buildings.NEW}-23", "declared_residents", 2, calendar.month(-1, 16), "Sale"),
        ("NU-GIN-10", "declared_residents", 4, calendar.month(1), "Declared for next month"),
    ]


def _births(town, registrar):
    """A daughter for the family of the flat that the portal's demo user lives in."""
    place, day = f"{buildings.NEW}-12", town.calendar.month(-7, 5)
    father = next(stay.person for stay in town.stays if stay.place == place)
    name = next(person.name for person in town.people if person.ref == father)
    child = registrar.named(f"Luknė {surname_forms(name)[2]}", 0, male=False)
    child.birth, child.home = day, place
    child.personal_code = registrar.personal_code_of(day, male=False)
    yield Stay(place, child.ref, "resident", day, lives=True, registered=True, note="Born")


def _absences(town):
    """The last of the grown-ups who live at the place is away."""
    people = {person.ref: person for person in town.people}
    for place, (first, last) in ABSENCES.items():
        *_others, absentee = [
            stay.person
            for stay in town.stays
            if stay.place == place
            and stay.lives
            and people[stay.person].birth.year < town.calendar.start.year - 17
        ]
        yield Stay(
            place,
            absentee,
            "absent",
            town.calendar.month(*first),
            town.calendar.month(*last) if last else None,
            basis="Certificate of the ship's agency",
        )
