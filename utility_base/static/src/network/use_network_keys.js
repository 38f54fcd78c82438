/**
 * The keys of a tree: up and down through what shows, right unfolds or goes in, left folds or goes
 * out, home and end, enter opens the point.
 *
 * @param {import("./network_canvas").NetworkCanvas} canvas
 * @returns {(ev: KeyboardEvent) => void}
 */
export function useNetworkKeys(canvas) {
    const moves = {
        ArrowDown: (boxes, at) => boxes[at + 1],
        ArrowUp: (boxes, at) => boxes[at - 1],
        Home: (boxes) => boxes[0],
        End: (boxes) => boxes.at(-1),
        ArrowRight: (boxes, at) => {
            const {node, children} = boxes[at];
            if (node.children && !canvas.props.isUnfolded(node.id)) {
                canvas.toggle(node.id);
                return null;
            }
            return children[0];
        },
        ArrowLeft: (boxes, at) => {
            const {node, parent} = boxes[at];
            if (canvas.props.isUnfolded(node.id)) {
                canvas.toggle(node.id);
                return null;
            }
            return parent;
        },
        Enter: (boxes, at) => {
            canvas.props.onOpen(boxes[at].node.id);
            return null;
        },
    };
    return (ev) => {
        const move = moves[ev.key];
        const id = Number(ev.target.dataset.id);
        const {boxes} = canvas.props.layout;
        const at = boxes.findIndex((box) => box.node.id === id);
        if (!move || at < 0 || ev.ctrlKey || ev.altKey || ev.metaKey) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const box = move(boxes, at);
        if (box) {
            canvas.moveTo(box);
        }
    };
}
