/** How defaulting changes objects: only where something is missing, so that an object with all defaults stays itself. */

type Unset = (value: unknown) => boolean;

/** Go cannot tell an empty string from an absent one. */
const absentOrEmpty: Unset = (value) => value === undefined || value === "";

/** For numbers that Go keeps without a pointer, 0 means "not set" too. */
export const absentOrZero: Unset = (value) => absentOrEmpty(value) || value === 0;

/** Go has no absent structs: where a written object has none, it holds an empty one. */
export const orEmpty = <T extends object>(struct: T | undefined): T => struct ?? ({} as T);

/** The object with the fields it lacks; the same object when it lacks none. */
export const fill = <T extends object>(object: T, defaults: Partial<T>, isUnset: Unset = absentOrEmpty): T => {
  const missing = Object.entries(defaults).filter(
    ([key, value]) => value !== undefined && isUnset(Reflect.get(object, key)),
  );
  return missing.length > 0 ? { ...object, ...Object.fromEntries(missing) } : object;
};

/** The object with other values; the same object when it has these already. */
export const assign = <T extends object>(object: T, values: Partial<T>): T => {
  const changed = Object.entries(values).some(([key, value]) => Reflect.get(object, key) !== value);
  return changed ? { ...object, ...values } : object;
};

/** The list with every item changed by `change`; the same list when no item changes, an empty one when there is none. */
export const mapItems = <T>(list: readonly T[] | undefined, change: (item: T) => T): readonly T[] => {
  if (list === undefined) return [];
  const changed = list.map(change);
  return changed.some((item, index) => item !== list[index]) ? changed : list;
};

/** Remembers a function's answers by the identity of its argument: templates are immutable and shared by many pods. */
export const memoised = <T extends object>(change: (object: T) => T): ((object: T) => T) => {
  const answers = new WeakMap<T, T>();
  return (object) => {
    const known = answers.get(object);
    if (known !== undefined) return known;
    const answer = change(object);
    answers.set(object, answer);
    answers.set(answer, answer);
    return answer;
  };
};
