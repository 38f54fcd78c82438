import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {click, edit, queryAllTexts} from "@odoo/hoot-dom";
import {animationFrame, mockDate, runAllTimers} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {barsLanes, barsRange, barsTicks} from "@utility_base/timeline/bars_layout";
import {filterEntries, groupByMonth, sourcesOf} from "@utility_base/timeline/timeline_data";

const {DateTime} = luxon;

describe.current.tags("desktop");

const PAYER = {key: "payer", label: "Payer", icon: "fa-user", tone: 0, dated: true};
const AREA = {key: "attribute", label: "Attribute", icon: "fa-tag", tone: 1, dated: true};
const ENTRIES = [
    {
        ...PAYER,
        date: "2026-02-01",
        date_end: false,
        title: "Ona",
        text: "",
        state: "in_force",
        res_model: "utility.account",
        res_id: 8,
        recorded_at: "2026-02-02 10:00:00",
        voided_at: false,
        reason: "",
    },
    {
        ...PAYER,
        date: "2026-02-01",
        date_end: false,
        title: "Tomas",
        text: "",
        state: "voided",
        res_model: "utility.account",
        res_id: 7,
        recorded_at: "2026-02-01 10:00:00",
        voided_at: "2026-02-02 10:00:00",
        reason: "Wrong buyer",
    },
    {
        ...AREA,
        date: "2025-12-10",
        date_end: false,
        title: "Heated area: 52.30 m²",
        text: "",
        state: "in_force",
        res_model: "utility.account",
        res_id: 6,
        recorded_at: "2025-12-10 10:00:00",
        voided_at: false,
        reason: "",
    },
    {
        key: "account",
        label: "Account",
        icon: "fa-folder-open",
        tone: 2,
        dated: false,
        date: "2020-01-01",
        date_end: false,
        title: "Account opened",
        text: "1000018",
        state: "ended",
        res_model: "utility.account",
        res_id: 1,
    },
];

class Account extends models.Model {
    _name = "utility.account";
    number = fields.Char();
    _records = [{id: 1, number: "1000018"}];
}

defineMailModels();
defineModels([Account]);

async function mountTimeline(options = "{}") {
    mockDate("2026-03-16 09:00:00");
    return mountView({
        type: "form",
        resModel: "utility.account",
        resId: 1,
        arch: `<form><field name="number"/><widget name="utility_timeline" options="${options}"/></form>`,
    });
}

test("filters by source, by words in any order and by state", () => {
    expect(filterEntries(ENTRIES, {keys: ["payer"]})).toHaveLength(2);
    expect(filterEntries(ENTRIES, {search: "buyer WRONG"}).map((e) => e.title)).toEqual(["Tomas"]);
    expect(filterEntries(ENTRIES, {withVoided: false}).map((e) => e.title)).not.toInclude("Tomas");
    expect(
        filterEntries([{...ENTRIES[0], title: "Žukauskienė"}], {search: "zukauskiene"})
    ).toHaveLength(1);
});

test("groups by year and month and counts by source", () => {
    const years = groupByMonth(ENTRIES);
    expect(years.map((group) => group.year)).toEqual(["2026", "2025", "2020"]);
    expect(years[0].months.map((month) => [month.label, month.entries.length])).toEqual([
        ["February", 2],
    ]);
    expect(sourcesOf(ENTRIES).map(({key, count}) => `${key} ${count}`)).toEqual([
        "payer 2",
        "attribute 1",
        "account 1",
    ]);
});

test("bars: lanes by source, overlapping bars in rows of their own, events as points", () => {
    const range = barsRange(ENTRIES, false, DateTime.fromISO("2026-03-16"));
    const lanes = barsLanes(ENTRIES, range);
    expect(lanes.map((lane) => [lane.key, lane.rows.length])).toEqual([
        ["payer", 2],
        ["attribute", 1],
        ["account", 1],
    ]);
    expect(lanes[0].rows[0][0].open).toBe(true);
    expect(lanes[2].rows[0][0].point).toBe(true);
    expect(barsTicks(range, 8).map((tick) => tick.label)).toInclude("2024");
});

test("bars: what ended before the stretch of time is left out, what began before is cut", () => {
    const past = {...ENTRIES[2], date: "2019-01-01", date_end: "2019-12-31"};
    const long = {...ENTRIES[2], date: "2019-01-01"};
    const range = barsRange([past, long], 1, DateTime.fromISO("2026-03-16"));
    const bars = barsLanes([past, long], range).flatMap((lane) => lane.rows.flat());
    expect(bars).toHaveLength(1);
    expect(bars[0].left).toBe(0);
    expect(bars[0].before).toBe(true);
});

test("shows facts newest first; voided ones on demand, struck through with their reason", async () => {
    onRpc("utility.account", "timeline", () => ENTRIES);
    await mountTimeline();
    expect(queryAllTexts(".o_utility_timeline_title")).toEqual([
        "Ona",
        "Heated area: 52.30 m²",
        "Account opened",
    ]);
    expect(queryAllTexts(".o_utility_timeline_year")).toEqual(["2026", "2025", "2020"]);
    expect(".o_utility_timeline_entry[data-key=account] .badge").toHaveCount(0);
    await click(".o_utility_timeline_voided");
    await animationFrame();
    expect(".o_utility_timeline_entry.o_voided .o_utility_timeline_title").toHaveText("Tomas");
    expect(".o_utility_timeline_entry.o_voided .o_utility_timeline_reason").toHaveText(
        "Voided on Feb 2, 2026: Wrong buyer"
    );
});

test("chips and search narrow the list; the empty state leads back", async () => {
    onRpc("utility.account", "timeline", () => ENTRIES);
    await mountTimeline();
    await click(".o_utility_chip[data-key=attribute]");
    await animationFrame();
    expect(queryAllTexts(".o_utility_timeline_title")).toEqual(["Heated area: 52.30 m²"]);
    expect(".o_utility_chip[data-key=attribute]").toHaveAttribute("aria-pressed", "true");
    await click(".o_utility_timeline_search input");
    await edit("nobody");
    await runAllTimers();
    await animationFrame();
    expect(".o_utility_timeline_empty").toHaveText(/Nothing matches/);
    await click(".o_utility_timeline_empty button");
    await animationFrame();
    expect(".o_utility_timeline_title").toHaveCount(3);
});

test("asks the server for the two dates and says what they mean", async () => {
    onRpc("utility.account", "timeline", ({args, kwargs}) => {
        expect(args).toEqual([[1]]);
        expect.step([kwargs.in_force_on, kwargs.known_on]);
        return kwargs.known_on ? [ENTRIES[2]] : ENTRIES;
    });
    await mountTimeline();
    await contains(".o_utility_timeline_inForceOn input").click();
    await contains(".o_utility_timeline_inForceOn input").edit("01/31/2026", {confirm: "enter"});
    await contains(".o_utility_timeline_knownOn input").click();
    await contains(".o_utility_timeline_knownOn input").edit("02/28/2026", {confirm: "enter"});
    expect(".o_utility_timeline_viewpoint").toHaveText(
        /What was in force on Jan 31, 2026, as the system knew it on Feb 28, 2026/
    );
    expect(".o_utility_timeline_title").toHaveCount(1);
    await contains(".o_utility_timeline_viewpoint button").click();
    expect(".o_utility_timeline_title").toHaveCount(3);
    expect.verifySteps([
        [false, false],
        ["2026-01-31", false],
        ["2026-01-31", "2026-02-28"],
        [false, false],
    ]);
});

test("can begin with bars; a bar says what it stands for", async () => {
    onRpc("utility.account", "timeline", () => ENTRIES);
    await mountTimeline("{'mode': 'bars'}");
    expect(".o_utility_bar:not(.o_sample)").toHaveCount(3);
    expect(".o_utility_bars_lane[data-key=payer] .o_utility_bar").toHaveAttribute(
        "aria-label",
        /Ona\nsince Feb 1, 2026/
    );
    expect(".o_utility_bars_lane[data-key=account] .o_utility_bar").not.toBeEnabled();
    await click(".o_utility_timeline_mode_list");
    await animationFrame();
    expect(".o_utility_bar").toHaveCount(0);
});
