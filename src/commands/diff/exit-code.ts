import type { ExitCode } from "../command.ts";

/** The code of an error: 1 says that something differs. */
export const asError = (exitCode: ExitCode): ExitCode => (exitCode === 0 ? 0 : 2);
