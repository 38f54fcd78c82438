"""Who owns and who lives in the flats and houses, and who pays for them."""

from . import buildings, streets
from .kinds import Contract, Stay
from .names import surname_forms

# flat by flat, over and over; see the methods of Settler
CUSTOMS = (
    "couple",
    "alone",
    "family",
    "family",
    "let",
    "alone",
    "couple",
    "family",
    "alone",
    "let_quietly",
    "family",
    "two_generations",
)
# of whom the events tell, or who are otherwise out of the ordinary
SPECIAL = {
    f"{buildings.OLD}-8": "let",
    f"{buildings.NEW}-12": "family",
    f"{buildings.NEW}-23": "family",
    f"{buildings.SHOPS}-9": "empty",
    f"{buildings.SHOPS}-18": "couple",
    f"{buildings.NEW}-52": "empty",
    f"{buildings.OLD}-33": "empty",
    **dict.fromkeys(
        (f"{buildings.OLD}-5", f"{buildings.OLD}-21", f"{buildings.SHOPS}-28", "NU-GIN-12"), "heirs"
    ),
    **dict.fromkeys((f"{buildings.OLD}-{n}" for n in (13, 27, 38)), "social"),
    **dict.fromkeys((f"{buildings.NEW}-{n}" for n in range(41, 46)), "company_flat"),
    **dict.fromkeys(
        (f"{buildings.NEW}-6", f"{buildings.SHOPS}-35", "NU-KOP-7", "NU-MAR-5"), "ukrainian"
    ),
    **dict.fromkeys(("NU-PUS-5", "NU-PUS-7", "NU-GIN-6", "NU-KOP-11"), "halves"),
}
SHARES_OF_HEIRS = (33.33, 33.33, 33.34)


class Settler:
    """Fills the places of `town` with people; every method settles one place in its own way."""

    def __init__(self, town, registrar, rng, companies):
        self.town = town
        self.registrar = registrar
        self.rng = rng
        self.companies = companies
        self.start = town.calendar.start

    def settle(self):
        homes = [place for place in self.town.places if place.kind in ("flat", "private_house")]
        for number, place in enumerate(homes):
            custom = SPECIAL.get(place.code, CUSTOMS[number % len(CUSTOMS)])
            if place.kind == "private_house" and custom.startswith("let"):
                custom = "family"
            getattr(self, f"_settle_{custom}")(place)
            self._declare(place, number)

    # -- customs ----------------------------------------------------------------------------

    def _settle_alone(self, place):
        owner = self.registrar.person(self.rng.randrange(38, 84))
        self._owner(place, owner)
        self._contract(place, owner)

    def _settle_couple(self, place):
        self._spouses(place, self.rng.randrange(27, 76))

    def _settle_family(self, place):
        age = self.rng.randrange(29, 47)
        father, _mother = self._spouses(place, age)
        surname = surname_forms(father.name)
        for n in range(self.rng.randrange(1, 4)):
            self._resident(place, self.registrar.child(surname, age - 25 - 3 * n))

    def _settle_two_generations(self, place):
        father, _mother = self._spouses(place, self.rng.randrange(55, 64))
        surname = surname_forms(father.name)
        self._resident(place, self.registrar.child(surname, self.rng.randrange(19, 30)))
        self._resident(place, self.registrar.person(self.rng.randrange(79, 90)))

    def _settle_let(self, place):
        """The tenant pays."""
        self._absentee(place)
        self._contract(place, self._tenants(place))

    def _settle_let_quietly(self, place):
        """The owner lets the flat and pays."""
        owner = self._absentee(place)
        self._tenants(place)
        self._contract(place, owner)

    def _settle_empty(self, place):
        self._contract(place, self._absentee(place))

    def _settle_heirs(self, place):
        age = self.rng.randrange(44, 60)
        heirs = [self.registrar.person(age - 3 * n) for n in range(3)]
        since = self._since(2, 9)
        for heir, share in zip(heirs, SHARES_OF_HEIRS, strict=True):
            self._owner(place, heir, share, since, lives=heir is heirs[0], basis="Inheritance")
        self._contract(place, heirs[0])

    def _settle_social(self, place):
        self._owner(place, self.companies["municipality"], lives=False)
        self._contract(place, self._tenants(place, "Social housing lease"))

    def _settle_company_flat(self, place):
        self._owner(place, self.companies["landlord"], lives=False)
        self._tenants(place)
        self._contract(place, self.companies["landlord"], billed_with="C-LANDLORD")

    def _settle_ukrainian(self, place):
        grown_ups, children = self.registrar.ukrainian_family()
        since = self._since(1, 4)
        for person in grown_ups:
            self._owner(place, person, 50.0, since)
        for child in children:
            self._resident(place, child, since)
        self._contract(place, grown_ups[0])

    def _settle_halves(self, place):
        """Two families, each with half of the house and an account of its own."""
        since = self._since(5, 30)
        for key in (place.code, f"{place.code}/2"):
            owner, partner = self.registrar.couple(self.rng.randrange(35, 70))
            self._owner(place, owner, 50.0, since)
            self._resident(place, partner, since)
            self._contract(place, owner, key=key)

    # -- parts ------------------------------------------------------------------------------

    def _spouses(self, place, age):
        couple = self.registrar.couple(age)
        since = self._since(1, max(2, min(age - 24, 28)), place)
        for person in couple:
            self._owner(place, person, 50.0, since)
        self._contract(place, couple[0])
        return couple

    def _absentee(self, place):
        owner = self.registrar.person(self.rng.randrange(35, 68))
        self._owner(place, owner, lives=False)
        return owner

    def _tenants(self, place, basis="Lease"):
        tenant = self.registrar.person(self.rng.randrange(22, 45))
        since = self._since(1, 3, place)
        self._stay(place, tenant, "tenant", since, lives=True, basis=basis)
        if self.rng.random() < 0.6:
            self._resident(place, self.registrar.person(self.rng.randrange(21, 44)), since)
        return tenant

    def _owner(self, place, person, share=100.0, since=None, lives=True, basis="Purchase contract"):
        self._stay(
            place,
            person,
            "owner",
            since or self._since(2, 25, place),
            share=share,
            lives=lives,
            registered=lives,
            basis=basis,
        )

    def _resident(self, place, person, since=None):
        self._stay(
            place,
            person,
            "resident",
            since or self._since(1, 3, place),
            lives=True,
            registered=self.rng.random() < 0.8,
        )

    def _stay(self, place, person, role, since, **values):
        if person.birth and since < person.birth:
            since = person.birth
        if values.get("lives") and not person.home:
            person.home = place.code
        self.town.stays.append(Stay(place.code, person.ref, role, since, **values))

    def _since(self, least, most, place=None):
        """A day in one of the years before the history, not before the building was there."""
        built = place.attributes.get("construction_year") if place else None
        building = place and place.code.rsplit("-", 1)[0]
        if building == buildings.NEW:
            built = 2021
        day = self.town.calendar.years_ago(
            self.rng.randrange(least, most + 1),
            self.rng.randrange(1, 13),
            self.rng.randrange(1, 29),
        )
        return day.replace(year=max(day.year, built + 1)) if built else day

    def _contract(self, place, payer, key=None, billed_with=""):
        self.town.contracts.append(
            Contract(
                key or place.code,
                place.code,
                payer.ref,
                self.start,
                kind="legal" if payer.is_company else "individual",
                channel="einvoice" if payer.is_company else "email" if payer.email else "paper",
                billed_with=billed_with,
            )
        )

    def _declare(self, place, number):
        """Declared residents; a few households forget somebody."""
        living = sum(stay.lives for stay in self.town.stays if stay.place == place.code)
        forgotten = 1 if number % 17 == 3 and living > 1 else 0
        place.attributes["declared_residents"] = living - forgotten


def settle_others(town, registrar, rng, companies):
    """Shops, school, factory, dormitory, container site, and the two collective accounts."""
    _settle_shops(town, registrar, companies)
    start, long_ago = town.calendar.start, town.calendar.years_ago(12, 5, 20)
    for place, owner, payer in (
        (streets.SCHOOL, "municipality", "school"),
        (streets.FACTORY, "factory", "factory"),
        (streets.CONTAINERS, "municipality", "municipality"),
    ):
        town.stays.append(Stay(place, companies[owner].ref, "owner", long_ago))
        if payer != owner:
            town.stays.append(Stay(place, companies[payer].ref, "tenant", long_ago))
        town.contracts.append(
            Contract(place, place, companies[payer].ref, start, kind="legal", channel="einvoice")
        )
    _settle_dormitory(town, registrar, rng, companies["college"])
    for key, payer, place in (
        ("C-COLLEGE", companies["college"], streets.DORMITORY),
        ("C-LANDLORD", companies["landlord"], ""),
    ):
        town.contracts.append(
            Contract(key, place, payer.ref, start, kind="collective", channel="einvoice")
        )


def _settle_shops(town, registrar, companies):
    start, since = town.calendar.start, town.calendar.years_ago(3, 4, 12)
    hairdresser = registrar.person(36, male=False)
    payers = [
        companies["pharmacy"],
        companies["bakery"],
        companies["fishmonger"],
        hairdresser,
        companies["cafe"],
        companies["supermarket"],
    ]
    for number, payer in enumerate(payers, 1):
        place = f"{buildings.SHOPS}-P{number}"
        rented = number in (3, 4, 5)
        owner = companies["landlord"] if rented else payer
        town.stays.append(Stay(place, owner.ref, "owner", since))
        if rented:
            town.stays.append(Stay(place, payer.ref, "tenant", since, basis="Lease"))
        town.contracts.append(
            Contract(
                place,
                place,
                payer.ref,
                start,
                kind="legal" if payer.is_company else "individual",
                channel="einvoice" if payer.is_company else "email",
            )
        )


def _settle_dormitory(town, registrar, rng, college):
    calendar = town.calendar
    town.stays.append(Stay(streets.DORMITORY, college.ref, "owner", calendar.years_ago(15, 6, 1)))
    for number, room in enumerate(town.inside(streets.DORMITORY)):
        town.stays.append(Stay(room.code, college.ref, "owner", calendar.years_ago(15, 6, 1)))
        beds = 0 if number % 16 == 9 else 2 if number % 2 == 0 else 1
        for _bed in range(beds):
            student = registrar.person(rng.randrange(18, 23), grown_up=False)
            student.home = room.code
            moves_out = calendar.month(-17, 0) if number % 5 == 0 else None
            town.stays.append(
                Stay(
                    room.code,
                    student.ref,
                    "tenant",
                    calendar.years_ago(1, 9, 1),
                    moves_out,
                    lives=True,
                    basis="Order of the college",
                )
            )
            if moves_out:
                newcomer = registrar.person(rng.randrange(18, 21), grown_up=False)
                newcomer.home = room.code
                town.stays.append(
                    Stay(
                        room.code,
                        newcomer.ref,
                        "tenant",
                        calendar.month(-15),
                        lives=True,
                        basis="Order of the college",
                    )
                )
        room.attributes["declared_residents"] = beds
        town.contracts.append(
            Contract(
                room.code,
                room.code,
                college.ref,
                calendar.start,
                kind="legal",
                channel="portal",
                billed_with="C-COLLEGE",
            )
        )
