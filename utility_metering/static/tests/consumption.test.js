import {describe, expect, test} from "@odoo/hoot";
import {
    lastYearTotal,
    monthTotals,
    yearChange,
} from "@utility_metering/consumption/consumption_data";
import {keyText, traceNode} from "@utility_metering/trace/trace_data";
import {allowTranslations} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

const months = (quantity) => Array(24).fill(quantity);

test("a year is its twelve whole months, whatever they were found by", () => {
    const series = {
        bars: [
            {method: "measured", quantities: [...months(2).slice(0, 23), 100]},
            {method: "estimated", quantities: months(1)},
        ],
        last_year: months(2),
    };
    expect(monthTotals(series).slice(-2)).toEqual([3, 101]);
    expect(lastYearTotal(series)).toBe(36);
    expect(yearChange(series)).toBe(50);
});

test("a year that is not known whole is not compared", () => {
    const bars = [{method: "measured", quantities: months(2)}];
    expect(yearChange({bars, last_year: [...months(2).slice(0, 20), false, 2, 2, 2]})).toBe(null);
    expect(yearChange({bars, last_year: months(0)})).toBe(null);
    expect(monthTotals({bars: [], last_year: months(0)})).toEqual([]);
});

test("a trace becomes pairs, tables and lists", () => {
    allowTranslations();
    const node = traceNode({
        kind: "difference",
        read_on: "2026-02-28",
        ok: true,
        none: null,
        rows: [{first: "1"}, {first: "2", last: "3"}],
        ids: [4, 5],
    });
    expect(node.kind).toBe("pairs");
    const kinds = node.pairs.map((pair) => [pair.label, pair.node.kind]);
    expect(kinds).toEqual([
        ["Kind", "text"],
        ["Read on", "day"],
        ["Ok", "flag"],
        ["None", "none"],
        ["Rows", "rows"],
        ["Ids", "list"],
    ]);
    const table = node.pairs[4].node;
    expect(table.columns).toEqual(["First", "Last"]);
    expect(table.rows[0].map((cell) => cell.kind)).toEqual(["text", "none"]);
});

test("a trace is read in words and in order, without numbers of records", () => {
    allowTranslations();
    const node = traceNode({
        engine: "1",
        pieces: [{quantity: "2.600000", rule: 4, from: "2026-02-01", reason: "unfit"}],
        to: "2026-02-28",
        from: "2026-02-01",
    });
    expect(node.pairs.map((pair) => pair.label)).toEqual(["From", "To", "Made of"]);
    const {columns, rows} = node.pairs[2].node;
    expect(columns).toEqual(["From", "Quantity", "Because"]);
    expect(rows[0].map((cell) => cell.value)).toEqual([
        "2026-02-01",
        "2.6",
        "meter in repair, faulty or not verified",
    ]);
});

test("nothing is nothing", () => {
    allowTranslations();
    expect(traceNode({}).kind).toBe("none");
    expect(traceNode([]).kind).toBe("none");
    expect(keyText("date_start")).toBe("Date start");
});
