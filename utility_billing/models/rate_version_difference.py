from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from .rate_component_difference import in_words

# fields that make a difference to a bill
VERSION_TERMS = ("calendar_id", "netting")


class RateVersion(models.Model):
    """What a version changes against the one before it."""

    _inherit = "utility.rate.version"

    previous_id = fields.Many2one(
        "utility.rate.version", "Version before", compute="_compute_difference"
    )
    difference = fields.Html(compute="_compute_difference", sanitize=False)

    def _compute_difference(self):
        for version in self:
            version.previous_id = version._previous()
            version.difference = version._difference_table(
                version._differences(version.previous_id) if version.previous_id else []
            )

    def _previous(self):
        """The approved version that stands before this one."""
        return self.schedule_id.version_ids.filtered(
            lambda other: (
                other.state == "approved"
                and not other.voided_at
                and other.id != self._origin.id
                and self.date_start
                and other.date_start < self.date_start
            )
        ).sorted("date_start")[-1:]

    def _differences(self, previous):
        """What is other than in a previous version.

        :return: list of (component, what, before, after), as words
        """
        found = [
            (self.env._("Whole tariff"), *change)
            for change in self._changes(previous, VERSION_TERMS)
        ]
        before = {component.code: component for component in previous.component_ids}
        after = {component.code: component for component in self.component_ids}
        for code, component in after.items():
            if code not in before:
                found.append((component.name, self.env._("New"), "", component.summary))
                continue
            found += [(component.name, *change) for change in component._changed(before[code])]
        for code, component in before.items():
            if code not in after:
                found.append((component.name, self.env._("No more"), component.summary, ""))
        return found

    def _changes(self, previous, names):
        return [
            (
                self._fields[name]._description_string(self.env),
                in_words(previous, name),
                in_words(self, name),
            )
            for name in names
            if in_words(previous, name) != in_words(self, name)
        ]

    def _difference_table(self, rows):
        if not self.previous_id:
            return Markup("<p class='text-muted'>%s</p>") % self.env._(
                "There is no approved version before it."
            )
        if not rows:
            return Markup("<p class='text-muted'>%s</p>") % self.env._(
                "It says the same as the version from %(day)s.",
                day=format_date(self.env, self.previous_id.date_start),
            )
        head = Markup("").join(
            Markup("<th>%s</th>") % title
            for title in (
                self.env._("Component"),
                self.env._("What"),
                self.env._("Since %(day)s", day=format_date(self.env, self.previous_id.date_start)),
                self.env._("From %(day)s on", day=format_date(self.env, self.date_start)),
            )
        )
        body = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(Markup("<td>%s</td>") % cell for cell in row)
            for row in rows
        )
        return Markup(
            "<table class='table table-sm o_utility_difference'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (head, body)
