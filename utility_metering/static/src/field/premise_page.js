import {Component, useRef, useState} from "@odoo/owl";
import {call} from "./api";
import {Drafts} from "./drafts";
import {_t} from "./l10n";
import {MeterCard} from "./meter_card";
import {newKey} from "./outbox";
import {PhotoButton} from "./photo_button";
import {doubt, parseValue} from "./values";

// a second tap of a double tap must not skip the next place
const SETTLE = 400; // milliseconds
// the server is asked about a value when nothing was typed for so long
const PAUSE = 600; // milliseconds

/** One place: its meters, its check visits, nobody at home, access refused. */
export class PremisePage extends Component {
    static template = "utility_metering.FieldPremisePage";
    static components = {MeterCard, PhotoButton};
    static props = {
        premise: Object,
        uid: Number,
        submit: Function,
        onNext: Function,
        onBack: Function,
    };

    setup() {
        this.root = useRef("root");
        this.openedAt = Date.now();
        this.timers = {};
        this.drafts = new Drafts(this.props.uid);
        this.state = useState({
            problem: "",
            refusal: null,
            absentKey: newKey(),
            entries: Object.fromEntries(
                this.props.premise.meters.map((meter) => [meter.id, this.newEntry(meter)])
            ),
            visits: Object.fromEntries(
                this.props.premise.visits.map(({id}) => [id, {key: newKey(), note: ""}])
            ),
        });
    }

    newEntry(meter) {
        const ids = meter.registers.map(({id}) => id);
        return {
            values: Object.fromEntries(ids.map((id) => [id, this.drafts.get(id)])),
            keys: Object.fromEntries(ids.map((id) => [id, newKey()])),
            findings: {},
            again: [],
            note: "",
            photo: "",
            more: false,
        };
    }

    get typed() {
        return this.props.premise.meters.flatMap((meter) => {
            const entry = this.state.entries[meter.id];
            return meter.registers
                .filter((register) => entry.values[register.id].trim())
                .map((register) => ({meter, entry, register}));
        });
    }

    get canRefuse() {
        const {meters, visits} = this.props.premise;
        return Boolean(meters.length || visits.length);
    }

    onType(entry, registerId, text) {
        entry.values[registerId] = text;
        this.state.problem = "";
        this.drafts.set(registerId, text);
        entry.findings[registerId] = [];
        clearTimeout(this.timers[registerId]);
        if (parseValue(text) !== null) {
            this.timers[registerId] = setTimeout(() => this.ask(entry, registerId, text), PAUSE);
        }
    }

    /** What the rules of validation say; without the network the phone's own doubts must do. */
    async ask(entry, registerId, text) {
        try {
            const {messages} = await call("check", {register_id: registerId, value: text});
            if (entry.values[registerId] === text) {
                entry.findings[registerId] = messages;
            }
        } catch {
            // saving tells
        }
    }

    enterAgain(entry, registerId) {
        entry.again.push(registerId);
        entry.keys[registerId] = newKey();
    }

    /** Enter on the keypad goes to the next dial, behind the last one to “Save”. */
    onKeydown(ev) {
        if (ev.key !== "Enter" || !ev.target.matches(".u_number")) {
            return;
        }
        ev.preventDefault();
        const inputs = [...this.root.el.querySelectorAll(".u_number")];
        const next = inputs[inputs.indexOf(ev.target) + 1];
        (next || this.root.el.querySelector(".u_save")).focus();
    }

    // -- saving -----------------------------------------------------------------------------

    save() {
        const wrong = this.typed.find(({entry, register}) =>
            ["number", "digits"].includes(doubt(register, entry.values[register.id]))
        );
        if (wrong) {
            this.state.problem = _t(
                "%(serial)s: this is not a reading. Enter what the dial shows.",
                {
                    serial: wrong.meter.serial,
                }
            );
            const input = `.u_register[data-id="${wrong.register.id}"] input`;
            this.root.el.querySelector(input)?.focus();
            return false;
        }
        for (const {meter, entry, register} of this.typed) {
            this.sendReading(meter, entry, register);
        }
        for (const visit of [...this.props.premise.visits]) {
            if (this.state.visits[visit.id].note.trim()) {
                this.closeVisit(visit);
            }
        }
        return true;
    }

    sendReading(meter, entry, register) {
        const visit = this.props.premise.visits.find(({point_id: id}) => id === meter.point_id);
        this.props.submit({
            kind: "reading",
            key: entry.keys[register.id],
            register_id: register.id,
            value: entry.values[register.id].trim(),
            note: entry.note.trim(),
            photo: entry.photo,
            visit_id: visit ? visit.id : 0,
        });
        this.drafts.set(register.id, "");
        clearTimeout(this.timers[register.id]);
        entry.values[register.id] = "";
        entry.findings[register.id] = [];
        entry.again = entry.again.filter((id) => id !== register.id);
        entry.keys[register.id] = newKey();
    }

    saveAndNext() {
        if (Date.now() - this.openedAt > SETTLE && this.save()) {
            this.props.onNext();
        }
    }

    closeVisit(visit) {
        const {key, note} = this.state.visits[visit.id];
        this.props.submit({
            kind: "visit",
            key,
            visit_id: visit.id,
            state: "done",
            note: note.trim(),
        });
    }

    markAbsent() {
        if (Date.now() - this.openedAt > SETTLE) {
            const {premise} = this.props;
            this.props.submit({kind: "absent", key: this.state.absentKey, premise_id: premise.id});
            this.props.onNext();
        }
    }

    startRefusal() {
        this.state.refusal ||= {key: newKey(), customer_name: "", note: "", photo: ""};
        window.scrollTo(0, 0);
    }

    sendRefusal() {
        const {meters, visits} = this.props.premise;
        this.props.submit({
            kind: "refusal",
            ...this.state.refusal,
            point_id: visits.length ? visits[0].point_id : meters[0].point_id,
            meter_id: meters.length === 1 ? meters[0].id : 0,
            visit_id: visits.length ? visits[0].id : 0,
        });
        this.state.refusal = null;
        this.props.onNext();
    }
}
