import { storeContract } from "./contract.ts";
import { MemoryStore } from "./memory-store.ts";

storeContract("the plain store in memory", (now) => new MemoryStore(now));
