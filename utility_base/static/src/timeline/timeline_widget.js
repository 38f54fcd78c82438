import {serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {formatDay, toneClass} from "../facts/facts";
import {useFactDialog} from "../facts/use_fact_dialog";
import {useRecordLoaded} from "../facts/use_record_loaded";
import {TimelineBars} from "./timeline_bars";
import {entryId, filterEntries, groupByMonth, sourcesOf} from "./timeline_data";
import {TimelineEntry} from "./timeline_entry";
import {TimelineFilters} from "./timeline_filters";

import {Component, useState} from "@odoo/owl";

const PAGE = 100;

/**
 * Every dated fact and event of a record, on one timeline.
 *
 * `<widget name="utility_timeline" options="{'mode': 'bars', 'method': 'timeline'}"/>`, on the
 * form of any model that has a method like `utility.account.timeline`.
 */
export class UtilityTimeline extends Component {
    static template = "utility_base.Timeline";
    static components = {TimelineBars, TimelineEntry, TimelineFilters};
    static props = {
        ...standardWidgetProps,
        mode: {type: String, optional: true},
        method: {type: String, optional: true},
    };
    static defaultProps = {mode: "list", method: "timeline"};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.entryId = entryId;
        this.toneClass = toneClass;
        this.state = useState({
            entries: [],
            mode: this.props.mode,
            keys: [],
            search: "",
            withVoided: false,
            inForceOn: false,
            knownOn: false,
            shown: PAGE,
            loading: true,
        });
        useRecordLoaded((resId) => this.load(resId));
        this.openDialog = useFactDialog(() => this.props.record.model.root.load());
    }

    async load(resId = this.props.record.resId) {
        if (!resId) {
            Object.assign(this.state, {entries: [], loading: false});
            return;
        }
        this.state.loading = true;
        const asked = this.orm.call(this.props.record.resModel, this.props.method, [[resId]], {
            in_force_on: this.state.inForceOn && serializeDate(this.state.inForceOn),
            known_on: this.state.knownOn && serializeDate(this.state.knownOn),
            with_voided: true,
        });
        const entries = await this.keepLast.add(asked);
        Object.assign(this.state, {entries, loading: false, shown: PAGE});
    }

    // -- what is shown ---------------------------------------------------------------------

    get filter() {
        const {keys, search, withVoided} = this.state;
        return {keys, search, withVoided};
    }

    get sources() {
        const {withVoided} = this.filter;
        return sourcesOf(filterEntries(this.state.entries, {withVoided}));
    }

    get entries() {
        return filterEntries(this.state.entries, this.filter);
    }

    get years() {
        return groupByMonth(this.entries.slice(0, this.state.shown));
    }

    get hiddenCount() {
        return Math.max(0, this.entries.length - this.state.shown);
    }

    get voidedCount() {
        return this.state.entries.filter((entry) => entry.state === "voided").length;
    }

    /** What the two dates mean together, in a sentence. */
    get viewpoint() {
        const [day, known] = [this.state.inForceOn, this.state.knownOn].map(
            (date) => date && formatDay(serializeDate(date))
        );
        if (day && known) {
            return _t("What was in force on %(day)s, as the system knew it on %(known)s.", {
                day,
                known,
            });
        }
        if (day) {
            return _t("What was in force on %(day)s, as we know it today.", {day});
        }
        return known ? _t("Everything that the system knew on %(known)s.", {known}) : "";
    }

    get emptyMessage() {
        if (!this.props.record.resId) {
            return _t("The timeline begins when the record is saved.");
        }
        if (this.state.entries.length) {
            return _t("Nothing matches: clear the search or a filter.");
        }
        return this.viewpoint
            ? _t("Nothing on record for that date.")
            : _t("Nothing on record yet.");
    }

    canOpen(entry) {
        const {resModel, resId} = this.props.record;
        return Boolean(entry.res_id) && !(entry.res_model === resModel && entry.res_id === resId);
    }

    openerOf(entry) {
        return this.canOpen(entry) ? () => this.openEntry(entry) : undefined;
    }

    // -- what the user does ------------------------------------------------------------------

    toggleSource(key) {
        const {keys} = this.state;
        const rest = keys.filter((other) => other !== key);
        this.state.keys = key && rest.length === keys.length ? [...keys, key] : key ? rest : [];
    }

    /**
     * @param {Object} changes of the state
     */
    onFilter(changes) {
        Object.assign(this.state, changes, {shown: PAGE});
        if ("inForceOn" in changes || "knownOn" in changes) {
            this.load();
        }
    }

    clearDates() {
        this.onFilter({inForceOn: false, knownOn: false});
    }

    clearAll() {
        this.state.keys = [];
        this.onFilter({search: "", inForceOn: false, knownOn: false});
    }

    showMore() {
        this.state.shown += PAGE;
    }

    openEntry(entry) {
        this.openDialog(entry.res_model, entry.res_id, entry.label);
    }
}

registry.category("view_widgets").add("utility_timeline", {
    component: UtilityTimeline,
    additionalClasses: ["d-block", "w-100"],
    extractProps: ({options}) => ({mode: options.mode, method: options.method}),
});
