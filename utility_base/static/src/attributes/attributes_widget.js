import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useFactDialog} from "../facts/use_fact_dialog";
import {useRecordLoaded} from "../facts/use_record_loaded";
import {AttributeRow} from "./attribute_row";

import {Component, useState} from "@odoo/owl";

const MODEL = "utility.attribute.value";

/**
 * The record's attributes with their values of today; each opens to its history.
 *
 * `<widget name="utility_attributes"/>` on the form of a premise, account, service point, partner
 * or any other model that may own attribute values.
 */
export class AttributesSheet extends Component {
    static template = "utility_base.AttributesSheet";
    static components = {AttributeRow};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({sheet: null, opened: {}, showEmpty: false});
        useRecordLoaded((resId) => this.load(resId));
        this.openDialog = useFactDialog(() => this.reload());
    }

    async load(resId = this.props.record.resId) {
        this.state.sheet = resId
            ? await this.orm.call(MODEL, "attribute_sheet", [this.props.record.resModel, resId])
            : null;
    }

    reload() {
        return this.props.record.model.root.load();
    }

    /** Attributes with a history, and those that must have a value. */
    get rows() {
        const {attributes} = this.state.sheet;
        return this.state.showEmpty
            ? attributes
            : attributes.filter(({history, required}) => history.length || required);
    }

    get emptyCount() {
        const {attributes} = this.state.sheet;
        return attributes.filter(({history, required}) => !history.length && !required).length;
    }

    recorderOf(attribute) {
        return this.state.sheet.can_record ? () => this.record(attribute) : undefined;
    }

    toggle(attribute) {
        const {opened} = this.state;
        opened[attribute.attribute_id] = !opened[attribute.attribute_id];
    }

    openValue(value) {
        this.openDialog(MODEL, value.id, _t("Value"));
    }

    /** A change of the value of today, or the first value. */
    async record(attribute) {
        const onClose = () => this.reload();
        if (attribute.current) {
            await this.action.doActionButton({
                type: "object",
                name: "action_change",
                resModel: MODEL,
                resId: attribute.current,
                resIds: [attribute.current],
                context: {},
                onClose,
            });
            return;
        }
        await this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: attribute.name,
                res_model: MODEL,
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_attribute_id: attribute.attribute_id,
                    [`default_${this.state.sheet.owner_field}`]: this.props.record.resId,
                },
            },
            {onClose}
        );
    }
}

registry.category("view_widgets").add("utility_attributes", {
    component: AttributesSheet,
    additionalClasses: ["d-block", "w-100"],
});
