/** Container images as people tell them apart. */

/** Docker's own registry and its library are left out, as in `nginx:1.15`. */
export const shortImage = (image: string): string =>
  image.replace(/^(index\.)?docker\.io\//, "").replace(/^library\//, "");

/** Splits at the tag or digest; a port of the registry is part of the name. */
const parts = (image: string): { readonly name: string; readonly version: string } => {
  const digest = image.indexOf("@");
  const at = digest >= 0 ? digest : image.lastIndexOf(":");
  return at < 0 || image.includes("/", at)
    ? { name: image, version: "" }
    : { name: image.slice(0, at), version: image.slice(at + 1) };
};

/** `nginx:1.14 → 1.15`; the whole of the new image where more than the tag changed. */
export const imageChange = (from: string, to: string, arrow = "→"): string => {
  const [before, after] = [shortImage(from), shortImage(to)];
  const sameName = parts(before).name === parts(after).name && parts(after).version !== "";
  return `${before} ${arrow} ${sameName ? parts(after).version : after}`;
};
