import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {useDebounced} from "@web/core/utils/timing";
import {toneClass} from "../facts/facts";

import {Component, useRef} from "@odoo/owl";

let nextId = 1;

/** Search, dates, sources and the choice between list and bars. */
export class TimelineFilters extends Component {
    static template = "utility_base.TimelineFilters";
    static components = {DateTimeInput};
    static props = {
        sources: Array,
        keys: {type: Array, element: String},
        mode: String,
        search: String,
        withVoided: Boolean,
        voidedCount: Number,
        inForceOn: {type: [Object, Boolean]},
        knownOn: {type: [Object, Boolean]},
        onToggleSource: Function,
        onFilter: Function,
    };

    setup() {
        this.id = `o_utility_timeline_${nextId++}`;
        this.toneClass = toneClass;
        this.searchRef = useRef("search");
        this.onSearch = useDebounced(
            () => this.props.onFilter({search: this.searchRef.el.value}),
            150
        );
    }

    get total() {
        return this.props.sources.reduce((sum, source) => sum + source.count, 0);
    }

    isOn(key) {
        return this.props.keys.includes(key);
    }

    setMode(mode) {
        this.props.onFilter({mode});
    }

    setDate(name, value) {
        this.props.onFilter({[name]: value || false});
    }

    toggleVoided() {
        this.props.onFilter({withVoided: !this.props.withVoided});
    }
}
