/**
 * Texts of the field page, without the web client around it. Terms are those of the module's
 * translation files.
 */
const terms = {};

export async function loadTerms(lang) {
    try {
        const query = new URLSearchParams({mods: "utility_metering", lang});
        const response = await fetch(`/web/webclient/translations?${query}`);
        const found = await response.json();
        for (const {id, string} of found.modules?.utility_metering?.messages || []) {
            terms[id] = string;
        }
    } catch {
        // English is better than no page
    }
}

/** The term in the user's language; `%(name)s` are filled in from `values`. */
export function _t(source, values = {}) {
    const text = terms[source] || source;
    return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
