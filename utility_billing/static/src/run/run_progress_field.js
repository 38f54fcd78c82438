import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDuration} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const POLL_MILLISECONDS = 2500;

/**
 * How far a billing run is with what it is at: asks every few seconds while it works, and loads
 * the record once when it has come to something else. Other runs say in `progress_info` what they
 * do ("title"), with what ("unit") and what may go wrong ("wrong").
 */
export class RunProgressField extends Component {
    static template = "utility_billing.RunProgressField";
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({info: null});
        onMounted(() => this.begin());
        onWillUnmount(() => this.end());
    }

    begin() {
        this.ask();
        this.timer = setInterval(() => this.ask(), POLL_MILLISECONDS);
    }

    end() {
        clearInterval(this.timer);
        this.ended = true;
    }

    async ask() {
        const {resId, resModel, data} = this.props.record;
        if (!resId || this.asking || document.hidden) {
            return;
        }
        this.asking = true;
        try {
            const info = await this.orm.silent.call(resModel, "progress_info", [[resId]]);
            if (this.ended) {
                return;
            }
            this.state.info = info;
            const changed = info.state !== data.state || info.paused !== Boolean(data.paused_at);
            if (!info.working) {
                this.end();
            }
            if (changed && (!info.working || "paused_at" in data)) {
                await this.props.record.load();
            }
        } finally {
            this.asking = false;
        }
    }

    get percent() {
        return Math.floor(this.state.info.percent);
    }

    get title() {
        const {paused, posting, title} = this.state.info;
        if (paused) {
            return _t("Paused");
        }
        if (title) {
            return title;
        }
        return posting ? _t("Posting bills") : _t("Calculating");
    }

    get speed() {
        const rate = this.state.info.per_second;
        return rate && (rate < 10 ? rate.toFixed(1) : Math.round(rate).toString());
    }

    get left() {
        const seconds = this.state.info.seconds_left;
        if (seconds === null) {
            return "";
        }
        return seconds < 60 ? _t("%s s", Math.ceil(seconds)) : formatDuration(seconds, true);
    }
}

registry.category("fields").add("utility_run_progress", {
    component: RunProgressField,
    supportedTypes: ["float"],
});
