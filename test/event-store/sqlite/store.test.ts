import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";
import { differentialContract, type OpenStore, right, storeContract } from "../contract.ts";
import { MemoryStore } from "../memory-store.ts";

const openSqlite: OpenStore = (now) => right(openSqliteStore(":memory:", { now }));

storeContract("SQLite", openSqlite);
differentialContract("SQLite and the plain store", (now) => new MemoryStore(now), openSqlite);
