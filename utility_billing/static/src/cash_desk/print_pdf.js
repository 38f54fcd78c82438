import {browser} from "@web/core/browser/browser";

const REPORTS = {
    receipt: "utility_billing.cash_receipt",
    shift: "utility_billing.cash_shift",
};

/**
 * Hand a slip to the printer: by a frame that is not seen, or as a page of its own where frames
 * show no PDF.
 *
 * @param {string} kind receipt or shift
 * @param {number} id
 * @param {boolean} isSmall on a phone
 */
export function printSlip(kind, id, isSmall) {
    const url = `/report/pdf/${REPORTS[kind]}/${id}`;
    if (isSmall || !navigator.pdfViewerEnabled) {
        browser.open(url, "_blank");
        return;
    }
    document.querySelector(".o_utility_cash_print")?.remove();
    const frame = document.createElement("iframe");
    frame.className = "o_utility_cash_print";
    frame.hidden = true;
    frame.src = url;
    frame.addEventListener("load", () => frame.contentWindow.print());
    document.body.append(frame);
}
