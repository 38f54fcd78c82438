from odoo import api, fields, models
from odoo.fields import Domain


class TimelineMixin(models.AbstractModel):
    """What the widget `utility_timeline` shows of a record: its dated facts and events."""

    _name = "utility.timeline.mixin"
    _description = "Has a Timeline"

    @api.model
    def _timeline_sources(self):
        """Where the timeline comes from; modules above extend the list.

        :return: list of dicts: `key`, `label`, `icon`, `model` (who may not read it gets none of
            it) and either `domain(record)` for
            dated facts, or `events(record)` returning the entries themselves
            ({date, date_end, title, text, res_model, res_id, state})
        """
        return []

    def timeline(self, in_force_on=None, known_on=None, with_voided=True):
        """Every dated fact and event of the record, newest first.

        :param in_force_on: only what was in force on that day
        :param known_on: as the system knew it at the end of that day
        :param with_voided: include what was found wrong later
        :return: list of {key, label, icon, tone, date, date_end, dated, title, text, state,
            res_model, res_id, recorded_at, voided_at, reason}; dates as ISO text; `tone` numbers
            the sources; `dated`: a fact with a first and a last day, not an event of one day
        """
        self.ensure_one()
        self.check_access("read")
        day, known = fields.Date.to_date(in_force_on), fields.Date.to_date(known_on)
        entries = []
        for tone, source in enumerate(self._timeline_sources()):
            if not self._may_read_source(source):
                continue
            if "events" in source:
                found = [] if day or known else source["events"](self)
            else:
                found = self._timeline_facts(source, day, known, with_voided)
            entries += [
                {
                    "key": source["key"],
                    "label": source["label"],
                    "icon": source["icon"],
                    "tone": tone,
                    "dated": False,
                    **entry,
                }
                for entry in found
            ]
        entries.sort(
            key=lambda entry: (entry["date"], entry.get("recorded_at") or ""), reverse=True
        )
        return [_as_text(entry) for entry in entries]

    def _may_read_source(self, source):
        return "model" not in source or self.env[source["model"]].has_access("read")

    def _timeline_facts(self, source, day, known, with_voided):
        model = self.env[source["model"]]
        domain = Domain(source["domain"](self))
        moment = known and model._end_of_day(known)
        if day:
            domain &= model._domain_in_force(day, known_at=moment or None)
        elif known:
            domain &= model._domain_known_at(moment)
        elif not with_voided:
            domain &= Domain("voided_at", "=", False)
        facts = model.search(domain)
        return [{**fact._timeline_entry(), **fact._as_known_at(moment)} for fact in facts]


def _as_text(entry):
    return {
        name: fields.Date.to_string(value) if name in ("date", "date_end") and value else value
        for name, value in entry.items()
    }
