const MODEL = "utility.service.point";
const MOST_AT_ONCE = 1000;

/**
 * The part of a network that is loaded, and what of it is unfolded. Points are fetched through
 * `utility.service.point.network` when a branch is unfolded for the first time.
 */
export class NetworkModel {
    /** @param {Object} orm the orm service */
    constructor(orm) {
        this.orm = orm;
        this.reset([]);
    }

    reset(rootIds) {
        this.rootIds = rootIds;
        this.nodes = {};
        this.childIds = {};
        this.unfolded = {};
    }

    /**
     * @param {number[]} rootIds where the drawing begins
     * @param {number[]} [unfoldedIds] branches to unfold; without it, the first level
     */
    async load(rootIds, unfoldedIds) {
        this.reset(rootIds);
        if (!rootIds.length) {
            return;
        }
        await this.fetch(rootIds, rootIds.length > 20 ? 0 : 1);
        this.rootIds = rootIds.filter((id) => this.nodes[id]);
        if (unfoldedIds) {
            await this.unfoldAll(unfoldedIds);
        } else {
            this.rootIds
                .filter((id) => this.childIds[id])
                .forEach((id) => this.setUnfolded(id, true));
        }
    }

    /** Fetch points and `depth` levels below them. */
    async fetch(ids, depth) {
        const found = await this.orm.call(MODEL, "network", [ids, depth]);
        const below = {};
        for (const node of found) {
            this.nodes[node.id] = node;
            (below[node.parent_id] ||= []).push(node.id);
        }
        for (const node of found) {
            if (below[node.id]) {
                this.childIds[node.id] = below[node.id];
            }
        }
    }

    isUnfolded(id) {
        return Boolean(this.unfolded[id] && this.childIds[id]);
    }

    setUnfolded(id, unfolded) {
        this.unfolded[id] = unfolded;
    }

    async toggle(id) {
        if (this.isUnfolded(id)) {
            this.setUnfolded(id, false);
        } else {
            await this.unfoldAll([id]);
        }
    }

    /** Unfold branches; those that were not loaded yet are fetched in one call. */
    async unfoldAll(ids) {
        const known = ids.filter((id) => this.nodes[id] && this.nodes[id].children);
        const missing = known.filter((id) => !this.childIds[id]);
        if (missing.length) {
            await this.fetch(missing, 1);
        }
        known.forEach((id) => this.setUnfolded(id, true));
    }

    foldAll() {
        this.unfolded = {};
    }

    /** Folded branches among the points that show. */
    get frontier() {
        return this.visible.filter(({node}) => node.children && !this.isUnfolded(node.id));
    }

    /**
     * Unfold every branch that shows by one level.
     *
     * @returns {Promise<boolean>} false if that would draw too many points at once
     */
    async unfoldLevel() {
        const frontier = this.frontier.map(({node}) => node);
        const more = frontier.reduce((sum, node) => sum + node.children, 0);
        if (more > MOST_AT_ONCE) {
            return false;
        }
        await this.unfoldAll(frontier.map((node) => node.id));
        return true;
    }

    /**
     * Unfold the way down to a point.
     *
     * @param {number[]} path ids from the top to the point, which may begin above our roots
     * @returns {Promise<boolean>} whether the point shows now
     */
    async reveal(path) {
        const begin = path.findIndex((id) => this.rootIds.includes(id));
        const id = path.at(-1);
        if (begin < 0) {
            return false;
        }
        const above = path.slice(begin, -1);
        for (const ancestor of above) {
            await this.unfoldAll([ancestor]);
        }
        return Boolean(this.nodes[id]);
    }

    /**
     * The points that show, in drawing order.
     *
     * @returns {{node: Object, depth: number, index: number, siblings: number}[]}
     */
    get visible() {
        const shown = [];
        const walk = (ids, depth) => {
            ids.forEach((id, index) => {
                const node = this.nodes[id];
                if (node) {
                    shown.push({node, depth, index, siblings: ids.length});
                    if (this.isUnfolded(id)) {
                        walk(this.childIds[id], depth + 1);
                    }
                }
            });
        };
        walk(this.rootIds, 0);
        return shown;
    }

    /** What brings the same view back, for the breadcrumbs. */
    exportState() {
        const unfoldedIds = Object.keys(this.unfolded)
            .map(Number)
            .filter((id) => this.isUnfolded(id));
        return {rootIds: this.rootIds, unfoldedIds};
    }
}
