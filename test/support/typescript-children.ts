/** Lets processes that the code under test starts run the sources, as the tests do. */

const hooks = new URL("../event-store/process/typescript-hooks.mjs", import.meta.url).href;
const registration = encodeURIComponent(`import { register } from "node:module"; register(${JSON.stringify(hooks)});`);

/** For all processes that this one starts from now on. */
export const startChildrenFromSources = (): void => {
  process.env.NODE_OPTIONS = `--import data:text/javascript,${registration}`;
};
