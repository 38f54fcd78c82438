"""Premises by the parts of their address: found, or made where they are missing."""

from odoo.tools import SQL

from . import address
from .bulk import bulk_create
from .import_fields import plain

LEVELS = ("territory", "locality", "street", "building", "section", "unit", "site")
# what a shortcut in `bulk_create` stands for: dropped when another module has a say in one of them
ADDRESS_METHODS = ("_compute_address", "_address_text", "_labelled_name", "_chain")
SHORTCUTS = {
    "level": (),
    "building_id": ("_compute_places",),
    "street_id": ("_compute_places",),
    "locality_id": ("_compute_places",),
    "address": ADDRESS_METHODS,
    "address_sort": ADDRESS_METHODS,
}


class Place:
    """A premise on the way down to another: on record (`id`), or to be made."""

    __slots__ = (
        "parent",
        "depth",
        "level",
        "name",
        "type_id",
        "id",
        "count",
        "building_id",
        "street_id",
        "locality_id",
        "labels",
        "address",
        "address_sort",
        "vals",
        "record",
        "is_archived",
    )

    def __init__(self, parent, level, name):
        self.parent = parent
        self.depth = parent.depth + 1 if parent else 0
        self.level = level
        self.name = name
        self.type_id = None
        self.id = None
        self.count = 0
        self.building_id = self.street_id = self.locality_id = None
        self.labels = None
        self.address = self.address_sort = None
        self.vals = {}
        self.record = None
        self.is_archived = False

    @property
    def is_new(self):
        return self.id is None

    def take(self, record):
        """It is this one, a dict of columns; one that is archived only when there is no other."""
        if not record["active"] and self.id:
            return
        self.count = 1 if self.is_archived else self.count + 1
        self.is_archived = not record["active"]
        self.record = record
        self.id, self.type_id, self.address = record["id"], record["type_id"], record["address"]
        self.building_id, self.street_id = record["building_id"], record["street_id"]
        self.locality_id, self.address_sort = record["locality_id"], record["address_sort"]

    def words(self):
        """The place in words, for messages."""
        names, place = [], self
        while place:
            names.append(place.name or "")
            place = place.parent
        return ", ".join(names)


COLUMNS = (
    "id",
    "parent_id",
    "level",
    "name",
    "type_id",
    "building_id",
    "street_id",
    "locality_id",
    "address",
    "address_sort",
    "active",
    "registry_code",
    "cadastral_code",
    "postcode",
    "floor",
    "latitude",
    "longitude",
)


class PremiseTypes:
    """The types of premises, by code, name and level; two queries."""

    def __init__(self, env):
        types = env["utility.premise.type"].sudo().search([])
        self.by_id = {kind.id: kind for kind in types}
        self.by_word = {}
        self.by_level = {}
        self.parents = {}
        for kind in types:
            self.by_word.setdefault(plain(kind.name), kind)
            self.by_level.setdefault(kind.level, kind)
            self.parents[kind.id] = set(kind.parent_type_ids.ids)
        self.by_word.update((plain(kind.code), kind) for kind in types)
        self.labels = {kind.id: (kind.label, kind.label_after) for kind in types}

    def get(self, word):
        return self.by_word.get(plain(word))

    def may_stand_in(self, type_id, parent_type_id):
        allowed = self.parents.get(type_id)
        return not allowed or not parent_type_id or parent_type_id in allowed


class PremisePaths:
    """The tree of places that a slice of rows speaks of.

    `add` them all, then `look_up` once (a query a level), then `create_missing`.
    """

    def __init__(self, env, types=None):
        self.env = env
        self.types = types or PremiseTypes(env)
        self.places = {}
        self.by_depth = []

    def add(self, parts, parent=None):
        """The place at the end of `parts`, a list of (level, name) from above downwards, below
        `parent` if given."""
        for level, name in parts:
            key = (parent, level, name.casefold())
            place = self.places.get(key)
            if place is None:
                place = self.places[key] = Place(parent, level, name)
                while place.depth >= len(self.by_depth):
                    self.by_depth.append([])
                self.by_depth[place.depth].append(place)
            parent = place
        return parent

    def by_codes(self, codes):
        """{registry code: place on record}, by one query."""
        if not codes:
            return {}
        found = {}
        for record in self._select(SQL("registry_code = ANY(%s)", list(codes))):
            place = Place(None, record["level"], record["name"])
            place.take(record)
            found[record["registry_code"]] = place
        return found

    def look_up(self):
        """Find what is on record, with a query or two for each level."""
        for places in self.by_depth:
            tops = [place for place in places if not place.parent]
            below = [place for place in places if place.parent and place.parent.id]
            if tops:
                self._match(tops, SQL("level = ANY(%s)", list({place.level for place in tops})))
            if below:
                # a flat may stand in an entrance that the file does not speak of
                self._match(
                    below,
                    SQL(
                        "(parent_id = ANY(%(ids)s) OR (level = 'unit' AND building_id = "
                        "ANY(%(ids)s)))",
                        ids=list({place.parent.id for place in below}),
                    ),
                )

    def _match(self, places, where):
        known = {}
        for place in places:
            top = place.parent.id if place.parent else None
            known.setdefault((top, place.level, place.name.casefold()), place)
        names = {place.name for place in places} | {place.name.lower() for place in places}
        found = self._select(
            SQL("%s AND (name = ANY(%s) OR lower(name) = ANY(%s))", where, list(names), list(names))
        )
        for record in found:
            for top in dict.fromkeys((record["parent_id"], record["building_id"], None)):
                place = known.get((top, record["level"], record["name"].casefold()))
                if place:
                    place.take(record)
                    break

    def _select(self, where):
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM utility_premise WHERE %s ORDER BY active DESC, id",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                where,
            )
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def ambiguous(self, place):
        """The first place on the way to `place` that several premises answer to."""
        while place:
            if place.count > 1:
                return place
            place = place.parent
        return None

    def misplaced(self, place):
        """The first new place on the way whose type may not stand in that of its parent."""
        while place and place.is_new:
            self._give_type(place)
            parent = place.parent
            if parent and parent.is_new:
                self._give_type(parent)
            if parent and not self.types.may_stand_in(place.type_id, parent.type_id):
                return place
            place = parent
        return None

    def untyped(self, place):
        """The first new place on the way for whose level there is no type of premises."""
        while place and place.is_new:
            if not self._give_type(place):
                return place
            place = place.parent
        return None

    def _give_type(self, place):
        if not place.type_id and place.level in self.types.by_level:
            place.type_id = self.types.by_level[place.level].id
        return place.type_id

    def create_missing(self, wanted):
        """Create the new ones among the wanted places and above them, and take archived ones out of
        the archive.

        :param wanted: list of (place, item); the item that first needs a place has made it
        """
        needed, archived = {}, set()
        for place, item in wanted:
            while place:
                if place.is_archived:
                    archived.add(place.id)
                elif place.is_new:
                    needed.setdefault(place, item)
                place = place.parent
        if archived:
            self.env["utility.premise"].browse(archived).write({"active": True})
        for places in self.by_depth:
            new = [place for place in places if place in needed]
            if not new:
                continue
            self._read_labels({place.parent for place in new if place.parent})
            vals_list = [self._prepare_vals(place) for place in new]
            premises = bulk_create(
                self.env["utility.premise"],
                vals_list,
                replaced=("_check_parent_type",),
                shortcuts=SHORTCUTS,
            )
            for place, premise_id in zip(new, premises.ids, strict=True):
                place.id = premise_id
                place.count = 1
                needed[place].has_made("utility.premise", premise_id)

    def _read_labels(self, parents):
        """Names with labels, by level, of places on record that new ones stand in."""
        unknown = [place for place in parents if place.labels is None]
        premises = self.env["utility.premise"].sudo().browse([place.id for place in unknown])
        for place, premise in zip(unknown, premises, strict=True):
            place.labels = {
                level: above._labelled_name() for level, above in premise._chain().items()
            }

    def _prepare_vals(self, place):
        parent = place.parent
        label, label_after = self.types.labels[place.type_id]
        above = parent.labels if parent else {}
        place.labels = {**above, place.level: address.labelled(place.name, label, label_after)}
        place.address = address.compose(place.level, place.labels, place.name)
        place.address_sort = address.sort_key(parent.address_sort if parent else "", place.name)
        for level in ("building", "street", "locality"):
            attribute = f"{level}_id"
            if parent:
                nearest = parent.id if parent.level == level else getattr(parent, attribute)
                setattr(place, attribute, nearest)
        return {
            "name": place.name,
            "type_id": place.type_id,
            "parent_id": parent.id if parent else False,
            "level": place.level,
            "building_id": place.building_id or False,
            "street_id": place.street_id or False,
            "locality_id": place.locality_id or False,
            "address": place.address,
            "address_sort": place.address_sort,
            **place.vals,
        }
