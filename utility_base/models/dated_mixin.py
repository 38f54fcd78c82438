"""The dated fact: when it is so, and when we knew it."""

from collections import defaultdict
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, mute_logger

from ..tools.dates import day_before, overlaps


def no_overlap(*key, optional=()):
    """A constraint that forbids two live facts with the same key on one day.

    :param key: columns that say what the fact is about
    :param optional: many2one columns of the key that may be empty
    """
    members = [f"{column} WITH =" for column in key]
    members += [f"(COALESCE({column}, 0)) WITH =" for column in optional]
    return models.Constraint(
        f"EXCLUDE USING gist ({', '.join(members)}, daterange(date_start, date_end, '[]') WITH &&) "
        "WHERE (voided_at IS NULL)",
        "Two facts about the same thing may not overlap in time.",
    )


class DatedMixin(models.AbstractModel):
    """Rows are never overwritten: a change closes one row and opens the next, a correction voids
    the wrong row and inserts the right one. `date_start` and `date_end` are both included.

    A model that inherits this sets `_fact_key` (and `_fact_key_optional`), declares `_no_overlap =
    no_overlap(...)` over the same fields, and `replaces_id`, a many2one to itself.
    """

    _name = "utility.dated.mixin"
    _description = "Dated Fact"
    _order = "date_start desc, id desc"

    _fact_key = ()
    _fact_key_optional = ()
    _free_fields = frozenset({"note"})

    date_start = fields.Date(
        "From", required=True, index=True, default=fields.Date.context_today,
        help="First day on which this is so.",
    )
    date_end = fields.Date("To", help="Last day on which this is so; empty: still in force.")
    end_recorded_at = fields.Datetime("End Recorded on", readonly=True, copy=False)
    recorded_at = fields.Datetime(
        "Recorded on", required=True, readonly=True, copy=False, default=fields.Datetime.now,
        help="When the system learned this.",
    )
    voided_at = fields.Datetime("Voided on", readonly=True, copy=False, index="btree_not_null")
    voided_by = fields.Many2one("res.users", "Voided by", readonly=True, copy=False)
    void_reason = fields.Char(readonly=True, copy=False)
    replace_kind = fields.Selection(
        [("change", "Changed from a date on"), ("correction", "Corrected: it was wrong")],
        "Replaces as", readonly=True, copy=False,
    )
    replace_reason = fields.Char("Reason", copy=False)
    note = fields.Char()
    fact_state = fields.Selection(
        [("planned", "Planned"), ("in_force", "In Force"), ("ended", "Ended"), ("voided", "Voided")],
        "State", compute="_compute_fact_state", search="_search_fact_state",
    )
    in_force_on = fields.Date(store=False, compute="_compute_no_date", search="_search_in_force_on")
    known_on = fields.Date(store=False, compute="_compute_no_date", search="_search_known_on")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "The last day may not come before the first one.",
    )

    # -- computes ---------------------------------------------------------------------------

    @api.depends_context("tz")
    @api.depends("date_start", "date_end", "voided_at")
    def _compute_fact_state(self):
        today = fields.Date.context_today(self)
        for fact in self:
            if fact.voided_at:
                fact.fact_state = "voided"
            elif fact.date_start and fact.date_start > today:
                fact.fact_state = "planned"
            elif fact.date_end and fact.date_end < today:
                fact.fact_state = "ended"
            else:
                fact.fact_state = "in_force"

    def _search_fact_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        live = Domain("voided_at", "=", False)
        states = {
            "voided": Domain("voided_at", "!=", False),
            "planned": live & Domain("date_start", ">", today),
            "ended": live & Domain("date_end", "<", today),
            "in_force": self._domain_in_force(today),
        }
        return Domain.OR(states[state] for state in value if state in states)

    def _compute_no_date(self):
        self.in_force_on = self.known_on = False

    def _search_in_force_on(self, operator, value):
        return self._search_by_days(operator, value, self._domain_in_force_whatever_known)

    def _search_known_on(self, operator, value):
        return self._search_by_days(operator, value, self._domain_known_on)

    def _search_by_days(self, operator, value, domain_of_day):
        days = [value] if operator == "=" else value if operator == "in" else None
        if days is None:
            return NotImplemented
        return Domain.OR(domain_of_day(fields.Date.to_date(day)) for day in days if day)

    # -- questions in time ------------------------------------------------------------------

    @api.model
    def _domain_in_force(self, day, day_to=None, known_at=None):
        """Domain of the facts in force on `day` (or on any day up to `day_to`).

        :param known_at: moment (UTC) whose knowledge counts; now when empty
        """
        started = Domain("date_start", "<=", day_to or day)
        not_ended = Domain("date_end", "=", False) | Domain("date_end", ">=", day)
        if not known_at:
            return Domain("voided_at", "=", False) & started & not_ended
        not_ended |= Domain("end_recorded_at", ">", known_at)
        return self._domain_known_at(known_at) & started & not_ended

    @api.model
    def _domain_in_force_whatever_known(self, day):
        ended = Domain("date_end", "=", False) | Domain("date_end", ">=", day)
        return Domain("date_start", "<=", day) & ended

    @api.model
    def _domain_known_at(self, moment):
        """Domain of the facts that were recorded and not voided at `moment` (UTC)."""
        not_voided = Domain("voided_at", "=", False) | Domain("voided_at", ">", moment)
        return Domain("recorded_at", "<=", moment) & not_voided

    @api.model
    def _domain_known_on(self, day):
        return self._domain_known_at(fields.Datetime.end_of(fields.Datetime.to_datetime(day), "day"))

    def _in_force(self, day):
        """Those of the facts that are live and in force on `day`."""
        return self.filtered(
            lambda fact: not fact.voided_at
            and fact.date_start <= day
            and (not fact.date_end or fact.date_end >= day)
        )

    # -- recording --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._clean_fact_vals(vals) for vals in vals_list]
        self._retire_replaced(vals_list)
        self._refuse_inverted(vals_list)
        self._refuse_overlaps(vals_list)
        with self._explained_violations():
            facts = super().create(vals_list)
        facts._facts_changed()
        return facts

    def write(self, vals):
        """A recorded fact may be closed or annotated; anything else makes a new row."""
        ending = vals.get("date_end")
        if ending and self.filtered("date_end") and not self._holds({"date_end": ending}):
            raise self._overwrite_error("date_end")
        for name in vals:
            if name == "date_end" and ending:
                continue
            if name in self._protected_fields() and not self._holds({name: vals[name]}):
                raise self._overwrite_error(name)
        if ending and not self._holds({"date_end": ending}):
            vals = {**vals, "end_recorded_at": fields.Datetime.now()}
        return self._write_fact(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for fact in self:
            raise UserError(self.env._(
                "%(fact)s is kept for the record. Void it with a reason instead.",
                fact=fact._fact_label(),
            ))

    def _supersede(self, changes, date_start=None, reason=None):
        """Replace each fact by a copy with `changes` and return the new facts, in order.

        :param date_start: a change: the old fact ends the day before; None: a correction, the old
            fact is voided and the new one takes its place from its first day on
        :param reason: why; a correction must say it
        :raise UserError: no reason, or the fact is not in force on `date_start`
        """
        if not date_start and not reason:
            raise UserError(self.env._("Say why the fact was wrong."))
        kind = "change" if date_start else "correction"
        return self.create([
            {
                **fact._fact_values(),
                **({"date_start": date_start} if date_start else {}),
                **changes,
                "replaces_id": fact.id,
                "replace_kind": kind,
                "replace_reason": reason,
            }
            for fact in self
        ])

    def _void(self, reason):
        """Take the facts out of force, as never having been so.

        :raise UserError: no reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why %(fact)s is voided.", fact=self[:1]._fact_label()))
        live = self.filtered(lambda fact: not fact.voided_at)
        live._write_fact({
            "voided_at": fields.Datetime.now(),
            "voided_by": self.env.uid,
            "void_reason": reason,
        })
        return live

    def _close(self, date_end):
        """End the facts on `date_end` (last day included); a fact with another end is replaced."""
        open_ended = self.filtered(lambda fact: not fact.date_end)
        if open_ended:
            open_ended.write({"date_end": date_end})
        for fact in (self - open_ended).filtered(lambda fact: fact.date_end != date_end):
            fact._supersede(
                {"date_end": date_end}, reason=self.env._("Ends on another day than foreseen")
            )

    # -- buttons ----------------------------------------------------------------------------

    def action_change(self):
        """A form for what is so from a later day on; saving it ends this fact the day before."""
        return self._action_successor("change", {
            "default_date_start": max(fields.Date.context_today(self), self.date_start),
        })

    def action_correct(self):
        """A form for what was so all the time; saving it voids this fact."""
        return self._action_successor("correction", {})

    def action_void(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void"),
            "res_model": "utility.void.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_fact_model": self._name, "default_fact_ids": self.ids},
        }

    def void(self, reason):
        """Void the facts, for buttons and other programs.

        :raise UserError: no reason given
        :raise AccessError: the user may not write them
        """
        self.check_access("write")
        self._void(reason)
        return True

    # -- hooks ------------------------------------------------------------------------------

    def _facts_changed(self):
        """Called after facts were created, closed or voided."""

    def _timeline_entry(self):
        """The fact as an entry of an account's timeline; see `utility.account.timeline`."""
        self.ensure_one()
        return {
            "date": self.date_start,
            "date_end": self.date_end,
            "title": self.display_name,
            "text": self.note or "",
            "state": self.fact_state,
            "res_model": self._name,
            "res_id": self.id,
            "recorded_at": fields.Datetime.to_string(self.recorded_at),
            "voided_at": fields.Datetime.to_string(self.voided_at) if self.voided_at else False,
            "reason": self.void_reason or self.replace_reason or "",
        }

    def _fact_label(self):
        """The fact in words for messages: what it is and from when to when."""
        return self._period_label(self.display_name, self.date_start, self.date_end)

    # -- inside -----------------------------------------------------------------------------

    def _write_fact(self, vals):
        for fact in self:
            fact._refuse_inverted([{"date_start": fact.date_start, **vals}])
        with self._explained_violations():
            done = super(DatedMixin, self).write(vals)
            self.flush_recordset()
        self._facts_changed()
        return done

    def _clean_fact_vals(self, vals):
        vals = {"date_start": fields.Date.context_today(self), **vals}
        if not self.env.su:
            for name in ("recorded_at", "voided_at", "voided_by", "end_recorded_at"):
                vals.pop(name, None)
        return vals

    def _retire_replaced(self, vals_list):
        """Close or void what the new facts replace, all of one kind at once."""
        retired = defaultdict(list)
        for vals in vals_list:
            old = self.browse(vals.get("replaces_id"))
            if old and not old.voided_at:
                change = vals.get("replace_kind") == "change"
                key = ("change", vals["date_start"]) if change else ("correction", vals.get("replace_reason"))
                retired[key].append(old.id)
        for (kind, argument), ids in retired.items():
            facts = self.browse(ids)
            facts.check_access("write")
            if kind == "change":
                facts._end_before(fields.Date.to_date(argument))
            else:
                facts._void(argument)
        self.flush_model()

    def _end_before(self, day):
        for fact in self:
            if day <= fact.date_start or (fact.date_end and day > fact.date_end):
                raise UserError(self.env._(
                    "%(fact)s cannot change on %(day)s: choose a later day within it, or correct it.",
                    fact=fact._fact_label(), day=format_date(self.env, day),
                ))
        self._close(day_before(day))

    def _action_successor(self, kind, context):
        self.ensure_one()
        if self.voided_at:
            raise UserError(self.env._("%(fact)s is voided already.", fact=self._fact_label()))
        defaults = {f"default_{name}": value for name, value in self._fact_values().items()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change") if kind == "change" else self.env._("Correct"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                **defaults,
                "default_replaces_id": self.id,
                "default_replace_kind": kind,
                **context,
            },
        }

    def _fact_values(self):
        """What the fact says, as values for `create`."""
        self.ensure_one()
        values = self.copy_data()[0]
        return {
            name: value for name, value in values.items()
            if self._fields[name].store and not self._fields[name].type == "one2many"
        } | {"date_start": self.date_start, "date_end": self.date_end}

    def _protected_fields(self):
        return {
            name for name, field in self._fields.items()
            if field.store and not field.compute and field.type != "one2many"
            and name not in self._free_fields and not name.startswith(("message_", "activity_"))
        } | {"date_start", "date_end"}

    def _holds(self, vals):
        """Whether the facts say this already."""
        return all(
            field.convert_to_write(fact[name], fact) == field.convert_to_write(
                field.convert_to_record(field.convert_to_cache(value, fact), fact), fact
            )
            for fact in self
            for name, value in vals.items()
            for field in [self._fields[name]]
        )

    def _overwrite_error(self, name):
        return UserError(self.env._(
            "%(fact)s: “%(field)s” is on record and cannot be overwritten. "
            "Use Change from a date on, or Correct if it was wrong.",
            fact=self[:1]._fact_label(),
            field=self._fields[name]._description_string(self.env),
        ))

    @contextmanager
    def _explained_violations(self):
        """The database has the last word, also against a fact that another user records now."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except (psycopg2.errors.ExclusionViolation, psycopg2.errors.CheckViolation) as error:
            raise ValidationError(self._sql_error_to_message(error)) from error

    def _refuse_inverted(self, vals_list):
        for vals in vals_list:
            start, end = fields.Date.to_date(vals["date_start"]), vals.get("date_end")
            if start and end and fields.Date.to_date(end) < start:
                raise ValidationError(self.env._(
                    "%(what)s: the last day %(end)s comes before the first day %(start)s.",
                    what=self._fact_label() if len(self) == 1 else self._vals_label(vals),
                    start=format_date(self.env, start), end=format_date(self.env, end),
                ))

    def _refuse_overlaps(self, vals_list):
        """Find, with one query, what the database would refuse, to say it in words."""
        by_key = defaultdict(list)
        for vals in vals_list:
            start, end = (fields.Date.to_date(vals.get(name)) for name in ("date_start", "date_end"))
            key = tuple(vals.get(name) or None for name in self._whole_key())
            if any(overlaps(start, end, *other) for other in by_key[key]):
                raise ValidationError(self.env._(
                    "%(what)s: two of the new facts overlap in time.", what=self._vals_label(vals)
                ))
            by_key[key].append((start, end))
        rows = [(*key, *period) for key, periods in by_key.items() for period in periods]
        found = self._find_overlap(rows) if rows and self._fact_key else None
        if found:
            vals, other = found
            raise ValidationError(self.env._(
                "%(what)s overlaps with what is on record: %(other)s. "
                "End that one first, or correct it.",
                what=self._period_label(
                    self._vals_label(vals), vals["date_start"], vals["date_end"]
                ),
                other=other._fact_label(),
            ))

    def _find_overlap(self, rows):
        """The first of `rows` (key, start, end) that a live fact overlaps, and that fact."""
        names = self._whole_key()
        same = [SQL("fact.%(c)s = new.%(c)s", c=SQL.identifier(name)) for name in self._fact_key]
        same += [
            SQL("COALESCE(fact.%(c)s, 0) = COALESCE(new.%(c)s, 0)", c=SQL.identifier(name))
            for name in self._fact_key_optional
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in (*names, "date_start", "date_end"))
        found = self.env.execute_query(SQL(
            """
            SELECT fact.id, %(columns)s FROM (VALUES %(rows)s) AS new (%(plain)s)
            JOIN %(table)s fact ON %(same)s AND fact.voided_at IS NULL
                AND daterange(fact.date_start, fact.date_end, '[]')
                 && daterange(new.date_start, new.date_end, '[]')
            LIMIT 1
            """,
            columns=SQL(", ").join(
                SQL("new.%s", SQL.identifier(name)) for name in (*names, "date_start", "date_end")
            ),
            rows=SQL(", ").join(self._typed_row(row) for row in rows),
            plain=columns,
            table=SQL.identifier(self._table),
            same=SQL(" AND ").join(same),
        ))
        if not found:
            return None
        fact_id, *values = found[0]
        vals = dict(zip((*names, "date_start", "date_end"), values, strict=True))
        return vals, self.sudo().browse(fact_id)

    def _typed_row(self, row):
        *key, start, end = row
        cells = [
            SQL("%s::int", value) if self._fields[name].type == "many2one" else SQL("%s::varchar", value)
            for name, value in zip(self._whole_key(), key, strict=True)
        ]
        return SQL("(%s)", SQL(", ").join([*cells, SQL("%s::date", start), SQL("%s::date", end or None)]))

    def _whole_key(self):
        return (*self._fact_key, *self._fact_key_optional)

    def _vals_label(self, vals):
        """What values for `create` are about, in words."""
        subjects = []
        for name in self._whole_key():
            value = vals.get(name)
            if value and self._fields[name].type == "many2one":
                subjects.append(self.env[self._fields[name].comodel_name].browse(value).display_name)
        return ", ".join(filter(None, subjects)) or self._description

    def _period_label(self, what, start, end):
        return self.env._(
            "%(what)s (%(start)s – %(end)s)",
            what=what,
            start=format_date(self.env, start) if start else "",
            end=format_date(self.env, end) if end else "…",
        )
