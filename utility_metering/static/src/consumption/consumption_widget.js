import {useRecordLoaded} from "@utility_base/facts/use_record_loaded";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {ConsumptionChart} from "./consumption_chart";

import {Component, useState} from "@odoo/owl";

/**
 * What was used in the last 24 months, one chart for each service or register.
 *
 * `<widget name="utility_consumption"/>` on the form of a record with `consumption_months`.
 */
export class ConsumptionWidget extends Component {
    static template = "utility_metering.ConsumptionWidget";
    static components = {ConsumptionChart};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({consumption: false, serial: 0});
        useRecordLoaded((resId) => this.load(resId));
    }

    async load(resId) {
        const {resModel} = this.props.record;
        this.state.consumption = resId
            ? await this.orm.call(resModel, "consumption_months", [[resId]])
            : false;
        this.state.serial += 1;
    }
}

registry.category("view_widgets").add("utility_consumption", {
    component: ConsumptionWidget,
    additionalClasses: ["d-block", "w-100"],
});
