import {AutoComplete} from "@web/core/autocomplete/autocomplete";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {NetworkCanvas} from "./network_canvas";
import {NetworkLegend} from "./network_legend";
import {diagramLayout, outlineLayout} from "./network_layout";
import {NetworkModel} from "./network_model";

import {Component, onMounted, onWillStart, useState} from "@odoo/owl";

const MODEL = "utility.service.point";
const ZOOMS = [0.4, 0.5, 0.65, 0.8, 1, 1.25, 1.5];

/**
 * The network of a service as a tree, from the source to the consumers.
 *
 * Client action `utility_base.network`; `params.root_ids`: points to begin with; without them the
 * user picks a service.
 */
export class NetworkAction extends Component {
    static template = "utility_base.NetworkAction";
    static components = {AutoComplete, Layout, NetworkCanvas, NetworkLegend};
    static props = {...standardActionServiceProps};
    static displayName = _t("Networks");
    static path = "utility-network";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.ui = useService("ui");
        this.model = new NetworkModel(this.orm);
        this.display = {controlPanel: {}};
        this.zooms = ZOOMS;
        this.available = window.innerWidth;
        this.state = useState({
            mode: this.ui.isSmall ? "outline" : "diagram",
            zoom: 1,
            services: [],
            serviceId: false,
            total: 0,
            target: false,
            layout: false,
            loading: true,
        });
        useSetupAction({getLocalState: () => ({network: this.exportState()})});
        onWillStart(() => this.start());
        onMounted(() => this.updateUrl());
    }

    async start() {
        const {resId, state} = this.props;
        const rootIds = this.props.action.params?.root_ids || (resId && [resId]);
        const kept = state?.network;
        if (!rootIds) {
            await this.loadServices();
        }
        if (kept) {
            const {mode, zoom, serviceId, total} = kept;
            Object.assign(this.state, {mode, zoom, serviceId, total});
            await this.load(kept.rootIds, kept.unfoldedIds);
        } else if (rootIds) {
            await this.load(rootIds);
        } else {
            await this.pickService(this.state.services[0]?.id);
        }
    }

    async loadServices() {
        this.state.services = await this.orm.searchRead(
            "utility.service",
            [["has_network", "=", true]],
            ["name"]
        );
    }

    async pickService(serviceId) {
        this.state.serviceId = serviceId || false;
        let found = {root_ids: [], total: 0};
        if (serviceId) {
            found = await this.orm.call(MODEL, "network_roots", [serviceId]);
        }
        this.state.total = found.total;
        await this.load(found.root_ids);
    }

    async load(rootIds, unfoldedIds) {
        this.state.loading = true;
        await this.model.load(rootIds, unfoldedIds);
        this.state.loading = false;
        this.draw();
        this.updateUrl();
    }

    draw() {
        const {visible} = this.model;
        this.state.layout =
            this.state.mode === "diagram"
                ? diagramLayout(visible)
                : outlineLayout(visible, this.available);
    }

    /** @param {number} available width for the drawing in pixels */
    resize(available) {
        if (available !== this.available) {
            this.available = available;
            this.draw();
        }
    }

    // -- what is shown ---------------------------------------------------------------------

    get isSingle() {
        return !this.state.services.length;
    }

    get parentId() {
        const root = this.model.rootIds.length === 1 && this.model.nodes[this.model.rootIds[0]];
        return (root && root.parent_id) || false;
    }

    get tooMany() {
        const shown = this.model.rootIds.length;
        return this.state.total > shown
            ? _t(
                  "%(shown)s of %(total)s points without a feeder are shown. Search for the others.",
                  {
                      shown,
                      total: this.state.total,
                  }
              )
            : "";
    }

    get emptyMessage() {
        return this.isSingle || this.state.serviceId
            ? _t("This network has no points yet.")
            : _t("There is no service with a network yet.");
    }

    get searchSources() {
        return [{options: (term) => this.find(term)}];
    }

    exportState() {
        const {mode, zoom, serviceId, total} = this.state;
        return {mode, zoom, serviceId, total, ...this.model.exportState()};
    }

    updateUrl() {
        const {rootIds} = this.model;
        this.props.updateActionState?.({
            resId: this.isSingle && rootIds.length === 1 ? rootIds[0] : false,
        });
    }

    // -- what the user does ------------------------------------------------------------------

    async find(term) {
        if (!term.trim()) {
            return [];
        }
        const points = await this.orm.call(MODEL, "network_find", [term], {
            root_ids: this.isSingle ? this.model.rootIds : false,
            service_id: this.state.serviceId,
        });
        if (!points.length) {
            return [{label: _t("No point found"), cssClass: "text-muted"}];
        }
        return points.map((point) => ({
            label: [point.code, point.label].filter(Boolean).join(" · "),
            onSelect: () => this.reveal(point),
        }));
    }

    async reveal(point) {
        if (!(await this.model.reveal(point.path))) {
            await this.model.load([point.path[0]]);
            await this.model.reveal(point.path);
        }
        this.draw();
        this.state.target = {id: point.id, marked: true};
    }

    async toggle(id) {
        await this.model.toggle(id);
        this.draw();
    }

    async unfoldLevel() {
        if (!(await this.model.unfoldLevel())) {
            this.notification.add(
                _t("That would draw too many points at once. Unfold single branches."),
                {type: "warning"}
            );
        }
        this.draw();
    }

    foldAll() {
        this.model.foldAll();
        this.draw();
    }

    setMode(mode) {
        this.state.mode = mode;
        this.draw();
    }

    /** @param {number} step -1 smaller, 1 larger, 0 natural size */
    zoom(step) {
        const at = ZOOMS.indexOf(this.state.zoom);
        this.state.zoom = step ? ZOOMS[at + step] || this.state.zoom : 1;
    }

    up() {
        return this.load([this.parentId]);
    }

    open(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("utility_base.network", NetworkAction);
