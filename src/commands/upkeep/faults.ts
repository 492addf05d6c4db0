/** What verification found, one line each. */
import type { HeadClaim, LedgerFault } from "../../engine/upkeep/verify.ts";

const differenceText = ({ model, row, is, columns = [] }: Extract<LedgerFault, { _tag: "ReadModel" }>): string => {
  switch (is) {
    case "missing":
      return `read model ${model}: ${row} is missing`;
    case "surplus":
      return `read model ${model}: ${row} is stored, and the log does not tell it`;
    case "different":
      return `read model ${model}: ${row} is stored with another ${columns.join(", ")} than the log tells`;
  }
};

const headText = (claim: HeadClaim, foundAt: number | undefined): string => {
  const place = claim.seq === undefined ? "of the head" : `of event ${claim.seq}`;
  const elsewhere = foundAt === undefined ? "nor of any event that is proven" : `but of event ${foundAt}`;
  return `${claim.hash} is not the hash ${place}, ${elsewhere}`;
};

export const faultText = (fault: LedgerFault): string => {
  switch (fault._tag) {
    case "HashMismatch":
      return `event ${fault.seq} is not what was recorded: its hash is not that of its row, its commit and the hash before it`;
    case "MissingEvent":
      return fault.found === undefined
        ? `event ${fault.seq} is missing`
        : `event ${fault.seq} is missing: event ${fault.found} follows`;
    case "VersionGap":
      return `event ${fault.seq} is version ${fault.actual} of ${fault.stream}, which was to get version ${fault.expected}`;
    case "BrokenCommit":
      return `event ${fault.seq} does not belong where it stands in the commit that begins at ${fault.firstSeq}`;
    case "BlobMismatch":
      return `body ${fault.digest} is not what its digest says`;
    case "MissingBody":
      return `body ${fault.digest} is missing, which event ${fault.seq} names; nobody redacted it`;
    case "Unfoldable":
      return `event ${fault.seq} cannot have happened: ${fault.message}`;
    case "ReadModel":
      return differenceText(fault);
    case "Snapshot":
      return `the snapshot of ${fault.name} at seq ${fault.seq} tells something else than the log`;
    case "OtherHead":
      return headText(fault.claim, fault.foundAt);
    case "Storage":
      return fault.message.replaceAll("\n", "\n    ");
  }
};

/** What can be done about them, where something can. */
export const adviceFor = (faults: readonly LedgerFault[]): readonly string[] => {
  const [first] = faults;
  if (first?._tag === "OtherHead" && faults.length === 1 && first.claim.seq === undefined && first.foundAt) {
    return [
      `the log has grown since that hash was kept: --head ${first.foundAt}:${first.claim.hash} checks its old place`,
    ];
  }
  const isDerived = faults.every(({ _tag }) => _tag === "ReadModel" || _tag === "Snapshot");
  return isDerived ? ['the log is sound: "rollout rebuild" makes read models and snapshots agree with it'] : [];
};
