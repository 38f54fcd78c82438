import {describe, expect, test} from "@odoo/hoot";
import {
    lastYearTotal,
    monthTotals,
    yearChange,
} from "@utility_metering/consumption/consumption_data";
import {keyText, traceNode} from "@utility_metering/trace/trace_data";

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
    const node = traceNode({
        rule: "difference",
        read_on: "2026-02-28",
        ok: true,
        none: null,
        rows: [{first: "1"}, {first: "2", last: "3"}],
        ids: [4, 5],
    });
    expect(node.kind).toBe("pairs");
    const kinds = node.pairs.map((pair) => [pair.label, pair.node.kind]);
    expect(kinds).toEqual([
        ["Rule", "text"],
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

test("nothing is nothing", () => {
    expect(traceNode({}).kind).toBe("none");
    expect(traceNode([]).kind).toBe("none");
    expect(keyText("date_start")).toBe("Date start");
});
