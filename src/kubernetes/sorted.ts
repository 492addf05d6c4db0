/** The one order of texts: by code units, the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const sortedKeys = (object: object): readonly string[] => Object.keys(object).sort(compareText);
