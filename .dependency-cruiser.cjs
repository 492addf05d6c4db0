/** The floors of the house, lowest first. A room imports only from rooms on lower floors; see ARCHITECTURE.md. */
const floors = [
  ["event-store", "kubernetes"],
  ["domain"],
  ["controllers", "projections"],
  ["simulation", "invariants"],
  ["history"],
  ["engine"],
  ["server", "commands"],
  ["scenario"],
  ["check"],
  ["cli"],
];
const core = ["kubernetes", "domain", "controllers", "simulation", "invariants"];
const any = (rooms) => `^src/(${rooms.join("|")})/`;
const all = floors.flat();

const upwards = floors.slice(0, -1).map((rooms, i) => ({
  name: `floor-${i}-imports-upwards`,
  severity: "error",
  from: { path: any(rooms) },
  to: { path: any(floors.slice(i + 1).flat()) },
}));

const sideways = floors
  .filter((rooms) => rooms.length > 1)
  .map((rooms) => ({
    name: `rooms-on-one-floor-are-strangers-${rooms.join("-")}`,
    severity: "error",
    from: { path: `^src/(${rooms.join("|")})/` },
    to: { path: any(rooms), pathNot: "^src/$1/" },
  }));

module.exports = {
  forbidden: [
    ...upwards,
    ...sideways,
    { name: "every-file-has-a-room", severity: "error", from: {}, to: { path: "^src/", pathNot: any(all) } },
    {
      name: "every-importer-has-a-room",
      severity: "error",
      from: { path: "^src/", pathNot: [any(all), "^src/index\\.ts$"] },
      to: {},
    },
    { name: "the-core-does-no-io", severity: "error", from: { path: any(core) }, to: { dependencyTypes: ["core"] } },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: { parser: "swc", tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" } },
};
