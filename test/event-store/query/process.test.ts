import { join } from "node:path";
import { expect, test } from "vitest";
import { queryInProcess } from "../../../src/event-store/query/process.ts";
import { queryStore } from "../../../src/event-store/query/query.ts";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { scratchFolder } from "../../support/folder.ts";
import { startChildrenFromSources } from "../../support/typescript-children.ts";
import { right } from "../contract.ts";

startChildrenFromSources();
const folder = scratchFolder();
const path = join(folder, "ledger.db");
right(openSqliteStore(path)).close();

/** Never gives a row, and never comes to where JavaScript could stop it. */
const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
const bounds = { limit: 10, timeoutMs: 20_000 };

test("a ledger in memory is asked in a copy", async () => {
  const store = right(openSqliteStore(":memory:"));
  expect(await queryStore(store, "select count(*) as n, x'ff' as bytes from v_events", bounds)).toEqual({
    _tag: "Right",
    right: { columns: ["n", "bytes"], rows: [[0, Buffer.from([255])]], isCutOff: false },
  });
  store.close();
});

test("a query without end is ended when its time is up", async () => {
  expect(await queryInProcess(path, endless, { limit: 10, timeoutMs: 300 })).toEqual({
    _tag: "Left",
    left: { _tag: "TimedOut", timeoutMs: 300 },
  });
});

test("a query without end is ended when nobody wants it any more", async () => {
  const interrupt = new AbortController();
  const answer = queryInProcess(path, endless, { limit: 10, timeoutMs: 0, signal: interrupt.signal });
  setImmediate(() => interrupt.abort());
  expect(await answer).toEqual({ _tag: "Left", left: { _tag: "Interrupted" } });
});

test("a file that is no ledger is refused as when it is opened", async () => {
  expect(await queryInProcess(join(folder, "none.db"), "select 1", bounds)).toMatchObject({
    _tag: "Left",
    left: { message: `${join(folder, "none.db")} does not exist` },
  });
});
