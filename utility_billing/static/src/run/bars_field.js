import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/**
 * A small picture of amounts with their figures: bars side by side for each group, lying or
 * upright, and a table below where there is one.
 */
export class BarsField extends Component {
    static template = "utility_billing.BarsField";
    static props = {...standardFieldProps};

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get greatest() {
        const values = this.picture.groups.flatMap((group) => group.values);
        return Math.max(...values.map(Math.abs), 0);
    }

    /** Per cent of the greatest bar. */
    size(value) {
        return this.greatest ? Math.round((1000 * Math.abs(value)) / this.greatest) / 10 : 0;
    }

    barTitle(group, index) {
        const name = this.picture.upright ? group.title : this.picture.series[index];
        return `${name}: ${group.texts[index] || 0}`;
    }
}

registry.category("fields").add("utility_bars", {
    component: BarsField,
    supportedTypes: ["json", "jsonb"],
});
