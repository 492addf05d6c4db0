import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The code blocks marked `ts` in README and in docstrings of the library, in order. */
const examplesOf = (file: string): readonly string[] => {
  const text = readFileSync(file, "utf8").replace(/^ *\* ?/gm, file.endsWith(".ts") ? "" : "$&");
  return Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g), ([, code = ""]) => code);
};

// Inside the package, so that `import … from "rollout-ledger"` means this package, as it is built.
const folder = join("dist", ".examples");
const examples = [...examplesOf("README.md"), ...examplesOf("src/index.ts")];
const names = examples.map((_, i) => `example-${i + 1}.ts`);

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [i, code] of examples.entries()) writeFileSync(join(folder, names[i] ?? ""), code);
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    types: ["node"],
    skipLibCheck: true,
    noUnusedLocals: true,
    outDir: "out",
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: names }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (...args: readonly string[]): string => execFileSync(process.execPath, args, { encoding: "utf8" });

describe("the documented examples of the library", () => {
  it("are there", () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  it("compile against the built package", { timeout: 60_000 }, () => {
    expect(node(join("node_modules", "typescript", "bin", "tsc"), "-p", folder)).toBe("");
  });

  it.each(examples.flatMap((code, i) => (code.includes(":memory:") ? [[i + 1, code] as const] : [])))(
    "run: example %i",
    (i, code) => {
      const output = node(join(folder, "out", `example-${i}.js`));
      for (const [, comment = ""] of code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)) expect(output).toContain(comment);
    },
  );
});
