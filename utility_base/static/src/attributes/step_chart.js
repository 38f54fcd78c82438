import {deserializeDate, today} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";
import {formatPeriod} from "../facts/facts";
import {percent} from "../timeline/bars_layout";

import {Component} from "@odoo/owl";

const TOP = 12;
const BOTTOM = 88;

/** The live values of a numeric attribute as steps over time. */
export class StepChart extends Component {
    static template = "utility_base.StepChart";
    static props = {
        /** values that are not voided, as in `attribute_sheet` */
        values: Array,
        unit: {type: String, optional: true},
        decimals: {type: Number, optional: true},
    };

    get oldestFirst() {
        return [...this.props.values].sort((a, b) => (a.date_start < b.date_start ? -1 : 1));
    }

    get range() {
        const days = this.props.values.flatMap(({date_start, date_end}) =>
            date_end ? [date_start, date_end] : [date_start]
        );
        const sorted = [...days, today().toISODate()].sort();
        const from = deserializeDate(sorted[0]);
        const last = deserializeDate(sorted.at(-1));
        return {from, to: last.plus({days: Math.max(30, last.diff(from, "days").days * 0.03)})};
    }

    get bounds() {
        const numbers = this.props.values.map((value) => value.number);
        return {low: Math.min(...numbers), high: Math.max(...numbers)};
    }

    /** Each value as a level line: {x1, x2, y, joint, value}; all in percent of the chart. */
    get steps() {
        const {range, bounds} = this;
        const spread = bounds.high - bounds.low;
        let previous = null;
        return this.oldestFirst.map((value) => {
            const x1 = percent(deserializeDate(value.date_start), range);
            const x2 = value.date_end
                ? percent(deserializeDate(value.date_end).plus({days: 1}), range)
                : 100;
            const part = spread ? (value.number - bounds.low) / spread : 0.5;
            const y = BOTTOM - part * (BOTTOM - TOP);
            const joint = previous && Math.abs(previous.x2 - x1) < 0.01 ? previous.y : null;
            previous = {x1, x2, y, joint, value, title: this.titleOf(value)};
            return previous;
        });
    }

    get labels() {
        const {low, high} = this.bounds;
        return low === high
            ? [{y: 50, text: this.format(low)}]
            : [
                  {y: TOP, text: this.format(high)},
                  {y: BOTTOM, text: this.format(low)},
              ];
    }

    get todayLeft() {
        return percent(today(), this.range);
    }

    get ends() {
        return [this.range.from.toFormat("LLL yyyy"), today().toFormat("LLL yyyy")];
    }

    titleOf(value) {
        return `${value.display}\n${formatPeriod(value.date_start, value.date_end)}`;
    }

    format(number) {
        return formatFloat(number, {digits: [16, this.props.decimals ?? 2]});
    }
}
