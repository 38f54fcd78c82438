from odoo import api, models
from odoo.fields import Domain

MOST_ROOTS = 200


class ServicePoint(models.Model):
    """What the drawing of a network asks for."""

    _inherit = "utility.service.point"

    @api.model
    def network(self, root_ids, depth=3):
        """The tree below the points, level by level, for drawing.

        :param root_ids: points to begin with
        :param depth: how many levels below them
        :return: list of {id, parent_id, code, label, kind, connection, children, premise}
        :raise AccessError: the user may not read service points
        """
        level, found = self.browse(root_ids), self.browse()
        level.check_access("read")
        for _step in range(max(0, min(int(depth), 12)) + 1):
            found |= level
            level = self.search([("parent_id", "in", level.ids)])
        return found._network_nodes()

    @api.model
    def network_roots(self, service_id, limit=MOST_ROOTS):
        """Where the networks of a service begin, as far as the user sees them.

        :param limit: at most so many points, those that feed others first
        :return: {root_ids, total}: `total` counts all of them
        :raise AccessError: the user may not read service points
        """
        domain = Domain("service_id", "=", service_id) & self._domain_network_roots(service_id)
        feeding = self.search(domain & Domain("child_ids", "!=", False), limit=limit)
        others = self.browse()
        if len(feeding) < limit:
            others = self.search(
                domain & Domain("child_ids", "=", False), limit=limit - len(feeding)
            )
        return {"root_ids": (feeding + others).ids, "total": self.search_count(domain)}

    def _domain_network_roots(self, service_id):
        """Points that nothing feeds; for a user tied to buildings, that nothing visible feeds."""
        if not self.env.user.utility_building_ids:
            return Domain("parent_id", "=", False)
        visible = self.search([("service_id", "=", service_id)])
        fed = visible.filtered(lambda point: point.parent_id in visible)
        return Domain("id", "in", (visible - fed).ids)

    @api.model
    def network_find(self, term, root_ids=None, service_id=None, limit=8):
        """Points whose code or address holds every word of `term`, with the way down to them.

        :param root_ids: only below these points
        :param service_id: only of this service
        :return: list of {id, code, label, kind, path}: `path` are the ids from the topmost point
            down to this one, as far as the user may read them
        """
        domain = Domain("display_name", "ilike", term)
        if service_id:
            domain &= Domain("service_id", "=", service_id)
        if root_ids:
            domain &= Domain("id", "child_of", root_ids)
        points = self.search(domain, limit=limit)
        above = {int(key) for point in points for key in point.parent_path.split("/") if key}
        readable = set(self.search([("id", "in", list(above))]).ids)
        return [
            {
                "id": point.id,
                "code": point.code,
                "label": point.name or point.premise_id.address or "",
                "kind": point.kind,
                "path": [
                    key
                    for key in map(int, filter(None, point.parent_path.split("/")))
                    if key in readable
                ],
            }
            for point in points
        ]

    def _network_nodes(self):
        """The points for drawing. A module that adds figures per node does it here, for all nodes
        of a call at once, and shows them through the `utility_base.network_badges` registry."""
        return [point._network_node() for point in self]

    def _network_node(self):
        return {
            "id": self.id,
            "parent_id": self.parent_id.id,
            "code": self.code,
            "label": self.name or self.premise_id.address,
            "kind": self.kind,
            "connection": self.connection,
            "children": self.child_count,
            "premise": self.premise_id.address,
        }
