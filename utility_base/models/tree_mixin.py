from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class TreeMixin(models.AbstractModel):
    """A tree by `parent_id` that refuses cycles with a message that names both ends."""

    _name = "utility.tree.mixin"
    _description = "Tree"

    # what `tools.trees.within` and `child_of` look by, in whatever order the database sorts texts
    _within = models.Index("(parent_path text_pattern_ops)")

    def write(self, vals):
        if vals.get("parent_id"):
            parent = self.browse(vals["parent_id"])
            parent._hold_the_way_up()
            for record in self:
                if parent.parent_path and parent.parent_path.startswith(record.parent_path or "/"):
                    raise ValidationError(record._cycle_message(parent))
        return super().write(vals)

    def _hold_the_way_up(self):
        """Nobody moves what stands above meanwhile: two halves of a cycle fit each other."""
        above = [int(part) for part in (self.parent_path or "").split("/") if part]
        if above:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id IN %s FOR SHARE",
                    SQL.identifier(self._table),
                    tuple(above),
                )
            )

    def _cycle_message(self, parent):
        return self.env._(
            "%(record)s cannot stand below %(parent)s: that one stands below it.",
            record=self.display_name,
            parent=parent.display_name,
        )
