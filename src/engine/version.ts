/** The product's version, as in package.json; recorded when a ledger or a scenario starts. */
export const VERSION = "0.0.1";
