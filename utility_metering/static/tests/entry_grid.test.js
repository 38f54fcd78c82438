import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {click, edit, press, queryAll, queryAllTexts, queryAllValues} from "@odoo/hoot-dom";
import {animationFrame, mockDate, runAllTimers} from "@odoo/hoot-mock";
import {
    contains,
    getService,
    mockService,
    mountWithCleanup,
    patchTranslations,
} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";
import {parseDial, usageOf} from "@utility_metering/entry_grid/dial_text";
import {EntryLines} from "@utility_metering/entry_grid/entry_lines";

describe.current.tags("desktop");
defineMailModels();

const LINE = {
    premise_id: 1,
    flat: "1",
    address: "Savanorių pr. 12-1",
    group_id: 9,
    group: "Savanorių pr. 12",
    service_point_id: 1,
    point: "CW-1",
    service: "Cold water",
    place: "",
    register_id: 11,
    installation_id: 21,
    meter_id: 31,
    serial: "A100",
    register: "",
    digits: 5,
    decimals: 3,
    ratio: 1,
    amounts: false,
    uom: "m³",
    previous_date: "2026-02-28",
    previous_value: 100,
    expected: 4.2,
    last_year: false,
    payer: "1000018 Jonas",
    reading: false,
    held: 0,
};
const LINES = [
    LINE,
    {...LINE, premise_id: 2, flat: "2", register_id: 12, serial: "A200", ratio: 40},
    {...LINE, premise_id: 3, flat: "3", register_id: 13, serial: "A300"},
];
const RECORDED = {
    id: 1,
    date: "2026-03-16",
    value: 105,
    state: "accepted",
    state_label: "Accepted",
    messages: [],
};

test("a decimal comma and a point both make a value", () => {
    expect(parseDial("123,45")).toBe(123.45);
    expect(parseDial("00123.450")).toBe(123.45);
    expect(parseDial(" 1 234,5 ")).toBe(1234.5);
    expect(parseDial(",5")).toBe(0.5);
    expect(parseDial("12,")).toBe(12);
});

test("nothing typed is not the same as something that is no value", () => {
    expect(parseDial("  ")).toBe(null);
    for (const text of ["1.234,5", "12-3", "-5", "abc", ".", "1e3"]) {
        expect(parseDial(text)).toBe(false);
    }
});

test("usage is the difference times multiplier and factor, or the amount itself", () => {
    expect(usageOf({...LINE, text: "104,5"})).toBe(4.5);
    expect(usageOf({...LINE, text: "104", ratio: 40})).toBe(160);
    expect(usageOf({...LINE, text: "3", amounts: true, ratio: 2})).toBe(6);
    expect(usageOf({...LINE, text: "3", previous_date: false})).toBe(null);
    expect(usageOf({...LINE, text: "99", check: {usage: 99999}})).toBe(99999);
});

test("what was typed stays when the sheet comes again, with another key", () => {
    patchTranslations();
    const lines = new EntryLines();
    lines.fill(LINES);
    lines.change(lines.get(12), {text: "101"});
    const {key} = lines.get(12);
    lines.fill(LINES);
    expect(lines.get(12).text).toBe("101");
    expect(lines.get(12).key).not.toBe(key);
    lines.fill([LINES[0], {...LINES[1], reading: RECORDED}]);
    expect(lines.typed).toHaveLength(0);
});

test("only the lines that the server took are settled", () => {
    const lines = new EntryLines();
    lines.fill(LINES);
    lines.change(lines.get(11), {text: "105"});
    lines.change(lines.get(12), {text: "101"});
    lines.settle(lines.ready, [{reading: RECORDED}, {error: "No."}]);
    expect(lines.typed.map((line) => [line.text, line.error])).toEqual([["101", "No."]]);
    expect(lines.counts).toEqual({all: 3, recorded: 1, held: 0, typed: 1, doubtful: 0});
});

/** The grid on a house of three flats; `calls` collects what is asked of the server. */
async function openGrid(overrides = {}) {
    mockDate("2026-03-16 09:00:00");
    const calls = {preview: [], save: []};
    mockService("utility_reading_entry", {
        options: async () => ({
            day: "2026-03-16",
            can_enter: true,
            services: [],
            routes: [],
            sources: [
                ["clerk", "Clerk"],
                ["phone", "Phone"],
            ],
        }),
        sheet: async () => ({
            title: "House 12",
            date: "2026-03-16",
            premise_id: 5,
            building: {id: 5, name: "House 12"},
            entrances: [],
            lines: LINES,
        }),
        preview: async (valsList) => {
            calls.preview.push(valsList);
            return valsList.map(({value}) =>
                value > 200
                    ? {verdict: "warn", messages: ["Much more than usual"], usage: value - 100}
                    : {verdict: "pass", messages: [], usage: value - 100}
            );
        },
        save: async (lines) => {
            calls.save.push(lines);
            return lines.map(({key, value}) => ({key, reading: {...RECORDED, value}}));
        },
        ...overrides,
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "utility_metering.entry_grid",
        params: {premise_id: 5},
    });
    await animationFrame();
    return calls;
}

const focused = () => document.activeElement.closest(".o_utility_entry_row")?.dataset.serial;
const texts = () => queryAllValues(".o_utility_entry_row input[type=text]");

async function type(text, key) {
    await edit(text);
    await press(key);
    await animationFrame();
}

test("enter and arrows go from line to line, escape clears", async () => {
    await openGrid();
    expect(focused()).toBe("A100");
    await type("101,5", "Enter");
    expect(focused()).toBe("A200");
    await press("ArrowDown");
    await animationFrame();
    expect(focused()).toBe("A300");
    await press("ArrowUp");
    await press("ArrowUp");
    await animationFrame();
    expect(focused()).toBe("A200");
    await type("7", "Escape");
    expect(texts()).toEqual(["101,5", "", ""]);
    await press(["shift", "Enter"]);
    await animationFrame();
    expect(focused()).toBe("A100");
});

test("enter on the last line goes to the button", async () => {
    await openGrid();
    await press("ArrowDown");
    await animationFrame();
    await press("ArrowDown");
    await animationFrame();
    await type("120", "Enter");
    expect(".o_utility_entry_save").toBeFocused();
});

test("usage and warnings come while typing, asked for once", async () => {
    const calls = await openGrid();
    await type("101", "Enter");
    await type("300.5", "Enter");
    expect(queryAllTexts(".o_utility_entry_quantity")).toEqual(["1.000m³", "8,020.000m³"]);
    await runAllTimers();
    await animationFrame();
    expect(calls.preview).toHaveLength(1);
    expect(calls.preview[0].map(({value, date, source}) => [value, date, source])).toEqual([
        [101, "2026-03-16", "clerk"],
        [300.5, "2026-03-16", "clerk"],
    ]);
    expect("[data-serial=A200].o_verdict_warn .o_utility_entry_message").toHaveText(
        "Much more than usual"
    );
    expect("[data-serial=A100] .o_utility_entry_message").toHaveCount(0);
});

test("ctrl+s sends every value in one call, each with its key", async () => {
    const calls = await openGrid();
    await type("101", "Enter");
    await type("abc", "Enter");
    await type("103", "Enter");
    await press(["ctrl", "s"]);
    await animationFrame();
    await animationFrame();
    expect(calls.save).toHaveLength(1);
    expect(calls.save[0].map(({register_id, value}) => [register_id, value])).toEqual([
        [11, 101],
        [13, 103],
    ]);
    expect(new Set(calls.save[0].map(({key}) => key)).size).toBe(2);
    expect(".o_verdict_accepted").toHaveCount(2);
    expect(texts()).toEqual(["abc"]);
    expect("[data-serial=A200].o_verdict_error").toHaveCount(1);
});

test("nothing typed is lost when saving fails, and it is sent again under the same key", async () => {
    const sent = [];
    const calls = await openGrid({
        save: async (lines) => {
            sent.push(lines);
            throw new Error("The line is down");
        },
    });
    await type("101", "Enter");
    await click(".o_utility_entry_save");
    await animationFrame();
    await animationFrame();
    expect(".alert-danger").toHaveText(/The line is down/);
    expect(texts()).toEqual(["101", "", ""]);
    await click(".o_utility_entry_save");
    await animationFrame();
    expect(sent[0][0].key).toBe(sent[1][0].key);
    expect(calls.save).toHaveLength(0);
});

test("who leaves with unsaved lines is asked", async () => {
    await openGrid();
    await type("101", "Enter");
    getService("action").doAction({
        type: "ir.actions.client",
        tag: "utility_metering.entry_grid",
    });
    await animationFrame();
    await animationFrame();
    expect(".modal").toHaveText(/1 typed readings are not saved/);
    await contains(".modal .btn:contains(Stay)").click();
    expect(texts()).toEqual(["101", "", ""]);
    expect(queryAll(".o_utility_entry_row")[0].dataset.serial).toBe("A100");
});
