"""Who lives at premises, by days; see `ResidentFacts`."""

from collections import defaultdict

from odoo.tools import SQL

from ..engine.spans import edges

DECLARED = "declared_residents"


class ResidentFacts:
    """Residents of premises and of their parts, loaded with one query.

    :param premises: ids
    """

    def __init__(self, env, premises, since, until):
        self._people = defaultdict(list)
        for root, premise_id, partner_id, role, start, end in env.execute_query(
            SQL(
                """
            WITH RECURSIVE below (root, id) AS (
                SELECT id, id FROM unnest(%s::int[]) id
            UNION ALL
                SELECT below.root, part.id FROM below
                JOIN utility_premise part ON part.parent_id = below.id
            )
            SELECT below.root, premise_id, partner_id, role, date_start,
                   COALESCE(date_end, 'infinity'::date)
            FROM below JOIN utility_occupancy ON premise_id = below.id
            WHERE voided_at IS NULL AND (is_resident OR role = 'absent') AND date_start <= %s
            AND (date_end IS NULL OR date_end >= %s)
            """,
                list(premises),
                until,
                since,
            )
        ):
            self._people[root].append((premise_id, partner_id, role == "absent", start, end))

    def spans(self, premise_id):
        """[(first, last day)] of everybody's stay or absence."""
        return [row[3:] for row in self._people.get(premise_id, ())]

    def count(self, premise_id, day):
        """Who is recorded as living there and is not away; None where nobody is recorded."""
        present, away = defaultdict(set), defaultdict(set)
        for place, partner_id, is_away, start, end in self._people.get(premise_id, ()):
            if start <= day <= end:
                (away if is_away else present)[place].add(partner_id)
        if not present:
            return None
        return len(set().union(*(people - away[place] for place, people in present.items())))

    def changes(self, premise_id, since, until):
        """Days after `since`, up to `until`, on which the number may be another one."""
        return edges(self.spans(premise_id), (since, until))
