import {_t} from "@web/core/l10n/translation";

/** Icons and words for the kinds of service points. */
export const KINDS = {
    source: {icon: "fa-industry", label: _t("Source")},
    main: {icon: "fa-sitemap", label: _t("Main, district")},
    inlet: {icon: "fa-building-o", label: _t("Building inlet")},
    riser: {icon: "fa-arrows-v", label: _t("Riser")},
    unit: {icon: "fa-home", label: _t("Consumer")},
};

/** Words for the states of connection; the colours are in network.scss. */
export const CONNECTIONS = {
    connected: _t("Connected"),
    disconnected: _t("Disconnected"),
    removed: _t("Removed"),
};

export function kindOf(node) {
    return KINDS[node.kind] || KINDS.unit;
}
