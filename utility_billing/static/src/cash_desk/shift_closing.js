import {formatCurrency} from "@web/core/currency";
import {parseMoney, rounded} from "./money";

import {Component, onMounted, useRef, useState} from "@odoo/owl";

/** Counting the drawer at the end of a shift. */
export class ShiftClosing extends Component {
    static template = "utility_billing.ShiftClosing";
    static props = {
        shift: Object,
        currency: Object,
        error: String,
        onClose: Function,
        onBack: Function,
    };

    setup() {
        this.state = useState({numbers: {}, toBank: "", note: "", isBusy: false});
        this.root = useRef("root");
        onMounted(() => this.root.el.querySelector(".o_utility_cash_count input")?.focus());
    }

    money(amount) {
        return formatCurrency(amount, this.props.currency.id);
    }

    number(value) {
        const text = (this.state.numbers[value] || "").trim();
        return text === "" ? 0 : /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    }

    get counted() {
        const sum = this.props.shift.denominations.reduce(
            (total, value) => total + value * this.number(value),
            0
        );
        return rounded(sum, this.props.currency.digits);
    }

    get difference() {
        return rounded(this.counted - this.props.shift.expected, this.props.currency.digits);
    }

    get toBank() {
        return this.state.toBank.trim() ? parseMoney(this.state.toBank) : 0;
    }

    get isReady() {
        return (
            !this.state.isBusy &&
            this.counted >= 0 &&
            this.toBank >= 0 &&
            this.toBank <= this.counted
        );
    }

    /** Enter goes on to the next note or coin, then to the sum for the bank. */
    onEnter(ev) {
        if (ev.key !== "Enter") {
            return;
        }
        ev.preventDefault();
        const boxes = [...this.root.el.querySelectorAll("input, textarea, .o_utility_cash_close")];
        const next = boxes[boxes.indexOf(ev.target) + 1];
        next?.focus();
    }

    async close() {
        if (!this.isReady) {
            return;
        }
        this.state.isBusy = true;
        const count = Object.fromEntries(
            this.props.shift.denominations
                .map((value) => [value, this.number(value)])
                .filter(([, number]) => number)
        );
        await this.props.onClose(count, this.toBank, this.state.note);
        this.state.isBusy = false;
    }
}
