import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {fileUploadKanbanView} from "@account/views/file_upload_kanban/file_upload_kanban_view";
import {FileUploadKanbanRenderer} from "@account/views/file_upload_kanban/file_upload_kanban_renderer";
import {fileUploadListView} from "@account/views/file_upload_list/file_upload_list_view";
import {FileUploadListRenderer} from "@account/views/file_upload_list/file_upload_list_renderer";

/** The drop zones of documents: dropped files are filed, whatever their type. */
const FilesDocuments = (Renderer) =>
    class extends Renderer {
        setup() {
            super.setup();
            this.dropZoneTitle = _t("Drop the files here to file them");
        }
    };

registry.category("views").add("utility_document_kanban", {
    ...fileUploadKanbanView,
    Renderer: FilesDocuments(FileUploadKanbanRenderer),
});
registry.category("views").add("utility_document_list", {
    ...fileUploadListView,
    Renderer: FilesDocuments(FileUploadListRenderer),
});
