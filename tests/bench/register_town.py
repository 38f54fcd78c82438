"""A town whose payers have names and addresses of their own, and registers of what they paid."""

import unicodedata
from datetime import date, timedelta

from bench.payment_town import PaymentTown
from bench.posted import outside

HEADERS = ("date", "amount", "reference", "purpose", "payer", "address", "transaction")
COLUMNS = dict(
    zip(
        ("date", "amount", "reference", "purpose", "payer_name", "payer_address", "bank_ref"),
        HEADERS,
        strict=True,
    )
)
FIRST_DAY = date(2026, 2, 2)
FLATS = 40
# one line of so many names nothing but its payer
NAMELESS = 20
FIRST_NAMES = (
    "Jonas Ona Petras Rasa Antanas Irena Marius Živilė Ąžuolas Birutė Vytautas Danutė Kęstutis "
    "Jūratė Algirdas Eglė Šarūnas Žydrė Mindaugas Rūta Gediminas Aušra Darius Laima Tomas Nijolė "
    "Andrius Vilma Saulius Daiva"
).split()
ROOTS = (
    "Kazl Petr Jank Stank Vasil Žuk Butk Paul Urb Kaval Navic Raman Savic Baran Bal Čern Dain "
    "Gail Grig Jas Juk Kairy Klim Kriv Laur Liutk Mack Malin Mart Matul Mick Mock Nark Norv Pake "
    "Poc Rad Rim Sabal Sak Simon Skuod Šimk Tamul Tar Tum Vait Valan Vaič Venck Vis Zab Žemait Žil"
).split()
ENDINGS = "auskas auskienė evičius evičienė onis onienė ūnas ūnaitė aitis utis aus inskas".split()
STREETS = (
    "Savanorių Laisvės Vytauto Gedimino Taikos Pramonės Ąžuolų Liepų Beržų Žalgirio Kęstučio "
    "Basanavičiaus Donelaičio Maironio Birutės Mindaugo Naujakurių Saulėtekio Pavasario Rudens "
    "Jurginų Rožių Alyvų Vyšnių Obelų Slyvų Kriaušių Eglių Pušų Klevų Topolių Gluosnių Šermukšnių "
    "Lazdynų Vilties Draugystės Darbininkų Statybininkų Geležinkelio Tilto"
).split()


class RegisterTown(PaymentTown):
    def people(self):
        """A name and an address for each account, that few others share."""
        self.env.cr.execute(
            "SELECT id, number, partner_id, premise_id FROM utility_account WHERE id = ANY(%s) "
            "ORDER BY id",
            [self.accounts[: self.billed]],
        )
        self.known = [
            (account_id, number, _name(place), _address(place), partner_id, premise_id)
            for place, (account_id, number, partner_id, premise_id) in enumerate(
                self.env.cr.fetchall()
            )
        ]
        ids, numbers, names, addresses, partners, premises = map(
            list, zip(*self.known, strict=True)
        )
        searched = [" ".join(row) for row in zip(numbers, names, addresses, strict=True)]
        for table, keys, columns in (
            ("res_partner", partners, {"name": names, "complete_name": names}),
            ("utility_premise", premises, {"address": addresses}),
            ("utility_account", ids, {"search_text": searched}),
        ):
            self._set(table, keys, columns)
        self.env.cr.commit()
        outside(self.env, "VACUUM ANALYZE")
        self.env.invalidate_all()
        self.owed = {row[2]: row[4] for row in self.bills(len(self.known))}
        self.company.utility_reference_scheme = "rf"
        self.company.utility_sure_score = 101
        # no list is so short that it is worked on at once
        self.env["ir.config_parameter"].set_param("utility_billing.payments_at_once", "1")
        self.references = [self.company._utility_reference(row[1]) for row in self.known]
        self.env.cr.commit()

    def _set(self, table, keys, columns):
        names = ", ".join(f"{name} = given.{name}" for name in columns)
        self.env.cr.execute(
            f"UPDATE {table} SET {names} FROM unnest(%s, {', '.join(['%s'] * len(columns))}) "
            f"AS given(id, {', '.join(columns)}) WHERE {table}.id = given.id",
            [keys, *columns.values()],
        )

    def register(self, count, mark):
        """The bytes of a file of `count` lines; no line of another mark is the same."""
        lines = [";".join(HEADERS)]
        lines += [";".join(self._line(place, mark)) for place in range(count)]
        return "\n".join(lines).encode()

    def _line(self, place, mark):
        at = place * 7919 % len(self.known)
        account_id, _number, name, address, *_ids = self.known[at]
        is_nameless = place % NAMELESS == 0
        if is_nameless:
            name = _miswritten(name, place // NAMELESS)
        return (
            (FIRST_DAY + timedelta(place % 20)).isoformat(),
            f"{self.owed.get(account_id, 9) + place % 3:.2f}",
            "" if is_nameless else self.references[at],
            "Už komunalines paslaugas, 2026 m. sausis",
            name,
            address,
            f"{mark}{place:09d}",
        )


def _name(place):
    first = FIRST_NAMES[place % len(FIRST_NAMES)]
    other = place // len(FIRST_NAMES) * 31 + place
    ending = ENDINGS[other // len(ROOTS) % len(ENDINGS)]
    return f"{first} {ROOTS[other % len(ROOTS)]}{ending}"


def _address(place):
    building = place // FLATS
    street = STREETS[building % len(STREETS)]
    return f"{street} g. {building // len(STREETS) + 1}-{place % FLATS + 1}, Kaunas"


def _miswritten(name, place):
    """As it is; in capitals without accents; the other way round; with two letters exchanged."""
    first, last = name.split(" ")
    if place % 4 == 1:
        plain = unicodedata.normalize("NFKD", f"{last} {first}")
        return "".join(char for char in plain if not unicodedata.combining(char)).upper()
    if place % 4 == 2:
        return f"{last} {first}"
    if place % 4 == 3:
        return f"{first} {last[0]}{last[2]}{last[1]}{last[3:]}"
    return name
