/** The words by which a strategic merge patch says what plain merging cannot. */

/** In an object, or in an element of a merged list: `replace`, `delete` or `merge`. */
export const PATCH = "$patch";
/** In an object of a union: the names of all fields that stay. */
export const RETAIN_KEYS = "$retainKeys";
/** Before the name of a merged list, beside it: the merge keys, or scalars, in their order after the patch. */
export const SET_ELEMENT_ORDER = "$setElementOrder/";
/** Before the name of a list of scalars: those to remove. */
export const DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";
