import {DIAGRAM, OUTLINE} from "./network_layout";

/** How near to the window's edge a sliding point comes; the same as `top` and `bottom` in scss. */
export const EDGE = 12;
const SLACK = 200;

/**
 * Where a point of the diagram stands while the window shows `view`: in the middle of its branch,
 * or as near to it as the window allows.
 *
 * @param {import("./network_layout").Box} box
 * @param {View} view
 *
 * @typedef {{left: number, top: number, width: number, height: number}} View in the layout's pixels
 */
export function slidY(box, view) {
    const highest = Math.max(box.top, view.top + EDGE);
    const lowest = Math.min(box.bottom, view.top + view.height - EDGE) - box.height;
    const y = Math.max(highest, Math.min(box.y, lowest));
    return Math.max(box.top, Math.min(y, box.bottom - box.height));
}

/**
 * What of a layout the window shows, with some margin around it.
 *
 * @param {import("./network_layout").Layout} layout
 * @param {View} view
 * @param {"diagram"|"outline"} mode
 * @returns {{boxes: Object[], spines: {x: number, y1: number, y2: number}[]}} `spines` are the lines
 *      along the children of a point
 */
export function frameOf({boxes}, view, mode) {
    const [x1, x2] = [view.left - SLACK, view.left + view.width + SLACK];
    const [y1, y2] = [view.top - SLACK, view.top + view.height + SLACK];
    const spines = boxes
        .filter((box) => box.children.length)
        .map((box) => (mode === "diagram" ? diagramSpine(box, view) : outlineSpine(box)))
        .filter((spine) => spine.y2 >= y1 && spine.y1 <= y2 && spine.x >= x1 && spine.x <= x2)
        .map(({x, ...ends}) => ({x, y1: Math.max(y1, ends.y1), y2: Math.min(y2, ends.y2)}));
    return {
        boxes: boxes.filter(
            (box) => box.bottom > y1 && box.top < y2 && box.x + box.width > x1 && box.x < x2
        ),
        spines,
    };
}

function diagramSpine(box, view) {
    const half = box.height / 2;
    const ends = [box, box.children[0], box.children.at(-1)].map((end) => slidY(end, view) + half);
    return {x: box.x + box.width + DIAGRAM.gapX / 2, y1: Math.min(...ends), y2: Math.max(...ends)};
}

function outlineSpine(box) {
    const last = box.children.at(-1);
    return {x: box.x + OUTLINE.indent / 2, y1: box.y + box.height, y2: last.y + last.height / 2};
}
