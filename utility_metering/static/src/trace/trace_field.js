import {formatDay} from "@utility_base/facts/facts";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {traceNode} from "./trace_data";

import {Component} from "@odoo/owl";

class TraceNode extends Component {
    static template = "utility_metering.TraceNode";
    static props = {node: Object};

    get text() {
        const {kind, value} = this.props.node;
        if (kind === "flag") {
            return value ? _t("yes") : _t("no");
        }
        return kind === "day" ? formatDay(value) : value;
    }
}
TraceNode.components = {TraceNode};

/** A JSON field to read: how a figure was found. */
export class TraceField extends Component {
    static template = "utility_metering.TraceField";
    static components = {TraceNode};
    static props = {...standardFieldProps};

    get node() {
        return traceNode(this.props.record.data[this.props.name] || null);
    }
}

registry.category("fields").add("utility_trace", {
    component: TraceField,
    displayName: _t("Explanation"),
    supportedTypes: ["json"],
});
