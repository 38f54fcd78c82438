import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

const PLACING = ["action_choose", "action_choose_best", "action_skip", "action_register_now"];
const TO_PLACE = ["new", "doubtful", "unmatched"];

/**
 * A payment to be placed: once it is, the next one of the list comes by itself.
 */
export class PaymentFormController extends FormController {
    async beforeExecuteActionButton(clickParams) {
        this.stateBefore = this.model.root.data.state;
        return super.beforeExecuteActionButton(clickParams);
    }

    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        if (PLACING.includes(clickParams.name)) {
            this.placed = this.model.root.resId;
            await this.goOn();
        }
    }

    async goOn() {
        const root = this.model.root;
        await root.load();
        const wasOpen = TO_PLACE.includes(this.stateBefore);
        if (!wasOpen || TO_PLACE.includes(root.data.state) || root.resId !== this.placed) {
            return;
        }
        const place = root.resIds.indexOf(root.resId);
        if (place >= 0 && place + 1 < root.resIds.length) {
            await this.onPagerUpdate({offset: place + 1, resIds: root.resIds});
        }
    }
}

registry.category("views").add("utility_payment_form", {
    ...formView,
    Controller: PaymentFormController,
});
