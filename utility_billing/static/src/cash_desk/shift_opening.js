import {formatCurrency} from "@web/core/currency";
import {parseMoney} from "./money";

import {Component, onMounted, useRef, useState} from "@odoo/owl";

/** Nobody's drawer is open: choose a desk, say what is in it. */
export class ShiftOpening extends Component {
    static template = "utility_billing.ShiftOpening";
    static props = {desks: Array, currency: Object, error: String, onOpen: Function};

    setup() {
        const free = this.props.desks.find((desk) => !desk.taken_by);
        this.state = useState({deskId: free ? free.id : false, float: "", isBusy: false});
        this.amount = useRef("amount");
        if (free) {
            this.choose(free);
        }
        onMounted(() => this.amount.el?.select());
    }

    get desk() {
        return this.props.desks.find((desk) => desk.id === this.state.deskId);
    }

    get isReady() {
        return this.desk && parseMoney(this.state.float) >= 0 && !this.state.isBusy;
    }

    get differs() {
        const amount = parseMoney(this.state.float);
        return this.desk && this.desk.had && amount !== this.desk.left;
    }

    choose(desk) {
        this.state.deskId = desk.id;
        this.state.float = desk.left.toFixed(this.props.currency.digits);
    }

    money(amount) {
        return formatCurrency(amount, this.props.currency.id);
    }

    async open() {
        if (!this.isReady) {
            return;
        }
        this.state.isBusy = true;
        await this.props.onOpen(this.desk.id, parseMoney(this.state.float));
        this.state.isBusy = false;
    }
}
