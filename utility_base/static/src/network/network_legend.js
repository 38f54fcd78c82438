import {CONNECTIONS, KINDS} from "./network_kinds";

import {Component} from "@odoo/owl";

/** What the icons and colours of the network mean. */
export class NetworkLegend extends Component {
    static template = "utility_base.NetworkLegend";
    static props = {};

    setup() {
        this.kinds = Object.entries(KINDS);
        this.connections = Object.entries(CONNECTIONS);
    }
}
