"""The plan of the demo town: plain rows, the same for every run in one month."""

import random
from functools import lru_cache

from . import buildings, households, networks, stories, streets
from .kinds import Calendar, Town
from .names import Registrar

SEED = 2006
COMPANIES = {
    "municipality": "Naujauosčio rajono savivaldybė",
    "school": "Naujauosčio „Žuvėdros“ progimnazija",
    "factory": "AB „Naujauosčio konservai“",
    "college": "Naujauosčio jūrų kolegija",
    "landlord": "UAB „Marių būstas“",
    "heat": "AB „Naujauosčio šiluma“",
    "waste": "VšĮ „Pamario atliekų centras“",
    "pharmacy": "UAB „Eglutės vaistinė“",
    "bakery": "UAB „Rugelio kepykla“",
    "fishmonger": "MB „Žuvies krautuvė“",
    "cafe": "MB „Kavinė Burė“",
    "supermarket": "UAB „Pajūrio prekyba“",
}


@lru_cache(maxsize=2)
def draw_up(today):
    """The town as it was two years before the month of `today`, with who lives in it."""
    rng = random.Random(SEED)
    town = Town(Calendar(today))
    streets.lay_out(town, rng)
    buildings.build(town)
    registrar = Registrar(rng, town.calendar)
    companies = {key: registrar.company(name) for key, name in COMPANIES.items()}
    households.Settler(town, registrar, rng, companies).settle()
    households.settle_others(town, registrar, rng, companies)
    networks.Network(town).draw()
    town.people = registrar.people
    town.companies = {key: company.ref for key, company in companies.items()}
    town.stories = stories.tell(town, registrar)
    return town
