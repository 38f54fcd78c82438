import {deserializeDate} from "@web/core/l10n/dates";

const {DateTime} = luxon;
const SHORTEST = 0.8;
const STEPS = [
    {months: 1, format: "LLL yy"},
    {months: 3, format: "LLL yy"},
    {months: 12, format: "yyyy"},
    {months: 24, format: "yyyy"},
    {months: 60, format: "yyyy"},
    {months: 120, format: "yyyy"},
    {months: 300, format: "yyyy"},
];

/**
 * The stretch of time to draw.
 *
 * @param {import("./timeline_data").TimelineEntry[]} entries
 * @param {number|false} years how many years back from the last day; false: all
 * @param {luxon.DateTime} today
 * @returns {{from: luxon.DateTime, to: luxon.DateTime}} first day, and the day after the last
 */
export function barsRange(entries, years, today) {
    const days = entries.flatMap(({date, date_end}) => (date_end ? [date, date_end] : [date]));
    const sorted = [...days, today.toISODate()].sort();
    const first = deserializeDate(sorted[0]);
    const last = deserializeDate(sorted.at(-1));
    const margin = Math.max(20, last.diff(first, "days").days * 0.04);
    const to = last.plus({days: margin}).startOf("day");
    const from = first.minus({days: margin / 2}).startOf("day");
    return {from: years ? DateTime.max(from, to.minus({years})) : from, to};
}

/**
 * Bars by source. Bars of a source that would touch one another go to rows of their own.
 *
 * @param {import("./timeline_data").TimelineEntry[]} entries
 * @param {{from: luxon.DateTime, to: luxon.DateTime}} range
 * @returns {{key: string, label: string, icon: string, tone: number, rows: Object[][]}[]} a bar is {entry, left,
 *      width, point, open, before}: `left` and `width` in percent of the range, `open`: without an
 *      end, `before`: it began before the range
 */
export function barsLanes(entries, range) {
    const lanes = new Map();
    const oldestFirst = [...entries].sort((a, b) => (a.date < b.date ? -1 : 1));
    for (const entry of oldestFirst) {
        const bar = makeBar(entry, range);
        if (!bar) {
            continue;
        }
        const {key, label, icon, tone} = entry;
        if (!lanes.has(key)) {
            lanes.set(key, {key, label, icon, tone, rows: []});
        }
        const {rows} = lanes.get(key);
        const row = rows.find((bars) => endOf(bars.at(-1)) <= bar.left);
        if (row) {
            row.push(bar);
        } else {
            rows.push([bar]);
        }
    }
    return [...lanes.values()].sort((a, b) => a.tone - b.tone);
}

/**
 * Where lines and labels of the time axis stand.
 *
 * @param {{from: luxon.DateTime, to: luxon.DateTime}} range
 * @param {number} most labels
 * @returns {{left: number, label: string}[]} `left` in percent
 */
export function barsTicks(range, most) {
    const months = range.to.diff(range.from, "months").months;
    const step = STEPS.find((candidate) => months / candidate.months <= most) || STEPS.at(-1);
    const first =
        step.months < 12
            ? range.from.startOf("quarter")
            : DateTime.local(range.from.year - (range.from.year % (step.months / 12)), 1, 1);
    const ticks = [];
    for (let day = first; day < range.to; day = day.plus({months: step.months})) {
        const left = percent(day, range);
        if (left >= 0 && left < 97) {
            ticks.push({left, label: day.toFormat(step.format)});
        }
    }
    return ticks;
}

/**
 * @param {luxon.DateTime} day
 * @param {{from: luxon.DateTime, to: luxon.DateTime}} range
 * @returns {number} where the day begins, in percent of the range
 */
export function percent(day, {from, to}) {
    return ((day - from) / (to - from)) * 100;
}

function makeBar(entry, range) {
    const point = !entry.dated;
    const start = percent(deserializeDate(entry.date), range);
    const last = entry.date_end || (point ? entry.date : false);
    const end = last ? percent(deserializeDate(last).plus({days: 1}), range) : 100;
    if (end <= 0 || start >= 100) {
        return null;
    }
    const left = Math.max(0, start);
    return {
        entry,
        left,
        width: Math.max(SHORTEST, Math.min(100, end) - left),
        point,
        open: !last,
        before: start < 0,
    };
}

function endOf(bar) {
    return bar.left + bar.width + (bar.point ? SHORTEST * 2 : 0) - 0.001;
}
