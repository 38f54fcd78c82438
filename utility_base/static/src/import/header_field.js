import {CharField, charField} from "@web/views/fields/char/char_field";
import {registry} from "@web/core/registry";

/**
 * A text that is mostly one of the sample's headers: they are offered while typing, any other may
 * be typed. The option `headers` names the JSON field that lists them.
 */
export class ImportHeaderField extends CharField {
    static template = "utility_base.ImportHeaderField";
    static props = {...CharField.props, headers: {type: String, optional: true}};

    get listId() {
        return `headers_${this.props.record.id}`;
    }

    get headers() {
        const headers = this.props.record.data[this.props.headers];
        return Array.isArray(headers) ? headers : [];
    }
}

export const importHeaderField = {
    ...charField,
    component: ImportHeaderField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...charField.extractProps(fieldInfo, dynamicInfo),
        headers: fieldInfo.options.headers,
    }),
};

registry.category("fields").add("utility_import_header", importHeaderField);
