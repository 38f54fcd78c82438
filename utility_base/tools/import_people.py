"""People and companies: recognised by their codes, or made."""
# pylint: disable=prefer-env-translation

from odoo.tools import SQL

from .bulk import bulk_create
from .import_fields import ImportField

CODES = ("ref", "utility_personal_code", "vat")
NAME_HEADERS = (
    "payer", "customer", "owner", "mokėtojas", "vardas pavardė", "плательщик", "фио",
)  # fmt: skip
NAME_METHODS = ("_compute_complete_name", "_get_complete_name")


def person_fields(_, prefix="", required=False):
    """The fields by which a row names a person; keys begin with `prefix`."""
    who = _("Payer") if prefix else _("Person")
    return [
        ImportField(
            f"{prefix}name",
            _("%s, Name", who) if prefix else _("Name"),
            required=required,
            aliases=NAME_HEADERS,
        ),
        ImportField(
            f"{prefix}ref",
            _("%s, Code", who),
            aliases=("customer code", "partner code", "ref"),
            help=_("The code by which your systems know the person."),
        ),
        ImportField(
            f"{prefix}personal_code",
            _("%s, Personal Code", who),
            aliases=("personal code", "asmens kodas", "инн", "иин"),
        ),
        ImportField(
            f"{prefix}vat",
            _("%s, Tax or Company Code", who),
            aliases=("vat", "company code", "įmonės kodas", "бин"),
        ),
        ImportField(
            f"{prefix}is_company",
            _("%s, Is a Company", who),
            kind="boolean",
            aliases=("legal", "company", "juridinis"),
        ),
        *_contact_fields(_, prefix, who),
    ]


def _contact_fields(_, prefix, who):
    return [
        ImportField(
            f"{prefix}email",
            _("%s, E-mail", who),
            aliases=("email", "e-mail", "el. paštas", "почта"),
        ),
        ImportField(
            f"{prefix}phone",
            _("%s, Phone", who),
            aliases=("phone", "telefonas", "телефон"),
        ),
    ]


class Person:
    """Who a row means: on record (`id`), or to be made."""

    __slots__ = ("id", "name", "vals", "count", "record")

    def __init__(self, name, vals):
        self.id = None
        self.name = name
        self.vals = vals
        self.count = 0
        self.record = None


class People:
    """The people that a slice of rows speaks of: `add` all, `look_up` once, `create_missing`."""

    def __init__(self, env, by_name=False):
        self.env = env
        self.by_name = by_name
        self.by_code = {}
        self.by_names = {}
        self.persons = []

    def add(self, values, prefix=""):
        """The person of a row, None when it names nobody."""
        name = values.get(f"{prefix}name")
        codes = {
            "ref": values.get(f"{prefix}ref"),
            "utility_personal_code": values.get(f"{prefix}personal_code"),
            "vat": values.get(f"{prefix}vat"),
        }
        if not name and not any(codes.values()):
            return None
        for code, value in codes.items():
            if value and (code, value) in self.by_code:
                return self.by_code[code, value]
        folded = (name or "").casefold()
        if self.by_name and not any(codes.values()) and folded in self.by_names:
            return self.by_names[folded]
        person = Person(
            name,
            {
                "name": name,
                **{code: value for code, value in codes.items() if value},
                **{
                    key: values[f"{prefix}{key}"]
                    for key in ("is_company", "email", "phone")
                    if values.get(f"{prefix}{key}") is not None
                },
            },
        )
        self.persons.append(person)
        for code, value in codes.items():
            if value:
                self.by_code[code, value] = person
        if self.by_name and not any(codes.values()):
            self.by_names[folded] = person
        return person

    def look_up(self):
        """Find who is on record, by code, then by name where names count; one query."""
        if not self.by_code and not self.by_names:
            return
        codes = {code: [value for kind, value in self.by_code if kind == code] for code in CODES}
        names = [person.name for person in self.by_names.values()]
        rows = self.env.execute_query(
            SQL(
                """
            SELECT id, ref, utility_personal_code, vat, name, email, phone, is_company
            FROM res_partner
            WHERE active AND (company_id IS NULL OR company_id = %s) AND (
                ref = ANY(%s) OR utility_personal_code = ANY(%s) OR vat = ANY(%s) OR name = ANY(%s))
            ORDER BY id
            """,
                self.env.company.id,
                codes["ref"],
                codes["utility_personal_code"],
                codes["vat"],
                names,
            )
        )
        for row in rows:
            self._take(row)

    def _take(self, row):
        found, *codes, name, email, phone, is_company = row
        record = dict(zip(CODES, codes, strict=True)) | {
            "name": name,
            "email": email,
            "phone": phone,
            "is_company": is_company,
        }
        for code in CODES:
            person = self.by_code.get((code, record[code])) if record[code] else None
            if person:
                break
        else:
            person = self.by_names.get((name or "").casefold())
        if person:
            if person.id != found:
                person.count += 1
            person.id, person.record = found, record

    def changes(self, person):
        """{field: value} in which the row differs from the record; empty texts change nothing."""
        if not person.record:
            return {}
        return {
            name: value
            for name, value in person.vals.items()
            if value not in (None, "") and (person.record.get(name) or False) != value
        }

    def create_missing(self, wanted):
        """Create the `wanted` persons that are new; returns them."""
        new = [person for person in dict.fromkeys(wanted) if person.id is None]
        if not new:
            return []
        names = dict.fromkeys(name for person in new for name in person.vals)
        partners = bulk_create(
            self.env["res.partner"],
            [
                {
                    **{name: person.vals.get(name, False) for name in names},
                    "complete_name": (person.name or "").strip(),
                }
                for person in new
            ],
            # nothing that these values hold belongs to a company
            replaced=("_check_company",),
            shortcuts={"complete_name": NAME_METHODS},
        )
        for person, partner_id in zip(new, partners.ids, strict=True):
            person.id = partner_id
        return new
