import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {Info} = luxon;
const SLOTS_AN_HOUR = 2;

/**
 * A week of a calendar of zones: a row for each weekday and one for holidays, a column for each
 * hour, coloured by zone. Months whose weeks are alike are shown together.
 */
export class WeekField extends Component {
    static template = "utility_billing.WeekField";
    static props = {...standardFieldProps};

    setup() {
        this.hours = [...Array(24).keys()];
        this.state = useState({index: 0});
    }

    get picture() {
        return this.props.record.data[this.props.name];
    }

    get index() {
        return Math.min(this.state.index, this.picture.weeks.length - 1);
    }

    get rows() {
        const names = [...Info.weekdays("short"), _t("Holiday")];
        return this.picture.weeks[this.index].rows.map((row, index) => ({
            name: names[index],
            spans: this.spans(row),
        }));
    }

    /** Neighbouring half hours of one zone as one block. */
    spans(row) {
        const spans = [];
        row.forEach((place, slot) => {
            const last = spans.at(-1);
            if (last && last.zone === this.picture.zones[place]) {
                last.slots += 1;
            } else {
                spans.push({zone: this.picture.zones[place], slot, slots: 1});
            }
        });
        return spans;
    }

    spanTitle({zone, slot, slots}) {
        return `${zone.name}: ${this.clock(slot)} – ${this.clock(slot + slots)}`;
    }

    clock(slot) {
        const minutes = slot % SLOTS_AN_HOUR ? "30" : "00";
        return `${Math.floor(slot / SLOTS_AN_HOUR)}:${minutes}`;
    }

    monthsTitle(week) {
        const names = Info.months("short");
        return week.months.length === 12
            ? _t("All year")
            : week.months.map((month) => names[month - 1]).join(", ");
    }
}

registry.category("fields").add("utility_week", {
    component: WeekField,
    supportedTypes: ["json", "jsonb"],
});
