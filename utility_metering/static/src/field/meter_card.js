import {Component} from "@odoo/owl";
import {_t} from "./l10n";
import {PhotoButton} from "./photo_button";
import {SealForm} from "./seal_form";
import {doubt, parseValue} from "./values";

/** One meter: what it showed, and what it shows now. */
export class MeterCard extends Component {
    static template = "utility_metering.FieldMeterCard";
    static components = {PhotoButton, SealForm};
    static props = {
        meter: Object,
        entry: Object,
        onType: Function,
        onChangeReading: Function,
        onSeal: Function,
    };

    get seals() {
        return this.props.meter.seals
            .map(({number, place}) => (place ? `${number} (${place.toLowerCase()})` : number))
            .join(", ");
    }

    isOpen(register) {
        return !register.read || this.props.entry.again.includes(register.id);
    }

    warning(register) {
        const text = this.props.entry.values[register.id];
        if (!text) {
            return "";
        }
        return {
            "": "",
            number: _t("Only digits, a comma or a point."),
            digits: _t("The dial has only %(count)s digits.", {count: register.digits}),
            lower: _t("Lower than last time. Look again: it will be checked."),
            much: _t("Far more than usual. Look again: it will be checked."),
        }[doubt(register, text)];
    }

    isWrong(register) {
        return ["number", "digits"].includes(doubt(register, this.props.entry.values[register.id]));
    }

    usage(register) {
        const value = parseValue(this.props.entry.values[register.id]);
        if (value === null || !register.last) {
            return "";
        }
        const usage = Number(value) - Number(register.last.value);
        return `${usage > 0 ? "+" : ""}${usage.toFixed(register.decimals)} ${register.unit}`;
    }

    stateText(read) {
        return {
            accepted: _t("Accepted"),
            held: _t("Held, will be checked"),
            new: _t("Received"),
            waiting: _t("Waiting to be sent"),
            refused: _t("Not taken"),
        }[read.state];
    }
}
