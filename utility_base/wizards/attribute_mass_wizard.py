from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_round

from ..models.attribute_value import COLUMNS
from ..tools.dates import day_before

TARGETS = {
    "utility.premise": "premise_id",
    "utility.account": "account_id",
    "utility.service.point": "service_point_id",
    "res.partner": "partner_id",
}
PREVIEW_ROWS = 80
SLICE = 1000


class AttributeMassWizard(models.TransientModel):
    """Give an attribute of many records a value from a day on, after a look at what changes."""

    _name = "utility.attribute.mass.wizard"
    _description = "Mass Change of an Attribute"

    attribute_id = fields.Many2one("utility.attribute", required=True, ondelete="cascade")
    value_type = fields.Selection(related="attribute_id.value_type")
    uom_id = fields.Many2one(related="attribute_id.uom_id")
    model = fields.Selection(
        [
            ("utility.premise", "Premises"),
            ("utility.account", "Accounts"),
            ("utility.service.point", "Service points"),
            ("res.partner", "People and companies"),
        ],
        "Of",
        required=True,
        default="utility.premise",
    )
    domain = fields.Char("Which", default="[]")
    date_start = fields.Date("From", required=True, default=fields.Date.context_today)
    operation = fields.Selection(
        [("set", "Set to"), ("add", "Add"), ("multiply", "Multiply by")],
        required=True,
        default="set",
    )
    value_number = fields.Float("Number", digits=(16, 6))
    value_text = fields.Char("Text")
    value_boolean = fields.Boolean("Yes")
    value_date = fields.Date("Date")
    choice_id = fields.Many2one(
        "utility.attribute.choice",
        ondelete="cascade",
        domain="[('attribute_id', '=', attribute_id)]",
    )
    note = fields.Char("Reason")
    line_ids = fields.One2many("utility.attribute.mass.line", "wizard_id", readonly=True)
    total = fields.Integer("Records", readonly=True)
    changing = fields.Integer("That Change", readonly=True)
    is_previewed = fields.Boolean()

    @api.onchange(
        "attribute_id",
        "model",
        "domain",
        "date_start",
        "operation",
        "value_number",
        "value_text",
        "value_boolean",
        "value_date",
        "choice_id",
    )
    def _onchange_inputs(self):
        self.is_previewed = False

    def action_preview(self):
        self.ensure_one()
        changes = self._changes()
        self.line_ids.unlink()
        self.line_ids = [
            fields.Command.create(
                {
                    "owner": owner.display_name,
                    "before": before.value_display if before else "",
                    "after": self._as_text(after),
                    "problem": problem,
                }
            )
            for owner, before, after, problem in changes[:PREVIEW_ROWS]
        ]
        self.changing = sum(1 for change in changes if not change[3])
        self.is_previewed = True
        return self._reopen()

    def action_run(self):
        self.ensure_one()
        changes = [change for change in self._changes() if not change[3]]
        if not changes:
            raise UserError(self.env._("Nothing changes: every record has this value already."))
        for start in range(0, len(changes), SLICE):
            self._record(changes[start : start + SLICE])
        action = self.attribute_id.action_open_values()
        return {**action, "target": "main"}

    def _changes(self):
        """What changes: list of (owner, value in force before, raw value after, "
        "problem in words)."""
        self._check_value_given()
        owners = self._owners()
        self.total = len(owners)
        current = self._current_values(owners)
        changes = []
        for owner in owners:
            before = current.get(owner.id)
            after = self._after(before)
            if after is None or (before and before._value() == after):
                continue
            changes.append((owner, before, after, self._problem(before, after)))
        return changes

    def _check_value_given(self):
        if self.value_type in ("text", "date", "choice") and not self[COLUMNS[self.value_type]]:
            raise UserError(self.env._("Say which value %s gets.", self.attribute_id.name))

    def _owners(self):
        if not self.attribute_id[self._flag()]:
            raise UserError(
                self.env._(
                    "%(attribute)s is not an attribute of that kind of record: see its definition.",
                    attribute=self.attribute_id.name,
                )
            )
        types = self.attribute_id.premise_type_ids
        owners = self._chosen_records()
        if self.model == "utility.premise":
            # who is tied to a building sees the street and town above, too
            owners = owners._filtered_access("write")
            owners = owners.filtered(lambda owner: not types or owner.type_id in types)
        return owners

    def _chosen_records(self):
        """What the filter finds; it is read as data, nothing in it is ever run."""
        try:
            return self.env[self.model].search(Domain(literal_eval(self.domain or "[]")))
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise UserError(
                self.env._(
                    "The filter cannot be read: choose its conditions from the lists. (%s)", error
                )
            ) from error

    def _flag(self):
        return self.env["utility.attribute.value"]._owner_fields()[TARGETS[self.model]]

    def _current_values(self, owners):
        values = self.env["utility.attribute.value"]
        owner_field = TARGETS[self.model]
        found = values.search(
            values._domain_in_force(self.date_start)
            & Domain("attribute_id", "=", self.attribute_id.id)
            & Domain(owner_field, "in", owners.ids)
        )
        return {value[owner_field].id: value for value in found}

    def _after(self, before):
        """The raw value after; None where there is nothing to add to or to multiply."""
        if self.value_type != "number":
            raw = self[COLUMNS[self.value_type]]
            return raw.code if self.value_type == "choice" else raw
        if self.operation != "set" and not before:
            return None
        number = {
            "set": lambda old, given: given,
            "add": lambda old, given: old + given,
            "multiply": lambda old, given: old * given,
        }[self.operation](before.value_number if before else 0, self.value_number)
        return float_round(number, precision_digits=self.attribute_id.decimals)

    def _problem(self, before, after):
        attribute = self.attribute_id
        if (
            attribute.value_type == "number"
            and attribute.has_range
            and not (attribute.minimum <= after <= attribute.maximum)
        ):
            return self.env._("Out of range")
        if before and before.date_start == self.date_start:
            return self.env._("A value begins on this very day: correct it by hand")
        return ""

    def _record(self, changes):
        values = self.env["utility.attribute.value"]
        ends = self._ends_before_later_values([owner.id for owner, *_rest in changes])
        values.create(
            [
                {
                    **values._vals_for(self.attribute_id, after),
                    TARGETS[self.model]: owner.id,
                    "date_start": self.date_start,
                    "date_end": before.date_end if before else ends.get(owner.id, False),
                    "note": self.note,
                    **({"replaces_id": before.id, "replace_kind": "change"} if before else {}),
                }
                for owner, before, after, _problem in changes
            ]
        )

    def _ends_before_later_values(self, owner_ids):
        """Where a value is planned for a later day: the day before it, by owner."""
        owner_field = TARGETS[self.model]
        later = self.env["utility.attribute.value"]._read_group(
            Domain("voided_at", "=", False)
            & Domain("date_start", ">", self.date_start)
            & Domain("attribute_id", "=", self.attribute_id.id)
            & Domain(owner_field, "in", owner_ids),
            [owner_field],
            ["date_start:min"],
        )
        return {owner.id: day_before(start) for owner, start in later}

    def _as_text(self, raw):
        value = self.env["utility.attribute.value"].new(
            self.env["utility.attribute.value"]._vals_for(self.attribute_id, raw)
        )
        return value._value_text()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Mass Change of an Attribute"),
        }
