import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {FACT_STATES, formatDay, formatMomentDay, formatPeriod} from "../facts/facts";

import {Component} from "@odoo/owl";

/** One fact or event of a timeline. */
export class TimelineEntry extends Component {
    static template = "utility_base.TimelineEntry";
    static props = {
        entry: Object,
        tone: {type: String, optional: true},
        onOpen: {type: Function, optional: true},
    };

    get isVoided() {
        return this.props.entry.state === "voided";
    }

    get day() {
        return deserializeDate(this.props.entry.date).toLocaleString({
            day: "numeric",
            month: "short",
        });
    }

    get badge() {
        const {dated, state} = this.props.entry;
        return dated || this.isVoided ? FACT_STATES[state] : null;
    }

    get period() {
        const {date, date_end, dated} = this.props.entry;
        return dated ? formatPeriod(date, date_end) : formatDay(date);
    }

    get recorded() {
        const day = formatMomentDay(this.props.entry.recorded_at);
        return day && _t("recorded on %s", day);
    }

    get reason() {
        const {reason, voided_at} = this.props.entry;
        if (!this.isVoided) {
            return reason && _t("Reason: %s", reason);
        }
        return _t("Voided on %(day)s: %(reason)s", {
            day: formatMomentDay(voided_at),
            reason: reason || _t("no reason given"),
        });
    }
}
