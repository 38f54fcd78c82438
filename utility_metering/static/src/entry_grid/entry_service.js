import {registry} from "@web/core/registry";

const MODEL = "utility.reading";

/** The server's side of entering readings, the only place that calls it. */
export const readingEntryService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        return {
            options: () => orm.call(MODEL, "entry_options"),
            sheet: (place) => orm.call(MODEL, "entry_sheet", [], place),
            save: (lines) => orm.call(MODEL, "entry_save", [lines]),
            findPlaces: (term) =>
                orm.call("utility.premise", "name_search", [], {
                    name: term,
                    domain: [["level", "in", ["street", "building", "section"]]],
                    limit: 8,
                }),
            /**
             * What validation would say. A comfort only: without an answer saving says it.
             *
             * @returns {Promise<Object[]|false>}
             */
            async preview(valsList) {
                try {
                    return await orm.silent.call(MODEL, "preview", [valsList]);
                } catch {
                    return false;
                }
            },
        };
    },
};

registry.category("services").add("utility_reading_entry", readingEntryService);
