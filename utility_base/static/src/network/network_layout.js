/** Sizes in CSS pixels. The diagram grows to the right, the outline downwards. */
export const DIAGRAM = {width: 232, height: 58, gapX: 56, gapY: 10, margin: 20};
export const OUTLINE = {height: 50, indent: 22, gapY: 4, margin: 8, widest: 860};

/**
 * Parents to the left of their children, in the middle of them. A parent may slide along its
 * children (`top` to `bottom`), so that it stays in sight while they scroll by.
 *
 * @param {{node: Object, depth: number}[]} visible in drawing order
 * @returns {Layout}
 *
 * @typedef {Object} Layout
 * @property {Box[]} boxes
 * @property {number} width
 * @property {number} height
 *
 * @typedef {Object} Box a visible point: `node`, `depth`, `index`, `siblings`, its `children` and
 *      `parent` boxes, its place `x`, `y`, `width`, `height`, and `top` and `bottom` of its branch
 */
export function diagramLayout(visible) {
    const {width, height, gapX, gapY, margin} = DIAGRAM;
    const {ordered, roots} = linked(visible);
    let row = 0;
    const place = (box) => {
        box.children.forEach(place);
        const {children} = box;
        const top = children.length ? children[0].top : margin + row++ * (height + gapY);
        const bottom = children.length ? children.at(-1).bottom : top + height;
        const first = children.length ? children[0].y : top;
        const last = children.length ? children.at(-1).y : top;
        const x = margin + box.depth * (width + gapX);
        Object.assign(box, {x, y: (first + last) / 2, width, height, top, bottom});
    };
    roots.forEach(place);
    return measured(ordered, margin);
}

/**
 * One point a row, indented by its level.
 *
 * @param {{node: Object, depth: number}[]} visible in drawing order
 * @param {number} available width in pixels
 * @returns {Layout}
 */
export function outlineLayout(visible, available) {
    const {height, indent, gapY, margin, widest} = OUTLINE;
    const {ordered} = linked(visible);
    const right = Math.min(available, widest) - margin;
    ordered.forEach((box, row) => {
        const x = margin + box.depth * indent;
        const top = margin + row * (height + gapY);
        const width = Math.max(200, right - x);
        Object.assign(box, {x, y: top, width, height, top, bottom: top + height});
    });
    return measured(ordered, margin);
}

function linked(visible) {
    const ordered = visible.map((item) => ({...item, children: [], parent: null}));
    const roots = [];
    const path = [];
    for (const box of ordered) {
        path.length = box.depth;
        const parent = path.at(-1);
        if (parent) {
            box.parent = parent;
            parent.children.push(box);
        } else {
            roots.push(box);
        }
        path.push(box);
    }
    return {ordered, roots};
}

function measured(boxes, margin) {
    let [right, bottom] = [0, 0];
    for (const box of boxes) {
        right = Math.max(right, box.x + box.width);
        bottom = Math.max(bottom, box.bottom);
    }
    return {boxes, width: right + margin, height: bottom + margin};
}
