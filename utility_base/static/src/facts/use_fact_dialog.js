import {useService} from "@web/core/utils/hooks";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";

/**
 * Opens a record's form in a dialog.
 *
 * @param {() => void} onClose called when the dialog is closed, saved or not
 * @returns {(resModel: string, resId: number, title?: string) => void}
 */
export function useFactDialog(onClose) {
    const dialog = useService("dialog");
    return (resModel, resId, title) =>
        dialog.add(FormViewDialog, {resModel, resId, title, preventCreate: true}, {onClose});
}
