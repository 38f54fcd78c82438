import hashlib
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.bulk import bulk_create
from ..tools.import_item import CREATE, UNCHANGED, UPDATE
from ..tools.import_json import dumps


class ImportTarget(models.AbstractModel):
    """What rows of a file become. A target inherits this and registers with
    `utility.import.profile._import_targets()`.

    Rows come in slices, as `ImportItem`s. `_plan` looks a slice up with a fixed number of queries
    and says of each item what it would do (`action`) or why it cannot be taken (`fail`); it writes
    nothing. `_write` then does it, in bulk. A slice is planned twice: when a file is checked, and
    again right before it is written, since the world may have changed.
    """

    _name = "utility.import.target"
    _description = "Target of Imports"

    # the same row may have an effect only once: money
    _once = False
    # two rows of a file may not speak of the same thing
    _one_row_each = True
    # rows of a file that are equal are as many different things, told apart by their place among
    # their like: the first, the second, … A row is known by what the file says, mended or not
    _numbers_equal_rows = False
    # a row is judged by what it says itself, without a look at other rows or the records they made:
    # what is plainly good needs no further check
    _plans_rows_alone = False
    _slice_size = 2000

    @api.model
    def _target_help(self):
        """What the target does, for the profile's form."""
        return ""

    @api.model
    def _target_fields(self, profile):
        """The fields a row may say: list of `ImportField`."""
        raise NotImplementedError

    @api.model
    def _key_fields(self):
        """Names of the fields that make a row the same in another file; empty: all."""
        return ()

    @api.model
    def _refuse_settings(self, profile):
        """:raise UserError: the profile lacks what the target needs"""

    @api.model
    def _target_models(self):
        """Models that the target creates records of: {model: operations that it needs}."""
        return {}

    @api.model
    def _plan(self, batch, items):
        """Say of each item what will be done; see the class."""
        raise NotImplementedError

    @api.model
    def _write(self, batch, items):
        """Do what was planned for the items, all of which are good and something new."""
        raise NotImplementedError

    @api.model
    def _differing_totals(self, batch, stated):
        """What the rows of a file come to otherwise than the file itself states, in words.

        :param stated: {kind of `utility.import.total`: number as text}, and `warnings` in words
        """
        return []

    @api.model
    def _waves(self, batch):
        """{row id: wave > 0} of rows that must follow others of the file, and {row id: reason} of
        those that cannot: cycles."""
        return {}, {}

    # -- frame ------------------------------------------------------------------------------

    @api.model
    def _row_key(self, profile, values):
        names = self._key_fields() or sorted(values)
        key = [profile.target, profile.company_id.id, [values.get(name) for name in names]]
        return hashlib.sha256(dumps(key).encode()).hexdigest()

    @api.model
    def _check_rights(self):
        """:raise AccessError: the user may not write what the rows become"""
        for model, operations in self._target_models().items():
            for operation in operations:
                self.env[model].check_access(operation)

    # -- taking back ------------------------------------------------------------------------

    @api.model
    def _undo_order(self):
        """Models whose records are taken back, dependents first."""
        return list(self._target_models())

    @api.model
    def _undo(self, made, reason):
        """Take back what a batch created.

        Dated facts are voided; other records are archived, where nothing else hangs on them.
        :param made: {model: [ids]}
        """
        order = self._undo_order()
        for name in sorted(made, key=lambda name: order.index(name) if name in order else -1):
            records = self.env[name].browse(made[name]).exists()
            records.check_access("write")
            if hasattr(records, "_void"):
                records._void(reason)
            elif "active" in records._fields:
                records.filtered("active").write({"active": False})

    # -- for the targets --------------------------------------------------------------------

    @api.model
    def _day(self, text, default=None):
        return date.fromisoformat(text) if text else default

    @api.model
    def _first_day(self, profile):
        return profile.fact_date or fields.Date.context_today(profile)

    @api.model
    def _update_all(self, records_vals):
        """Write each record its own values; equal values in one go.

        :param records_vals: list of (record, vals)
        """
        groups = {}
        for record, vals in records_vals:
            key = (record._name, repr(sorted(vals.items())))
            groups.setdefault(key, (vals, record.browse()))
            groups[key] = (vals, groups[key][1] | record)
        for vals, records in groups.values():
            records.with_context(mail_notrack=True).write(vals)

    @api.model
    def _record_facts(self, model, vals_list, **bulk):
        """Create dated facts; those with `replaces_id` close or void what they replace, as
        `_supersede` does."""
        names = dict.fromkeys(name for vals in vals_list for name in vals)
        vals_list = [{name: vals.get(name, False) for name in names} for vals in vals_list]
        if "replaces_id" in names:
            self.env[model]._retire_replaced(vals_list)
        return bulk_create(self.env[model], vals_list, **bulk)

    @api.model
    def _replacing(self, profile, item, fact, day):
        """Values by which a new fact replaces `fact`, as the profile says: from `day` on, or all
        the time; None, and the item fails, when it cannot change on that day."""
        if profile.fact_mode == "correction":
            return {
                "replaces_id": fact.id,
                "replace_kind": "correction",
                "replace_reason": profile.fact_reason
                or self.env._("Corrected by an imported file"),
                "date_start": fact.date_start,
                "date_end": fact.date_end,
            }
        if day <= fact.date_start or (fact.date_end and day > fact.date_end):
            item.fail(
                self.env._(
                    "%(fact)s is on record and cannot change on %(day)s: name a later day within "
                    "it, or use a profile that corrects",
                    fact=fact._fact_label(),
                    day=fields.Date.to_string(day),
                )
            )
            return None
        return {
            "replaces_id": fact.id,
            "replace_kind": "change",
            "date_start": day,
            "date_end": fact.date_end,
        }

    @api.model
    def _inverted(self, start, end):
        return self.env._(
            "the last day %(end)s comes before the first day %(start)s", end=end, start=start
        )

    @api.model
    def _permitted(self, model, ids, operation):
        """Those of the ids on which the user may do it; all of them for the superuser."""
        ids = list(dict.fromkeys(ids))
        if self.env.su or not ids:
            return set(ids)
        return set(self.env[model].browse(ids)._filtered_access(operation).ids)

    @api.model
    def _refuse_misplaced(self, item, place, paths):
        """Fail the item when a new place, or one above it, has no type or a wrong one."""
        untyped = paths.untyped(place)
        if untyped:
            item.fail(
                self.env._(
                    "there is no premise type for “%s”: make one in Configuration", untyped.words()
                )
            )
            return
        misplaced = paths.misplaced(place)
        if misplaced:
            types = paths.types.by_id
            item.fail(
                self.env._(
                    "“%(place)s”: a premise of the type “%(type)s” cannot stand in one of the type "
                    "“%(parent_type)s”",
                    place=misplaced.words(),
                    type=types[misplaced.type_id].name,
                    parent_type=types[misplaced.parent.type_id].name,
                )
            )

    @api.model
    def _note_changes(self, item, model, record, wanted):
        """Put into `item.plan["vals"]` what `wanted` says otherwise than `record`, a dict of
        columns, and into `item.changes` the words for it."""
        changed = {}
        for name, value in wanted.items():
            before = record.get(name)
            if (before or None) != (value or None):
                changed[name] = value
                field = self.env[model]._fields[name]
                if field.type == "many2one":
                    names = self.env[field.comodel_name].sudo().browse
                    shown = [
                        names(number).display_name if number else "" for number in (before, value)
                    ]
                else:
                    shown = ["" if each is None else each for each in (before, value)]
                item.changes.append(
                    f"{field._description_string(self.env)}: {shown[0]} → {shown[1]}"
                )
        item.plan.setdefault("vals", {}).update(changed)
        return changed

    @api.model
    def _codes_in_file(self, batch, field, codes):
        """Those of the codes that open rows of the file bring along."""
        if not codes:
            return set()
        return {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT parsed->>%s FROM utility_import_row "
                    "WHERE batch_id = %s AND state IN ('new', 'valid') AND parsed->>%s = ANY(%s)",
                    field,
                    batch.id,
                    field,
                    list(codes),
                )
            )
        }

    @api.model
    def _waves_by_code(self, batch, field, parent_field):
        """See `_waves`: how many rows of the file stand above each; a circle is refused."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, number, parsed->>%s, parsed->>%s FROM utility_import_row "
                "WHERE batch_id = %s AND state = 'valid' AND parsed->>%s IS NOT NULL",
                field,
                parent_field,
                batch.id,
                parent_field,
            )
        )
        parents = {code: parent for _id, _number, code, parent in rows if code}
        numbers = {code: number for _id, number, code, _parent in rows if code}
        depths = {}
        waves, refused = {}, {}
        for row_id, _number, code, parent in rows:
            circle = self._circle(code, parent, parents)
            if circle:
                refused[row_id] = self.env._(
                    "it stands below itself: %(codes)s (rows %(rows)s). Correct one of the "
                    "parents.",
                    codes=" → ".join(circle),
                    rows=", ".join(str(numbers[each]) for each in circle[:-1] if each in numbers),
                )
            else:
                waves[row_id] = self._depth(parent, parents, depths)
        return waves, refused

    @api.model
    def _circle(self, code, parent, parents):
        """The codes of the circle that the row is in or below; None when it ends at the top."""
        seen = {code: None} if code else {}
        while parent is not None:
            if parent in seen:
                way = list(seen)
                return [*way[way.index(parent) :], parent]
            seen[parent] = None
            parent = parents.get(parent)
        return None

    @api.model
    def _depth(self, code, parents, depths):
        way = []
        while code is not None and code not in depths:
            way.append(code)
            code = parents.get(code)
        depth = depths.get(code, 0)
        for each in reversed(way):
            depth += 1
            depths[each] = depth
        return depth

    @api.model
    def _settle_action(self, item, created):
        """Create, update or unchanged, from what the plan found."""
        item.action = CREATE if created else UPDATE if item.changes else UNCHANGED
