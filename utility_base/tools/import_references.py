"""What rows refer to: premises by code or address, accounts by number, points by code."""
# pylint: disable=prefer-env-translation

from odoo.tools import SQL

from .import_fields import ImportField
from .import_premises import LEVELS, PremisePaths

PART_ALIASES = {
    "territory": ("district", "region", "savivaldybė", "rajonas", "район", "область"),
    "locality": ("city", "town", "village", "miestas", "gyvenvietė", "город", "населенный пункт"),
    "street": ("street name", "gatvė", "улица"),
    "building": ("house", "house number", "namas", "namo nr", "дом"),
    "section": ("entrance", "staircase", "laiptinė", "подъезд"),
    "unit": ("flat", "apartment", "apt", "butas", "buto nr", "квартира"),
    "site": ("place", "aikštelė", "площадка"),
}


def address_fields(_, wanted=LEVELS):
    """The parts of an address as fields of a row."""
    labels = {
        "territory": _("Territory"),
        "locality": _("Locality"),
        "street": _("Street"),
        "building": _("Building"),
        "section": _("Part of the Building"),
        "unit": _("Flat, Unit"),
        "site": _("Site"),
    }
    return [
        ImportField(level, labels[level], aliases=PART_ALIASES[level])
        for level in LEVELS
        if level in wanted
    ]


def premise_fields(_):
    """The fields by which a row names a premise that is on record."""
    return [
        ImportField(
            "premise_code",
            _("Premise, Code"),
            aliases=("premise", "registry code", "cadastral code", "adreso kodas"),
            looks_up=_("a premise by its registry code, cadastral code or code in another system"),
        ),
        *address_fields(_, ("locality", "street", "building", "section", "unit")),
    ]


def address_parts(values):
    """[(level, name)] of what a row says of an address, from above downwards."""
    return [(level, str(values[level])) for level in LEVELS if values.get(level)]


class PremiseReferences:
    """Premises on record that rows name: `add` each item, `look_up` once, `get` each."""

    def __init__(self, env):
        self.env = env
        self.paths = PremisePaths(env)
        self.codes = {}
        self.places = {}

    def add(self, item):
        """Whether the row names a premise at all."""
        code = item.get("premise_code")
        if code:
            self.codes.setdefault(code, set())
            return True
        parts = address_parts(item.values)
        if parts:
            self.places[item] = self.paths.add(parts)
        return bool(parts)

    def look_up(self):
        self.paths.look_up()
        if self.codes:
            for code, premise_id in self.env.execute_query(
                SQL(
                    """
                SELECT registry_code, id FROM utility_premise WHERE registry_code = ANY(%(codes)s)
                UNION
                SELECT cadastral_code, id FROM utility_premise WHERE cadastral_code = ANY(%(codes)s)
                UNION
                SELECT code, premise_id FROM utility_premise_code WHERE code = ANY(%(codes)s)
                """,
                    codes=list(self.codes),
                )
            ):
                self.codes[code].add(premise_id)

    def get(self, item):
        """Id of the row's premise; None, and the item fails, when there is none or more."""
        _ = self.env._
        code = item.get("premise_code")
        if code:
            found = self.codes[code]
            if len(found) == 1:
                return next(iter(found))
            item.fail(
                _("no premise has the code “%s”: import the premises first, or mend the code", code)
                if not found
                else _(
                    "%(count)s premises have the code “%(code)s”: name the premise by its address",
                    count=len(found),
                    code=code,
                )
            )
            return None
        place = self.places.get(item)
        if not place:
            item.fail(_("the row names no premise: give its code or its address"))
            return None
        twice = self.paths.ambiguous(place)
        if twice:
            item.fail(ambiguous_words(_, twice))
            return None
        if place.is_new:
            item.fail(
                _(
                    "there is no premise “%s”: import the premises first, or mend the address",
                    place.words(),
                )
            )
            return None
        return place.id


def ambiguous_words(_, place):
    return _(
        "%(count)s premises are called “%(place)s”: name the one that is meant by its code, or "
        "give more parts of the address",
        count=place.count,
        place=place.words(),
    )


def accounts_by_number(env, numbers):
    """{number: {id, partner_id, premise_id, date_open, date_close}} of the company's accounts."""
    names = ("number", "id", "partner_id", "premise_id", "date_open", "date_close")
    rows = (
        env.execute_query(
            SQL(
                "SELECT %s FROM utility_account WHERE company_id = %s AND number = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                env.company.id,
                list(numbers),
            )
        )
        if numbers
        else []
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def points_by_code(env, codes):
    """{code: {id, service_id, premise_id, parent_id, ...}} of the company's service points."""
    names = (
        "code",
        "id",
        "service_id",
        "premise_id",
        "parent_id",
        "kind",
        "connection",
        "name",
        "latitude",
        "longitude",
        "active",
    )
    rows = (
        env.execute_query(
            SQL(
                "SELECT %s FROM utility_service_point WHERE company_id = %s AND code = ANY(%s)",
                SQL(", ").join(map(SQL.identifier, names)),
                env.company.id,
                list(codes),
            )
        )
        if codes
        else []
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in rows}


def services_by_code(env):
    """{code or name, in lower case: service} of the company."""
    services = env["utility.service"].sudo().search([("company_id", "=", env.company.id)])
    found = {service.name.casefold(): service for service in services}
    found.update((service.code.casefold(), service) for service in services)
    return found


def cycles_by_name(env):
    """{name in lower case, or number of months: billing cycle}; and the usual one under None."""
    cycles = (
        env["utility.billing.cycle"].sudo().search([("company_id", "in", (False, env.company.id))])
    )
    found = {}
    for cycle in cycles:
        found.setdefault(str(cycle.months), cycle)
        found.setdefault(cycle.name.casefold(), cycle)
    found[None] = env["utility.service.agreement"].sudo()._default_billing_cycle()
    return found
