# pylint: disable=prefer-env-translation
from odoo import api, models

from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_premises import PremisePaths
from ..tools.import_references import address_fields, address_parts, ambiguous_words

PLAIN = ("postcode", "floor", "cadastral_code", "latitude", "longitude")


class ImportTargetPremise(models.AbstractModel):
    """Premises: by the code of their parent, or by the parts of their address. A registry file read
    again brings names, parents and data up to date by the registry's code."""

    _name = "utility.import.target.premise"
    _description = "Import: Premises"
    _inherit = ["utility.import.target"]

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is a premise. It stands below the premise with the parent's code, or where its "
            "address says; what is missing above it is made. The registry code recognises it when "
            "the registry is imported again."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        return [
            ImportField(
                "registry_code", _("Registry Code"), aliases=("code", "kodas", "код", "id")
            ),
            ImportField(
                "parent_code",
                _("Parent's Registry Code"),
                aliases=("parent", "parent id", "родитель"),
                looks_up=_("a premise by its registry code, on record or in the file"),
            ),
            ImportField(
                "name",
                _("Name or Number"),
                aliases=("pavadinimas", "название"),
                help=_("Empty: the last part of the address is the premise itself."),
            ),
            ImportField(
                "type",
                _("Type"),
                aliases=("kind", "tipas", "тип"),
                looks_up=_("a premise type by its code or name"),
            ),
            *address_fields(_),
            ImportField("postcode", _("Postcode"), aliases=("zip", "pašto kodas", "индекс")),
            ImportField(
                "floor", _("Floor No."), kind="integer", aliases=("floor", "aukštas", "этаж")
            ),
            ImportField("cadastral_code", _("Cadastral Code"), aliases=("unikalus nr",)),
            ImportField("latitude", _("Latitude"), kind="number", aliases=("lat",)),
            ImportField("longitude", _("Longitude"), kind="number", aliases=("lon", "lng")),
        ]

    @api.model
    def _target_models(self):
        return {"utility.premise": ("create", "write")}

    @api.model
    def _row_key(self, profile, values):
        code = values.get("registry_code")
        if code:
            values = {"registry_code": code}
        else:
            parts = ("parent_code", "name", *(level for level, _name in address_parts(values)))
            values = {name: str(values.get(name) or "").casefold() for name in parts}
        return super()._row_key(profile, values)

    @api.model
    def _waves(self, batch):
        return self._waves_by_code(batch, "registry_code", "parent_code")

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        paths = PremisePaths(self.env)
        codes = {item.get("registry_code") for item in items}
        codes |= {item.get("parent_code") for item in items}
        on_record = paths.by_codes(codes - {None})
        in_file = self._codes_in_file(
            batch, "registry_code", {item.get("parent_code") for item in items} - {None, *on_record}
        )
        new_places = {}
        for item in items:
            item.plan["paths"] = paths
            item.plan["place"] = self._place_of(item, paths, on_record, new_places, in_file)
        paths.look_up()
        own = self._permitted(
            "utility.premise",
            [
                item.plan["place"].id
                for item in items
                if item.plan["place"] and item.plan["place"].id
            ],
            "write",
        )
        for item in items:
            if item.is_good:
                self._settle(batch, item, own)

    def _place_of(self, item, paths, on_record, new_places, in_file):
        _ = self.env._
        kind = self._type_of(item, paths)
        parts = address_parts(item.values)
        if item.get("name"):
            level = kind.level if kind else None
            if not level and item.is_good and item.get("registry_code") not in on_record:
                item.fail(
                    _(
                        "the row names no type of premise, so “%s” has no place in the tree",
                        item.get("name"),
                    )
                )
            parts = [part for part in parts if part[0] != level] + [(level, item.get("name"))]
        elif not parts:
            item.fail(_("the row names no premise: give its name or its address"))
            return None
        code, parent_code = item.get("registry_code"), item.get("parent_code")
        item.plan["parts"], item.plan["kind"] = parts, kind
        parent = self._parent_of(item, parent_code, on_record, new_places, in_file)
        item.plan["parent"] = parent
        if not item.is_good:
            return None
        known = on_record.get(code)
        if known:
            return known
        if parent_code and not parent:
            return None
        place = paths.add(parts[-1:] if parent else parts, parent)
        if code:
            new_places[code] = place
        return place

    def _parent_of(self, item, code, on_record, new_places, in_file):
        if not code:
            return None
        parent = on_record.get(code) or new_places.get(code)
        if not parent and code not in in_file:
            item.fail(
                self.env._(
                    "no premise has the parent's code “%s”, neither on record nor in the file", code
                )
            )
        item.plan["waits"] = not parent
        return parent

    def _type_of(self, item, paths):
        word = item.get("type")
        if not word:
            return None
        kind = paths.types.get(word)
        if not kind:
            item.fail(
                self.env._(
                    "there is no premise type “%(type)s”. There are: %(types)s",
                    type=word,
                    types=", ".join(kind.name for kind in paths.types.by_id.values()),
                )
            )
        return kind

    def _settle(self, batch, item, own):
        """Say what becomes of the item now that places are looked up."""
        place, paths = item.plan["place"], item.plan["paths"]
        if not place:
            item.action = CREATE
            if batch.state == "importing":
                item.fail(
                    self.env._(
                        "the premise with the code “%s” did not get in: see its row",
                        item.get("parent_code"),
                    )
                )
            return
        twice = paths.ambiguous(place)
        if twice:
            item.fail(ambiguous_words(self.env._, twice))
        elif place.is_new:
            self._settle_new(item, place, paths)
        elif not self.env.su and place.id not in own:
            item.fail(self.env._("you may not change “%s”", place.address))
        else:
            self._settle_known(batch, item, place)

    def _settle_new(self, item, place, paths):
        item.action = CREATE
        if item.plan["kind"]:
            place.type_id = item.plan["kind"].id
        place.vals = {
            name: item.get(name) for name in ("registry_code", *PLAIN) if name in item.values
        }
        self._refuse_misplaced(item, place, paths)

    def _settle_known(self, batch, item, place):
        wanted = {name: item.values[name] for name in PLAIN if name in item.values}
        if item.get("registry_code"):
            other = place.record["registry_code"]
            if other and other != item.get("registry_code"):
                item.fail(
                    self.env._(
                        "“%(place)s” is on record with the registry code %(code)s",
                        place=place.address,
                        code=other,
                    )
                )
                return
            wanted["registry_code"] = item.get("registry_code")
        wanted["name"] = item.plan["parts"][-1][1]
        if item.plan["kind"]:
            wanted["type_id"] = item.plan["kind"].id
        parent = item.plan["parent"]
        if parent and parent.id:
            wanted["parent_id"] = parent.id
        wanted["active"] = True
        if batch.profile_id.existing == "leave":
            wanted = {}
        self._note_changes(item, "utility.premise", place.record, wanted)
        item.becomes("utility.premise", place.id)
        self._settle_action(item, created=False)

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        new = [(item.plan["place"], item) for item in items if item.action == CREATE]
        if new:
            new[0][1].plan["paths"].create_missing(new)
        for place, item in new:
            item.becomes("utility.premise", place.id)
        premises = self.env["utility.premise"]
        self._update_all(
            [
                (premises.browse(item.res_id), item.plan["vals"])
                for item in items
                if item.action != CREATE
            ]
        )
