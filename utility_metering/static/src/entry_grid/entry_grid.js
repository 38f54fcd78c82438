import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {pick} from "@web/core/utils/objects";
import {useDebounced} from "@web/core/utils/timing";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {parseDial} from "./dial_text";
import {EntryLines} from "./entry_lines";
import {EntryRow} from "./entry_row";
import {EntryTools} from "./entry_tools";

import {Component, onWillStart, useRef, useState} from "@odoo/owl";

const CHECK_DELAY = 250;
const BOUNDS = ["meter_id", "service_point_id", "account_id"];
const PLACE = [...BOUNDS, "premise_id", "route_id", "service_id", "date"];

/**
 * Readings typed by keyboard: a line for each register of a building, a route, a point, an account
 * or a meter.
 *
 * Client action `utility_metering.entry_grid`; `params`: those of `entry_sheet`.
 */
export class EntryGrid extends Component {
    static template = "utility_metering.EntryGrid";
    static components = {EntryRow, EntryTools, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Enter Readings");
    static path = "utility-enter-readings";

    setup() {
        this.entry = useService("utility_reading_entry");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.saveButton = useRef("save");
        this.lines = useState(new EntryLines());
        this.state = useState({
            options: false,
            place: {},
            sheet: false,
            serial: 0,
            source: "clerk",
            focusId: false,
            isWhole: false,
            isSaving: false,
            error: "",
        });
        this.checkSoon = useDebounced(() => this.check(), CHECK_DELAY);
        useHotkey("control+s", () => this.save(), {bypassEditableProtection: true});
        useSetupAction({
            beforeLeave: () => this.mayLeave(),
            beforeUnload: (ev) => this.onBeforeUnload(ev),
            getLocalState: () => this.exportState(),
        });
        onWillStart(() => this.start());
    }

    async start() {
        this.state.options = await this.entry.options();
        const kept = this.props.state;
        Object.assign(this.state, {
            source: kept?.source || this.state.source,
            isWhole: Boolean(kept?.isWhole),
            place: {
                date: this.state.options.day,
                ...pick(this.props.action.params || {}, ...PLACE),
                ...kept?.place,
            },
        });
        if (this.hasPlace) {
            await this.load();
        }
    }

    exportState() {
        const {place, source, isWhole} = this.state;
        return {place: {...place}, source, isWhole};
    }

    // -- what is shown ---------------------------------------------------------------------

    get isBounded() {
        return BOUNDS.some((bound) => this.state.place[bound]);
    }

    get hasPlace() {
        return this.isBounded || this.state.place.premise_id || this.state.place.route_id;
    }

    get canEnter() {
        return this.state.options.can_enter;
    }

    get progress() {
        const {all, recorded, typed} = this.lines.counts;
        return all
            ? {recorded: (recorded / all) * 100, typed: (typed / all) * 100}
            : {recorded: 0, typed: 0};
    }

    get nextEntrance() {
        const {sheet, place} = this.state;
        const entrances = (sheet && sheet.entrances) || [];
        const at = entrances.findIndex((entrance) => entrance.id === place.premise_id);
        return at >= 0 && entrances[at + 1];
    }

    // -- loading ---------------------------------------------------------------------------

    async load() {
        const {place} = this.state;
        let sheet = await this.entry.sheet(place);
        const isBuilding = sheet.building && sheet.building.id === place.premise_id;
        if (isBuilding && !this.state.isWhole && sheet.entrances.length > 1) {
            place.premise_id = sheet.entrances[0].id;
            sheet = await this.entry.sheet(place);
        }
        this.lines.fill(sheet.lines);
        Object.assign(this.state, {sheet, serial: this.state.serial + 1});
        if (!this.ui.isSmall) {
            this.focus(this.lines.open[0]);
        }
        this.checkAgain();
    }

    /**
     * @param {Object} changes of the place; another day alone keeps what is typed
     * @param {boolean} isWhole the building with all its entrances
     */
    async changePlace(changes, isWhole = !("premise_id" in changes) && this.state.isWhole) {
        const onlyDay = Object.keys(changes).every((name) => name === "date");
        if (!onlyDay && !(await this.mayLeave())) {
            this.state.serial += 1;
            return;
        }
        if (!onlyDay) {
            this.lines.fill([]);
        }
        Object.assign(this.state.place, changes);
        Object.assign(this.state, {error: "", isWhole});
        if (this.hasPlace) {
            await this.load();
        } else {
            this.state.sheet = false;
        }
    }

    changeSource(source) {
        this.state.source = source;
        this.lines.renew();
        this.checkAgain();
    }

    // -- typing ----------------------------------------------------------------------------

    focus(line) {
        this.state.focusId = line ? line.register_id : false;
    }

    type(line, text) {
        this.lines.change(line, {text});
        this.checkSoon();
    }

    attach(line, photo) {
        this.lines.change(line, {photo});
        this.checkSoon();
    }

    move(line, direction) {
        const next = this.lines.next(line, direction);
        if (next) {
            this.focus(next);
        } else if (direction > 0) {
            this.saveButton.el?.focus();
        }
    }

    vals(line) {
        return {
            register_id: line.register_id,
            installation_id: line.installation_id,
            date: this.state.place.date,
            value: parseDial(line.text),
            source: this.state.source,
        };
    }

    checkAgain() {
        for (const line of this.lines.ready) {
            line.check = false;
        }
        this.checkSoon();
    }

    /** Ask what validation would say of lines that were typed since the last answer. */
    async check() {
        const asked = this.lines.ready.filter((line) => !line.check);
        if (!asked.length) {
            return;
        }
        const keys = asked.map((line) => line.key);
        const answers = await this.entry.preview(asked.map((line) => this.vals(line)));
        for (const [index, line] of asked.entries()) {
            if (answers && line.key === keys[index]) {
                line.check = answers[index];
            }
        }
    }

    // -- saving ----------------------------------------------------------------------------

    async save() {
        const sent = this.lines.ready;
        if (!sent.length || this.state.isSaving) {
            return;
        }
        Object.assign(this.state, {isSaving: true, error: ""});
        sent.forEach((line) => Object.assign(line, {isSaving: true, error: ""}));
        try {
            const results = await this.entry.save(sent.map((line) => this.payload(line)));
            this.lines.settle(sent, results);
        } catch (error) {
            sent.forEach((line) => Object.assign(line, {isSaving: false}));
            this.state.error = error.data?.message || error.message || _t("No connection.");
        } finally {
            this.state.isSaving = false;
        }
        this.focus(sent.find((line) => !line.reading) || this.lines.open[0]);
    }

    payload(line) {
        const {register_id, date, value, source} = this.vals(line);
        const payload = {key: line.key, register_id, date, value, source};
        return line.photo ? {...payload, photo: line.photo.data} : payload;
    }

    /** A correction supersedes what is on record: its wizard asks for the new value and why. */
    correct(line) {
        return this.action.doActionButton({
            type: "object",
            name: "action_correct",
            resModel: "utility.reading",
            resId: line.reading.id,
            onClose: () => this.load(),
        });
    }

    // -- leaving ---------------------------------------------------------------------------

    mayLeave() {
        const {typed} = this.lines.counts;
        if (!typed) {
            return true;
        }
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    title: _t("Not saved yet"),
                    body: _t("%s typed readings are not saved. Leave without them?", typed),
                    confirmLabel: _t("Leave without Saving"),
                    confirmClass: "btn-danger",
                    confirm: () => resolve(true),
                    cancelLabel: _t("Stay"),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)}
            );
        });
    }

    onBeforeUnload(ev) {
        if (this.lines.counts.typed) {
            ev.preventDefault();
            ev.returnValue = "unsaved";
        }
    }
}

registry.category("actions").add("utility_metering.entry_grid", EntryGrid);
