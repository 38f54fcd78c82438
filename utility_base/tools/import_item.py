"""A staged row on its way through a target."""

CREATE, UPDATE, UNCHANGED = "create", "update", "unchanged"


class ImportItem:
    """What a target is told of a row, and what it says of it.

    :ivar values: what the row says, by field
    :ivar action: create, update or unchanged, once planned
    :ivar reason: why the row cannot be taken, in words; empty when it can
    :ivar changes: what differs from what is on record, in words: ["Floor: 3 → 4"]
    :ivar made: {model: [ids]} of the records that the row created
    :ivar plan: the target's own notes between planning and writing
    :ivar left_out: why the row is no business of the target, in words; it stays on record so
    """

    __slots__ = (
        "id",
        "number",
        "values",
        "action",
        "reason",
        "changes",
        "res_model",
        "res_id",
        "made",
        "plan",
        "key_hash",
        "faulty",
        "left_out",
    )

    def __init__(self, row_id, number, values, key_hash=None):
        self.id = row_id
        self.number = number
        self.values = values
        self.key_hash = key_hash
        self.reset()

    def reset(self):
        self.action = None
        self.reason = ""
        self.faulty = []
        self.changes = []
        self.res_model = None
        self.res_id = None
        self.made = {}
        self.plan = {}
        self.left_out = None

    @property
    def is_good(self):
        return not self.reason

    def get(self, name, default=None):
        value = self.values.get(name)
        return default if value is None else value

    def fail(self, reason, *fields):
        """Say why the row cannot be taken, and which fields are at fault where that is known; the
        first reason stays in front."""
        self.faulty.extend(fields)
        self.reason = f"{self.reason}; {reason}" if self.reason else reason

    def leave_out(self, reason):
        self.left_out, self.action = reason, UNCHANGED

    def becomes(self, model, res_id):
        self.res_model, self.res_id = model, res_id

    def has_made(self, model, *ids):
        self.made.setdefault(model, []).extend(ids)
