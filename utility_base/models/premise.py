from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import address

READERS = "utility_base.group_reader"


class Premise(models.Model):
    _name = "utility.premise"
    _description = "Premise"
    _inherit = [
        "utility.tree.mixin",
        "utility.attribute.owner.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _parent_store = True
    _parent_name = "parent_id"
    _order = "address_sort, id"
    _attribute_owner_field = "premise_id"

    name = fields.Char(
        required=True,
        tracking=True,
        help="The part of the address that this premise adds: a town, a street, a "
        "house or flat number.",
    )
    type_id = fields.Many2one("utility.premise.type", required=True, index=True, tracking=True)
    level = fields.Selection(related="type_id.level", store=True, index=True)
    parent_id = fields.Many2one(
        "utility.premise", "Part of", index=True, ondelete="restrict", tracking=True
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("utility.premise", "parent_id", "Consists of")
    child_count = fields.Integer(compute="_compute_child_count")
    active = fields.Boolean(default=True)

    building_id = fields.Many2one(
        "utility.premise",
        compute="_compute_places",
        store=True,
        index=True,
        recursive=True,
        help="The nearest building above.",
    )
    street_id = fields.Many2one(
        "utility.premise", compute="_compute_places", store=True, recursive=True
    )
    locality_id = fields.Many2one(
        "utility.premise",
        compute="_compute_places",
        store=True,
        index=True,
        recursive=True,
    )
    address = fields.Char(compute="_compute_address", store=True, recursive=True, index="trigram")
    address_sort = fields.Char(
        compute="_compute_address",
        store=True,
        recursive=True,
        index=True,
        help="Town, street, house, flat, with numbers padded so that 2 comes before 10.",
    )
    postcode = fields.Char()
    floor = fields.Integer("Floor No.")
    cadastral_code = fields.Char(index="btree_not_null", copy=False)
    registry_code = fields.Char(
        "Address Registry Code",
        index="btree_not_null",
        copy=False,
        help="Code in the state's address registry; a repeated import of the registry "
        "finds the premise by it.",
    )
    code_ids = fields.One2many("utility.premise.code", "premise_id", "Other Codes", groups=READERS)
    latitude = fields.Float(digits=(10, 7), aggregator=None)
    longitude = fields.Float(digits=(10, 7), aggregator=None)
    note = fields.Html(groups=READERS)

    attribute_value_ids = fields.One2many("utility.attribute.value", "premise_id", "Attributes")
    occupancy_ids = fields.One2many("utility.occupancy", "premise_id", "People", groups=READERS)
    account_ids = fields.One2many("utility.account", "premise_id", "Accounts")
    account_count = fields.Integer(compute="_compute_counts")
    service_point_ids = fields.One2many("utility.service.point", "premise_id", "Service Points")
    service_point_count = fields.Integer(compute="_compute_counts")
    resident_count = fields.Integer("Residents Today", compute="_compute_resident_count")
    is_vacant = fields.Boolean("Vacant", compute="_compute_resident_count")
    owner_share = fields.Float(
        "Owners' Shares, %", compute="_compute_owner_share", digits=(7, 4), groups=READERS
    )
    owner_share_gap = fields.Boolean(
        groups=READERS,
        compute="_compute_owner_share",
        search="_search_owner_share_gap",
        help="Owners are recorded, but their shares of today do not add up to 100 %.",
    )

    _registry_code_unique = models.UniqueIndex(
        "(registry_code) WHERE registry_code IS NOT NULL",
        "Another premise has this address registry code.",
    )
    _latitude_range = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90)", "Latitude lies between -90 and 90 degrees."
    )
    _longitude_range = models.Constraint(
        "CHECK (longitude BETWEEN -180 AND 180)", "Longitude lies between -180 and 180 degrees."
    )
    _name_in_parent = models.Index("(parent_id, name)")

    # -- computes ---------------------------------------------------------------------------

    @api.depends(
        "parent_id.level", "parent_id.building_id", "parent_id.street_id", "parent_id.locality_id"
    )
    def _compute_places(self):
        for premise in self:
            parent = premise.parent_id
            premise.building_id = parent if parent.level == "building" else parent.building_id
            premise.street_id = parent if parent.level == "street" else parent.street_id
            premise.locality_id = parent if parent.level == "locality" else parent.locality_id

    @api.depends(
        "name",
        "level",
        "type_id.label",
        "type_id.label_after",
        "parent_id.address",
        "parent_id.address_sort",
    )
    def _compute_address(self):
        # reading the parents' first leaves none of them pending: a pending one would stop Odoo from
        # marking what lies below it
        self.parent_id.mapped("address")
        for premise in self:
            premise.address = premise._address_text()
            premise.address_sort = address.sort_key(premise.parent_id.address_sort, premise.name)

    def _address_text(self):
        """The address as people write it: “Laisvės al. 12-5, Kaunas”."""
        labelled = {level: place._labelled_name() for level, place in self._chain().items()}
        return address.compose(self.level, labelled, self.name)

    def _chain(self):
        """The nearest premise of each level, from this one upwards."""
        chain = {}
        place = self
        while place:
            chain.setdefault(place.level, place)
            place = place.parent_id
        return chain

    def _labelled_name(self):
        return address.labelled(self.name, self.type_id.label, self.type_id.label_after)

    @api.depends("address")
    def _compute_display_name(self):
        for premise in self:
            premise.display_name = premise.address or premise.name

    @api.depends("child_ids")
    def _compute_child_count(self):
        counts = dict(self._read_group([("parent_id", "in", self.ids)], ["parent_id"], ["__count"]))
        for premise in self:
            premise.child_count = counts.get(premise, 0)

    def _compute_counts(self):
        for field, model in (
            ("account_count", "utility.account"),
            ("service_point_count", "utility.service.point"),
        ):
            for premise in self:
                domain = [("premise_id", "child_of", premise.id)]
                premise[field] = self.env[model].search_count(domain) if premise.id else 0

    @api.depends("occupancy_ids.fact_state", "occupancy_ids.is_resident")
    def _compute_resident_count(self):
        counts = self._residents_on(fields.Date.context_today(self))
        for premise in self:
            premise.resident_count = counts.get(premise._origin.id, 0)
            premise.is_vacant = premise.level == "unit" and not premise.resident_count

    @api.depends("occupancy_ids.share", "occupancy_ids.role", "occupancy_ids.fact_state")
    def _compute_owner_share(self):
        today = fields.Date.context_today(self)
        for premise in self:
            owners = premise.occupancy_ids._in_force(today).filtered(lambda o: o.role == "owner")
            premise.owner_share = sum(owners.mapped("share"))
            premise.owner_share_gap = bool(owners) and abs(premise.owner_share - 100) > 0.01

    def _search_owner_share_gap(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        owners = self.env["utility.occupancy"]._domain_in_force(today) & Domain(
            "role", "=", "owner"
        )
        sums = self.env["utility.occupancy"]._read_group(owners, ["premise_id"], ["share:sum"])
        gaps = [premise.id for premise, share in sums if abs(share - 100) > 0.01]
        return Domain("id", "in" if True in value else "not in", gaps)

    @api.model
    def _search_display_name(self, operator, value):
        """Every word in any order, with or without diacritics: “savanoriu 12 kaunas”."""
        if operator in ("ilike", "not ilike") and isinstance(value, str) and value.strip():
            words = Domain.AND(
                [
                    Domain("address", "ilike", word)
                    | Domain("cadastral_code", "=ilike", word)
                    | Domain("registry_code", "=ilike", word)
                    for word in value.replace(",", " ").split()
                ]
            )
            return words if operator == "ilike" else ~words
        return super()._search_display_name(operator, value)

    # -- checks -----------------------------------------------------------------------------

    @api.constrains("parent_id", "type_id")
    def _check_parent_type(self):
        for premise in self:
            allowed = premise.type_id.parent_type_ids
            if allowed and premise.parent_id and premise.parent_id.type_id not in allowed:
                raise ValidationError(
                    self.env._(
                        "%(premise)s: a %(type)s cannot stand in a %(parent_type)s. "
                        "Possible: %(allowed)s.",
                        premise=premise.name,
                        type=premise.type_id.name,
                        parent_type=premise.parent_id.type_id.name,
                        allowed=", ".join(allowed.mapped("name")),
                    )
                )

    # -- business ---------------------------------------------------------------------------

    def _residents_on(self, day):
        """Number of people living at each premise and in its parts on `day`, absentees not counted.

        :return: {premise id: persons}
        """
        rows = (
            self.env["utility.occupancy"]
            .sudo()
            .search(
                Domain("premise_id", "child_of", self.ids)
                & self.env["utility.occupancy"]._domain_in_force(day)
            )
        )
        present, away = defaultdict(set), defaultdict(set)
        for row in rows:
            if row.role == "absent":
                away[row.premise_id].add(row.partner_id.id)
            elif row.is_resident:
                present[row.premise_id].add(row.partner_id.id)
        living = dict.fromkeys(self.ids, frozenset())
        for premise, people in present.items():
            for above in (premise.parent_path or "").split("/")[:-1]:
                if int(above) in living:
                    living[int(above)] |= people - away[premise]
        return {premise_id: len(people) for premise_id, people in living.items()}

    def residents_on(self, day):
        """Number of people living at the premise and in its parts on `day`, for other programs.

        :param day: date or ISO text
        :return: persons
        """
        self.ensure_one()
        self.check_access("read")
        return self._residents_on(fields.Date.to_date(day))[self.id]

    @api.model
    def _domain_may_have(self, attribute):
        types = attribute.premise_type_ids
        return Domain("type_id", "in", types.ids) if types else Domain.TRUE

    def _may_have_attribute(self, attribute):
        types = attribute.premise_type_ids
        return not types or self.type_id in types

    def owner_shares(self, day=None):
        """The owners of a day with their shares, largest first, for the bar on the form.

        :param day: date or ISO text; today when empty
        :return: {total, owners: [{id, partner_id, name, share, date_start}]}; shares in percent,
            `id` is the occupancy's; False where the user may not read occupancies
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env["utility.occupancy"].has_access("read"):
            return False
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        owners = self.occupancy_ids._in_force(day).filtered(lambda row: row.role == "owner")
        rows = [
            {
                "id": owner.id,
                "partner_id": owner.partner_id.id,
                "name": owner.partner_id.display_name or "",
                "share": owner.share,
                "date_start": fields.Date.to_string(owner.date_start),
            }
            for owner in owners.sorted(lambda row: (-row.share, row.id))
        ]
        return {"total": round(sum(row["share"] for row in rows), 4), "owners": rows}

    # -- buttons ----------------------------------------------------------------------------

    def action_open_accounts(self):
        return self._action_below("utility.account", self.env._("Accounts"))

    def action_open_service_points(self):
        return self._action_below("utility.service.point", self.env._("Service Points"))

    def action_open_children(self):
        action = self._action_below("utility.premise", self.env._("Consists of"))
        action["domain"] = [("parent_id", "=", self.id)]
        action["context"] = {"default_parent_id": self.id}
        return action

    def action_move(self):
        """The wizard for sale, move-in and move-out, opened on this premise."""
        action = self.env["ir.actions.act_window"]._for_xml_id("utility_base.move_wizard_action")
        action["context"] = {"default_premise_id": self.id}
        return action

    def _action_below(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("premise_id", "child_of", self.id)],
            "context": {"default_premise_id": self.id},
        }
