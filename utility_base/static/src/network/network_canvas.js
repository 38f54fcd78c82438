import {useThrottleForAnimation} from "@web/core/utils/timing";
import {EDGE, frameOf, slidY} from "./network_frame";
import {NetworkNode} from "./network_node";
import {useNetworkKeys} from "./use_network_keys";
import {usePanning} from "./use_panning";

import {Component, onMounted, onWillUpdateProps, useEffect, useRef, useState} from "@odoo/owl";

/** Draws a layout of a network, only what the window shows of it. */
export class NetworkCanvas extends Component {
    static template = "utility_base.NetworkCanvas";
    static components = {NetworkNode};
    static props = {
        layout: Object,
        mode: String,
        zoom: Number,
        target: {type: [Object, Boolean]},
        isUnfolded: Function,
        onToggle: Function,
        onOpen: Function,
        onZoom: Function,
        onResize: Function,
    };

    setup() {
        this.scroller = useRef("scroller");
        this.state = useState({
            view: {left: 0, top: 0, width: 1600, height: 1000},
            focusId: false,
            markedId: false,
        });
        this.anchor = null;
        this.updateView = useThrottleForAnimation(() => this.measure());
        usePanning(this.scroller, (step) => this.props.onZoom(step));
        this.onKeydown = useNetworkKeys(this);
        onMounted(() => this.measure());
        onWillUpdateProps((next) => this.keepAnchor(next));
        useEffect(
            () => this.moveToAnchor(),
            () => [this.props.layout, this.props.zoom]
        );
        useEffect(
            (target) => target && this.show(target.id, target.marked),
            () => [this.props.target]
        );
        useEffect(
            (el) => {
                const observer = new ResizeObserver(() => {
                    this.measure();
                    this.props.onResize(el.clientWidth);
                });
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.scroller.el]
        );
    }

    /** The window in the layout's pixels. */
    get view() {
        const {zoom} = this.props;
        const {left, top, width, height} = this.state.view;
        return {left: left / zoom, top: top / zoom, width: width / zoom, height: height / zoom};
    }

    get frame() {
        return frameOf(this.props.layout, this.view, this.props.mode);
    }

    /** The one point that the tab key reaches. */
    get focusId() {
        const {boxes} = this.props.layout;
        const kept = boxes.some((box) => box.node.id === this.state.focusId);
        return kept ? this.state.focusId : boxes[0]?.node.id;
    }

    measure() {
        const {el} = this.scroller;
        if (el) {
            this.state.view = {
                left: el.scrollLeft,
                top: el.scrollTop,
                width: el.clientWidth,
                height: el.clientHeight,
            };
        }
    }

    boxOf(id) {
        return this.props.layout.boxes.find((box) => box.node.id === id);
    }

    toggle(id) {
        this.anchor = {id};
        this.state.focusId = id;
        this.props.onToggle(id);
    }

    // -- staying in place ----------------------------------------------------------------------

    /** Remember where the point stands that was unfolded, since the drawing moves around it. */
    keepAnchor(next) {
        const box = this.anchor && next.layout !== this.props.layout && this.boxOf(this.anchor.id);
        if (box) {
            Object.assign(this.anchor, {x: box.x, y: slidY(box, this.view)});
        }
    }

    moveToAnchor() {
        const {zoom} = this.props;
        const box = this.anchor && "x" in this.anchor && this.boxOf(this.anchor.id);
        if (box) {
            this.scroller.el.scrollTop += (box.y - this.anchor.y) * zoom;
            this.scroller.el.scrollLeft += (box.x - this.anchor.x) * zoom;
            this.anchor = null;
        }
        this.measure();
    }

    /** Bring a point to the middle of the window, and the keyboard to it. */
    show(id, marked) {
        const box = this.boxOf(id);
        if (!box) {
            return;
        }
        const {el} = this.scroller;
        const {zoom} = this.props;
        el.scrollTop = (box.y + box.height / 2) * zoom - el.clientHeight / 2;
        el.scrollLeft = (box.x + box.width / 2) * zoom - el.clientWidth / 2;
        this.measure();
        this.state.markedId = marked ? id : this.state.markedId;
        this.focus(id);
    }

    /** Go to a point by keyboard: scrolls only as far as needed, also where it is not drawn yet. */
    moveTo(box) {
        const {node, x, width, height} = box;
        const {el} = this.scroller;
        const {zoom} = this.props;
        const y = slidY(box, this.view);
        el.scrollTop = nearest(el.scrollTop, el.clientHeight, y * zoom, height * zoom);
        el.scrollLeft = nearest(el.scrollLeft, el.clientWidth, x * zoom, width * zoom);
        this.measure();
        this.focus(node.id);
    }

    focus(id) {
        this.state.focusId = id;
        requestAnimationFrame(() => {
            const element = this.scroller.el?.querySelector(`[data-id="${id}"]`);
            element?.focus({preventScroll: true});
        });
    }
}

/** The scroll offset nearest to `offset` that shows `start` to `start + length`. */
function nearest(offset, visible, start, length) {
    return Math.max(Math.min(offset, start - EDGE), start + length + EDGE - visible);
}
