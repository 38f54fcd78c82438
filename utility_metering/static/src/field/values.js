/** Readings as people type them. */

/** “12,5” → "12.5"; null for what is no reading. */
export function parseValue(text) {
    const plain = String(text ?? "")
        .trim()
        .replace(/\s/g, "")
        .replace(",", ".");
    return /^\d+(\.\d*)?$/.test(plain) ? plain.replace(/\.$/, "") : null;
}

/**
 * What is doubtful about a value, seen from what the phone knows: works without the network.
 *
 * @returns {string} "" | "number" | "digits" | "lower" | "much"
 */
export function doubt(register, text) {
    const value = parseValue(text);
    if (value === null) {
        return "number";
    }
    if (value.split(".")[0].replace(/^0+/, "").length > register.digits) {
        return "digits";
    }
    if (!register.last) {
        return "";
    }
    const usage = Number(value) - Number(register.last.value);
    if (usage < 0) {
        return "lower";
    }
    const usual = Number(register.usage || 0);
    return usual > 0 && usage > 3 * usual + 1 ? "much" : "";
}

/** Whether a place has something left to read or to look at. */
export function isLeft(premise) {
    return (
        premise.visits.length > 0 ||
        premise.meters.some((meter) => meter.registers.some((register) => !register.read))
    );
}

/** Letters without marks: “azuolu” finds “Ąžuolų”. */
export function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

export function matches(premise, search) {
    const serials = premise.meters.map((meter) => meter.serial).join(" ");
    const where = plain(`${premise.address} ${premise.label} ${serials}`);
    return plain(search)
        .split(/\s+/)
        .every((word) => where.includes(word));
}
