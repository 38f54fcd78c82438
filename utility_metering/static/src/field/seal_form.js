import {Component, useState} from "@odoo/owl";
import {newKey} from "./outbox";

/** A seal that was placed, or that took the place of another one. */
export class SealForm extends Component {
    static template = "utility_metering.FieldSealForm";
    static props = {meter: Object, onSeal: Function};

    setup() {
        this.state = useState({key: newKey(), number: "", place: "connection", replaces: ""});
    }

    get known() {
        return this.props.meter.seals.filter((seal) => seal.id);
    }

    save() {
        const number = this.state.number.trim();
        if (!number) {
            return;
        }
        this.props.onSeal({
            kind: "seal",
            key: this.state.key,
            meter_id: this.props.meter.id,
            number,
            place: this.state.place,
            replaces_id: Number(this.state.replaces) || 0,
        });
        Object.assign(this.state, {key: newKey(), number: "", replaces: ""});
    }
}
