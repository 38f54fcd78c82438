"""The dated fact: when it is so, and when we knew it."""

from collections import defaultdict
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, mute_logger

from ..tools.dates import day_before

SHOWN = 3


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
        "From",
        required=True,
        index=True,
        default=fields.Date.context_today,
        help="First day on which this is so.",
    )
    date_end = fields.Date("To", help="Last day on which this is so; empty: still in force.")
    end_recorded_at = fields.Datetime("End Recorded on", readonly=True, copy=False)
    recorded_at = fields.Datetime(
        "Recorded on",
        required=True,
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="When the system learned this.",
    )
    voided_at = fields.Datetime("Voided on", readonly=True, copy=False, index="btree_not_null")
    voided_by = fields.Many2one("res.users", "Voided by", readonly=True, copy=False)
    void_reason = fields.Char(readonly=True, copy=False)
    replace_kind = fields.Selection(
        [("change", "Changed from a date on"), ("correction", "Corrected: it was wrong")],
        "Replaces as",
        readonly=True,
        copy=False,
    )
    replace_reason = fields.Char("Reason", copy=False)
    note = fields.Char()
    fact_state = fields.Selection(
        [
            ("planned", "Planned"),
            ("in_force", "In Force"),
            ("ended", "Ended"),
            ("voided", "Voided"),
        ],
        "State",
        compute="_compute_fact_state",
        search="_search_fact_state",
    )

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
            fact.fact_state = "voided" if fact.voided_at else fact._state_on(today, fact.date_end)

    def _state_on(self, day, date_end):
        """The state of a live fact on `day`, were `date_end` its last day."""
        if self.date_start and self.date_start > day:
            return "planned"
        return "ended" if date_end and date_end < day else "in_force"

    # -- recording --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # first of all: what is said below names what is on record
        self.browse().check_access("create")
        vals_list = self._clean_fact_vals(vals_list)
        self._retire_replaced(vals_list)
        self._refuse_bad(vals_list)
        self._refuse_inverted(vals_list)
        self._refuse_overlaps(vals_list)
        with self._explained_violations(vals_list):
            facts = super().create(vals_list)
        facts._facts_changed()
        return facts

    def write(self, vals):  # pylint: disable=method-required-super
        """A recorded fact may be closed or annotated; anything else makes a new row."""
        ending = vals.get("date_end")
        has_end = self.filtered(lambda fact: fact.date_end or fact.voided_at)
        if ending and not has_end._holds({"date_end": ending}):
            raise has_end._overwrite_error("date_end")
        protected = self._protected_fields() - ({"date_end"} if ending else set())
        for name in vals:
            if name in protected and not self._holds({name: vals[name]}):
                raise self._overwrite_error(name)
        ended = self.filtered("date_end") if ending else self.browse()
        if self - ended and ending:
            (self - ended)._write_fact({**vals, "end_recorded_at": fields.Datetime.now()})
            return ended.write(vals) if ended else True
        return self._write_fact(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        for fact in self:
            raise UserError(
                self.env._(
                    "%(fact)s is kept for the record. Void it with a reason instead.",
                    fact=fact._fact_label(),
                )
            )

    def _supersede(self, changes, date_start=None, reason=None):
        """Replace each fact by a copy with `changes` and return the new facts, in order.

        :param date_start: a change: the old fact ends the day before; None: a correction, the old
            fact is voided and the new one takes its place from its first day on
        :param reason: why; a correction must say it
        :raise UserError: no reason, or the fact is not in force on `date_start`
        """
        if not date_start and not (reason or "").strip():
            raise UserError(self.env._("Say why the fact was wrong."))
        self._refuse_voided()
        kind = "change" if date_start else "correction"
        return self.create(
            [
                {
                    **fact._fact_values(),
                    **({"date_start": date_start} if date_start else {}),
                    **changes,
                    "replaces_id": fact.id,
                    "replace_kind": kind,
                    "replace_reason": reason,
                }
                for fact in self
            ]
        )

    def _void(self, reason):
        """Take the facts out of force, as never having been so.

        :raise UserError: no reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why %(fact)s is voided.", fact=self[:1]._fact_label()))
        live = self.filtered(lambda fact: not fact.voided_at)
        live._write_fact(
            {
                "voided_at": fields.Datetime.now(),
                "voided_by": self.env.uid,
                "void_reason": reason,
            }
        )
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
        return self._action_successor(
            "change",
            {
                "default_date_start": max(fields.Date.context_today(self), self.date_start),
            },
        )

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

    def _refuse_bad(self, vals_list):
        """Refuse what the database would refuse, in words that name the fact.

        :raise ValidationError: a value may not be so
        """

    def _timeline_title(self):
        """What the fact says, in the few words of a timeline's entry."""
        self.ensure_one()
        return self.display_name

    def _timeline_entry(self):
        """The fact as an entry of an account's timeline; see `utility.account.timeline`."""
        self.ensure_one()
        return {
            "date": self.date_start,
            "date_end": self.date_end,
            "dated": True,
            "title": self._timeline_title(),
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
            done = super().write(vals)  # pylint: disable=super-method-mismatch
            self.flush_recordset()
        self._facts_changed()
        return done

    def _clean_fact_vals(self, vals_list):
        """The values with their defaults; when a fact became known is for nobody to choose."""
        names = [*self._whole_key(), "date_start", "date_end", "replaces_id", "replace_kind"]
        before, after = self.default_get(names), {}
        if not self.env.su:
            after = {
                "recorded_at": fields.Datetime.now(),
                "end_recorded_at": False,
                "voided_at": False,
                "voided_by": False,
                "void_reason": False,
            }
        return [{**before, **vals, **after} for vals in vals_list]

    def _retire_replaced(self, vals_list):
        """Close or void what the new facts replace, all of one kind at once."""
        retired = defaultdict(list)
        for vals in vals_list:
            old = self.browse(vals.get("replaces_id"))
            if old:
                old._refuse_voided()
                change = vals.get("replace_kind") == "change"
                key = (
                    ("change", vals["date_start"])
                    if change
                    else ("correction", vals.get("replace_reason"))
                )
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
                raise UserError(
                    self.env._(
                        "%(fact)s cannot change on %(day)s: choose a later day within "
                        "it, or correct it.",
                        fact=fact._fact_label(),
                        day=format_date(self.env, day),
                    )
                )
        self._close(day_before(day))

    def _action_successor(self, kind, context):
        self.ensure_one()
        self._refuse_voided()
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

    def _refuse_voided(self):
        for fact in self:
            if fact.voided_at:
                raise UserError(self.env._("%(fact)s is voided already.", fact=fact._fact_label()))

    def _fact_values(self):
        """What the fact says, as values for `create`."""
        self.ensure_one()
        values = self.copy_data()[0]
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].store and not self._fields[name].type == "one2many"
        } | {"date_start": self.date_start, "date_end": self.date_end}

    def _protected_fields(self):
        return {
            name
            for name, field in self._fields.items()
            if field.store
            and field.type != "one2many"
            and name not in self._free_fields
            and not name.startswith(("message_", "activity_"))
        } | {"date_start", "date_end"}

    def _holds(self, vals):
        """Whether the facts say this already."""
        return all(
            field.convert_to_write(fact[name], fact)
            == field.convert_to_write(
                field.convert_to_record(field.convert_to_cache(value, fact), fact), fact
            )
            for fact in self
            for name, value in vals.items()
            for field in [self._fields[name]]
        )

    def _overwrite_error(self, name):
        return UserError(
            self.env._(
                "%(fact)s: “%(field)s” is on record and cannot be overwritten. "
                "Use Change from a date on, or Correct if it was wrong.",
                fact=self[:1]._fact_label(),
                field=self._fields[name]._description_string(self.env),
            )
        )

    @contextmanager
    def _explained_violations(self, vals_list=()):
        """The database has the last word, also against a fact that another user records now."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
        except (psycopg2.errors.ExclusionViolation, psycopg2.errors.CheckViolation) as error:
            labels = [self._vals_period_label(vals) for vals in vals_list[:SHOWN]]
            labels += [fact._fact_label() for fact in self[:SHOWN]]
            raise ValidationError(
                "; ".join(labels) + ": " + self._sql_error_to_message(error)
            ) from error

    def _refuse_inverted(self, vals_list):
        for vals in vals_list:
            start, end = fields.Date.to_date(vals["date_start"]), vals.get("date_end")
            if not start:
                raise ValidationError(
                    self.env._("%(what)s: say from which day on.", what=self._vals_label(vals))
                )
            if start and end and fields.Date.to_date(end) < start:
                raise ValidationError(
                    self.env._(
                        "%(what)s: the last day %(end)s comes before the first day %(start)s.",
                        what=self._fact_label() if len(self) == 1 else self._vals_label(vals),
                        start=format_date(self.env, start),
                        end=format_date(self.env, end),
                    )
                )

    def _whole_key(self):
        return (*self._fact_key, *self._fact_key_optional)

    def _vals_label(self, vals):
        """What values for `create` are about, in words."""
        subjects = []
        for name in self._whole_key():
            value = vals.get(name)
            if value and self._fields[name].type == "many2one":
                subjects.append(
                    self.env[self._fields[name].comodel_name].browse(value).display_name
                )
        return ", ".join(filter(None, subjects)) or self._description

    def _vals_period_label(self, vals):
        return self._period_label(self._vals_label(vals), vals["date_start"], vals.get("date_end"))

    def _period_label(self, what, start, end):
        return self.env._(
            "%(what)s (%(start)s – %(end)s)",
            what=what,
            start=format_date(self.env, start) if start else "",
            end=format_date(self.env, end) if end else "…",
        )
