# pylint: disable=prefer-env-translation
from odoo import api, models

from ..tools.import_fields import ImportField
from ..tools.import_premises import PremisePaths, PremiseTypes
from ..tools.import_references import address_fields, address_parts, ambiguous_words


class ImportTargetWhole(models.AbstractModel):
    """One row holds everything: premise, account, payer, and the services that it takes."""

    _name = "utility.import.target.whole"
    _description = "Import: Accounts with All That Belongs to Them"
    _inherit = ["utility.import.target.account", "utility.import.target.supply"]

    _one_row_each = False

    @api.model
    def _target_help(self):
        return self.env._(
            "A row holds an account with its address, payer and services. The premise is found by "
            "its address or made; each service gets a service point there and an agreement. "
            "Several rows may speak of one account, one service each."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        return [
            *self._account_fields(),
            *address_fields(_),
            ImportField(
                "building_type",
                _("Type of the Building"),
                looks_up=_("a premise type by its code or name"),
            ),
            ImportField(
                "unit_type", _("Type of the Unit"), looks_up=_("a premise type by its code or name")
            ),
            *self._service_fields(),
        ]

    @api.model
    def _target_models(self):
        return {
            "utility.service.agreement": ("create", "write"),
            "utility.service.point": ("create",),
            **super()._target_models(),
            "utility.premise": ("create",),
        }

    @api.model
    def _undo_order(self):
        return [
            "utility.service.agreement",
            "utility.service.point",
            *super()._undo_order(),
            "utility.premise",
        ]

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        self._plan_premises(items)
        self._refuse_unreadable(items)
        self._plan_accounts(batch, items)
        self._share_accounts(items)
        self._plan_services(batch, items)
        for item in items:
            if item.is_good:
                made = not item.plan["record"] and not item.plan.get("first")
                made = made or any(not supply.agreement_id for supply in item.plan["supplies"])
                item.action = self._action_of(item, made)

    @api.model
    def _plan_premises(self, items):
        _ = self.env._
        paths = PremisePaths(self.env, PremiseTypes(self.env))
        for item in items:
            parts = address_parts(item.values)
            item.plan["paths"] = paths
            item.plan["place"] = place = paths.add(parts) if parts else None
            if not parts and item.get("kind") != "collective":
                item.fail(_("the row names no premise: give its address"))
            self._name_types(item, place, paths)
        paths.look_up()
        checked = {}
        for item in items:
            place = item.plan["place"]
            if not place:
                continue
            twice = paths.ambiguous(place)
            if twice:
                item.fail(ambiguous_words(_, twice))
            elif place.is_new:
                if place not in checked:
                    checked[place] = self._faults_of(item, place, paths)
                if checked[place]:
                    item.fail(checked[place])
            else:
                item.plan["premise_id"] = place.id
                if place.is_archived:
                    item.changes.append(_("“%s” comes out of the archive", place.address))

    @api.model
    def _faults_of(self, item, place, paths):
        before = item.reason
        item.reason = ""
        self._refuse_misplaced(item, place, paths)
        faults, item.reason = item.reason, before
        return faults

    @api.model
    def _name_types(self, item, place, paths):
        """Give new places the types that the row names."""
        for level in ("building", "unit"):
            word = item.get(f"{level}_type")
            if not word:
                continue
            kind = paths.types.get(word)
            if not kind or kind.level != level:
                item.fail(self.env._("there is no premise type “%s” of that level", word))
                continue
            above = place
            while above and above.level != level:
                above = above.parent
            if above and not above.type_id:
                above.type_id = kind.id

    @api.model
    def _share_accounts(self, items):
        """Rows of one account: the first makes it, the others must say the same."""
        first = {}
        for item in items:
            number = item.get("number")
            if not number or not item.is_good:
                continue
            other = first.setdefault(number, item)
            if other is item:
                continue
            if other.plan["place"] is not item.plan["place"] or (
                (other.get("payer_name") or "") != (item.get("payer_name") or "")
            ):
                item.fail(
                    self.env._(
                        "row %(row)s says otherwise of account %(number)s: another payer or "
                        "premise",
                        row=other.number,
                        number=number,
                    )
                )
            item.plan["first"] = other

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        places = [(item.plan["place"], item) for item in items if item.plan["place"]]
        if places:
            items[0].plan["paths"].create_missing(places)
        for place, item in places:
            item.plan["premise_id"] = place.id
        head_of = self._heads(items)
        heads = list(dict.fromkeys(head_of.values()))
        self._write_accounts(batch, heads)
        for item in items:
            head = head_of[item]
            known = head.plan["record"] or {
                "id": head.plan.get("account_id"),
                "number": head.plan.get("number"),
            }
            item.plan["account_id"], item.plan["number"] = known["id"], known["number"]
            item.becomes("utility.account", known["id"])
        self._make_supplies(items)
        for item in heads:
            self._close_account(item)

    @api.model
    def _heads(self, items):
        """{item: the item that makes or changes its account}."""
        by_number = {}
        return {item: by_number.setdefault(item.get("number") or item, item) for item in items}
