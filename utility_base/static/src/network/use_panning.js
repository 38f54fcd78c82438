import {useEffect} from "@odoo/owl";

const DRAG_FROM = 4;

/**
 * Lets the mouse drag a scrolling element by its background, and ctrl and the wheel zoom it.
 * Touch screens scroll by themselves.
 *
 * @param {{el: HTMLElement}} ref
 * @param {(step: number) => void} onZoom 1 larger, -1 smaller
 */
export function usePanning(ref, onZoom) {
    useEffect(
        (el) => {
            let from = null;
            const onDown = (ev) => {
                if (
                    ev.pointerType === "mouse" &&
                    ev.button === 0 &&
                    !ev.target.closest(".o_utility_node")
                ) {
                    from = {x: ev.clientX, y: ev.clientY, left: el.scrollLeft, top: el.scrollTop};
                }
            };
            const onMove = (ev) => {
                if (!from) {
                    return;
                }
                const [dx, dy] = [ev.clientX - from.x, ev.clientY - from.y];
                if (Math.abs(dx) + Math.abs(dy) > DRAG_FROM) {
                    el.classList.add("o_dragging");
                    el.scrollLeft = from.left - dx;
                    el.scrollTop = from.top - dy;
                }
            };
            const onUp = () => {
                from = null;
                el.classList.remove("o_dragging");
            };
            const onWheel = (ev) => {
                if (ev.ctrlKey) {
                    ev.preventDefault();
                    onZoom(ev.deltaY < 0 ? 1 : -1);
                }
            };
            el.addEventListener("pointerdown", onDown);
            window.addEventListener("pointermove", onMove);
            window.addEventListener("pointerup", onUp);
            el.addEventListener("wheel", onWheel, {passive: false});
            return () => {
                el.removeEventListener("pointerdown", onDown);
                window.removeEventListener("pointermove", onMove);
                window.removeEventListener("pointerup", onUp);
                el.removeEventListener("wheel", onWheel);
            };
        },
        () => [ref.el]
    );
}
