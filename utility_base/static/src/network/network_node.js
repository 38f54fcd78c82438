import {_t} from "@web/core/l10n/translation";
import {nodeBadges, nodeSeverity} from "./network_badges";
import {CONNECTIONS, kindOf} from "./network_kinds";

import {Component} from "@odoo/owl";

/** One service point in the drawing of a network. */
export class NetworkNode extends Component {
    static template = "utility_base.NetworkNode";
    static props = {
        box: Object,
        unfolded: Boolean,
        focusable: Boolean,
        marked: Boolean,
        onToggle: Function,
        onOpen: Function,
    };

    get node() {
        return this.props.box.node;
    }

    get kind() {
        return kindOf(this.node);
    }

    get connection() {
        return CONNECTIONS[this.node.connection];
    }

    get isConnected() {
        return this.node.connection === "connected";
    }

    get badges() {
        return nodeBadges(this.node);
    }

    get severity() {
        return nodeSeverity(this.node);
    }

    /** The room along its branch in which the point may slide. */
    get placeStyle() {
        const {x, top, bottom, width} = this.props.box;
        return `left: ${x}px; top: ${top}px; width: ${width}px; height: ${bottom - top}px`;
    }

    /** What stands before the point when it is in the middle of its branch. */
    get spaceStyle() {
        const {y, top} = this.props.box;
        return `height: ${y - top}px`;
    }

    get expanded() {
        return this.node.children ? String(this.props.unfolded) : undefined;
    }

    /** In words, for screen readers and as a tooltip. */
    get description() {
        const {code, label, premise, children} = this.node;
        const place = premise && premise !== label ? premise : "";
        const feeds = children ? _t("feeds %s", children) : "";
        const badges = this.badges.map(({title, text}) => [title, text].filter(Boolean).join(" "));
        return [code, this.kind.label, label, place, this.connection, feeds, ...badges]
            .filter((part) => part && String(part))
            .join(", ");
    }

    toggle(ev) {
        ev.stopPropagation();
        this.props.onToggle(this.node.id);
    }
}
