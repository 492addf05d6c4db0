import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { exportLine } from "../../../src/event-store/export/records.ts";
import type { TracesData } from "../../../src/history/otlp/model.ts";
import { scratchFolder } from "../../support/folder.ts";
import { started, typed } from "../../support/terminal.ts";

const folder = scratchFolder();
let session: LedgerSession;
beforeAll(async () => {
  session = started();
  await typed(session, "create deployment web --image=web:1 --replicas=2");
  await typed(session, "create deployment api --image=api:1");
  await session.advance(20_000);
  await typed(session, "set image deploy/web web=web:2");
  await session.advance(20_000);
});
afterAll(() => {
  session.close();
});

const type = (line: string) => typed(session, line);
const exported = (): string => Array.from(session.queries.records(), exportLine).join("");

describe("an export", () => {
  test("goes to standard output or into a file", async () => {
    const file = join(folder, "ledger.jsonl");
    expect(await type("export")).toEqual({ code: 0, out: exported(), err: "" });
    expect(await type("export -")).toEqual({ code: 0, out: exported(), err: "" });
    expect(await type(`export ${file}`)).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(file, "utf8")).toBe(exported());
  });

  test("into a file says what is in it, with the hash that proves it", async () => {
    const { seq, hash } = session.store.head();
    const said = async (words: string): Promise<string> => (await type(`export --force ${words}`)).err;
    expect(await said(join(folder, "whole"))).toBe(`${seq} events, head ${seq}:${hash}\n`);
    expect(await said(`-o csv ${join(folder, "table")}`)).toBe(`${seq} events\n`);
    expect(await said(`-o otlp ${join(folder, "traces")}`)).toBe("3 traces\n");
    expect(await said(`-o otlp --object deploy/api ${join(folder, "traces")}`)).toBe("1 trace\n");
    const redacted = await said(`--redact ${join(folder, "redacted")}`);
    const [header = ""] = readFileSync(join(folder, "redacted"), "utf8").split("\n");
    expect(redacted).toBe(`${seq} events, head ${seq}:${JSON.parse(header).hash}\n`);
    expect(redacted).not.toContain(hash);
  });

  test("replaces a file only when asked to, and leaves nothing beside it", async () => {
    const file = join(folder, "mine");
    writeFileSync(file, "mine");
    expect(await type(`export ${file}`)).toEqual({
      code: 1,
      out: "",
      err: `error: ${file} exists already; --force replaces it\n`,
    });
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect((await type(`export ${file} --force`)).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(exported());
    expect(readdirSync(folder).filter((name) => name.includes(".part"))).toEqual([]);
    const nowhere = join(folder, "nowhere", "x");
    expect((await type(`export ${nowhere}`)).err).toMatch(/^error: .*nowhere\/x cannot be written: ENOENT/);
  });

  test("as CSV is the log's", async () => {
    const { out } = await type("export -o csv");
    expect(out).toBe((await type("log -o csv")).out);
  });

  test("lets no time pass and records nothing", async () => {
    const before = [session.now(), session.store.head()];
    await type("export");
    await type("export -o otlp");
    expect([session.now(), session.store.head()]).toEqual(before);
  });

  test.each([
    ["-o xml", 'a ledger is exported as -o jsonl, csv or otlp, not "xml"'],
    ["--object deploy/web", "--object goes with -o otlp"],
    ["-o otlp --object pod/web", "only deployments have rollouts, not pods"],
    ["-o otlp --object deploy/web,deploy/nope x", 'the log knows no deployment "nope" in namespace default'],
    ["-o otlp --object deploy/web -n shop x", 'the log knows no deployment "web" in namespace shop'],
    ["-o otlp --endpoint localhost", '--endpoint is a URL such as http://localhost:4318, not "localhost"'],
    ["-o otlp --endpoint http://localhost x", "traces go to a file or to --endpoint, not to both"],
    ["a b", "one file at a time\nSee 'rollout export -h' for help and examples"],
  ])("not by %s", async (words, said) => {
    expect(await type(`export ${words}`)).toEqual({ code: 1, out: "", err: `error: ${said}\n` });
    expect(existsSync("x")).toBe(false);
  });
});

const nameOf = ({ resourceSpans: [first] }: TracesData): unknown =>
  first?.resource.attributes.find(({ key }) => key === "k8s.deployment.name")?.value;

describe("traces", () => {
  test("are a trace a line: of every Deployment, or of those that are named", async () => {
    const lines = (out: string): readonly TracesData[] =>
      out
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    const all = lines((await type("export -o otlp")).out).map(nameOf);
    expect(all).toEqual([{ stringValue: "web" }, { stringValue: "web" }, { stringValue: "api" }]);
    const some = lines((await type("export -o otlp --object deploy/api")).out).map(nameOf);
    expect(some).toEqual([{ stringValue: "api" }]);
  });

  test("of no rollout are no file, and that is said", async () => {
    const file = join(folder, "none.jsonl");
    const none = { code: 0, out: "", err: "No rollouts found in elsewhere namespace.\n" };
    expect(await type(`export -o otlp -n elsewhere ${file}`)).toEqual(none);
    expect(await type("export -o otlp -n elsewhere")).toEqual(none);
    expect(existsSync(file)).toBe(false);
    const empty = started();
    expect((await typed(empty, `export -o otlp ${file}`)).err).toBe("No rollouts found.\n");
    empty.close();
  });

  describe("to a collector", () => {
    let server: Server;
    let answer: { readonly code: number; readonly body: string };
    let requests: { readonly url: string | undefined; readonly type: string | undefined; readonly body: string }[];
    beforeAll(async () => {
      server = createServer((request, response) => {
        let body = "";
        request.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk;
        });
        request.on("end", () => {
          requests.push({ url: request.url, type: request.headers["content-type"], body });
          response.writeHead(answer.code).end(answer.body);
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => server.close());

    const urlOf = (path = ""): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const post = async (path: string, code: number, body: string) => {
      answer = { code, body };
      requests = [];
      return type(`export -o otlp --endpoint ${urlOf(path)}`);
    };

    test("are sent by OTLP over HTTP", async () => {
      const { code, out, err } = await post("", 200, "{}");
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^sent 3 traces with \d+ spans to http:\/\/127\.0\.0\.1:\d+\/v1\/traces\n$/);
      expect(requests.map(({ url, type: contentType }) => [url, contentType])).toEqual([
        ["/v1/traces", "application/json"],
      ]);
      const sent: TracesData = JSON.parse(requests[0]?.body ?? "");
      const [first] = (await type("export -o otlp")).out.split("\n");
      expect(sent.resourceSpans[0]).toEqual(JSON.parse(first ?? "").resourceSpans[0]);
      await post("/tenant/traces", 200, "");
      expect(requests.map(({ url }) => url)).toEqual(["/tenant/traces"]);
    });

    test("that does not take them says why", async () => {
      expect((await post("", 415, "no JSON here")).err).toBe(
        `error: the collector at ${urlOf("/v1/traces")}: 415 Unsupported Media Type: no JSON here\n`,
      );
      const partly = '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too old"}}';
      expect((await post("", 200, partly)).err).toBe(
        `error: the collector at ${urlOf("/v1/traces")}: it rejected 2 spans: too old\n`,
      );
      const { code, err } = await type("export -o otlp --endpoint http://127.0.0.1:1/");
      expect([code, err]).toEqual([
        1,
        expect.stringMatching(/^error: the collector at http:\/\/127.0.0.1:1\/v1\/traces: \S/),
      ]);
    });
  });
});
