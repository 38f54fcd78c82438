"""Invented people. First names and surnames are usual ones; who bears them here is made up."""

from datetime import date, timedelta

from stdnum.lt import asmens

from .kinds import Person

# (man, wife, daughter)
SURNAMES = [
    ("Žuvėnas", "Žuvėnienė", "Žuvėnaitė"),
    ("Marčiulis", "Marčiulienė", "Marčiulytė"),
    ("Petrauskas", "Petrauskienė", "Petrauskaitė"),
    ("Jūrėnas", "Jūrėnienė", "Jūrėnaitė"),
    ("Šimkus", "Šimkienė", "Šimkutė"),
    ("Kazlauskas", "Kazlauskienė", "Kazlauskaitė"),
    ("Būdvytis", "Būdvytienė", "Būdvytytė"),
    ("Čepas", "Čepienė", "Čepaitė"),
    ("Grigonis", "Grigonienė", "Grigonytė"),
    ("Lukošius", "Lukošienė", "Lukošiūtė"),
    ("Norkus", "Norkienė", "Norkutė"),
    ("Rimkus", "Rimkienė", "Rimkutė"),
    ("Stonkus", "Stonkienė", "Stonkutė"),
    ("Vaitkus", "Vaitkienė", "Vaitkutė"),
    ("Žilinskas", "Žilinskienė", "Žilinskaitė"),
    ("Urbonas", "Urbonienė", "Urbonaitė"),
    ("Kubilius", "Kubilienė", "Kubiliūtė"),
    ("Mažeika", "Mažeikienė", "Mažeikaitė"),
    ("Balsys", "Balsienė", "Balsytė"),
    ("Jankauskas", "Jankauskienė", "Jankauskaitė"),
    ("Paulauskas", "Paulauskienė", "Paulauskaitė"),
    ("Razma", "Razmienė", "Razmaitė"),
    ("Šakalys", "Šakalienė", "Šakalytė"),
    ("Tamošaitis", "Tamošaitienė", "Tamošaitytė"),
    ("Venckus", "Venckienė", "Venckutė"),
    ("Zubavičius", "Zubavičienė", "Zubavičiūtė"),
    ("Drungilas", "Drungilienė", "Drungilaitė"),
    ("Gedvilas", "Gedvilienė", "Gedvilaitė"),
    ("Jonušas", "Jonušienė", "Jonušaitė"),
    ("Kuprelis", "Kuprelienė", "Kuprelytė"),
]
MEN = [
    "Jonas",
    "Antanas",
    "Mindaugas",
    "Tomas",
    "Andrius",
    "Darius",
    "Vytautas",
    "Gediminas",
    "Kęstutis",
    "Rokas",
    "Lukas",
    "Arūnas",
    "Saulius",
    "Šarūnas",
    "Žygimantas",
    "Paulius",
    "Marius",
    "Ąžuolas",
    "Dovydas",
    "Ignas",
    "Nojus",
    "Eimantas",
    "Česlovas",
    "Algirdas",
]
WOMEN = [
    "Ona",
    "Rasa",
    "Eglė",
    "Jūratė",
    "Daiva",
    "Živilė",
    "Rūta",
    "Gintarė",
    "Aistė",
    "Ieva",
    "Kristina",
    "Danutė",
    "Birutė",
    "Vilija",
    "Neringa",
    "Laima",
    "Ugnė",
    "Austėja",
    "Sigita",
    "Audronė",
    "Milda",
    "Šarūnė",
    "Gabija",
    "Nijolė",
]
# husband's and wife's surname of one family, first names of the grown-ups and of the children
UKRAINIANS = [
    ("Коваленко", "Олександр", "Оксана", ["Дарина", "Максим"]),
    ("Шевчук", "Андрій", "Наталія", ["Софія"]),
    ("Мельник", "Богдан", "Ірина", ["Злата", "Тарас"]),
    ("Кравченко", "Юрій", "Людмила", []),
]
ASCII = str.maketrans("ąčęėįšųūžĄČĘĖĮŠŲŪŽ", "aceeisuuzACEEISUUZ")
CYRILLIC = dict(
    zip(
        "абвгдеєжзиіїйклмнопрстуфхцчшщьюя",
        [
            "a",
            "b",
            "v",
            "h",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "iu",
            "ia",
        ],
        strict=True,
    )
)


def surname_forms(name):
    """All the forms of the surname of the man called `name`."""
    return next(forms for forms in SURNAMES if forms[0] == name.split()[-1])


class Registrar:
    """Makes people, each full name, e-mail address and personal code once."""

    def __init__(self, rng, calendar):
        self.rng = rng
        self.calendar = calendar
        self.people = []
        self.taken = set()
        self.ukrainians = list(UKRAINIANS)

    def company(self, name, registry="", home=""):
        """A legal entity; codes that begin with 999 show that they are invented."""
        ref = self._ref("J")
        registry = registry or f"999{len(self.people):06d}"
        return self._add(
            Person(
                ref=ref,
                name=name,
                is_company=True,
                registry=registry,
                home=home,
                email=f"info{len(self.people)}@naujauostis.example",
            )
        )

    def couple(self, age):
        """Husband and wife of about the same age."""
        surname = self.rng.choice(SURNAMES)
        return (
            self.person(age + self.rng.randrange(0, 5), male=True, surname=surname),
            self.person(age, male=False, surname=surname),
        )

    def person(self, age, male=None, surname=None, grown_up=True):
        """Somebody of `age` years when the history begins."""
        male = self.rng.random() < 0.5 if male is None else male
        surname = surname or self.rng.choice(SURNAMES)
        married = grown_up and self.rng.random() < 0.7
        last = surname[0] if male else surname[1] if married else surname[2]
        first = self._first_name(MEN if male else WOMEN, last)
        return self._register(f"{first} {last}", age, male)

    def child(self, parent_surname, age):
        return self.person(max(age, 0), surname=parent_surname, grown_up=False)

    def ukrainian_family(self):
        """The next family: father, mother and children, names in their own script."""
        surname, father, mother, children = self.ukrainians.pop(0)
        grown_ups = [
            self._register(f"{father} {surname}", 41, True),
            self._register(f"{mother} {surname}", 38, False),
        ]
        return grown_ups, [
            self._register(f"{name} {surname}", 6 + 4 * n, n % 2 == 1)
            for n, name in enumerate(children)
        ]

    def named(self, name, age, male):
        """Somebody of whom the story tells by name."""
        self.taken.add(name)
        return self._register(name, age, male)

    def _first_name(self, names, last):
        free = [name for name in names if f"{name} {last}" not in self.taken]
        first = self.rng.choice(free or names)
        self.taken.add(f"{first} {last}")
        return first

    def _register(self, name, age, male):
        ref = self._ref("F")
        birth = self._birthday(age)
        code = self.personal_code_of(birth, male)
        grown_up = age >= 18
        return self._add(
            Person(
                ref=ref,
                name=name,
                birth=birth,
                personal_code=code,
                email=self._email(name) if grown_up and self.rng.random() < 0.6 else "",
                phone=f"+370 000 {len(self.people):05d}" if grown_up else "",
            )
        )

    def _birthday(self, age):
        first = date(self.calendar.start.year - age - 1, 1, 1)
        return first + timedelta(days=self.rng.randrange(365))

    def personal_code_of(self, birth, male):
        """Right in form and check digit, but with serial numbers from 000 on."""
        century = (birth.year - 1800) // 100 * 2 + (1 if male else 2)
        for serial in range(1000):
            body = f"{century}{birth:%y%m%d}{serial:03d}"
            if body not in self.taken:
                self.taken.add(body)
                return body + asmens.calc_check_digit(body)
        raise ValueError(body)

    def _email(self, name):
        plain = "".join(CYRILLIC.get(char, char) for char in name.lower().translate(ASCII))
        address = f"{plain.replace(' ', '.')}@naujauostis.example"
        if address in self.taken:
            return ""
        self.taken.add(address)
        return address

    def _ref(self, letter):
        return f"{letter}-{len(self.people) + 1:04d}"

    def _add(self, person):
        self.people.append(person)
        return person
