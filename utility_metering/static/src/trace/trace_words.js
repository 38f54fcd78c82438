import {_t} from "@web/core/l10n/translation";

/** Keys of a trace in the order in which they are read. */
export const LABELS = {
    from: _t("From"),
    to: _t("To"),
    day: _t("Day"),
    value: _t("Value"),
    quantity: _t("Quantity"),
    method: _t("Found by"),
    by: _t("Rule"),
    reason: _t("Because"),
    band: _t("Zone"),
    reading_from: _t("First reading"),
    reading_to: _t("Last reading"),
    between_readings: _t("Between the readings"),
    multiplier: _t("Multiplier"),
    installation_factor: _t("Factor of the installation"),
    days: _t("Days"),
    periods: _t("Periods"),
    measured: _t("Measured in them"),
    measured_days: _t("Measured days"),
    norm_quantity: _t("Norm"),
    monthly: _t("A month"),
    residents: _t("Residents"),
    area: _t("Area"),
    usage: _t("Usage"),
    factor: _t("Factor"),
    estimated: _t("Thereof estimated"),
    share: _t("Share"),
    coefficient: _t("Coefficient"),
    containers: _t("Containers"),
    volume: _t("Volume"),
    counted: _t("Counted"),
    settles: _t("Settles usage number"),
    issued: _t("Billed as usage number"),
    sign: _t("Sign"),
    pieces: _t("Made of"),
};

/** Values that stand for a way or a reason. */
export const WORDS = {
    measured: _t("measured"),
    estimated: _t("estimated"),
    derived: _t("derived"),
    norm: _t("by norm"),
    average: _t("average of the last periods"),
    last_year: _t("same days last year"),
    zero: _t("zero"),
    agreed: _t("agreed quantity"),
    schedule: _t("schedule"),
    missing: _t("no reading"),
    unfit: _t("meter in repair, faulty or not verified"),
    unmetered: _t("no meter"),
    import: _t("all"),
};

/** Numbers of records and versions: of use to programs only. */
export const HIDDEN = new Set([
    "engine",
    "id",
    "installation",
    "meter",
    "norm",
    "point",
    "register",
    "rule",
    "term",
]);
