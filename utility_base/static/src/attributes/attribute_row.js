import {FACT_STATES, formatPeriod} from "../facts/facts";
import {StepChart} from "./step_chart";

import {Component} from "@odoo/owl";

/** One attribute: its value of today and, opened, its history. */
export class AttributeRow extends Component {
    static template = "utility_base.AttributeRow";
    static components = {StepChart};
    static props = {
        attribute: Object,
        opened: Boolean,
        onToggle: Function,
        onOpenValue: Function,
        onRecord: {type: Function, optional: true},
    };

    setup() {
        this.states = FACT_STATES;
        this.formatPeriod = formatPeriod;
    }

    get current() {
        const {current, history} = this.props.attribute;
        return history.find((value) => value.id === current);
    }

    get isMissing() {
        return this.props.attribute.required && !this.current;
    }

    get liveValues() {
        return this.props.attribute.history.filter((value) => value.state !== "voided");
    }

    get hasChart() {
        return this.props.attribute.type === "number" && this.liveValues.length > 1;
    }
}
