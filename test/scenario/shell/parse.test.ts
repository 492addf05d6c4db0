import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { parseScript, type Script, type Word } from "../../../src/scenario/shell/parse.ts";

const script = (text: string): Script => {
  const parsed = parseScript(text);
  if (E.isLeft(parsed)) throw new Error(parsed.left.message);
  return parsed.right;
};

const plain = (word: Word): string => word.map((part) => (part.is === "text" ? part.text : "$(…)")).join("");
const words = (text: string): readonly (readonly string[])[] => script(text).map((command) => command.words.map(plain));
const fault = (text: string) => {
  const parsed = parseScript(text);
  return E.isLeft(parsed) ? parsed.left : "it was accepted";
};

describe("a line", () => {
  it("is split at white space, and quotes keep words together", () => {
    expect(words(`set  image deploy/web 'a b'="c \\"d\\" $" e\\ f ''`)).toEqual([
      ["set", "image", "deploy/web", 'a b=c "d" $', "e f", ""],
    ]);
  });

  it("keeps what kubectl's own languages are made of", () => {
    expect(words(`get pods -o jsonpath={.items[*].name} -l 'env in (a,b)' --x=*`)).toEqual([
      ["get", "pods", "-o", "jsonpath={.items[*].name}", "-l", "env in (a,b)", "--x=*"],
    ]);
  });

  it("may begin with a prompt and end in a comment", () => {
    expect(words("$ kubectl get pods # all of them\n# nothing\n  $ get rs#1")).toEqual([
      ["kubectl", "get", "pods"],
      ["get", "rs#1"],
    ]);
  });

  it("goes on behind a backslash", () => {
    const [command] = script("kubectl get \\\n  pods\n");
    expect(command?.words.map(plain)).toEqual(["kubectl", "get", "pods"]);
    expect(command?.typed).toBe("kubectl get \\\n  pods");
  });

  it("may hold several commands, some of them only for success", () => {
    const commands = script("a && b; c\nd &&\n e");
    expect(commands.map(({ typed, onSuccess }) => [typed, onSuccess])).toEqual([
      ["a", false],
      ["b", true],
      ["c", false],
      ["d", false],
      ["e", true],
    ]);
  });

  it("may ask for the output of commands", () => {
    const [command] = script(`delete $(get po -o name) "x$(get "a)" )y"`);
    expect(command?.words.map(plain)).toEqual(["delete", "$(…)", "x$(…)y"]);
    expect(command?.words[2]?.[1]).toMatchObject({ is: "output", quoted: true, script: [{ typed: 'get "a)"' }] });
  });
});

describe("a here-document", () => {
  it("is what the command reads", () => {
    const [apply, get] = script("apply -f - <<EOF\nkind: Pod\n  a: b\nEOF\nget pods");
    expect(apply).toMatchObject({ typed: "apply -f - <<EOF", stdin: "kind: Pod\n  a: b\n" });
    expect(get).toMatchObject({ typed: "get pods" });
    expect(get?.stdin).toBeUndefined();
  });

  it("may come through cat, and have its tabs dropped", () => {
    const [apply] = script("cat <<-'END' | kubectl apply -f -\n\tkind: Pod\n\tEND\n");
    expect(apply?.words.map(plain)).toEqual(["kubectl", "apply", "-f", "-"]);
    expect(apply?.stdin).toBe("kind: Pod\n");
  });

  it("belongs to its own command when several stand in one line", () => {
    expect(script("a <<X && b <<Y\n1\nX\n2\nY\n").map(({ stdin }) => stdin)).toEqual(["1\n", "2\n"]);
  });
});

describe("what is not known", () => {
  it("is refused by name, with its line", () => {
    expect(fault("get pods\nget pods | grep x")).toMatchObject({ line: 2, isIncomplete: false });
    expect(fault("get pods || true")).toMatchObject({ message: expect.stringContaining("`||` is not known here") });
    expect(fault("get $POD")).toMatchObject({
      message: "variables are not known here: $POD; write the value, or $(…)",
    });
    expect(fault("get `name`")).toMatchObject({ message: "backquotes are not known here; write $(…)" });
    expect(fault("&& get pods")).toMatchObject({ message: "a command is missing before `&&`" });
    expect(fault("cat x | apply -f -")).toMatchObject({ message: expect.stringContaining("pipes are not known") });
  });

  it("may become known with the next line", () => {
    for (const text of [
      "get 'po",
      'get "po',
      "get pods \\",
      "get pods &&",
      "apply <<EOF\nkind: Pod\n",
      "get $(get po",
      "apply <<EOF",
    ]) {
      expect(fault(`${text}`), text).toMatchObject({ isIncomplete: true });
    }
  });
});

it("gives back any words that were quoted", () => {
  const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (list) => {
      expect(words(list.map(quoted).join(" "))).toEqual([list]);
    }),
  );
});

it("never fails to answer", () => {
  const shellish = fc.string({ unit: fc.constantFrom(..."ab '\"\\$()<>|&;#`\n\tEOF-"), maxLength: 40 });
  fc.assert(
    fc.property(shellish, (text) => {
      const parsed = parseScript(text);
      return E.isLeft(parsed) ? parsed.left.message !== "" : parsed.right.every(({ typed }) => typed !== "");
    }),
    { numRuns: 2000 },
  );
});
