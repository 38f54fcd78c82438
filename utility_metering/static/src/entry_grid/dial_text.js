const DIAL = /^\d+(?:[.,]\d*)?$|^[.,]\d+$/;

/**
 * What somebody typed as a register's value: digits with at most one decimal comma or point.
 *
 * @param {string} text
 * @returns {number|null|false} null when nothing was typed, false when it is not a value
 */
export function parseDial(text) {
    const plain = text.replace(/\s/g, "");
    if (!plain) {
        return null;
    }
    return DIAL.test(plain) ? Number(plain.replace(",", ".")) : false;
}

/**
 * What the typed or recorded value makes of a line.
 *
 * @param {Object} line of `EntryLines`
 * @returns {number|null} used since the previous reading, after multiplier and factor; null where
 *  nothing is typed or there is nothing to compare with
 */
export function usageOf(line) {
    const value = line.reading ? line.reading.value : parseDial(line.text);
    if (typeof value !== "number") {
        return null;
    }
    if (typeof line.check?.usage === "number") {
        return line.check.usage;
    }
    if (line.amounts) {
        return value * line.ratio;
    }
    return line.previous_date ? (value - line.previous_value) * line.ratio : null;
}
