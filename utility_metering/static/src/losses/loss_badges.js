import {_t} from "@web/core/l10n/translation";
import {networkBadges} from "@utility_base/network/network_badges";
import {formatFloat} from "@web/views/fields/formatters";

const STYLES = ["text-bg-light border", "text-bg-info", "text-bg-warning", "text-bg-danger"].map(
    (style) => `o_utility_loss ${style}`
);
const HIGH_SCORE = 80;

/** The month whose losses the drawing of a network shows; empty: the latest of each point. */
export const shownMonth = {value: ""};

/**
 * @param {Object} node of the network
 * @returns {Object|undefined} the balance of the month that is shown
 */
export function lossOf(node) {
    return node.losses && node.losses.find(({month}) => month === shownMonth.value);
}

/** Quantities of three significant digits are enough in a drawing. */
export function shortQuantity(value, unit) {
    const digits = Math.abs(value) < 100 ? 1 : 0;
    return `${formatFloat(value, {digits: [16, digits]})} ${unit}`;
}

function lossBadge(loss) {
    const {state, percent, severity, known, count, unit} = loss;
    if (state === "own") {
        return {text: _t("? own usage"), className: STYLES[severity], title: _t("Incomplete")};
    }
    if (state === "children") {
        return {
            text: _t("? %(known)s of %(count)s", {known, count}),
            className: STYLES[severity],
            title: _t("Incomplete, usage below is known for"),
        };
    }
    const share = formatFloat(percent, {digits: [16, 1]});
    return {
        text: `${severity > 1 ? "⚠ " : ""}${share} % · ${shortQuantity(loss.loss, unit)}`,
        className: STYLES[severity],
        title: percent < 0 ? _t("Points below are above their feeder") : _t("Loss"),
    };
}

networkBadges.add("utility_metering.losses", {
    badges: (node) => {
        const loss = lossOf(node);
        return loss ? [lossBadge(loss)] : [];
    },
    severity: (node) => {
        const loss = lossOf(node);
        return loss ? loss.severity : 0;
    },
});

networkBadges.add("utility_metering.suspicion", {
    badges: ({suspicion}) =>
        suspicion
            ? [
                  {
                      text: _t("check: %s", suspicion.score),
                      className: `o_utility_check text-bg-${
                          suspicion.score >= HIGH_SCORE ? "danger" : "warning"
                      }`,
                      title: suspicion.reason,
                  },
              ]
            : [],
    severity: ({suspicion}) => (suspicion ? (suspicion.score >= HIGH_SCORE ? 3 : 2) : 0),
});
