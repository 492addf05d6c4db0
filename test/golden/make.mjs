/**
 * Makes the golden ledgers: histories as this version records them, and what it tells of them. `golden.test.ts` reads them with
 * whatever the code has become. Making them anew declares that a change of the log's form or of a fold is wanted: do it for
 * that reason only, say so in the commit, and look at what has changed in the transcripts.
 *
 *     node test/golden/make.mjs
 */
import { register } from "node:module";

register("../event-store/process/typescript-hooks.mjs", import.meta.url);
const { makeAll } = await import("./make.ts");
await makeAll();
