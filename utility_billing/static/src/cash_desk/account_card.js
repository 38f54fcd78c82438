import {formatCurrency} from "@web/core/currency";

import {Component} from "@odoo/owl";

/** What is owed under an account: by service, by bill; its last payments. */
export class AccountCard extends Component {
    static template = "utility_billing.AccountCard";
    static props = {account: Object, currency: Object, onUse: Function, onPayer: Function};

    money(amount) {
        return formatCurrency(amount, this.props.currency.id);
    }
}
