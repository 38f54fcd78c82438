import {Component, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {FileUploader} from "@web/views/fields/file_handler";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/**
 * A place on a form where files are dropped or chosen; they are filed under the form's record, whose
 * link on the document is named by the attribute `link`.
 */
export class DocumentDrop extends Component {
    static template = "utility_base.DocumentDrop";
    static components = {FileUploader};
    static props = {...standardWidgetProps, link: String};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({isOver: false});
        this.attachmentIds = [];
    }

    onDrop(ev) {
        this.state.isOver = false;
        const input = ev.currentTarget.querySelector("input[type=file]");
        if (input && ev.dataTransfer?.files.length) {
            input.files = ev.dataTransfer.files;
            input.dispatchEvent(new Event("change"));
        }
    }

    async onUploaded(file) {
        const values = {name: file.name, mimetype: file.type, datas: file.data};
        this.attachmentIds.push(...(await this.orm.create("ir.attachment", [values])));
    }

    async onUploadComplete() {
        const attachmentIds = this.attachmentIds;
        this.attachmentIds = [];
        const context = {[`default_${this.props.link}`]: this.props.record.resId, stay_here: true};
        const action = await this.orm.call(
            "utility.document",
            "create_document_from_attachment",
            [[], attachmentIds],
            {context}
        );
        action.context.stay_here = true;
        this.action.doAction(action, {onClose: () => this.props.record.load()});
    }
}

export const documentDrop = {
    component: DocumentDrop,
    extractProps: ({attrs}) => ({link: attrs.link}),
};

registry.category("view_widgets").add("utility_document_drop", documentDrop);
