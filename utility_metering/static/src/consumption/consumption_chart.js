import {loadBundle} from "@web/core/assets";
import {cookie} from "@web/core/browser/cookie";
import {getCustomColor} from "@web/core/colors/colors";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {lastYearTotal, monthTotals, yearChange} from "./consumption_data";

import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";

const COLORS = {
    measured: "#3188E6",
    estimated: "#F4A261",
    norm: "#FFBC2C",
    allocated: "#43C5B1",
    derived: "#8481DD",
    agreed: "#7E8290",
};
const MOST_PLACES = 3;
const MONTHS_A_TICK = 3;

/** Bars of usage by month and by how it was found, with last year's line. */
export class ConsumptionChart extends Component {
    static template = "utility_metering.ConsumptionChart";
    static props = {series: Object, months: Array, methods: Array};

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new window.Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => []
        );
    }

    // -- figures ---------------------------------------------------------------------------

    get thisYear() {
        return lastYearTotal(this.props.series);
    }

    get change() {
        return yearChange(this.props.series);
    }

    get description() {
        const totals = monthTotals(this.props.series);
        return this.props.months
            .map((month, index) => `${this.monthName(month)} ${this.quantity(totals[index] || 0)}`)
            .join(", ");
    }

    quantity(value) {
        return formatFloat(value, {digits: [16, MOST_PLACES], trailingZeros: false});
    }

    percent(value) {
        return `${formatFloat(Math.abs(value), {digits: [16, 1], trailingZeros: false})} %`;
    }

    monthName(iso) {
        return deserializeDate(iso).toFormat("LLL yyyy");
    }

    // -- chart -----------------------------------------------------------------------------

    get config() {
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "#E5E7EB", "#3C3E4B");
        return {
            data: {labels: this.props.months.map(this.monthName), datasets: this.datasets(text)},
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: {mode: "index", intersect: false},
                plugins: {
                    legend: {
                        position: "bottom",
                        labels: {color: text, boxWidth: 12, boxHeight: 12, usePointStyle: false},
                    },
                    tooltip: {
                        filter: (item) => item.raw !== null && item.raw !== 0,
                        callbacks: {
                            label: ({dataset, raw}) => `${dataset.label}: ${this.withUnit(raw)}`,
                            footer: (items) => this.footer(items),
                        },
                    },
                },
                scales: {
                    x: {
                        stacked: true,
                        grid: {display: false},
                        ticks: {
                            color: text,
                            maxRotation: 0,
                            autoSkip: false,
                            callback: (_value, index) => this.tick(index),
                        },
                    },
                    y: {
                        stacked: true,
                        beginAtZero: true,
                        border: {display: false},
                        grid: {color: grid},
                        ticks: {color: text, maxTicksLimit: 6},
                        title: {display: true, text: this.props.series.uom, color: text},
                    },
                },
            },
        };
    }

    datasets(text) {
        const {bars, last_year: lastYear} = this.props.series;
        const labels = Object.fromEntries(this.props.methods);
        const datasets = bars.map(({method, quantities}) => ({
            type: "bar",
            label: labels[method],
            data: quantities,
            backgroundColor: COLORS[method],
            maxBarThickness: 28,
            stack: "usage",
            order: 2,
        }));
        if (lastYear.some((quantity) => quantity !== false)) {
            datasets.push({
                type: "line",
                label: _t("A year before"),
                data: lastYear.map((quantity) => (quantity === false ? null : quantity)),
                borderColor: text,
                backgroundColor: text,
                borderDash: [4, 3],
                borderWidth: 1.5,
                pointRadius: 0,
                pointHitRadius: 8,
                tension: 0.25,
                stack: "last_year",
                order: 1,
            });
        }
        return datasets;
    }

    /** Every third month, with its year where a year begins. */
    tick(index) {
        const month = deserializeDate(this.props.months[index]);
        if ((month.month - 1) % MONTHS_A_TICK) {
            return null;
        }
        return month.month === 1
            ? [month.toFormat("LLL"), month.toFormat("yyyy")]
            : month.toFormat("LLL");
    }

    withUnit(value) {
        return `${this.quantity(value)} ${this.props.series.uom}`;
    }

    footer(items) {
        const bars = items.filter((item) => item.dataset.type === "bar");
        const total = bars.reduce((sum, item) => sum + item.raw, 0);
        return bars.length > 1 ? _t("Together: %s", this.withUnit(total)) : "";
    }
}
