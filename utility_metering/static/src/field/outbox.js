import {ConnectionError, LoggedOutError} from "./api";

const PAUSES = [2000, 5000, 15000, 30000, 60000]; // milliseconds between attempts

/** A key that no other item has, also on a phone whose page was not loaded through HTTPS. */
export function newKey() {
    if (globalThis.crypto?.randomUUID) {
        return crypto.randomUUID();
    }
    const random = crypto.getRandomValues(new Uint32Array(4));
    return [Date.now(), ...random].map((part) => part.toString(16)).join("-");
}

/**
 * What was entered and the server has not confirmed yet. It is kept in the phone's storage and sent
 * again until the server answers; every item carries its key, so that sending twice does nothing.
 */
export class Outbox {
    /**
     * @param {Object} options
     * @param {string} options.name under which items are kept: one for each user of the phone
     * @param {Storage} options.storage
     * @param {(item: Object) => Promise<Object>} options.send answers {status, message}
     * @param {(item: Object, answer: Object) => void} options.onAnswer
     * @param {() => void} options.onChange
     */
    constructor({name, storage, send, onAnswer, onChange}) {
        Object.assign(this, {name, storage, send, onAnswer, onChange});
        this.items = JSON.parse(storage.getItem(name) || "[]");
        this.confirmed = new Set();
        this.offline = false;
        this.loggedOut = false;
        // something could not be written to the storage and lives only as long as the page
        this.storageFull = false;
        this.attempt = 0;
        this.sending = null;
        this.timer = null;
    }

    get waiting() {
        return this.items.filter((item) => !item.problem);
    }

    get refused() {
        return this.items.filter((item) => item.problem);
    }

    /** Queue an item; the same key twice, as by a double tap, is one item. */
    add(item) {
        if (this.confirmed.has(item.key) || this.items.some(({key}) => key === item.key)) {
            return false;
        }
        this.items.push(item);
        this.save();
        this.flush();
        return true;
    }

    discard(key) {
        this.items = this.items.filter((item) => item.key !== key);
        this.save();
    }

    /** Send what waits, one after the other, until all is answered or the network is gone. */
    flush() {
        clearTimeout(this.timer);
        this.sending ||= this.sendAll().finally(() => {
            this.sending = null;
            this.onChange();
        });
        return this.sending;
    }

    async sendAll() {
        while (this.waiting.length) {
            const [item] = this.waiting;
            try {
                this.take(item, await this.send(item));
            } catch (error) {
                this.later(item, error);
                if (this.offline || this.loggedOut) {
                    return;
                }
            }
        }
    }

    take(item, answer) {
        this.offline = this.loggedOut = false;
        if (answer.status === "again") {
            throw new ConnectionError("busy");
        }
        this.attempt = 0;
        if (answer.status === "refused") {
            item.problem = answer.message;
        } else {
            this.confirmed.add(item.key);
            this.items = this.items.filter(({key}) => key !== item.key);
        }
        this.save();
        this.onAnswer(item, answer);
    }

    later(item, error) {
        if (error instanceof LoggedOutError) {
            this.loggedOut = true;
        } else if (error instanceof ConnectionError) {
            this.offline = true;
            const pause = PAUSES[Math.min(this.attempt++, PAUSES.length - 1)];
            this.timer = setTimeout(() => this.flush(), pause);
        } else {
            item.problem = error.message;
            this.save();
        }
        this.onChange();
    }

    save() {
        try {
            this.storage.setItem(this.name, JSON.stringify(this.items));
            this.storageFull = false;
        } catch {
            // photos fill the storage first: keep at least the figures
            this.storageFull = true;
            const light = this.items.map((item) => ({...item, photo: undefined}));
            this.storage.setItem(this.name, JSON.stringify(light));
        }
        this.onChange();
    }
}
