// Checks the floors (see .dependency-cruiser.cjs). The cruiser reports success when it could parse nothing,
// so the run also fails when it cruised fewer modules than there are files under src/.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { cruise } from "dependency-cruiser";

const require = createRequire(import.meta.url);
const { forbidden, options } = require("../../.dependency-cruiser.cjs");

const files = readdirSync("src", { recursive: true }).filter((name) => String(name).endsWith(".ts"));
const { output } = await cruise(["src"], { ...options, ruleSet: { forbidden }, validate: true });
const cruised = output.modules.filter(({ source }) => source.startsWith("src/")).length;

// The cruiser's rules judge imports: a file that neither imports nor is imported has to be found here.
const rooms = forbidden.find(({ name }) => name === "every-file-has-a-room").to.pathNot;
const isHoused = (file) => file === "src/index.ts" || new RegExp(rooms).test(file);
const loose = files.map((name) => `src/${String(name).replaceAll("\\", "/")}`).filter((file) => !isHoused(file));

for (const file of loose) console.error(`in no room: ${file}`);
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
if (cruised < files.length) console.error(`cruised ${cruised} modules, but src/ holds ${files.length} files`);
const failed = output.summary.violations.length > 0 || cruised < files.length || loose.length > 0;
console.log(`${failed ? "floors broken" : "floors hold"}: ${cruised} modules`);
process.exit(failed ? 1 : 0);
