import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {queryAllTexts, select} from "@odoo/hoot-dom";
import {animationFrame} from "@odoo/hoot-mock";
import {contains, getService, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {WebClient} from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const JANUARY = {month: "2026-01-01", quantity: 50, known: 3, count: 3, unit: "m³"};
const FEBRUARY = {...JANUARY, month: "2026-02-01"};

function nodeOf(id, vals) {
    return {
        id,
        parent_id: id > 1 && 1,
        code: `P${id}`,
        label: `Place ${id}`,
        premise: `Place ${id}`,
        kind: "main",
        connection: "connected",
        children: id > 1 ? 0 : 3,
        ...vals,
    };
}

/** A source that lost little, a branch that loses much, one not all known, and a suspicion. */
const NODES = [
    nodeOf(1, {
        losses: [
            {...FEBRUARY, loss: 2, percent: 4, state: "complete", severity: 0},
            {...JANUARY, loss: 0, percent: 0, state: "children", known: 2, severity: 1},
        ],
    }),
    nodeOf(11, {
        losses: [
            {...FEBRUARY, loss: 10, percent: 20, state: "complete", severity: 3},
            {...JANUARY, loss: -4, percent: -8, state: "complete", severity: 2},
        ],
    }),
    nodeOf(12, {losses: [{...FEBRUARY, loss: 0, percent: 0, state: "own", severity: 1}]}),
    nodeOf(13, {suspicion: {score: 95, reason: "Uses 4 m³ although it is not connected."}}),
];

beforeEach(async () => {
    onRpc("utility.service.point", "network", () => NODES);
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "utility_base.network",
        name: "Networks",
        params: {root_ids: [1]},
    });
    await animationFrame();
});

function badge(id) {
    return queryAllTexts(`.o_utility_node[data-id='${id}'] .badge`);
}

test("the latest month is shown, the worst branch is marked in colour and words", () => {
    expect(queryAllTexts(".o_utility_network_month option")).toEqual([
        "February 2026",
        "January 2026",
    ]);
    expect(badge(1)).toEqual(["4.0 % · 2.0 m³"]);
    expect(badge(11)).toEqual(["⚠ 20.0 % · 10.0 m³"]);
    expect(badge(12)).toEqual(["? own usage"]);
    expect(".o_utility_node[data-id='1']").toHaveClass("o_severity_0");
    expect(".o_utility_node[data-id='11']").toHaveClass("o_severity_3");
    expect(".o_utility_node[data-id='11']").toHaveAttribute(
        "aria-label",
        /Loss ⚠ 20\.0 % · 10\.0 m³/
    );
});

test("another month is chosen", async () => {
    await contains(".o_utility_network_month").focus();
    await select("2026-01-01");
    await animationFrame();
    expect(badge(1)).toEqual(["? 2 of 3"]);
    expect(badge(11)).toEqual(["⚠ -8.0 % · -4.0 m³"]);
    expect(badge(12)).toEqual([]);
    expect(".o_utility_node[data-id='11']").toHaveClass("o_severity_2");
});

test("suspicious points stand out with what was found", () => {
    expect(badge(13)).toEqual(["check: 95"]);
    expect(".o_utility_node[data-id='13'] .badge").toHaveAttribute(
        "title",
        "Uses 4 m³ although it is not connected."
    );
    expect(".o_utility_node[data-id='13']").toHaveClass("o_severity_3");
});
