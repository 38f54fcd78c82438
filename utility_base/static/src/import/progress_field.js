import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";
import {onWillUnmount, useEffect} from "@odoo/owl";
import {registry} from "@web/core/registry";

const RUNNING = ["reading", "checking", "importing"];
const SECONDS = 3;

/**
 * A progress bar that looks again every few seconds while the import is at work, unless somebody
 * is typing in the form.
 */
export class ImportProgressField extends ProgressBarField {
    setup() {
        super.setup();
        this.timer = null;
        useEffect(
            (state) => {
                this.stop();
                if (RUNNING.includes(state)) {
                    this.timer = setInterval(() => this.refresh(), SECONDS * 1000);
                }
            },
            () => [this.props.record.data.state]
        );
        onWillUnmount(() => this.stop());
    }

    stop() {
        clearInterval(this.timer);
        this.timer = null;
    }

    async refresh() {
        const dirty = await this.props.record.isDirty();
        if (!dirty && this.timer && this.props.record.resId) {
            await this.props.record.load();
        }
    }
}

export const importProgressField = {...progressBarField, component: ImportProgressField};

registry.category("fields").add("utility_import_progress", importProgressField);
