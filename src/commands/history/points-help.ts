/** What `rollout help points` says: the grammar of `points.ts`, with examples. */
const forms: readonly (readonly [string, string])[] = [
  ["rollout:3", "when the third change of the Deployment's template was made: the number in `rollout ledger`"],
  ["revision:2", "when the Deployment was given this Kubernetes revision, the last time that one was"],
  ["seq:812", "the commit of this event: the number in `rollout log`"],
  ["-5m", "five minutes ago"],
  ["+10s", "ten seconds from the start: of the ledger; in timeline and replay, from the picture's +0s"],
  ["14:03:20", "the last time that a clock showed this, in UTC"],
  ["2026-01-01T00:00:10Z", "a time as RFC 3339 has it"],
  ["rollout:3+20s", "any of them, and so long after it"],
  ["deploy/web@rollout:3", "whose rollout or revision it is, where the words before do not say"],
];

const width = Math.max(...forms.map(([form]) => form.length));

export const pointsHelp = [
  "A point in history may be typed wherever the past is read: as --as-of, in diff, as --since and --until of log, as --from and",
  "--to of timeline and replay.",
  "",
  ...forms.map(([form, meaning]) => `  ${form.padEnd(width)}  ${meaning}`),
  "",
  "Examples:",
  "  rollout get deploy,rs,pods --as-of rollout:3+20s",
  "  rollout get pods --as-of deploy/web@rollout:1",
  "  rollout diff deploy/web rollout:2 rollout:3",
  "  rollout log --since rollout:3 --until +90s",
  "",
].join("\n");
