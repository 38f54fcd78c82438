import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {formatCurrency} from "@web/core/currency";
import {_t} from "@web/core/l10n/translation";
import {RPCError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {AccountCard} from "./account_card";
import {MoveCashDialog, VoidDialog} from "./cash_dialogs";
import {printSlip} from "./print_pdf";
import {ShiftClosing} from "./shift_closing";
import {ShiftOpening} from "./shift_opening";
import {Till} from "./till_model";

import {Component, onWillStart, useEffect, useRef, useState} from "@odoo/owl";

/**
 * The cashier's screen: find an account, take money, hand out the receipt; open and close the
 * shift.
 *
 * Client action `utility_billing.cash_desk`.
 */
export class CashDesk extends Component {
    static template = "utility_billing.CashDesk";
    static components = {AccountCard, Layout, ShiftClosing, ShiftOpening};
    static props = {...standardActionServiceProps};
    static displayName = _t("Cash Desk");
    static path = "utility-cash-desk";

    setup() {
        this.cash = useService("utility_cash_desk");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.root = useRef("root");
        this.state = useState({
            desks: [],
            shift: false,
            closed: false,
            till: false,
            text: "",
            found: false,
            at: 0,
            shown: false,
            done: false,
            error: "",
            notice: "",
            isBusy: false,
            showsReceipts: false,
            focus: {on: "search", serial: 0},
        });
        useEffect(
            () => this.setFocus(),
            () => [this.state.focus.serial]
        );
        useSetupAction({
            beforeLeave: () => this.mayLeave(),
            beforeUnload: (ev) => this.onBeforeUnload(ev),
        });
        onWillStart(async () => {
            const {desks, shift, currency} = await this.cash.start();
            this.currency = currency;
            Object.assign(this.state, {desks, shift, till: new Till(currency.digits)});
            this.state.till.rounding = shift && shift.rounding;
        });
    }

    money(amount) {
        return Number.isNaN(amount) ? "–" : formatCurrency(amount, this.currency.id);
    }

    /** The field that is worked at next; a phone opens no keyboard by itself. */
    focus(on) {
        this.state.focus = {on, serial: this.state.focus.serial + 1};
    }

    setFocus() {
        const box = this.root.el?.querySelector(`[data-focus=${this.state.focus.on}]`);
        if (box && !(this.ui.isSmall && box.matches("input"))) {
            box.focus();
            box.select?.();
        }
    }

    // -- the shift --------------------------------------------------------------------------

    async openShift(deskId, float) {
        await this.attempt(async () => {
            this.state.shift = await this.cash.openShift(deskId, float);
            this.state.till.rounding = this.state.shift.rounding;
            this.state.closed = false;
            this.focus("search");
        });
    }

    beginClosing() {
        return this.attempt(async () => {
            this.state.shift = await this.cash.beginClosing();
        });
    }

    goOn() {
        return this.attempt(async () => {
            this.state.shift = await this.cash.goOn();
            this.focus("search");
        });
    }

    async closeShift(count, toBank, note) {
        await this.attempt(async () => {
            const {desks, closed} = await this.cash.close(count, toBank, note);
            Object.assign(this.state, {desks, closed, shift: false, done: false});
        });
    }

    printShift(shift) {
        printSlip("shift", shift.id, this.ui.isSmall);
    }

    moveCash() {
        this.dialog.add(MoveCashDialog, {
            expected: this.money(this.state.shift.expected),
            onAnswer: async (...values) => {
                this.state.shift = await this.cash.moveCash(...values);
            },
        });
    }

    // -- finding ----------------------------------------------------------------------------

    onSearchKey(ev) {
        const rows = this.state.found ? this.state.found.length : 0;
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.search(rows);
        } else if (ev.key === "ArrowDown" && rows) {
            ev.preventDefault();
            this.state.at = Math.min(this.state.at + 1, rows - 1);
        } else if (ev.key === "ArrowUp" && rows) {
            ev.preventDefault();
            this.state.at = Math.max(this.state.at - 1, 0);
        } else if (ev.key === "Escape") {
            Object.assign(this.state, {text: "", found: false});
        }
    }

    /** Enter: the row that is marked, else what is typed, else on to the money. */
    async search(rows) {
        if (rows && this.state.found.text === this.state.text) {
            await this.pick(this.state.found.rows[this.state.at].id);
        } else if (this.state.text.trim()) {
            await this.find();
        } else if (this.state.till.lines.length) {
            this.focus("amount");
        }
    }

    find() {
        return this.attempt(async () => {
            const {text} = this.state;
            const {accounts, account} = await this.cash.find(text);
            if (account) {
                this.add(account);
            } else {
                this.state.found = {text, rows: accounts, length: accounts.length};
                this.state.at = 0;
            }
        });
    }

    pick(accountId, partnerId) {
        return this.attempt(async () => this.add(await this.cash.account(accountId, partnerId)));
    }

    add(account) {
        const line = this.state.till.add(account);
        Object.assign(this.state, {text: "", found: false, shown: line, done: false, notice: ""});
        this.focus("amount");
    }

    remove(line) {
        this.state.till.remove(line);
        this.state.shown = this.state.till.lines.at(-1) || false;
        this.focus(this.state.shown ? "amount" : "search");
    }

    startOver() {
        this.state.till.clear();
        Object.assign(this.state, {shown: false, done: false, error: "", notice: "", found: false});
        this.focus("search");
    }

    // -- taking -----------------------------------------------------------------------------

    onAmountKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.focus("given");
        } else if (ev.key === "Escape") {
            this.focus("search");
        }
    }

    onGivenKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.take();
        } else if (ev.key === "Escape") {
            this.focus("search");
        }
    }

    choose(means) {
        this.state.till.means = means;
        this.focus("given");
    }

    /** Money for a member of a collective account belongs to that account; a former payer's debt
     * is paid with a line of its own. */
    async change(line, accountId, partnerId) {
        this.state.till.remove(line);
        await this.pick(accountId, partnerId);
    }

    split(line) {
        line.isSplit = !line.isSplit;
        this.state.shown = line;
    }

    take() {
        const {till} = this.state;
        if (!till.isReady) {
            return;
        }
        return this.attempt(async () => {
            const answer = await this.cash.take(till.send());
            this.state.shift = answer.shift;
            if (!till.settle(answer.receipt) && answer.repeated) {
                this.state.notice = _t(
                    "Receipt %(receipt)s of %(amount)s had been taken before the connection broke. What stands here was not taken yet: take it now.",
                    {receipt: answer.receipt.name, amount: this.money(answer.receipt.amount)}
                );
                return;
            }
            this.finish(answer.receipt);
        });
    }

    finish(receipt) {
        this.state.till.clear();
        Object.assign(this.state, {done: receipt, shown: false, notice: ""});
        if (this.state.shift.prints_at_once) {
            this.print(receipt);
        }
        this.focus("next");
    }

    print(receipt) {
        printSlip("receipt", receipt.id, this.ui.isSmall);
    }

    voidReceipt(receipt) {
        this.dialog.add(VoidDialog, {
            receipt,
            currency: this.currency,
            onAnswer: async (reason) => {
                this.state.shift = await this.cash.voidReceipt(receipt.id, reason);
                this.state.done = false;
                this.focus("search");
            },
        });
    }

    // -- what goes wrong --------------------------------------------------------------------

    /** One thing at a time; what was typed stays, whatever the server says. */
    async attempt(work) {
        if (this.state.isBusy) {
            return;
        }
        Object.assign(this.state, {isBusy: true, error: ""});
        try {
            await work();
        } catch (error) {
            this.state.error = this.words(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    words(error) {
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        return _t(
            "No connection. What you typed is still here; press again when it is back: money is taken only once."
        );
    }

    // -- leaving ----------------------------------------------------------------------------

    mayLeave() {
        if (!this.state.till.lines.length) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: _t("Not taken yet"),
                    body: _t("The money for this receipt was not taken. Leave without it?"),
                    confirmLabel: _t("Leave"),
                    confirmClass: "btn-danger",
                    confirm: () => resolve(true),
                    cancelLabel: _t("Stay"),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)}
            );
        });
    }

    onBeforeUnload(ev) {
        if (this.state.till.lines?.length) {
            ev.preventDefault();
            ev.returnValue = "unsaved";
        }
    }
}

registry.category("actions").add("utility_billing.cash_desk", CashDesk);
