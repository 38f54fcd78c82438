const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

function isTable(value) {
    return (
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((row) => row && typeof row === "object" && !Array.isArray(row))
    );
}

/** @returns {string} a key of a trace in words: `date_start` → “Date start” */
export function keyText(key) {
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
        const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
        const rows = value.map((row) => columns.map((column) => traceNode(row[column])));
        return {kind: "rows", columns: columns.map(keyText), rows};
    }
    if (Array.isArray(value)) {
        return value.length ? {kind: "list", items: value.map(traceNode)} : {kind: "none"};
    }
    if (typeof value === "object") {
        const pairs = Object.entries(value).map(([key, item]) => ({
            key,
            label: keyText(key),
            node: traceNode(item),
        }));
        return pairs.length ? {kind: "pairs", pairs} : {kind: "none"};
    }
    return {kind: ISO_DAY.test(value) ? "day" : "text", value: String(value)};
}
