import {App, whenReady} from "@odoo/owl";
import {getTemplate} from "@web/core/templates";
import {FieldApp} from "./field_app";
import {_t, loadTerms} from "./l10n";

whenReady(async () => {
    const root = document.getElementById("utility_field");
    const config = JSON.parse(root.dataset.config);
    await loadTerms(config.lang);
    const app = new App(FieldApp, {
        getTemplate,
        props: {config},
        translateFn: (text) => _t(text),
        translatableAttributes: ["placeholder", "aria-label", "title"],
    });
    await app.mount(root);
});
