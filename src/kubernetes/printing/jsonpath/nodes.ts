/** The syntax tree of kubectl's JSONPath dialect. */

export type PathNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** `range`, `end`, or a word that is refused when it is evaluated. */
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "slice"; readonly slice: Slice }
  | { readonly kind: "filter"; readonly left: PathList; readonly operator: string; readonly right: PathList }
  | { readonly kind: "union"; readonly branches: readonly PathList[] };

export interface Slice {
  readonly start?: number;
  readonly end?: number;
  /** `[2]` is read as `[2:3]`; an end of 0 that was derived so means the end of the list (`[-1]`). */
  readonly endDerived: boolean;
  readonly step?: number;
}

/** What stands between two braces, evaluated from left to right. */
export type PathList = readonly PathNode[];

/** A template: literal text and actions in braces. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly nodes: PathList };

export type Template = readonly TemplatePart[];

/** A fault in a template or in its evaluation: thrown inside this folder, an `Either` outside of it. */
export class JsonPathError extends Error {}
