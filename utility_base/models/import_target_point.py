# pylint: disable=prefer-env-translation
from odoo import api, models

from ..tools.bulk import bulk_create
from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_references import (
    PremiseReferences,
    points_by_code,
    premise_fields,
    services_by_code,
)

PLAIN = ("name", "kind", "connection", "latitude", "longitude")


class ImportTargetPoint(models.AbstractModel):
    """Service points and what feeds them."""

    _name = "utility.import.target.point"
    _description = "Import: Service Points"
    _inherit = ["utility.import.target"]

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is a service point on a premise that is on record, fed from the point that it "
            "names. It is recognised by its code."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        points = self.env["utility.service.point"]._fields
        return [
            ImportField("code", _("Code"), required=True, aliases=("point", "kodas", "код")),
            ImportField(
                "service",
                _("Service"),
                aliases=("paslauga", "услуга"),
                looks_up=_("a service by its code or name"),
            ),
            *premise_fields(_),
            ImportField(
                "parent_code",
                _("Fed from"),
                aliases=("parent", "parent point"),
                looks_up=_("a service point by its code, on record or in the file"),
            ),
            ImportField("name", _("Description")),
            ImportField(
                "kind",
                _("Kind"),
                kind="selection",
                choices=tuple(points["kind"]._description_selection(self.env)),
            ),
            ImportField(
                "connection",
                _("Connection"),
                kind="selection",
                choices=tuple(points["connection"]._description_selection(self.env)),
            ),
            ImportField("latitude", _("Latitude"), kind="number", aliases=("lat",)),
            ImportField("longitude", _("Longitude"), kind="number", aliases=("lon", "lng")),
        ]

    @api.model
    def _key_fields(self):
        return ("code",)

    @api.model
    def _target_models(self):
        return {"utility.service.point": ("create", "write")}

    @api.model
    def _waves(self, batch):
        return self._waves_by_code(batch, "code", "parent_code")

    @api.model
    def _plan(self, batch, items):
        references = PremiseReferences(self.env)
        named = {item for item in items if references.add(item)}
        references.look_up()
        services = services_by_code(self.env)
        codes = {item.get("code") for item in items} | {item.get("parent_code") for item in items}
        points = points_by_code(self.env, codes - {None})
        in_file = self._codes_in_file(batch, "code", codes - {None, *points})
        new = {}
        premises = {item: references.get(item) for item in named}
        may_see = self._permitted("utility.premise", filter(None, premises.values()), "read")
        may_change = self._permitted(
            "utility.service.point", [point["id"] for point in points.values()], "write"
        )
        for item in items:
            item.plan["record"] = record = points.get(item.get("code"))
            item.plan["premise_id"] = premises.get(item)
            if item.plan["premise_id"] and item.plan["premise_id"] not in may_see:
                item.fail(self.env._("you may not see that premise"))
            if record and record["id"] not in may_change:
                item.fail(self.env._("you may not change the service point %s", record["code"]))
            self._plan_service(item, services, record, item in named)
            self._plan_parent(batch, item, points, new, in_file)
            if item.is_good:
                self._plan_point(batch.profile_id, item, record)
                new.setdefault(item.get("code"), item)

    @api.model
    def _plan_service(self, item, services, record, names_premise):
        word = item.get("service")
        service = services.get(word.casefold()) if word else None
        if word and not service:
            item.fail(self.env._("there is no service “%s”", word))
        elif not record and not service:
            item.fail(self.env._("a new service point needs its service"))
        if not record and not names_premise:
            item.fail(
                self.env._("a new service point needs its premise: give a code or an address")
            )
        item.plan["service_id"] = service.id if service else record and record["service_id"]

    @api.model
    def _plan_parent(self, batch, item, points, new, in_file):
        _ = self.env._
        code = item.get("parent_code")
        if not code:
            return
        parent = points.get(code)
        if parent:
            item.plan["parent_id"] = parent["id"]
            other = parent["service_id"]
        elif code in new:
            item.plan["parent_item"] = new[code]
            other = new[code].plan["service_id"]
        elif code in in_file and batch.state != "importing":
            return
        else:
            item.fail(_("no service point “%s” is on record, and none with that code got in", code))
            return
        if item.plan["service_id"] and other != item.plan["service_id"]:
            item.fail(_("it cannot be fed from %s: that point carries another service", code))

    @api.model
    def _plan_point(self, profile, item, record):
        if not record:
            item.action = CREATE
            return
        item.becomes("utility.service.point", record["id"])
        wanted = {name: item.values[name] for name in PLAIN if name in item.values}
        for name in ("service_id", "premise_id", "parent_id"):
            if item.plan.get(name):
                wanted[name] = item.plan[name]
        wanted["active"] = True
        if profile.existing == "update":
            self._note_changes(item, "utility.service.point", record, wanted)
        self._settle_action(item, created=False)

    @api.model
    def _write(self, batch, items):
        new = [item for item in items if item.action == CREATE]
        while new:
            # a point of this slice that feeds another of it is made before that one
            ready = [
                item
                for item in new
                if not item.plan.get("parent_item") or item.plan["parent_item"].res_id
            ]
            self._make(ready)
            made = set(ready)
            new = [item for item in new if item not in made]
        points = self.env["utility.service.point"]
        self._update_all(
            [
                (points.browse(item.res_id), item.plan["vals"])
                for item in items
                if item.action != CREATE
            ]
        )

    @api.model
    def _make(self, items):
        points = bulk_create(
            self.env["utility.service.point"],
            [self._prepare_point(item) for item in items],
            replaced=("_check_parent",),
        )
        for item, point_id in zip(items, points.ids, strict=True):
            item.becomes("utility.service.point", point_id)
            item.has_made("utility.service.point", point_id)

    @api.model
    def _prepare_point(self, item):
        parent = item.plan.get("parent_item")
        parent_id = parent.res_id if parent else item.plan.get("parent_id")
        return {
            "code": item.get("code"),
            "company_id": self.env.company.id,
            "service_id": item.plan["service_id"],
            "premise_id": item.plan["premise_id"],
            "parent_id": parent_id or False,
            **{name: item.values[name] for name in PLAIN if name in item.values},
        }
