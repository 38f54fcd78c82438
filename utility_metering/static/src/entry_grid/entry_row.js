import {formatDay} from "@utility_base/facts/facts";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {getDataURLFromFile} from "@web/core/utils/urls";
import {parseDial, usageOf} from "./dial_text";

import {Component, useEffect, useRef, useState} from "@odoo/owl";

const HINT_DIGITS = 1;
const ICONS = {
    accepted: "fa-check-circle text-success",
    held: "fa-pause-circle text-warning",
    new: "fa-clock-o text-muted",
};

/** One register: what it showed before, what it shows now, what that makes. */
export class EntryRow extends Component {
    static template = "utility_metering.EntryRow";
    static props = {
        line: Object,
        canEnter: Boolean,
        isFocused: Boolean,
        onType: Function,
        onPhoto: Function,
        onMove: Function,
        onCorrect: Function,
        onFocus: Function,
    };

    setup() {
        this.line = useState(this.props.line);
        this.input = useRef("input");
        this.file = useRef("file");
        useEffect(
            (isFocused, input) => {
                if (isFocused && input) {
                    input.focus();
                    input.select();
                }
            },
            () => [this.props.isFocused, this.input.el]
        );
    }

    // -- what is shown ---------------------------------------------------------------------

    get usage() {
        return usageOf(this.line);
    }

    get isInvalid() {
        return parseDial(this.line.text) === false;
    }

    get verdict() {
        const {reading, error, check} = this.line;
        if (reading) {
            return reading.state;
        }
        return error || this.isInvalid ? "error" : check?.verdict || "";
    }

    get messages() {
        const {reading, error, check} = this.line;
        if (reading) {
            return reading.messages;
        }
        if (this.isInvalid) {
            return [_t("Type digits, with a decimal comma or point.")];
        }
        return error ? [error] : check?.messages || [];
    }

    get icon() {
        return ICONS[this.line.reading.state];
    }

    get previousDay() {
        return this.line.previous_date ? formatDay(this.line.previous_date) : "";
    }

    get usageText() {
        const {usage} = this;
        return usage === null ? "" : this.quantity(usage, this.line.decimals);
    }

    get ratioText() {
        return this.line.ratio === 1 ? "" : `× ${this.quantity(this.line.ratio, 6)}`;
    }

    get hints() {
        const {expected, last_year: lastYear} = this.line;
        const hints = [];
        if (expected !== false) {
            hints.push(_t("usual %s", this.quantity(expected, HINT_DIGITS)));
        }
        if (lastYear !== false) {
            hints.push(_t("last year %s", this.quantity(lastYear, HINT_DIGITS)));
        }
        return hints.join(" · ");
    }

    get label() {
        const {flat, service, serial, register} = this.line;
        return [flat, service, serial, register].filter(Boolean).join(", ");
    }

    dial(value) {
        return formatFloat(value, {digits: [16, this.line.decimals], thousandsSep: ""});
    }

    quantity(value, digits) {
        return formatFloat(value, {digits: [16, digits], trailingZeros: digits !== 6});
    }

    // -- what the user does ------------------------------------------------------------------

    onKeydown(ev) {
        const handlers = {
            Enter: () => this.props.onMove(this.line, ev.shiftKey ? -1 : 1),
            ArrowDown: () => this.props.onMove(this.line, 1),
            ArrowUp: () => this.props.onMove(this.line, -1),
            Escape: () => this.props.onType(this.line, ""),
            F4: () => this.file.el?.click(),
        };
        const handler = handlers[ev.key];
        if (handler && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            handler();
        }
    }

    async onFile(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        if (file) {
            const url = await getDataURLFromFile(file);
            this.props.onPhoto(this.line, {name: file.name, data: url.split(",")[1]});
        }
        this.input.el?.focus();
    }
}
