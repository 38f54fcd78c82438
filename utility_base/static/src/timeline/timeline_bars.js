import {today} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {FACT_STATES, formatDay, formatPeriod, toneClass} from "../facts/facts";
import {barsLanes, barsRange, barsTicks, percent} from "./bars_layout";

import {Component, useState} from "@odoo/owl";

const SPANS = [1, 5, 10];

/** The timeline as bars: a lane per source, time from left to right. */
export class TimelineBars extends Component {
    static template = "utility_base.TimelineBars";
    static props = {
        entries: Array,
        mark: {type: [Object, Boolean], optional: true},
        canOpen: Function,
        onOpen: Function,
    };

    setup() {
        this.toneClass = toneClass;
        this.ui = useService("ui");
        this.state = useState({years: false});
    }

    get today() {
        return today();
    }

    get range() {
        return barsRange(this.props.entries, this.state.years, this.today);
    }

    get lanes() {
        return barsLanes(this.props.entries, this.range);
    }

    get ticks() {
        return barsTicks(this.range, this.ui.isSmall ? 4 : 12);
    }

    get todayLeft() {
        return percent(this.today, this.range);
    }

    get markLeft() {
        return this.props.mark ? percent(this.props.mark, this.range) : -1;
    }

    /** Spans that are shorter than all there is. */
    get spans() {
        const {from, to} = barsRange(this.props.entries, false, this.today);
        const all = to.diff(from, "years").years;
        return SPANS.filter((years) => years < all).map((years) => ({
            years,
            label: years === 1 ? _t("1 year") : _t("%s years", years),
        }));
    }

    barClass(bar) {
        return {
            o_point: bar.point,
            o_open: bar.open,
            o_before: bar.before,
            o_ended: bar.entry.state === "ended" && bar.entry.dated,
            o_planned: bar.entry.state === "planned",
            o_voided: bar.entry.state === "voided",
        };
    }

    barTitle({entry}) {
        const period = entry.dated
            ? formatPeriod(entry.date, entry.date_end)
            : formatDay(entry.date);
        const state = entry.dated && FACT_STATES[entry.state]?.label;
        return [entry.title, period, state, entry.text, entry.reason].filter(Boolean).join("\n");
    }
}
