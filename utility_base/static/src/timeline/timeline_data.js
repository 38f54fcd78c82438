import {deserializeDate} from "@web/core/l10n/dates";
import {normalize} from "@web/core/l10n/utils";

/**
 * @typedef {Object} TimelineEntry as `utility.account.timeline` returns it
 * @property {string} key source
 * @property {string} label
 * @property {string} icon
 * @property {number} tone number of the source, for its colour and place
 * @property {string} date ISO day
 * @property {string|false} date_end
 * @property {boolean} dated a fact with a period, not an event of one day
 * @property {string} title
 * @property {string} state
 */

/**
 * The sources that occur, in the server's order, with the number of their entries.
 *
 * @param {TimelineEntry[]} entries
 * @returns {{key: string, label: string, icon: string, tone: number, count: number}[]}
 */
export function sourcesOf(entries) {
    const sources = new Map();
    for (const {key, label, icon, tone} of entries) {
        if (!sources.has(key)) {
            sources.set(key, {key, label, icon, tone, count: 0});
        }
        sources.get(key).count++;
    }
    return [...sources.values()].sort((a, b) => a.tone - b.tone);
}

/**
 * @param {TimelineEntry[]} entries
 * @param {{keys?: string[], search?: string, withVoided?: boolean}} filter `keys` empty: every
 *      source; `search`: every word must occur
 */
export function filterEntries(entries, {keys = [], search = "", withVoided = true} = {}) {
    const words = normalize(search).split(/\s+/).filter(Boolean);
    return entries.filter((entry) => {
        if (keys.length && !keys.includes(entry.key)) {
            return false;
        }
        if (!withVoided && entry.state === "voided") {
            return false;
        }
        const text = normalize(
            [entry.title, entry.text, entry.label, entry.reason].filter(Boolean).join(" ")
        );
        return words.every((word) => text.includes(word));
    });
}

/**
 * Entries by year and month, in the order in which they come.
 *
 * @param {TimelineEntry[]} entries newest first
 * @returns {{year: string, months: {key: string, label: string, entries: TimelineEntry[]}[]}[]}
 */
export function groupByMonth(entries) {
    const years = [];
    for (const entry of entries) {
        const [year, month] = entry.date.split("-");
        if (years.at(-1)?.year !== year) {
            years.push({year, months: []});
        }
        const {months} = years.at(-1);
        const key = `${year}-${month}`;
        if (months.at(-1)?.key !== key) {
            const label = deserializeDate(entry.date).toFormat("LLLL");
            months.push({key, label, entries: []});
        }
        months.at(-1).entries.push(entry);
    }
    return years;
}

/** A key for rendering: a record may have several entries. */
export function entryId(entry) {
    return [entry.key, entry.res_model, entry.res_id, entry.date, entry.title].join("/");
}
