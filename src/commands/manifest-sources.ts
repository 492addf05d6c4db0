/** Where `-f` reads: files, folders and standard input. */
import * as E from "fp-ts/lib/Either.js";
import type { CommandIo } from "./command.ts";
import type { Failure } from "./failure.ts";
import { clientFailure } from "./failure.ts";

export interface Source {
  /** As errors call it: the path, or `STDIN`. */
  readonly name: string;
  readonly text: string;
}

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

const errorCode = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;

/** One file. */
export const readOne = (io: CommandIo, path: string): E.Either<Failure, Source> => {
  try {
    return E.right({ name: path, text: io.readFile(path) });
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return left(`the path ${JSON.stringify(path)} does not exist`);
    if (typeof code !== "string") throw error;
    return left(`the path ${JSON.stringify(path)} cannot be read: ${error instanceof Error ? error.message : code}`);
  }
};

const readPath = (io: CommandIo, path: string, recursive: boolean): E.Either<Failure, readonly Source[]> => {
  if (path === "-") return E.right([{ name: "STDIN", text: io.readStdin() }]);
  if (/^https?:\/\//.test(path)) {
    return left(`cannot read ${JSON.stringify(path)}: URLs are not fetched; download the file and name it instead`);
  }
  const files = io.listFolder(path, recursive);
  if (files?.length === 0) return left(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`);
  const sources: Source[] = [];
  for (const file of files ?? [path]) {
    const source = readOne(io, file);
    if (E.isLeft(source)) return source;
    sources.push(source.right);
  }
  return E.right(sources);
};

/** The texts of all paths, in the order given; a folder's files in order of name. */
export const readSources = (
  io: CommandIo,
  paths: readonly string[],
  recursive: boolean,
): E.Either<Failure, readonly Source[]> => {
  const sources: Source[] = [];
  for (const path of paths) {
    const read = readPath(io, path, recursive);
    if (E.isLeft(read)) return read;
    sources.push(...read.right);
  }
  return E.right(sources);
};
