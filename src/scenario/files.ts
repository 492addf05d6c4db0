/** Files as commands read them: those of the disk, and those that a scenario brings along. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, normalize } from "node:path";
import type { CommandIo } from "../commands/command.ts";

export type Files = Pick<CommandIo, "readFile" | "listFolder">;

const isManifest = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Files of the disk, relative to a folder. */
export const filesOfDisk = (folder = "."): Files => {
  const onDisk = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  return {
    readFile: (path) => readFileSync(onDisk(path), "utf8"),
    listFolder: (path, recursive) => {
      if (!statSync(onDisk(path), { throwIfNoEntry: false })?.isDirectory()) return undefined;
      const names = readdirSync(onDisk(path), { recursive, encoding: "utf8" });
      return names
        .filter(isManifest)
        .sort(byCodeUnit)
        .map((name) => join(path, name));
    },
  };
};

/** Files given by name; what is not among them is looked for elsewhere. */
export const filesBeside = (given: Readonly<Record<string, string>>, elsewhere: Files): Files => {
  const texts = new Map(Object.entries(given).map(([path, text]) => [normalize(path), text]));
  return {
    readFile: (path) => texts.get(normalize(path)) ?? elsewhere.readFile(path),
    listFolder: (path, recursive) => {
      const folder = join(normalize(path), "/");
      const inside = [...texts.keys()].filter((name) => folder === "./" || name.startsWith(folder));
      const listed = inside.filter(
        (name) => recursive || !name.slice(folder === "./" ? 0 : folder.length).includes("/"),
      );
      const others = elsewhere.listFolder(path, recursive);
      if (inside.length === 0 || texts.has(normalize(path))) return texts.has(normalize(path)) ? undefined : others;
      return [...new Set([...listed.filter(isManifest), ...(others ?? [])])].sort(byCodeUnit);
    },
  };
};
