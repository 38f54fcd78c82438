import {formatFloat} from "@web/core/utils/numbers";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {toneClass} from "../facts/facts";
import {useFactDialog} from "../facts/use_fact_dialog";
import {useRecordLoaded} from "../facts/use_record_loaded";

import {Component, useState} from "@odoo/owl";

const WHOLE = 100;
const TOLERANCE = 0.01;

/**
 * Today's owners of a premise as one bar of shares.
 *
 * `<widget name="utility_owner_shares"/>` on the form of `utility.premise`.
 */
export class OwnerShares extends Component {
    static template = "utility_base.OwnerShares";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({shares: false});
        useRecordLoaded((resId) => this.load(resId));
        this.openDialog = useFactDialog(() => this.props.record.model.root.load());
    }

    async load(resId) {
        this.state.shares = resId
            ? await this.orm.call(this.props.record.resModel, "owner_shares", [[resId]])
            : false;
    }

    get owners() {
        return this.state.shares.owners.map((owner, index) => ({
            ...owner,
            tone: toneClass(index),
            width: (owner.share / Math.max(WHOLE, this.total)) * 100,
            percent: this.percent(owner.share),
        }));
    }

    get total() {
        return this.state.shares.total;
    }

    get gap() {
        return Math.max(0, WHOLE - this.total);
    }

    get isWhole() {
        return Math.abs(WHOLE - this.total) <= TOLERANCE;
    }

    get warning() {
        if (this.isWhole) {
            return "";
        }
        return this.total < WHOLE
            ? _t("%s without an owner", this.percent(this.gap))
            : _t("%s too much", this.percent(this.total - WHOLE));
    }

    get description() {
        return this.owners.map((owner) => `${owner.name} ${owner.percent}`).join(", ");
    }

    percent(share) {
        return `${formatFloat(share, {digits: [16, 4], trailingZeros: false})} %`;
    }

    openOwner(owner) {
        this.openDialog("utility.occupancy", owner.id, _t("Owner"));
    }
}

registry.category("view_widgets").add("utility_owner_shares", {
    component: OwnerShares,
    additionalClasses: ["d-block", "w-100"],
});
