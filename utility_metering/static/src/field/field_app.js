import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {call, ConnectionError, LoggedOutError} from "./api";
import {_t} from "./l10n";
import {Outbox} from "./outbox";
import {PremisePage} from "./premise_page";
import {RoutePage} from "./route_page";
import {isLeft} from "./values";

/** Routes → places of a route → one place. Where one is stands in the address, for “back”. */
export class FieldApp extends Component {
    static template = "utility_metering.FieldApp";
    static components = {RoutePage, PremisePage};
    static props = {config: Object};

    setup() {
        this.state = useState({
            loading: true,
            error: "",
            loggedOut: false,
            online: navigator.onLine,
            routes: [],
            sheet: null,
            premiseId: null,
            search: "",
            onlyLeft: true,
            mail: {waiting: 0, refused: [], offline: false, storageFull: false},
        });
        this.outbox = new Outbox({
            name: `utility_field.${this.props.config.uid}`,
            storage: localStorage,
            send: (item) => call("submit", {item}),
            onAnswer: (item, answer) => this.received(item, answer),
            onChange: () => this.updateMail(),
        });
        this.onHash = () => this.navigate();
        this.onOnline = () => {
            this.state.online = navigator.onLine;
            if (navigator.onLine) {
                this.outbox.flush();
            }
        };
        window.addEventListener("hashchange", this.onHash);
        window.addEventListener("online", this.onOnline);
        window.addEventListener("offline", this.onOnline);
        onWillUnmount(() => {
            window.removeEventListener("hashchange", this.onHash);
            window.removeEventListener("online", this.onOnline);
            window.removeEventListener("offline", this.onOnline);
        });
        onWillStart(() => {
            this.updateMail();
            this.outbox.flush();
            // the page draws itself while the first answer is on its way
            this.navigate();
        });
    }

    get premise() {
        return this.state.sheet?.premises.find(({id}) => id === this.state.premiseId);
    }

    get isOffline() {
        return !this.state.online || this.state.mail.offline;
    }

    // -- where one is -----------------------------------------------------------------------

    async navigate() {
        const place = new URLSearchParams(location.hash.slice(1));
        const routeId = place.has("route") ? Number(place.get("route")) : null;
        this.state.premiseId = Number(place.get("place")) || null;
        if (routeId === null) {
            this.state.sheet = null;
            await this.loadRoutes();
        } else if (this.state.sheet?.id !== routeId) {
            await this.loadSheet(routeId);
        }
        window.scrollTo(0, this.state.premiseId ? 0 : this.listTop || 0);
    }

    goTo(place = {}) {
        if (this.state.sheet && !this.state.premiseId) {
            this.listTop = window.scrollY;
        }
        location.hash = new URLSearchParams(place).toString();
    }

    openRoute(routeId) {
        this.listTop = 0;
        this.state.search = "";
        this.state.onlyLeft = true;
        this.goTo({route: routeId});
    }

    openPremise(premiseId) {
        this.goTo({route: this.state.sheet.id, place: premiseId});
    }

    openList() {
        this.goTo({route: this.state.sheet.id});
    }

    /** The next place with something left, from here on and around; the list when all is done. */
    openNext() {
        const all = this.state.sheet.premises;
        const here = all.findIndex(({id}) => id === this.state.premiseId);
        const next = [...all.slice(here + 1), ...all.slice(0, here)].find(
            (premise) => isLeft(premise) && !premise.refused && !premise.absentNow
        );
        next ? this.openPremise(next.id) : this.openList();
    }

    // -- what is shown ----------------------------------------------------------------------

    async loadRoutes() {
        await this.load(async () => {
            this.state.routes = await call("routes");
        });
    }

    async loadSheet(routeId) {
        this.state.sheet = null;
        await this.load(async () => {
            const sheet = await call("route", {route_id: routeId});
            this.state.sheet = sheet;
            // what still waits to be sent is done as far as the controller is concerned
            for (const item of this.outbox.items) {
                this.mark(item, item.problem ? "refused" : "waiting");
            }
        });
    }

    async load(fetchAll) {
        Object.assign(this.state, {loading: true, error: ""});
        try {
            await fetchAll();
            this.state.mail.offline = false;
        } catch (error) {
            if (error instanceof LoggedOutError) {
                this.state.loggedOut = true;
            } else if (error instanceof ConnectionError) {
                this.state.error = _t("No connection. Try again where the phone has a signal.");
            } else {
                this.state.error = error.message;
            }
        }
        this.state.loading = false;
    }

    reload() {
        return this.state.sheet === null && !location.hash.includes("route")
            ? this.loadRoutes()
            : this.loadSheet(Number(new URLSearchParams(location.hash.slice(1)).get("route")));
    }

    // -- what is sent -----------------------------------------------------------------------

    submit(item) {
        const place = {route_id: this.state.sheet.id, premise_id: this.state.premiseId};
        if (this.outbox.add({...place, address: this.premise.address, ...item})) {
            this.mark(item, "waiting");
        }
    }

    received(item, answer) {
        this.mark(item, answer.status, answer);
    }

    updateMail() {
        Object.assign(this.state.mail, {
            waiting: this.outbox.waiting.length,
            refused: this.outbox.refused.map((item) => ({...item})),
            offline: this.outbox.offline,
            storageFull: this.outbox.storageFull,
        });
        this.state.loggedOut = this.outbox.loggedOut;
    }

    discard(item) {
        this.outbox.discard(item.key);
        this.mark(item, "discarded");
    }

    /** Show on the sheet what became of an item. */
    mark(item, status, answer = {}) {
        const premise = this.state.sheet?.premises.find(({id}) => id === item.premise_id);
        if (!premise) {
            return;
        }
        const gone = status === "discarded" || status === "refused";
        const marks = {
            reading: () => this.markReading(premise, item, status, answer),
            absent: () => {
                premise.absentNow = !gone;
            },
            refusal: () => {
                premise.refused = !gone;
                this.markVisit(premise, item, gone);
            },
            visit: () => this.markVisit(premise, item, gone),
            seal: () => this.markSeal(premise, item, status),
        };
        marks[item.kind]();
    }

    markReading(premise, item, status, answer) {
        for (const register of premise.meters.flatMap((meter) => meter.registers)) {
            if (register.id !== item.register_id) {
                continue;
            }
            register.read =
                status === "discarded"
                    ? null
                    : {
                          value: item.value,
                          date: "",
                          state: status === "done" ? "accepted" : status,
                          why: answer.message || item.problem || "",
                      };
        }
    }

    markVisit(premise, item, gone) {
        if (item.visit_id && !gone) {
            premise.visits = premise.visits.filter(({id}) => id !== item.visit_id);
        }
    }

    markSeal(premise, item, status) {
        const meter = premise.meters.find(({id}) => id === item.meter_id);
        if (!meter || !["waiting", "discarded", "refused"].includes(status)) {
            return;
        }
        meter.seals = meter.seals.filter((seal) => seal.key !== item.key);
        if (status === "waiting") {
            meter.seals = meter.seals.filter((seal) => seal.id !== item.replaces_id);
            meter.seals.push({id: 0, key: item.key, number: item.number, place: ""});
        }
    }
}
