/**
 * The language of the field tables: the Go types behind a kind's JSON, as far as the API server's decoder shows them.
 * They decide what a manifest may contain, how a wrong type is refused, and which values mean "not set".
 */

export type Schema =
  | { readonly is: "string" | "bool" | "int32" | "int64" }
  /** A Go pointer to a scalar, or a scalar that is always written: here `0`, `false` and `""` are not "not set". */
  | { readonly is: "pointer"; readonly to: Schema }
  | { readonly is: "intOrString" | "quantity" | "time" | "bytes" }
  | { readonly is: "list"; readonly of: Schema }
  | { readonly is: "map"; readonly of: Schema }
  | Struct
  /** An object that is kept as it came: nothing here acts on what is inside. */
  | { readonly is: "unchecked"; readonly name: string };

export interface Struct {
  readonly is: "struct";
  /** Go's name of the type, as errors print it. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Schema>>;
}

export const string: Schema = { is: "string" };
export const bool: Schema = { is: "bool" };
export const int32: Schema = { is: "int32" };
export const int64: Schema = { is: "int64" };
export const intOrString: Schema = { is: "intOrString" };
export const quantity: Schema = { is: "quantity" };
export const time: Schema = { is: "time" };
/** Base64 text. */
export const bytes: Schema = { is: "bytes" };

export const pointer = (to: Schema): Schema => ({ is: "pointer", to });
export const list = (of: Schema): Schema => ({ is: "list", of });
export const map = (of: Schema): Schema => ({ is: "map", of });
export const struct = (name: string, fields: Struct["fields"]): Struct => ({ is: "struct", name, fields });
export const unchecked = (name: string): Schema => ({ is: "unchecked", name });

/** Go's name of a type, for the end of `json: cannot unmarshal string into … of type int32`. */
export const goType = (schema: Schema): string => {
  switch (schema.is) {
    case "string":
    case "bool":
    case "int32":
    case "int64":
      return schema.is;
    case "pointer":
      return goType(schema.to);
    case "intOrString":
      return "int32";
    case "quantity":
      return "resource.Quantity";
    case "time":
      return "string";
    case "bytes":
      return "[]uint8";
    case "list":
      return `[]${goType(schema.of)}`;
    case "map":
      return schema.of.is === "quantity" ? "v1.ResourceList" : `map[string]${goType(schema.of)}`;
    case "struct":
    case "unchecked":
      return `v1.${schema.name}`;
  }
};
