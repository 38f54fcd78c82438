import {browser} from "@web/core/browser/browser";
import {uuid} from "@web/core/utils/strings";
import {parseMoney, rounded} from "./money";

const PENDING = "utility_cash_desk_pending";

/** A line of the receipt that is being made: money for one account. */
class TillLine {
    constructor(account, digits) {
        this.account = account;
        this.digits = digits;
        this.text = account.to_pay ? account.to_pay.toFixed(digits) : "";
        this.isSplit = false;
        this.services = account.services
            .filter((service) => service.id)
            .map((service) => ({...service, text: ""}));
    }

    get amount() {
        return this.text.trim() ? parseMoney(this.text) : 0;
    }

    /** What is paid by service adds up to the sum of the line as long as nobody types another. */
    typeService(service, text) {
        service.text = text;
        const total = this.byService;
        if (!Number.isNaN(total)) {
            this.text = total.toFixed(this.digits);
        }
    }

    get byService() {
        const sums = this.services.map((service) =>
            service.text.trim() ? parseMoney(service.text) : 0
        );
        return rounded(
            sums.reduce((sum, each) => sum + each, 0),
            this.digits
        );
    }

    get credit() {
        const over = rounded(this.amount - this.account.to_pay, this.digits);
        return over > 0 ? over : 0;
    }

    get left() {
        return Math.max(rounded(this.account.to_pay - this.amount, this.digits), 0);
    }

    get payload() {
        const services = this.isSplit
            ? this.services
                  .filter((service) => service.text.trim())
                  .map((service) => ({service_id: service.id, amount: parseMoney(service.text)}))
            : [];
        return {
            account_id: this.account.id,
            partner_id: this.account.partner_id,
            amount: this.amount,
            services,
        };
    }
}

/**
 * The receipt that is being made.
 *
 * Its key goes with it to the server, which takes money once for a key. A key is given up only
 * when the server has answered, even if the page is loaded again in between.
 */
export class Till {
    constructor(digits) {
        this.digits = digits;
        this.rounding = false;
        this.pending = browser.sessionStorage.getItem(PENDING) || "";
        this.clear();
    }

    clear() {
        this.lines = [];
        this.means = "cash";
        this.given = "";
        this.cardRef = "";
    }

    add(account) {
        const known = this.lines.find((line) => line.account.key === account.key);
        if (known) {
            return known;
        }
        this.lines.push(new TillLine(account, this.digits));
        return this.lines.at(-1);
    }

    remove(line) {
        this.lines = this.lines.filter((each) => each !== line);
    }

    get total() {
        const total = this.lines.reduce((sum, line) => sum + line.amount, 0);
        return rounded(total, this.digits);
    }

    /** What is handed over: of cash, in the coins that are in use. */
    get due() {
        return this.means === "cash" ? this.inCoins(this.total) : this.total;
    }

    inCoins(amount) {
        if (!this.rounding || Number.isNaN(amount)) {
            return amount;
        }
        const {coin, method} = this.rounding;
        const coins = rounded(amount / coin, 6);
        const round = {UP: Math.ceil, DOWN: Math.floor}[method] || Math.round;
        return rounded(round(coins) * coin, this.digits);
    }

    get givenAmount() {
        return this.given.trim() ? parseMoney(this.given) : this.due;
    }

    get change() {
        return this.means === "cash" ? rounded(this.givenAmount - this.due, this.digits) : 0;
    }

    get isReady() {
        return (
            this.lines.length > 0 &&
            this.lines.every((line) => line.amount > 0) &&
            this.due > 0 &&
            this.change >= 0
        );
    }

    get payload() {
        return {
            lines: this.lines.map((line) => line.payload),
            means: this.means,
            given: this.means === "cash" ? this.givenAmount : null,
            card_ref: this.means === "card" ? this.cardRef : "",
        };
    }

    /** What is sent, under the key of what the server has not answered yet. */
    send() {
        if (!this.pending) {
            this.pending = uuid();
            browser.sessionStorage.setItem(PENDING, this.pending);
        }
        return {key: this.pending, ...this.payload};
    }

    /**
     * The server has taken money under the key. A refusal does not count: what was sent before it
     * may have been taken.
     *
     * @param {Object} receipt
     * @returns {boolean} whether it is what stands here, and not what was sent before
     */
    settle(receipt) {
        this.pending = "";
        browser.sessionStorage.removeItem(PENDING);
        const ids = [...new Set(this.lines.map((line) => line.account.id))].sort();
        return (
            receipt.amount === this.total &&
            receipt.means === this.means &&
            String(receipt.account_ids.toSorted()) === String(ids)
        );
    }
}
