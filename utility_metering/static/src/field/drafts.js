/** What is typed and not yet saved survives a page that the phone closed. */
export class Drafts {
    constructor(uid, storage = localStorage) {
        this.name = `utility_field.drafts.${uid}`;
        this.storage = storage;
        this.values = JSON.parse(storage.getItem(this.name) || "{}");
    }

    get(registerId) {
        return this.values[registerId] || "";
    }

    set(registerId, text) {
        if (text) {
            this.values[registerId] = text;
        } else {
            delete this.values[registerId];
        }
        try {
            this.storage.setItem(this.name, JSON.stringify(this.values));
        } catch {
            // photos that wait have filled the storage; the figure is still on the screen
        }
    }
}
