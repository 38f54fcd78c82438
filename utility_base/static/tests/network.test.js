import {defineMailModels} from "@mail/../tests/mail_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {click, keyDown, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {animationFrame, runAllTimers} from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {networkBadges} from "@utility_base/network/network_badges";
import {frameOf, slidY} from "@utility_base/network/network_frame";
import {diagramLayout, outlineLayout} from "@utility_base/network/network_layout";
import {NetworkModel} from "@utility_base/network/network_model";
import {WebClient} from "@web/webclient/webclient";

describe.current.tags("desktop");

class Service extends models.Model {
    _name = "utility.service";
    name = fields.Char();
    has_network = fields.Boolean();
    _records = [
        {id: 1, name: "Cold water", has_network: true},
        {id: 2, name: "Waste", has_network: false},
        {id: 3, name: "Heating", has_network: true},
    ];
}

defineMailModels();
defineModels([Service]);

/** A source (1) with two mains (11, 12); the first main feeds three houses (111, 112, 113). */
const PARENTS = {1: false, 11: 1, 12: 1, 111: 11, 112: 11, 113: 11};

function childrenOf(id) {
    return Object.keys(PARENTS)
        .map(Number)
        .filter((child) => PARENTS[child] === id);
}

function nodeOf(id) {
    return {
        id,
        parent_id: PARENTS[id],
        code: `P${id}`,
        label: `Place ${id}`,
        premise: `Place ${id}`,
        kind: id === 1 ? "source" : id < 100 ? "main" : "unit",
        connection: id === 112 ? "disconnected" : "connected",
        children: childrenOf(id).length,
    };
}

function network(ids, depth) {
    const found = [...ids];
    let level = ids;
    for (let step = 0; step < depth; step++) {
        level = level.flatMap(childrenOf);
        found.push(...level);
    }
    return found.map(nodeOf);
}

function serveNetwork() {
    onRpc("utility.service.point", "network", ({args}) => {
        expect.step(`network ${args[0]} ${args[1]}`);
        return network(args[0], args[1]);
    });
    onRpc("utility.service.point", "network_roots", ({args}) => {
        expect.step(`roots ${args[0]}`);
        return args[0] === 1 ? {root_ids: [1], total: 1} : {root_ids: [], total: 0};
    });
    onRpc("utility.service.point", "network_find", ({args, kwargs}) => {
        expect.step(`find ${args[0]} ${kwargs.service_id}`);
        return [{id: 113, code: "P113", label: "Place 113", kind: "unit", path: [1, 11, 113]}];
    });
}

async function openNetwork(params = {}) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "utility_base.network",
        name: "Networks",
        params,
    });
    await animationFrame();
}

const orm = {call: async (model, method, [ids, depth]) => network(ids, depth)};

test("model: branches are fetched when they are unfolded for the first time", async () => {
    const calls = [];
    const model = new NetworkModel({
        call: (model, method, args) => calls.push(args) && orm.call(model, method, args),
    });
    await model.load([1]);
    expect(model.visible.map(({node}) => node.id)).toEqual([1, 11, 12]);
    await model.toggle(11);
    await model.toggle(11);
    await model.toggle(11);
    expect(model.visible.map(({node, depth}) => [node.id, depth])).toEqual([
        [1, 0],
        [11, 1],
        [111, 2],
        [112, 2],
        [113, 2],
        [12, 1],
    ]);
    expect(calls).toEqual([
        [[1], 1],
        [[11], 1],
    ]);
});

test("model: a level is not unfolded if it would draw too many points", async () => {
    const model = new NetworkModel(orm);
    await model.load([1]);
    model.nodes[12].children = 5000;
    expect(await model.unfoldLevel()).toBe(false);
    model.nodes[12].children = 0;
    expect(await model.unfoldLevel()).toBe(true);
    expect(model.visible).toHaveLength(6);
});

test("layouts: parents in the middle of their children, or one point a row", async () => {
    const model = new NetworkModel(orm);
    await model.load([1], [1, 11]);
    const at = (layout) => Object.fromEntries(layout.boxes.map((box) => [box.node.id, box]));
    const diagram = at(diagramLayout(model.visible));
    expect(diagram[11].y).toBe(diagram[112].y);
    expect(diagram[1].x).toBeLessThan(diagram[11].x);
    const outline = at(outlineLayout(model.visible, 360));
    expect(outline[12].y).toBeGreaterThan(outline[113].y);
    expect(outline[113].x + outline[113].width).toBeLessThan(361);
});

test("frame: only what is in sight is drawn, and a parent stays beside its children", async () => {
    const model = new NetworkModel(orm);
    await model.load([1]);
    const visible = [...model.visible];
    for (let index = 0; index < 2000; index++) {
        visible.push({node: {id: 5000 + index}, depth: 2, index, siblings: 2000});
    }
    const layout = diagramLayout(visible);
    const view = {left: 0, top: 60000, width: 1280, height: 700};
    const {boxes} = frameOf(layout, view, "diagram");
    expect(boxes.length).toBeLessThan(30);
    const main = boxes.find((box) => box.node.id === 12);
    expect(slidY(main, view)).toBeWithin(view.top, view.top + view.height);
});

test("without roots: the first service with a network, another by choice", async () => {
    serveNetwork();
    await openNetwork();
    expect(queryAllTexts(".o_utility_network_service option")).toEqual(["Cold water", "Heating"]);
    expect(queryAllTexts(".o_utility_node_code")).toEqual(["P1", "P11", "P12"]);
    await contains(".o_utility_network_service").select("3");
    expect(".o_utility_network_empty").toHaveText("This network has no points yet.");
    expect.verifySteps(["roots 1", "network 1 1", "roots 3"]);
});

test("unfolds lazily, shows connections, opens a point", async () => {
    serveNetwork();
    await openNetwork({root_ids: [1]});
    expect(".o_utility_network_service").toHaveCount(0);
    await click(".o_utility_node[data-id='11'] .o_utility_node_toggle");
    await animationFrame();
    expect(".o_utility_node").toHaveCount(6);
    expect(".o_utility_node[data-id='11']").toHaveAttribute("aria-expanded", "true");
    expect(".o_utility_node[data-id='112']").toHaveClass("o_connection_disconnected");
    expect.verifySteps(["network 1 1", "network 11 1"]);
    patchWithCleanup(getService("action"), {
        doAction: ({res_model, res_id}) => expect.step(`open ${res_model} ${res_id}`),
    });
    await click(".o_utility_node[data-id='112']");
    expect.verifySteps(["open utility.service.point 112"]);
});

test("the keyboard walks through the tree", async () => {
    serveNetwork();
    await openNetwork({root_ids: [1]});
    queryOne(".o_utility_node[data-id='1']").focus();
    await keyDown("ArrowDown");
    await animationFrame();
    await animationFrame();
    expect(".o_utility_node[data-id='11']").toBeFocused();
    await keyDown("ArrowRight");
    await animationFrame();
    expect(".o_utility_node").toHaveCount(6);
    await keyDown("ArrowLeft");
    await animationFrame();
    expect(".o_utility_node").toHaveCount(3);
    expect.verifySteps(["network 1 1", "network 11 1"]);
});

test("a search unfolds the way to the point and marks it", async () => {
    serveNetwork();
    await openNetwork();
    await contains(".o_utility_network_search input").edit("113", {confirm: false});
    await runAllTimers();
    await contains(".o-autocomplete--dropdown-item:contains(P113)").click();
    await animationFrame();
    expect(".o_utility_node[data-id='113']").toHaveClass("o_marked");
    expect.verifySteps(["roots 1", "network 1 1", "find 113 1", "network 11 1"]);
});

test("other modules mark points through the registry", async () => {
    serveNetwork();
    networkBadges.add("losses", {
        badges: ({id}) =>
            id === 11 ? [{text: "24 %", title: "Loss", className: "text-bg-danger"}] : [],
        severity: ({id}) => (id === 11 ? 3 : 0),
    });
    await openNetwork({root_ids: [1]});
    networkBadges.remove("losses");
    expect(".o_utility_node[data-id='11']").toHaveClass("o_severity_3");
    expect(".o_utility_node[data-id='11'] .badge").toHaveText("24 %");
    expect(".o_utility_node[data-id='12']").toHaveClass("o_severity_0");
    expect.verifySteps(["network 1 1"]);
});
