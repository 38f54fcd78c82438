import {registry} from "@web/core/registry";

const MODEL = "utility.cash.screen";

/** The server's side of the cash desk, the only place that calls it. */
export const cashDeskService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        const call = (method, args = [], kwargs = {}) => orm.call(MODEL, method, args, kwargs);
        return {
            start: () => call("start"),
            openShift: (deskId, float) => call("open_shift", [deskId, float]),
            find: (text) => call("find", [text]),
            account: (accountId, partnerId = false) => call("account", [accountId, partnerId]),
            take: (values) => call("take", [], values),
            voidReceipt: (receiptId, reason) => call("void", [receiptId, reason]),
            moveCash: (kind, amount, reason) => call("move_cash", [kind, amount, reason]),
            beginClosing: () => call("begin_closing"),
            goOn: () => call("go_on"),
            close: (count, toBank, note) => call("close", [count, toBank, note]),
        };
    },
};

registry.category("services").add("utility_cash_desk", cashDeskService);
