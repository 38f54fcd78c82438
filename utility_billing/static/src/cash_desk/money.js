/**
 * A sum as people type it: comma or point before the cents, spaces wherever.
 *
 * @param {string} text
 * @returns {number} NaN where it is no sum
 */
export function parseMoney(text) {
    const plain = String(text ?? "").replace(/[\s\u00a0\u202f']/g, "");
    const at = Math.max(plain.lastIndexOf(","), plain.lastIndexOf("."));
    const whole = at < 0 ? plain : plain.slice(0, at);
    const cents = at < 0 ? "" : plain.slice(at + 1);
    if (!/^\d*([.,]\d{3})*$/.test(whole) || !/^\d*$/.test(cents) || !(whole + cents)) {
        return NaN;
    }
    return Number(`${whole.replace(/[.,]/g, "") || "0"}.${cents || "0"}`);
}

/** Cents are whole numbers: sums of them are exact. */
export function rounded(amount, digits) {
    const factor = 10 ** digits;
    return Math.round(amount * factor) / factor;
}
