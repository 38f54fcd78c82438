# pylint: disable=prefer-env-translation
from odoo import api, models
from odoo.tools import SQL

from ..tools.dates import overlaps, peak_sum
from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_people import People, person_fields
from ..tools.import_references import PremiseReferences, premise_fields

FACTS = ("share", "is_resident", "is_registered", "basis", "basis_date")
COLUMNS = (
    "id",
    "premise_id",
    "partner_id",
    "role",
    "share",
    "is_resident",
    "is_registered",
    "basis",
    "basis_date",
    "date_start",
    "date_end",
)


class ImportTargetPerson(models.AbstractModel):
    """People and companies, and where they own, rent or live."""

    _name = "utility.import.target.person"
    _description = "Import: People"
    _inherit = ["utility.import.target"]

    _one_row_each = False

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is a person or company and, when it names a premise, what they are there: "
            "owner, "
            "tenant, resident, absent. A person is recognised by a code; by the name alone only "
            "where the profile says so, or at a premise where somebody of that name is on record."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        roles = self.env["utility.occupancy"]._fields["role"]
        return [
            *person_fields(_),
            ImportField("birth_date", _("Date of Birth"), kind="date"),
            *premise_fields(_),
            ImportField(
                "role",
                _("Is There"),
                kind="selection",
                default="owner",
                choices=tuple(roles._description_selection(self.env)),
                aliases=("role", "status"),
            ),
            ImportField("share", _("Share, %"), kind="number", default="100"),
            ImportField("date_start", _("From"), kind="date", aliases=("nuo", "дата с")),
            ImportField("date_end", _("To"), kind="date", aliases=("iki", "дата по")),
            ImportField(
                "is_resident",
                _("Lives Here"),
                kind="boolean",
                help=_("Empty: tenants and residents do."),
            ),
            ImportField("is_registered", _("Registered Here"), kind="boolean"),
            ImportField("basis", _("Basis"), help=_("Deed, lease, extract of the register.")),
            ImportField("basis_date", _("Basis Dated"), kind="date"),
        ]

    @api.model
    def _target_models(self):
        return {"utility.occupancy": ("create", "write"), "res.partner": ("create",)}

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        profile = batch.profile_id
        references = PremiseReferences(self.env)
        named = [item for item in items if references.add(item)]
        references.look_up()
        for item in named:
            item.plan["premise_id"] = references.get(item)
        facts = self._facts([item.plan["premise_id"] for item in named])
        people = People(self.env, by_name=profile.same_name_same_person)
        may_see = self._permitted(
            "utility.premise", filter(None, (item.plan.get("premise_id") for item in named)), "read"
        )
        for item in items:
            item.plan["people"] = people
            if item.plan.get("premise_id") and item.plan["premise_id"] not in may_see:
                item.fail(self.env._("you may not see that premise"))
            self._recognise(item, people, facts)
        people.look_up()
        taken = {}
        for item in items:
            self._plan_person(profile, item, people)
            if item.is_good and item.plan.get("premise_id"):
                self._plan_fact(profile, item, facts, taken)
            if item.is_good:
                made = (item.plan["person"] and not item.plan["person"].id) or item.plan.get("fact")
                if made:
                    item.action = CREATE
                else:
                    self._settle_action(item, created=False)

    @api.model
    def _facts(self, premise_ids):
        """{premise id: [live occupancies with the person's name]}, by one query."""
        found = {}
        for row in self.env.execute_query(
            SQL(
                "SELECT %s, p.name FROM utility_occupancy o JOIN res_partner p ON p.id = "
                "o.partner_id WHERE o.voided_at IS NULL AND o.premise_id = ANY(%s)",
                SQL(", ").join(SQL("o.%s", SQL.identifier(name)) for name in COLUMNS),
                list({premise_id for premise_id in premise_ids if premise_id}),
            )
        ):
            fact = dict(zip((*COLUMNS, "name"), row, strict=True))
            found.setdefault(fact["premise_id"], []).append(fact)
        return found

    @api.model
    def _recognise(self, item, people, facts):
        """Somebody of that name at that premise is that person; else by code or name."""
        item.plan["person"] = None
        has_code = any(item.get(code) for code in ("ref", "personal_code", "vat"))
        name = (item.get("name") or "").casefold()
        there = {
            fact["partner_id"]
            for fact in facts.get(item.plan.get("premise_id"), ())
            if fact["name"].casefold() == name
        }
        if there and not has_code:
            if len(there) > 1:
                item.fail(
                    self.env._(
                        "several people called “%s” are on record there: give a code",
                        item.get("name"),
                    )
                )
            item.plan["partner_id"] = min(there)
            return
        item.plan["person"] = people.add(item.values)
        if not item.plan["person"]:
            item.fail(self.env._("the row names nobody: give a name or a code"))

    @api.model
    def _plan_person(self, profile, item, people):
        _ = self.env._
        person = item.plan["person"]
        if not person:
            return
        if person.count > 1:
            item.fail(
                _(
                    "%(count)s people on record answer to “%(name)s”: give a code",
                    count=person.count,
                    name=person.name,
                )
            )
        elif not person.id and not person.name:
            item.fail(_("nobody has that code, and the row gives no name"))
        elif person.id:
            item.becomes("res.partner", person.id)
            item.plan["partner_id"] = person.id
            changes = people.changes(person) if profile.existing == "update" else {}
            if changes:
                self._note_changes(item, "res.partner", person.record, changes)

    @api.model
    def _plan_fact(self, profile, item, facts, taken):
        """What the row says of a person at a premise, against what is on record."""
        _ = self.env._
        person = item.plan.get("partner_id") or item.plan["person"]
        start = self._day(item.get("date_start"))
        end = self._day(item.get("date_end"))
        if start and end and end < start:
            item.fail(
                _("the last day %(end)s comes before the first day %(start)s", end=end, start=start)
            )
            return
        role = item.get("role", "owner")
        on_record = facts.get(item.plan["premise_id"], [])
        same = [
            fact
            for fact in on_record
            if fact["partner_id"] == person
            and fact["role"] == role
            and overlaps(fact["date_start"], fact["date_end"], start or fact["date_start"], end)
        ]
        begun = start or (same[0]["date_start"] if same else self._first_day(profile))
        fact = {
            "premise_id": item.plan["premise_id"],
            "role": role,
            "date_start": begun,
            "date_end": end or False,
            **{name: item.values[name] for name in FACTS if name in item.values},
        }
        if len(same) > 1:
            item.fail(_("several facts of that person and premise overlap with the row's days"))
        elif same:
            self._plan_difference(profile, item, same[0], fact, end)
        else:
            item.plan["fact"] = fact
        if item.is_good and role == "owner" and item.plan.get("fact"):
            self._check_shares(item, on_record, taken.setdefault(item.plan["premise_id"], []))

    @api.model
    def _plan_difference(self, profile, item, known, fact, end):
        said = {name: fact[name] for name in FACTS if name in fact}
        same = all(
            self._as_text(known[name]) == self._as_text(value) for name, value in said.items()
        )
        if same and (known["date_end"] or False) == (end or False):
            item.becomes("utility.occupancy", known["id"])
            return
        if profile.existing == "leave":
            return
        record = self.env["utility.occupancy"].browse(known["id"])
        kept = {name: known[name] for name in FACTS if known[name] is not None}
        replacing = self._replacing(profile, item, record, fact["date_start"])
        if not replacing:
            return
        replacing["date_end"] = end or replacing["date_end"] or False
        item.plan["fact"] = {**kept, **fact, **replacing}

    @staticmethod
    def _as_text(value):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return f"{float(value):g}"
        return str(value or "")

    @api.model
    def _check_shares(self, item, on_record, taken):
        fact = item.plan["fact"]
        replaced = fact.get("replaces_id")
        shares = [
            (known["date_start"], known["date_end"], float(known["share"]))
            for known in on_record
            if known["role"] == "owner" and known["id"] != replaced
        ]
        own = (fact["date_start"], fact["date_end"], float(fact.get("share", 100)))
        total, day = peak_sum([*shares, *taken, own])
        if total > 100.0001:
            item.fail(
                self.env._(
                    "the owners' shares would add up to %(total)s %% on %(day)s: mend the share, "
                    "or end another owner's first",
                    total=f"{total:g}",
                    day=day,
                )
            )
        else:
            taken.append(own)

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        makers = {}
        for item in items:
            if item.plan["person"]:
                makers.setdefault(item.plan["person"], item)
        people = items[0].plan["people"] if items else None
        for person in people.create_missing(makers) if makers else ():
            makers[person].has_made("res.partner", person.id)
            birth = makers[person].get("birth_date")
            if birth:
                self.env["res.partner"].browse(person.id).utility_birth_date = birth
        partners = self.env["res.partner"]
        self._update_all(
            [
                (partners.browse(item.plan["partner_id"]), item.plan["vals"])
                for item in items
                if item.plan.get("vals")
            ]
        )
        self._record([item for item in items if item.plan.get("fact")])
        for item in items:
            if not item.res_id:
                item.becomes("res.partner", item.plan["person"].id)

    @api.model
    def _record(self, items):
        vals_list = [
            {
                **item.plan["fact"],
                "partner_id": item.plan.get("partner_id") or item.plan["person"].id,
            }
            for item in items
        ]
        facts = self._record_facts(
            "utility.occupancy", vals_list, replaced=("_check_owner_shares",)
        )
        for item, fact_id in zip(items, facts.ids, strict=True):
            item.becomes("utility.occupancy", fact_id)
            item.has_made("utility.occupancy", fact_id)
