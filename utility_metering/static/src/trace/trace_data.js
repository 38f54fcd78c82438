import {HIDDEN, LABELS, WORDS} from "./trace_words";

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

function isTable(value) {
    return (
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((row) => row && typeof row === "object" && !Array.isArray(row))
    );
}

const ORDER = Object.keys(LABELS);
const ZEROS = /^(-?\d+)(?:\.0+|(\.\d*?[1-9])0+)$/;

/**
 * @param {string[]} keys of a trace
 * @returns {string[]} those for people, in the order of reading; unknown ones at the end
 */
function shownKeys(keys) {
    const place = (key) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
    return keys.filter((key) => !HIDDEN.has(key)).sort((one, other) => place(one) - place(other));
}

function shownText(value) {
    const text = String(value);
    return String(WORDS[text] || text.replace(ZEROS, "$1$2"));
}

/** @returns {string} a key of a trace in words: `date_start` → “Date start” */
export function keyText(key) {
    if (LABELS[key]) {
        return String(LABELS[key]);
    }
    const words = String(key).replaceAll("_", " ").trim();
    return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * What a trace holds, as something to draw.
 *
 * @param {*} value any JSON
 * @returns {{kind: "text"|"day"|"flag"|"none"|"list"|"rows"|"pairs"}} `rows` have columns, `pairs`
 *  keys and values
 */
export function traceNode(value) {
    if (value === null || value === undefined || value === "") {
        return {kind: "none"};
    }
    if (typeof value === "boolean") {
        return {kind: "flag", value};
    }
    if (isTable(value)) {
        const columns = shownKeys([...new Set(value.flatMap((row) => Object.keys(row)))]);
        const rows = value.map((row) => columns.map((column) => traceNode(row[column])));
        return {kind: "rows", columns: columns.map(keyText), rows};
    }
    if (Array.isArray(value)) {
        return value.length ? {kind: "list", items: value.map(traceNode)} : {kind: "none"};
    }
    if (typeof value === "object") {
        const pairs = shownKeys(Object.keys(value)).map((key) => ({
            key,
            label: keyText(key),
            node: traceNode(value[key]),
        }));
        return pairs.length ? {kind: "pairs", pairs} : {kind: "none"};
    }
    if (ISO_DAY.test(value)) {
        return {kind: "day", value};
    }
    return {kind: "text", value: shownText(value)};
}
