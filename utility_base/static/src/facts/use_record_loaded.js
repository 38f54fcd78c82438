import {useRecordObserver} from "@web/model/relational_model/utils";

/**
 * Calls `load(resId)` before the first rendering and whenever the form's record was loaded anew:
 * another record, a save, a button. Edits that are not saved yet do not count.
 *
 * @param {(resId: number|false) => Promise<void>} load
 */
export function useRecordLoaded(load) {
    let seen = null;
    return useRecordObserver((record) => {
        const {data, resId} = record;
        if (data === seen || (seen && record.dirty)) {
            return;
        }
        seen = data;
        return load(resId);
    });
}
