"""Writing many records at once: what `create` stores, by COPY.

`bulk_create(model, vals_list)` gives the same stored columns as `model.create(vals_list)` (a test
compares them), some ten times faster:

1. rights are checked, ids are drawn from the table's sequence, defaults are asked for once;
2. stored computed columns are filled before anything is in the table, so that no row is written
   twice: by the ORM's own compute methods, run in the cache on one record of each group that
   agrees on all the column depends on; or by the caller, as a *shortcut*, for columns that he can
   tell set-wise. A shortcut is dropped as soon as another module overrides the compute method;
3. one COPY writes the rows; the database's constraints have their say, foreign keys once for
   each row that is referred to (`bulk_references`);
4. what other models compute from the new records is marked as the ORM would mark it; Python's
   constraints run (save those whose check the caller made set-wise before), then record rules.

What it leaves out, by intent: messages, followers and tracking of the chatter (an import's row is
the trace), the side effects of an overridden `create` in `KNOWN_CREATORS` (the caller does them
set-wise), one2many and many2many values. Where another module overrides `create`, or an automation
hooks into it, `bulk_create` steps back and calls `create`: slower, but right.
"""

import io
import json
import logging
import re
from datetime import date
from itertools import chain

from psycopg2 import sql
from psycopg2.extras import Json

from odoo.tools import SQL, float_repr, float_round, json_default

from .bulk_references import references_checked

_logger = logging.getLogger(__name__)

# Modules whose overrides of `create` were read: nothing in them is lost by going past them.
KNOWN_CREATORS = {"base", "mail", "account", "utility_base"}
CHUNK = 5000
# kinds of fields whose values are stored as they are given
AS_GIVEN = {"many2one", "char", "text", "date", "selection"}
# kinds of values of which a column often has few; equal ones of one kind read the same
REPEATED = {bool, int, str, date, type(None)}
LOG_COLUMNS = ("create_uid", "create_date", "write_uid", "write_date")
_JSON = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=json_default
)
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def bulk_create(model, vals_list, replaced=(), shortcuts=None, known_creators=()):
    """Create a record per dict of `vals_list` and return them in that order.

    Parents of a tree stand before their children, or exist already.

    :param replaced: names of constraint methods whose check was made set-wise by the caller;
        `_check_company` may be among them, and `_facts_changed` of dated facts, where what this
        module does in it is done by the caller
    :param shortcuts: {stored computed column that is among the values: methods that define it}
    :param known_creators: further modules whose override of `create` the caller makes up for
    :raise AccessError: the user may not create such records
    """
    model = model.browse()
    if not vals_list:
        return model
    vals_list = _without_untrusted(model, vals_list, shortcuts or {})
    strangers = unknown_creators(model, known_creators)
    if strangers:
        _logger.info("%s is created by the ORM: %s take part in it", model._name, strangers)
        plain = [
            {name: value for name, value in vals.items() if name not in (shortcuts or ())}
            for vals in vals_list
        ]
        return model.with_context(tracking_disable=True).create(plain)
    model.env.flush_all()
    parts = [
        _BulkInsert(model, vals_list[first : first + CHUNK], replaced).run()
        for first in range(0, len(vals_list), CHUNK)
    ]
    return model.browse(chain.from_iterable(part.ids for part in parts))


def unknown_creators(model, known=()):
    """Modules, beyond the known ones, that take part in creating the model's records."""
    found = set(_definers(model, "create")) - {*KNOWN_CREATORS, *known}
    return sorted(found)


def _definers(model, method):
    """Modules that define or override a method of the model."""
    model_class = type(model)
    found = [
        getattr(parent, "_module", None) for parent in model_class.mro() if method in vars(parent)
    ]
    if method in vars(model_class):
        found.append("an automation")
    return [module for module in found if module]


def _without_untrusted(model, vals_list, shortcuts):
    """Drop the shortcuts whose compute method another module has a say in."""
    dropped = {
        name
        for name, methods in shortcuts.items()
        if not {module for method in methods for module in _definers(model, method)}
        <= KNOWN_CREATORS
    }
    if not dropped:
        return vals_list
    return [
        {name: value for name, value in vals.items() if name not in dropped} for vals in vals_list
    ]


def copy_rows(cr, table, columns, rows):
    """Write `rows` (tuples in the order of `columns`) to `table` with one COPY."""
    copy_columns(cr, table, dict(zip(columns, zip(*rows, strict=True), strict=True)))


def copy_columns(cr, table, columns):
    """Write {column: values}, all of the same length, to `table` with one COPY."""
    texts = zip(*map(copy_texts, columns.values()), strict=True)
    query = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    cr.copy_expert(query, io.StringIO("\n".join(map("\t".join, texts)) + "\n"))


def copy_texts(values):
    """The values of one column as COPY reads them."""
    if isinstance(values, Constant):
        return [copy_text(values.value)] * len(values)
    kinds = set(map(type, values))
    if kinds == {str} and not _SPECIAL.search("".join(values)):
        return values
    if len(kinds - {type(None)}) == 1 and kinds <= REPEATED:
        known = {value: copy_text(value) for value in set(values)}
        return list(map(known.__getitem__, values))
    return list(map(copy_text, values))


def copy_text(value):
    """One value as COPY reads it."""
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, Json):
        value = json.dumps(value.adapted, ensure_ascii=False)
    elif not isinstance(value, str):
        return str(value)
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value


def _json_text(value):
    return _JSON.encode(value)


class Constant:
    """A column that has the same value in every row."""

    def __init__(self, value, length):
        self.value = value
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, _index):
        return self.value


def float_texts(values, places):
    """Floats as a column with so many places has them; what needs no rounding is not rounded."""
    texts = []
    for value in values:
        value = float(value or 0)
        text = f"{value:.{places}f}"
        if float(text) != value:
            text = float_repr(float_round(value, precision_digits=places), places)
        texts.append(text)
    return texts


def money_text(value, rounding, places):
    """An amount rounded to a currency's unit; what needs no rounding is not rounded."""
    text = f"{value:.{places}f}"
    if rounding == 10**-places and float(text) == value:
        return text
    return float_repr(float_round(value, precision_rounding=rounding), places)


def draw_ids(cr, table, count):
    """`count` fresh ids of the table, ascending."""
    cr.execute(SQL("SELECT pg_get_serial_sequence(%s, 'id')", table))
    sequence = cr.fetchone()[0]
    cr.execute(SQL("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", sequence, count))
    return [row[0] for row in cr.fetchall()]


class _BulkInsert:
    """One COPY of new records of one model."""

    def __init__(self, model, vals_list, replaced):
        self.model = model
        self.env = model.env
        self.vals_list = vals_list
        self.given = list(dict.fromkeys(chain.from_iterable(vals_list)))
        self.unsaid = {}
        self.columns = {}
        self.constants = {}
        self.checks = [
            check for check in model._constraint_methods if check.__name__ not in replaced
        ]
        self.check_company = model._check_company_auto and "_check_company" not in replaced
        self.tell_change = hasattr(model, "_facts_changed") and (
            "_facts_changed" not in replaced
            or not set(_definers(model, "_facts_changed")) <= KNOWN_CREATORS
        )
        self._refuse_unfit_names()

    def run(self):
        model = self.model
        model.check_access("create")
        for name in self.given:
            model._check_field_access(model._fields[name], "write")
        self.ids = draw_ids(self.env.cr, model._table, len(self.vals_list))
        self.records = model.browse(self.ids)
        self._take_defaults()
        self._take_given()
        self._take_parent_path()
        self._compute_columns()
        self._copy()
        self._tell_dependants()
        self._check()
        return self.records

    def _refuse_unfit_names(self):
        for name in self.given:
            field = self.model._fields.get(name)
            if not field or not field.store or not field.column_type:
                raise ValueError(f"{self.model._name}.{name} cannot be written in bulk")

    # -- columns ----------------------------------------------------------------------------

    def _take_defaults(self):
        """The same default for every record."""
        defaults = self.model._add_missing_default_values(dict.fromkeys(self.given, False))
        now, uid = self.env.cr.now(), self.env.uid
        for name in LOG_COLUMNS:
            if name in self.model._fields:
                defaults[name] = uid if name.endswith("uid") else now
        for name, value in defaults.items():
            field = self.model._fields[name]
            if name in self.given or not field.store or not field.column_type:
                continue
            self.constants[name] = value
            column = field.convert_to_column_insert(value, self.model, {})
            self.columns[name] = Constant(column, len(self.ids))

    def _take_given(self):
        partial = []
        if set(map(len, self.vals_list)) != {len(self.given)}:
            partial = [
                name for name in self.given if any(name not in vals for vals in self.vals_list)
            ]
        if partial:
            defaults = self.model._add_missing_default_values({})
            self.unsaid = {name: defaults.get(name) for name in partial}
        for name in self.given:
            self.columns[name] = self._given_column(self.model._fields[name])

    def _given_column(self, field):
        name = field.name
        if field.type in AS_GIVEN and name not in self.unsaid and not _is_converted(field):
            column = [vals[name] for vals in self.vals_list]
            return [None if value is False else value for value in column]
        if field.type == "json" and name not in self.unsaid:
            return [_json_text(vals[name]) if vals[name] else None for vals in self.vals_list]
        source = field.type == "monetary" and name not in self.unsaid and self._says_currency(field)
        if source:
            return self._money_texts(field, source)
        digits = (
            field.type == "float" and not field.company_dependent and field.get_digits(self.env)
        )
        if digits and name not in self.unsaid:
            return float_texts((vals[name] for vals in self.vals_list), digits[1])
        convert = field.convert_to_column_insert
        unsaid = self.unsaid.get(name)
        if unsaid is not None:
            unsaid = convert(unsaid, self.model, {})
        return [
            convert(vals[name], self.model, vals) if name in vals else unsaid
            for vals in self.vals_list
        ]

    def _says_currency(self, field):
        """The given column that says an amount's currency: itself, or what it is related by."""
        name = field.get_currency_field(self.model)
        related = (self.model._fields[name].related or "").split(".")[0]
        found = (source for source in (name, related) if source in self.given)
        return next((source for source in found if source not in self.unsaid), None)

    def _money_texts(self, field, source):
        """Amounts as their currencies have them; a currency is looked up once."""
        name, kinds, texts = field.get_currency_field(self.model), {}, []
        for vals in self.vals_list:
            key = vals[source]
            if key not in kinds:
                currency = self.model.new({source: key})[name]
                kinds[key] = currency and (currency.rounding, currency.decimal_places)
            value = float(vals[field.name] or 0)
            texts.append(money_text(value, *kinds[key]) if kinds[key] else str(value))
        return texts

    def _take_parent_path(self):
        model = self.model
        if not model._parent_store:
            return
        parents = self.columns.get(model._parent_name) or Constant(None, len(self.ids))
        known = {parents[index] for index in range(len(self.ids))} - {None, *self.ids}
        paths = self._paths_of(known)
        self.columns["parent_path"] = column = []
        for index, record_id in enumerate(self.ids):
            parent_id = parents[index]
            paths[record_id] = f"{paths[parent_id] if parent_id else ''}{record_id}/"
            column.append(paths[record_id])

    def _paths_of(self, parent_ids):
        if not parent_ids:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, parent_path FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(self.model._table),
                    list(parent_ids),
                )
            )
        )

    def _compute_columns(self):
        """Let the ORM compute what is not given: once for all records that agree on its sources."""
        fields = [
            field
            for field in self._stored_computed()
            if field.column_type and field.name not in self.columns
        ]
        if not fields:
            return
        stand_ins = {field.name: self._stand_ins(field) for field in fields}
        computed = sorted({index for indexes in stand_ins.values() for index in indexes})
        records = self.model.browse(self.ids[index] for index in computed)
        self._fill_cache(computed)
        for field in fields:
            self.env.add_to_compute(field, records)
        for field in fields:
            field.recompute(records)
        for field in fields:
            dirty = self.env._field_dirty.get(field)
            if dirty:
                dirty.difference_update(records.ids)
        for field in fields:
            self.columns[field.name] = self._column_of(field, stand_ins[field.name])

    def _stand_ins(self, field):
        """For each record, the index of the first that agrees on all that the field depends on."""
        sources = self._sources(field, set())
        varying = [self.columns[name] for name in sorted(sources) if name in self.given]
        if not varying:
            return [0] * len(self.ids)
        first = {}
        keys = zip(*(map(_hashable, column) for column in varying), strict=True)
        return [first.setdefault(key, index) for index, key in enumerate(keys)]

    def _sources(self, field, seen):
        """Columns of the record itself that a computed field depends on, however far away."""
        if field in seen:
            return set()
        seen.add(field)
        names = {path.split(".")[0] for path in self.model.pool.field_depends[field]}
        found = set(names)
        for name in names:
            source = self.model._fields[name]
            if source.compute and name not in self.columns:
                found |= self._sources(source, seen)
        return found

    def _column_of(self, field, stand_ins):
        """A record that stands for others may refer to itself: then each refers to itself."""
        values = {
            index: field.get_column_update(self.model.browse(self.ids[index]))
            for index in set(stand_ins)
        }
        itself = field.type == "many2one" and field.comodel_name == self.model._name
        return [
            self.ids[index]
            if itself and values[stand_in] == self.ids[stand_in]
            else values[stand_in]
            for index, stand_in in enumerate(stand_ins)
        ]

    def _fill_cache(self, indexes):
        """Tell the cache all about some records; what is not said is empty, not unknown, since
        nothing can be looked up in the table yet."""
        ids = [self.ids[index] for index in indexes]
        for field in self.model._fields.values():
            if not field.store or field.name == "id":
                continue
            cache = field._get_cache(self.env)
            if field.name in self.constants:
                value = field.convert_to_cache(self.constants[field.name], self.model)
                cache.update(dict.fromkeys(ids, value))
            elif field.name in self.given:
                for index in indexes:
                    vals = self.vals_list[index]
                    value = vals.get(field.name, self.unsaid.get(field.name))
                    cache[self.ids[index]] = field.convert_to_cache(value, self.model)
            elif field.name in self.columns:
                cache.update(
                    (self.ids[index], self.columns[field.name][index]) for index in indexes
                )
            else:
                nothing = () if field.type in ("one2many", "many2many") else None
                cache.update(dict.fromkeys(ids, nothing))

    def _stored_computed(self):
        return [field for field in self.model._fields.values() if field.store and field.compute]

    # -- into the table, and after ----------------------------------------------------------

    def _copy(self):
        columns = {"id": self.ids, **self.columns}
        with references_checked(self.env.cr, self.model._table, columns):
            copy_columns(self.env.cr, self.model._table, columns)

    def _tell_dependants(self):
        fields = list(self.model._fields.values())
        if self._has_dependants(fields):
            self._remember_references()
            self.records.modified(list(self.model._fields), create=True)
        for field in self._stored_computed():
            self.env.remove_to_compute(field, self.records)
        for field in fields:
            if field.type == "many2one" and field.store:
                for inverse in self.model.pool.field_inverses[field]:
                    inverse._invalidate_cache(self.env)

    def _remember_references(self):
        """What depends on the new records is reached by what they refer to: the cache need not
        read all of them back for that."""
        for field in self.model._fields.values():
            if field.type != "many2one" or not field.store or field.company_dependent:
                continue
            column = self.columns.get(field.name)
            if isinstance(column, Constant) or column is None:
                column = [column.value if column else None] * len(self.ids)
            field._get_cache(self.env).update(zip(self.ids, column, strict=True))

    def _has_dependants(self, fields):
        """Whether a stored field of another record may depend on the new ones."""
        tree = self.model.pool.get_trigger_tree(
            fields, select=lambda field: field.compute and field.store
        )
        return any(field.type not in ("many2one", "many2one_reference") for field in tree)

    def _check(self):
        told = set(self.columns)
        checks = [check for check in self.checks if not told.isdisjoint(check._constrains)]
        if checks or self.check_company:
            self._fill_cache(range(len(self.ids)))
        for check in checks:
            check(self.records.sudo())
        if self.check_company:
            self.records._check_company()
        if not self.env.su:
            self.records.check_access("create")
        if self.tell_change:
            self.records._facts_changed()


def _is_converted(field):
    """Whether a plain value is stored otherwise than as it is."""
    return (
        field.translate or field.company_dependent or getattr(field, "size", None)
        if field.type in ("char", "text")
        else field.company_dependent
    )


def _hashable(value):
    return repr(value) if isinstance(value, (dict, list, Json)) else value
