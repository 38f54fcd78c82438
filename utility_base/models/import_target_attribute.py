# pylint: disable=prefer-env-translation
from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.dates import overlaps
from ..tools.import_fields import ImportField
from ..tools.import_item import CREATE
from ..tools.import_references import (
    PremiseReferences,
    accounts_by_number,
    points_by_code,
    premise_fields,
)
from ..tools.import_values import NO, YES
from .attribute_value import COLUMNS as VALUE_COLUMNS

OWNERS = ("premise_id", "account_id", "service_point_id", "partner_id")


class ImportTargetAttribute(models.AbstractModel):
    """Dated values of attributes, of premises, accounts, service points or people."""

    _name = "utility.import.target.attribute"
    _description = "Import: Attribute Values"
    _inherit = ["utility.import.target"]

    @api.model
    def _target_help(self):
        return self.env._(
            "A row is the value of one attribute from a day on. It belongs to the account, service "
            "point, person or premise that the row names."
        )

    @api.model
    def _target_fields(self, profile):
        _ = self.env._
        return [
            ImportField(
                "attribute",
                _("Attribute"),
                required=True,
                aliases=("code", "savybė"),
                looks_up=_("an attribute by its code or name"),
            ),
            ImportField("value", _("Value"), required=True, aliases=("reikšmė", "значение")),
            ImportField("date_start", _("From"), kind="date", aliases=("nuo", "дата с")),
            ImportField("date_end", _("To"), kind="date", aliases=("iki", "дата по")),
            ImportField(
                "number",
                _("Account Number"),
                aliases=("account", "sąskaita"),
                looks_up=_("an account by its number"),
            ),
            ImportField(
                "point_code", _("Service Point"), looks_up=_("a service point by its code")
            ),
            ImportField("person_ref", _("Person, Code"), looks_up=_("a person by code")),
            *premise_fields(_),
        ]

    @api.model
    def _key_fields(self):
        return (
            "attribute",
            "date_start",
            "number",
            "point_code",
            "person_ref",
            "premise_code",
            "locality",
            "street",
            "building",
            "section",
            "unit",
        )

    @api.model
    def _target_models(self):
        return {"utility.attribute.value": ("create", "write")}

    # -- planning ---------------------------------------------------------------------------

    @api.model
    def _plan(self, batch, items):
        attributes = self._attributes()
        self._find_owners(items)
        facts = self._facts(items)
        for item in items:
            word = plain_word(item.get("attribute"))
            item.plan["attribute"] = attribute = attributes.get(word)
            if not attribute:
                item.fail(self.env._("there is no attribute “%s”", item.get("attribute")))
            if item.is_good:
                self._plan_value(batch.profile_id, item, facts)

    @api.model
    def _attributes(self):
        attributes = self.env["utility.attribute"].sudo().search([])
        found = {plain_word(attribute.name): attribute for attribute in attributes}
        found.update((plain_word(attribute.code), attribute) for attribute in attributes)
        attributes.choice_ids.mapped("code")
        return found

    @api.model
    def _find_owners(self, items):
        """The one record that each row's value belongs to."""
        accounts = accounts_by_number(self.env, {item.get("number") for item in items} - {None})
        points = points_by_code(self.env, {item.get("point_code") for item in items} - {None})
        people = self._people({item.get("person_ref") for item in items} - {None})
        references = PremiseReferences(self.env)
        by_premise = [
            item
            for item in items
            if not any(item.get(name) for name in ("number", "point_code", "person_ref"))
            and (references.add(item) or True)
        ]
        references.look_up()
        for item in by_premise:
            self._own(item, "premise_id", references.get(item))
        known = {"number": accounts, "point_code": points, "person_ref": people}
        owner_fields = {
            "number": "account_id",
            "point_code": "service_point_id",
            "person_ref": "partner_id",
        }
        for item in items:
            for name, field in owner_fields.items():
                if item.get(name):
                    found = known[name].get(item.get(name))
                    if not found:
                        item.fail(self.env._("nothing on record has the code “%s”", item.get(name)))
                    self._own(item, field, found and found["id"])
        self._refuse_unseen(items)

    @api.model
    def _own(self, item, field, record_id):
        item.plan["owner"] = (field, record_id)

    @api.model
    def _refuse_unseen(self, items):
        """A value of what the user may not see is refused as if it were not there."""
        values = self.env["utility.attribute.value"]
        for field in OWNERS:
            ids = [
                item.plan["owner"][1]
                for item in items
                if item.plan.get("owner") and item.plan["owner"][0] == field
            ]
            may = self._permitted(values._fields[field].comodel_name, filter(None, ids), "read")
            for item in items:
                owner = item.plan.get("owner")
                if owner and owner[0] == field and owner[1] and owner[1] not in may:
                    item.fail(self.env._("you may not see what the row is about"))

    @api.model
    def _people(self, refs):
        if not refs:
            return {}
        return {
            ref: {"id": partner_id}
            for ref, partner_id in self.env.execute_query(
                SQL("SELECT ref, id FROM res_partner WHERE active AND ref = ANY(%s)", list(refs))
            )
        }

    @api.model
    def _facts(self, items):
        """{(attribute, owner field, owner): [live values]}, by one query."""
        columns = ("id", "attribute_id", *OWNERS, *VALUE_COLUMNS.values(), "date_start", "date_end")
        ids = {field: [] for field in OWNERS}
        for item in items:
            field, record_id = item.plan.get("owner") or ("premise_id", None)
            if record_id:
                ids[field].append(record_id)
        found = {}
        for row in self.env.execute_query(
            SQL(
                "SELECT %s FROM utility_attribute_value WHERE voided_at IS NULL AND (%s)",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(" OR ").join(
                    SQL("%s = ANY(%s)", SQL.identifier(field), ids[field]) for field in OWNERS
                ),
            )
        ):
            fact = dict(zip(columns, row, strict=True))
            owner = next(field for field in OWNERS if fact[field])
            found.setdefault((fact["attribute_id"], owner, fact[owner]), []).append(fact)
        return found

    @api.model
    def _plan_value(self, profile, item, facts):
        attribute = item.plan["attribute"]
        raw = self._raw(profile, item, attribute)
        if not item.is_good:
            return
        try:
            vals = self.env["utility.attribute.value"]._vals_for(attribute, raw)
        except ValidationError as error:
            item.fail(str(error))
            return
        field, record_id = item.plan["owner"]
        start, end = self._day(item.get("date_start")), self._day(item.get("date_end"))
        start = start or self._first_day(profile)
        if end and end < start:
            item.fail(
                self.env._(
                    "the last day %(end)s comes before the first day %(start)s",
                    end=end,
                    start=start,
                )
            )
            return
        known = facts.get((attribute.id, field, record_id), [])
        self._plan_fact(
            profile,
            item,
            known,
            {
                **vals,
                field: record_id,
                "date_start": start,
                "date_end": end or False,
            },
            VALUE_COLUMNS[attribute.value_type],
        )

    @api.model
    def _plan_fact(self, profile, item, known, fact, column):
        same = [
            row
            for row in known
            if overlaps(row["date_start"], row["date_end"], fact["date_start"], fact["date_end"])
        ]
        if not same:
            item.plan["fact"], item.action = fact, CREATE
            return
        row = same[0]
        equal = _comparable(row[column]) == _comparable(fact[column])
        item.becomes("utility.attribute.value", row["id"])
        if (equal and len(same) == 1) or profile.existing == "leave":
            self._settle_action(item, created=False)
            return
        if len(same) > 1:
            item.fail(self.env._("several values on record overlap with the row's days"))
            return
        record = self.env["utility.attribute.value"].browse(row["id"])
        replacing = self._replacing(profile, item, record, fact["date_start"])
        if not replacing:
            return
        item.plan["fact"] = {**fact, **replacing}
        item.changes.append(
            f"{item.plan['attribute'].name}: {_shown(row[column])} → {item.get('value')}"
        )
        item.action = CREATE

    @api.model
    def _raw(self, profile, item, attribute):
        """The value in its own Python type."""
        text = str(item.get("value"))
        kind = {"number": "number", "date": "date", "boolean": "boolean"}.get(attribute.value_type)
        if kind == "boolean":
            word = text.strip().casefold()
            if word not in YES | NO:
                item.fail(self.env._("“%s” is neither yes nor no", text))
            return word in YES
        if not kind:
            return text
        value, fault = profile._read_value(kind, text)
        if fault:
            item.fail(fault)
        elif (
            kind == "number"
            and attribute.has_range
            and not (attribute.minimum <= value <= attribute.maximum)
        ):
            item.fail(
                self.env._(
                    "%(attribute)s: %(value)s is out of range, allowed is %(minimum)s to "
                    "%(maximum)s",
                    attribute=attribute.name,
                    value=f"{value:g}",
                    minimum=f"{attribute.minimum:g}",
                    maximum=f"{attribute.maximum:g}",
                )
            )
        return value

    # -- writing ----------------------------------------------------------------------------

    @api.model
    def _write(self, batch, items):
        facts = self._record_facts("utility.attribute.value", [item.plan["fact"] for item in items])
        for item, fact_id in zip(items, facts.ids, strict=True):
            item.becomes("utility.attribute.value", fact_id)
            item.has_made("utility.attribute.value", fact_id)


def plain_word(word):
    return (word or "").strip().casefold()


def _comparable(value):
    if isinstance(value, bool) or value is None:
        return bool(value)
    return (
        f"{float(value):.6f}" if hasattr(value, "is_integer") or _is_decimal(value) else str(value)
    )


def _is_decimal(value):
    return hasattr(value, "as_tuple")


def _shown(value):
    return f"{float(value):g}" if _is_decimal(value) else "" if value is None else str(value)
