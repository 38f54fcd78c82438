import {uuid} from "@web/core/utils/strings";
import {parseDial} from "./dial_text";

/**
 * The lines of a sheet and what is typed into them. `key` names what is typed: it changes with
 * every change, so that an answer about an older text is known as such and a line sent twice is
 * recorded once.
 */
export class EntryLines {
    constructor() {
        this.all = [];
    }

    /**
     * @param {Object[]} rows lines of `entry_sheet`; what was typed for the same register stays
     */
    fill(rows) {
        const typed = new Map(this.typed.map((line) => [line.register_id, line]));
        this.all = rows.map((row, index) => {
            const kept = !row.reading && typed.get(row.register_id);
            return {
                ...row,
                isFirst: !index || rows[index - 1].premise_id !== row.premise_id,
                startsGroup: !index || rows[index - 1].group_id !== row.group_id,
                key: uuid(),
                text: kept ? kept.text : "",
                photo: kept ? kept.photo : false,
                check: false,
                error: "",
                isSaving: false,
            };
        });
    }

    get open() {
        return this.all.filter((line) => !line.reading);
    }

    get typed() {
        return this.all.filter((line) => !line.reading && (line.text.trim() || line.photo));
    }

    get ready() {
        return this.typed.filter((line) => typeof parseDial(line.text) === "number");
    }

    get hasGroups() {
        return this.all.filter((line) => line.startsGroup).length > 1;
    }

    get counts() {
        const checked = (verdict) => this.typed.filter((line) => line.check?.verdict === verdict);
        return {
            all: this.all.length,
            recorded: this.all.length - this.open.length,
            held: this.all.filter((line) => line.reading?.state === "held").length,
            typed: this.typed.length,
            doubtful: checked("warn").length + checked("hold").length,
        };
    }

    get(registerId) {
        return this.all.find((line) => line.register_id === registerId);
    }

    /** @param {Object} changes `text` or `photo` */
    change(line, changes) {
        Object.assign(line, changes, {key: uuid(), check: false, error: ""});
    }

    /** Everything typed counts as something else now: another source, another day. */
    renew() {
        for (const line of this.typed) {
            this.change(line, {});
        }
    }

    /** @param {Object} results of `entry_save`, in the order of `sent` */
    settle(sent, results) {
        for (const [index, line] of sent.entries()) {
            const {reading, error} = results[index];
            Object.assign(line, {isSaving: false, error: error || ""});
            if (reading) {
                Object.assign(line, {reading, text: "", photo: false, check: false});
            }
        }
    }

    /** The line that follows in `direction` and can be typed into. */
    next(line, direction) {
        const {all} = this;
        let at = all.findIndex((other) => other.register_id === line.register_id);
        do {
            at += direction;
        } while (all[at]?.reading);
        return all[at] || null;
    }
}
