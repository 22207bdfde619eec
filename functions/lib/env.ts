/**
 * The environment of a function as a contract: declared once beside the function's name in the manifest, filled by
 * infrastructure, read by `main.ts`. A missing or misshapen variable stops the function before its first event.
 */

/** How a variable is written and read. */
export const VARIABLE_KINDS = {
  text: (written: string): string | undefined => (written === "" ? undefined : written),
  number: (written: string): number | undefined => {
    const value = Number(written);
    return written.trim() !== "" && Number.isFinite(value) ? value : undefined;
  },
} as const;

export type VariableKind = keyof typeof VARIABLE_KINDS;

/** Names of variables with their kinds. */
export type EnvContract = Readonly<Record<string, VariableKind>>;

/** What {@link readEnv} makes of a contract. */
export type Env<Contract extends EnvContract> = {
  readonly [Name in keyof Contract]: NonNullable<ReturnType<(typeof VARIABLE_KINDS)[Contract[Name]]>>;
};

/**
 * Reads every variable of the contract.
 * @throws Error naming all that are missing or misshapen
 */
export function readEnv<Contract extends EnvContract>(
  contract: Contract,
  written: Readonly<Record<string, string | undefined>>,
): Env<Contract> {
  const problems: string[] = [];
  const entries = Object.entries(contract).map(([name, kind]) => {
    const value = VARIABLE_KINDS[kind](written[name] ?? "");
    if (value === undefined) problems.push(`${name} must be a ${kind}, got ${JSON.stringify(written[name] ?? null)}`);
    return [name, value] as const;
  });
  if (problems.length > 0) throw new Error(`the function's environment is incomplete: ${problems.join("; ")}`);
  return Object.fromEntries(entries) as Env<Contract>;
}
