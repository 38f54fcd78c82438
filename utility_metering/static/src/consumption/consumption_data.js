const YEAR = 12;

/** @returns {number[]} the sum of all methods for each month */
export function monthTotals(series) {
    const length = Math.max(0, ...series.bars.map((bar) => bar.quantities.length));
    return Array.from({length}, (_item, index) =>
        series.bars.reduce((total, bar) => total + bar.quantities[index], 0)
    );
}

/** @returns {number} the sum of the last twelve whole months: today's month is not over yet */
export function lastYearTotal(series) {
    return monthTotals(series)
        .slice(-YEAR - 1, -1)
        .reduce((total, quantity) => total + quantity, 0);
}

/**
 * How the last twelve whole months compare with the twelve before.
 *
 * @returns {number|null} in per cent; null unless every month of both years is known
 */
export function yearChange(series) {
    const before = series.last_year.slice(-YEAR - 1, -1);
    if (before.length < YEAR || before.some((quantity) => quantity === false)) {
        return null;
    }
    const total = before.reduce((sum, quantity) => sum + quantity, 0);
    return total > 0 ? ((lastYearTotal(series) - total) / total) * 100 : null;
}
