import {Dialog} from "@web/core/dialog/dialog";
import {formatCurrency} from "@web/core/currency";
import {parseMoney} from "./money";

import {Component, onMounted, useRef, useState} from "@odoo/owl";

class Question extends Component {
    static components = {Dialog};

    setup() {
        this.state = useState({error: "", isBusy: false, ...this.firstState});
        this.first = useRef("first");
        onMounted(() => this.first.el?.focus());
    }

    get firstState() {
        return {};
    }

    /** What was typed stays where the server refuses. */
    async answer(...values) {
        if (this.state.isBusy) {
            return;
        }
        Object.assign(this.state, {isBusy: true, error: ""});
        try {
            await this.props.onAnswer(...values);
            this.props.close();
        } catch (error) {
            this.state.error = error.data?.message || error.message;
            this.state.isBusy = false;
        }
    }
}

/** Why a receipt is voided. */
export class VoidDialog extends Question {
    static template = "utility_billing.VoidDialog";
    static props = {receipt: Object, currency: Object, onAnswer: Function, close: Function};

    get firstState() {
        return {reason: ""};
    }

    get amount() {
        return formatCurrency(this.props.receipt.amount, this.props.currency.id);
    }
}

/** Cash that is handed to the bank, paid out, or brought as change. */
export class MoveCashDialog extends Question {
    static template = "utility_billing.MoveCashDialog";
    static props = {expected: String, onAnswer: Function, close: Function};

    get firstState() {
        return {kind: "bank", amount: "", reason: ""};
    }

    get isReady() {
        return parseMoney(this.state.amount) > 0;
    }

    send() {
        return this.answer(this.state.kind, parseMoney(this.state.amount), this.state.reason);
    }
}
