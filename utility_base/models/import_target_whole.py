from odoo import api, models
from odoo.tools import SQL

from ..tools.bulk import bulk_create
from ..tools.dates import overlaps, peak_sum
from ..tools.import_fields import ImportField
from ..tools.import_premises import PremisePaths, PremiseTypes
from ..tools.import_references import (
    address_fields,
    address_parts,
    ambiguous_words,
    cycles_by_name,
    services_by_code,
)

AGREEMENT_CHECKS = ("_check_account_is_open", "_check_shares", "_check_company")
POINT_CHECKS = ("_check_parent", "_check_company")
AGREEMENT_SHORTCUTS = {"service_id": (), "premise_id": ()}


class Supply:
    """A service at a row's premise: its point and agreement, on record or to be made."""

    __slots__ = (
        "service", "code", "point_id", "is_archived", "agreement_id", "start", "end", "share",
        "cycle_id",
    )

    def __init__(self, service, code):
        self.service = service
        self.code = code
        self.point_id = None
        self.is_archived = False
        self.agreement_id = None
        self.start = self.end = self.share = self.cycle_id = None


class ImportTargetWhole(models.AbstractModel):
    """One row holds everything: premise, account, payer, and the services that it takes."""

    _name = "utility.import.target.whole"
    _description = "Import: Accounts with All That Belongs to Them"
    _inherit = ["utility.import.target.account"]

    _one_row_each = False

    @api.model
    def _target_help(self):
        return self.env._(
            "A row holds an account with its address, payer and services. The premise is found by "
            "its address or made; each service gets a service point there and an agreement. Several "
            "rows may speak of one account, one service each."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        return [
            *self._account_fields(),
            *address_fields(_),
            ImportField("building_type", _("Type of the Building"),
                        looks_up=_("a premise type by its code or name")),
            ImportField("unit_type", _("Type of the Unit"),
                        looks_up=_("a premise type by its code or name")),
            ImportField(
                "services", _("Services"), help=_("Codes, separated by commas or spaces: CW, HEAT"),
                aliases=("service", "service codes", "paslaugos", "услуги"),
                looks_up=_("services by their code"),
            ),
            ImportField(
                "point_codes", _("Service Points"),
                help=_("Codes in the order of the services; empty: account number and service code."),
            ),
            ImportField("agreement_start", _("Services from"), kind="date",
                        help=_("Empty: from the day the account is opened.")),
            ImportField("agreement_end", _("Services to"), kind="date"),
            ImportField("share", _("Share, %"), kind="number", default="100"),
            ImportField("cycle", _("Billing Cycle"), aliases=("period", "periodiškumas"),
                        looks_up=_("a billing cycle by its name or its number of months")),
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
            "utility.service.agreement", "utility.service.point", *super()._undo_order(),
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
                item.fail(self.env._(
                    "row %(row)s says otherwise of account %(number)s: another payer or premise",
                    row=other.number, number=number,
                ))
            item.plan["first"] = other

    @api.model
    def _plan_services(self, batch, items):
        services, cycles = services_by_code(self.env), cycles_by_name(self.env)
        for item in items:
            item.plan["supplies"] = self._supplies(batch, item, services, cycles)
        points = self._points_on_record(items)
        agreements = self._agreements_on_record(points)
        taken = {}
        for item in items:
            if item.is_good:
                for supply in item.plan["supplies"]:
                    self._plan_supply(item, supply, points, agreements, taken)

    @api.model
    def _supplies(self, batch, item, services, cycles):
        _ = self.env._
        words = (item.get("services") or "").replace(";", ",").replace("|", ",").replace(",", " ")
        codes = (item.get("point_codes") or "").replace(";", ",").replace(",", " ").split()
        supplies = []
        for place, word in enumerate(words.split()):
            service = services.get(word.casefold())
            if not service:
                item.fail(_("there is no service “%(code)s”; there are: %(codes)s", code=word,
                            codes=", ".join(sorted({known.code for known in services.values()}))))
                continue
            supply = Supply(service, codes[place] if place < len(codes) else None)
            supply.start = self._day(item.get("agreement_start"), item.plan.get("date_open"))
            supply.end = self._day(item.get("agreement_end"))
            supply.share = item.get("share", 100)
            supplies.append(supply)
        if supplies and item.is_good:
            self._check_terms(item, supplies, cycles)
        return supplies

    @api.model
    def _check_terms(self, item, supplies, cycles):
        """The agreements' own checks: cycle, share, days within those of the account."""
        _ = self.env._
        cycle = cycles.get(item.get("cycle").casefold() if item.get("cycle") else None)
        start, end = supplies[0].start, supplies[0].end
        closed = item.plan["date_close"]
        if not cycle:
            item.fail(_("there is no billing cycle “%s”", item.get("cycle") or _("monthly")))
            return
        if not 0 < supplies[0].share <= 100:
            item.fail(_("the share of %s %% does not lie between 0 and 100 %%", supplies[0].share))
        if end and end < start:
            item.fail(_("the services would end on %(end)s, before they begin on %(start)s",
                        end=end, start=start))
        if start < item.plan["date_open"] or (closed and start > closed):
            item.fail(_(
                "the services would begin on %(start)s, when the account is not open "
                "(%(open)s – %(close)s)",
                start=start, open=item.plan["date_open"], close=closed or "…",
            ))
        for supply in supplies:
            supply.cycle_id = cycle.id

    @api.model
    def _points_on_record(self, items):
        """{(premise, service): [ids]} and {code: (id, premise, service, active)} of what rows may
        mean."""
        premises = {item.plan.get("premise_id") for item in items} - {None}
        codes = {
            supply.code or f"{item.get('number')}-{supply.service.code}"
            for item in items for supply in item.plan["supplies"]
        }
        found = {}
        for point_id, code, premise_id, service_id, active in self.env.execute_query(SQL(
            "SELECT id, code, premise_id, service_id, active FROM utility_service_point "
            "WHERE company_id = %s AND (premise_id = ANY(%s) OR code = ANY(%s))",
            self.env.company.id, list(premises), list(codes),
        )):
            if active:
                found.setdefault((premise_id, service_id), []).append(point_id)
            found[code] = (point_id, premise_id, service_id, active)
        return found

    @api.model
    def _agreements_on_record(self, points):
        """{point id: [(account, start, end, share, id)]}, live ones."""
        ids = [point[0] for key, point in points.items() if isinstance(key, str)]
        found = {}
        for point_id, *agreement in self.env.execute_query(SQL(
            "SELECT service_point_id, account_id, date_start, date_end, share, id "
            "FROM utility_service_agreement WHERE voided_at IS NULL AND service_point_id = ANY(%s)",
            ids,
        )) if ids else ():
            found.setdefault(point_id, []).append(agreement)
        return found

    @api.model
    def _plan_supply(self, item, supply, points, agreements, taken):
        """Find the supply's point and agreement; check what the point's accounts share."""
        self._find_point(item, supply, points)
        if not item.is_good:
            return
        account = item.plan["record"]["id"] if item.plan["record"] else item.plan.get("first", item)
        place = supply.point_id or (item.plan["place"], supply.service.id, supply.code)
        rows = agreements.get(supply.point_id, []) + taken.setdefault(place, [])
        for other, start, end, share, agreement_id in rows:
            if other == account and overlaps(start, end, supply.start, supply.end):
                supply.agreement_id = agreement_id
                if float(share) != float(supply.share):
                    item.fail(self.env._(
                        "%(service)s is on record with a share of %(share)s %%: change it by a file "
                        "of agreements", service=supply.service.name, share=f"{float(share):g}",
                    ))
                return
        total, day = peak_sum(
            [*((start, end, float(share)) for _other, start, end, share, _id in rows),
             (supply.start, supply.end, supply.share)]
        )
        if total > 100.0001:
            item.fail(self.env._(
                "the shares of %(service)s at “%(place)s” would add up to %(total)s %% on %(day)s",
                service=supply.service.name, place=item.plan["place"].words(), total=f"{total:g}",
                day=day,
            ))
            return
        taken[place].append((account, supply.start, supply.end, supply.share, True))

    @api.model
    def _find_point(self, item, supply, points):
        _ = self.env._
        premise_id = item.plan.get("premise_id")
        if supply.code or item.get("number"):
            code = supply.code or f"{item.get('number')}-{supply.service.code}"
            found = points.get(code)
            if found and found[1:3] != (premise_id, supply.service.id):
                item.fail(_("the service point “%s” is on record elsewhere: another premise or "
                            "service", code))
                return
            if found:
                supply.point_id, supply.is_archived = found[0], not found[3]
                return
        if supply.code:
            return
        known = points.get((premise_id, supply.service.id), ()) if premise_id else ()
        if len(known) > 1:
            item.fail(_(
                "%(count)s service points of %(service)s are on record there: name the point by its "
                "code", count=len(known), service=supply.service.name,
            ))
        elif known:
            supply.point_id = known[0]

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
            known = head.plan["record"] or {"id": head.plan.get("account_id"),
                                            "number": head.plan.get("number")}
            item.plan["account_id"], item.plan["number"] = known["id"], known["number"]
            item.becomes("utility.account", known["id"])
        self._make_supplies(items)
        for item in heads:
            self._close_account(item)

    @api.model
    def _heads(self, items):
        """{item: the item that makes or changes its account}."""
        by_number = {}
        return {
            item: by_number.setdefault(item.get("number") or item, item) for item in items
        }

    @api.model
    def _make_supplies(self, items):
        buildings = self._places([item.plan["premise_id"] for item in items])
        made, agreed = {}, []
        for item in items:
            for supply in item.plan["supplies"]:
                if supply.agreement_id:
                    continue
                agreed.append((item, supply))
                if not supply.point_id:
                    code = supply.code or f"{item.plan['number']}-{supply.service.code}"
                    key = (item.plan["premise_id"], supply.service.id, supply.code)
                    made.setdefault(key, (code, item, []))[2].append(supply)
        self._make_points(made, buildings)
        archived = {supply.point_id for _item, supply in agreed if supply.is_archived}
        self.env["utility.service.point"].browse(archived).write({"active": True})
        agreements = bulk_create(
            self.env["utility.service.agreement"],
            [self._prepare_agreement(item, supply) for item, supply in agreed],
            replaced=AGREEMENT_CHECKS, shortcuts=AGREEMENT_SHORTCUTS,
        )
        for (item, _supply), agreement_id in zip(agreed, agreements.ids, strict=True):
            item.has_made("utility.service.agreement", agreement_id)

    @api.model
    def _make_points(self, made, buildings):
        """One point for all rows that share it."""
        points = bulk_create(
            self.env["utility.service.point"],
            [
                {
                    "code": code, "company_id": self.env.company.id, "service_id": service_id,
                    "premise_id": premise_id,
                    "building_id": self._building_of(premise_id, buildings),
                }
                for (premise_id, service_id, _code), (code, _item, _supplies) in made.items()
            ],
            replaced=POINT_CHECKS, shortcuts={"building_id": ()},
        )
        for (_code, item, supplies), point_id in zip(made.values(), points.ids, strict=True):
            item.has_made("utility.service.point", point_id)
            for supply in supplies:
                supply.point_id = point_id

    @api.model
    def _building_of(self, premise_id, buildings):
        """A point's building is the one above its premise; an account's may be the premise."""
        building_id = buildings[premise_id][1]
        return building_id if building_id != premise_id else False

    @api.model
    def _prepare_agreement(self, item, supply):
        return {
            "company_id": self.env.company.id,
            "account_id": item.plan["account_id"],
            "service_point_id": supply.point_id,
            "service_id": supply.service.id,
            "premise_id": item.plan["premise_id"],
            "share": supply.share,
            "billing_cycle_id": supply.cycle_id,
            "date_start": supply.start,
            "date_end": supply.end or False,
        }
