import {registry} from "@web/core/registry";

/**
 * What other modules show on the points of a network: losses, alarms, meters.
 *
 * An entry is `{ badges, severity }`, both optional functions of a node, whose keys are those of
 * `_network_node` in Python; add figures for a whole call at once in `_network_nodes` there.
 *
 * - `badges(node)`: a list of `{ text, className, title }`
 * - `severity(node)`: 0 nothing, 1 notice, 2 warning, 3 alarm; the highest of all entries colours
 *   the point's frame and the line that leads to it
 *
 * @example
 * registry.category("utility_base.network_badges").add("losses", {
 *     badges: (node) => node.loss ? [{ text: formatPercentage(node.loss), title: _t("Loss") }] : [],
 *     severity: (node) => (node.loss > 0.2 ? 3 : 0),
 * });
 */
export const networkBadges = registry.category("utility_base.network_badges");

/** @returns {{text: string, className?: string, title?: string}[]} */
export function nodeBadges(node) {
    return networkBadges.getAll().flatMap(({badges}) => (badges && badges(node)) || []);
}

/** @returns {number} 0 to 3 */
export function nodeSeverity(node) {
    const found = networkBadges.getAll().map(({severity}) => (severity && severity(node)) || 0);
    return Math.max(0, ...found);
}
