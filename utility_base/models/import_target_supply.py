# pylint: disable=prefer-env-translation
from odoo import api, models
from odoo.tools import SQL

from ..tools.bulk import bulk_create
from ..tools.dates import overlaps, peak_sum
from ..tools.import_fields import ImportField
from ..tools.import_references import cycles_by_name, services_by_code

AGREEMENT_CHECKS = ("_check_account_is_open", "_check_shares", "_check_company")
POINT_CHECKS = ("_check_parent", "_check_company")
AGREEMENT_SHORTCUTS = {"service_id": (), "premise_id": ()}


class Supply:
    """A service at a row's premise: its point and agreement, on record or to be made."""

    __slots__ = (
        "service",
        "code",
        "point_id",
        "is_archived",
        "agreement_id",
        "start",
        "end",
        "share",
        "cycle_id",
    )

    def __init__(self, service, code):
        self.service = service
        self.code = code
        self.point_id = None
        self.is_archived = False
        self.agreement_id = None
        self.start = self.end = self.share = self.cycle_id = None


class ImportTargetSupply(models.AbstractModel):
    """The services that a row's account takes at its premise: a point and an agreement each.

    The target that inherits this has planned the row's premise (`place`, `premise_id`) and account
    (`record`, `first`, `date_open`, `date_close`).
    """

    _name = "utility.import.target.supply"
    _description = "Import: Services of an Account"
    _inherit = ["utility.import.target"]

    @api.model
    def _service_fields(self):
        _ = self.env._
        return [
            ImportField(
                "services",
                _("Services"),
                help=_("Codes, separated by commas or spaces: CW, HEAT"),
                aliases=("service", "service codes", "paslaugos", "услуги"),
                looks_up=_("services by their code"),
            ),
            ImportField(
                "point_codes",
                _("Service Points"),
                help=_(
                    "Codes in the order of the services; empty: account number and service code."
                ),
            ),
            ImportField(
                "agreement_start",
                _("Services from"),
                kind="date",
                help=_("Empty: from the day the account is opened."),
            ),
            ImportField("agreement_end", _("Services to"), kind="date"),
            ImportField("share", _("Share, %"), kind="number", default="100"),
            ImportField(
                "cycle",
                _("Billing Cycle"),
                aliases=("period", "periodiškumas"),
                looks_up=_("a billing cycle by its name or its number of months"),
            ),
        ]

    # -- planning ---------------------------------------------------------------------------

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
                item.fail(
                    _(
                        "there is no service “%(code)s”; there are: %(codes)s",
                        code=word,
                        codes=", ".join(sorted({known.code for known in services.values()})),
                    )
                )
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
            item.fail(
                _(
                    "the services would end on %(end)s, before they begin on %(start)s",
                    end=end,
                    start=start,
                )
            )
        if start < item.plan["date_open"] or (closed and start > closed):
            item.fail(
                _(
                    "the services would begin on %(start)s, when the account is not open "
                    "(%(open)s – %(close)s)",
                    start=start,
                    open=item.plan["date_open"],
                    close=closed or "…",
                )
            )
        for supply in supplies:
            supply.cycle_id = cycle.id

    @api.model
    def _points_on_record(self, items):
        """{(premise, service): [ids]} and {code: (id, premise, service, active)} of what rows may
        mean."""
        premises = {item.plan.get("premise_id") for item in items} - {None}
        codes = {
            supply.code or f"{item.get('number')}-{supply.service.code}"
            for item in items
            for supply in item.plan["supplies"]
        }
        found = {}
        for point_id, code, premise_id, service_id, active in self.env.execute_query(
            SQL(
                "SELECT id, code, premise_id, service_id, active FROM utility_service_point "
                "WHERE company_id = %s AND (premise_id = ANY(%s) OR code = ANY(%s))",
                self.env.company.id,
                list(premises),
                list(codes),
            )
        ):
            if active:
                found.setdefault((premise_id, service_id), []).append(point_id)
            found[code] = (point_id, premise_id, service_id, active)
        return found

    @api.model
    def _agreements_on_record(self, points):
        """{point id: [(account, start, end, share, id)]}, live ones."""
        ids = [point[0] for key, point in points.items() if isinstance(key, str)]
        found = {}
        for point_id, *agreement in (
            self.env.execute_query(
                SQL(
                    "SELECT service_point_id, account_id, date_start, date_end, share, id "
                    "FROM utility_service_agreement WHERE voided_at IS NULL AND service_point_id "
                    "= ANY(%s)",
                    ids,
                )
            )
            if ids
            else ()
        ):
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
                    item.fail(
                        self.env._(
                            "%(service)s is on record with a share of %(share)s %%: change it by "
                            "a file of agreements",
                            service=supply.service.name,
                            share=f"{float(share):g}",
                        )
                    )
                return
        total, day = peak_sum(
            [
                *((start, end, float(share)) for _other, start, end, share, _id in rows),
                (supply.start, supply.end, supply.share),
            ]
        )
        if total > 100.0001:
            item.fail(
                self.env._(
                    "the shares of %(service)s at “%(place)s” would add up to %(total)s %% on "
                    "%(day)s",
                    service=supply.service.name,
                    place=item.plan["place"].words(),
                    total=f"{total:g}",
                    day=day,
                )
            )
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
                item.fail(
                    _(
                        "the service point “%s” is on record elsewhere: another premise or service",
                        code,
                    )
                )
                return
            if found:
                supply.point_id, supply.is_archived = found[0], not found[3]
                return
        if supply.code:
            return
        known = points.get((premise_id, supply.service.id), ()) if premise_id else ()
        if len(known) > 1:
            item.fail(
                _(
                    "%(count)s service points of %(service)s are on record there: name the point "
                    "by its code",
                    count=len(known),
                    service=supply.service.name,
                )
            )
        elif known:
            supply.point_id = known[0]

    # -- writing ----------------------------------------------------------------------------

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
            replaced=AGREEMENT_CHECKS,
            shortcuts=AGREEMENT_SHORTCUTS,
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
                    "code": code,
                    "company_id": self.env.company.id,
                    "service_id": service_id,
                    "premise_id": premise_id,
                    "building_id": self._building_of(premise_id, buildings),
                }
                for (premise_id, service_id, _code), (code, _item, _supplies) in made.items()
            ],
            replaced=POINT_CHECKS,
            shortcuts={"building_id": ()},
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
