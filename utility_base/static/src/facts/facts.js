import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

const {DateTime} = luxon;
const TONES = 8;

/** States of a dated fact: words and badge. */
export const FACT_STATES = {
    planned: {label: _t("Planned"), badge: "text-bg-info"},
    in_force: {label: _t("In force"), badge: "text-bg-success"},
    ended: {label: _t("Ended"), badge: "o_utility_badge_muted"},
    voided: {label: _t("Voided"), badge: "text-bg-danger"},
};

/**
 * @param {string|false} iso a day as ISO text
 * @returns {string} the day in words, as in “Jan 31, 2026”
 */
export function formatDay(iso) {
    return iso ? deserializeDate(iso).toLocaleString(DateTime.DATE_MED) : "";
}

/**
 * @param {string|false} moment a moment (UTC) as the server writes it
 * @returns {string} its day in the user's time zone
 */
export function formatMomentDay(moment) {
    return moment ? deserializeDateTime(moment).toLocaleString(DateTime.DATE_MED) : "";
}

/**
 * From when to when, both days included.
 *
 * @param {string} start ISO day
 * @param {string|false} end ISO day; empty: still in force
 */
export function formatPeriod(start, end) {
    if (!end) {
        return _t("since %(day)s", {day: formatDay(start)});
    }
    if (start === end) {
        return formatDay(start);
    }
    return _t("%(start)s – %(end)s", {start: formatDay(start), end: formatDay(end)});
}

/**
 * One of eight colours, always the same for the same place in a list.
 *
 * @param {number} index
 * @returns {string} CSS class that sets `--utility-tone`
 */
export function toneClass(index) {
    return `o_utility_tone_${((index % TONES) + TONES) % TONES}`;
}
