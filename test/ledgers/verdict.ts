/**
 * What the ledgers of a whole run come to. Pure: ledgers and grants in, faults out. What no run used needs the program's
 * reason and its line in a committed list, which holds neither less nor more.
 */
import type { GatheredGrant, GatheredLedger } from "./gather";

/** Grants that nothing has shown to be needed, and why they are there all the same. */
export interface Unproven {
  /** Role and sid; and the action, and the pattern, where others of the statement are used: `detect Sendfailures`. */
  readonly entry: string;
  readonly reason: string;
}

export interface Verdict {
  /** Empty when no call was denied, and each permission is used or listed with a reason. */
  readonly faults: readonly string[];
  /** What the list would hold after this run. */
  readonly unproven: readonly Unproven[];
  /** Keys of what was granted, and of what was used of it. */
  readonly granted: readonly string[];
  readonly used: readonly string[];
}

/**
 * @param ledgers what every stage of the run left
 * @param declared grants of the committed stages, whether or not a test ran them
 * @param listed entries of the committed list
 */
export function judgeLedgers(
  ledgers: readonly GatheredLedger[],
  declared: readonly GatheredGrant[],
  listed: readonly string[],
): Verdict {
  const evidence = ledgers.filter(({ deniedCallsExpected }) => deniedCallsExpected === undefined);
  const granted = reasonsByKey([...declared, ...evidence.flatMap((ledger) => ledger.granted)]);
  const used = new Set(evidence.flatMap((ledger) => ledger.used).filter((key) => granted.has(key)));
  const unused = [...granted.keys()].filter((key) => !used.has(key)).sort();
  return {
    faults: [
      ...evidence.flatMap(deniedCalls),
      ...expectationsUnmet(ledgers),
      ...reasonsRefuted(evidence),
      ...unused.flatMap((key) => faultOf(key, granted.get(key), listed)),
      ...listed.flatMap((entry) => faultOfEntry(entry, granted, used)),
    ],
    unproven: entriesFor(unused, granted),
    granted: [...granted.keys()].sort(),
    used: [...used].sort(),
  };
}

/** Why a grant may be idle, by its key. Where one program gives no reason, that of another does not count. */
function reasonsByKey(grants: readonly GatheredGrant[]): ReadonlyMap<string, string | undefined> {
  const reasons = new Map<string, string | undefined>();
  for (const { key, idle } of grants) {
    const isWithout = reasons.has(key) && reasons.get(key) === undefined;
    reasons.set(key, isWithout ? undefined : idle);
  }
  return reasons;
}

function deniedCalls({ opener, denied }: GatheredLedger): string[] {
  return denied.map(({ message, count }) => `denied ${count} times, in the stage of ${opener}: ${message}`);
}

/** An expectation that nothing meets any more would hide what its stages could prove. */
function expectationsUnmet(ledgers: readonly GatheredLedger[]): string[] {
  const met = new Map<string, boolean>();
  for (const { deniedCallsExpected: reason, denied } of ledgers) {
    if (reason !== undefined) met.set(reason, met.get(reason) === true || denied.length > 0);
  }
  return [...met].flatMap(([reason, isMet]) => (isMet ? [] : [`denied calls were expected and none came: ${reason}`]));
}

/** A normal run is said not to use it, and there is no run that does not. */
function reasonsRefuted(evidence: readonly GatheredLedger[]): string[] {
  const idle = new Map<string, string>();
  const unused = new Set<string>();
  for (const { granted, used } of evidence) {
    const isUsed = new Set(used);
    for (const { key, idle: reason } of granted) {
      if (reason !== undefined) idle.set(key, reason);
      if (!isUsed.has(key)) unused.add(key);
    }
  }
  return [...idle].flatMap(([key, reason]) =>
    unused.has(key) ? [] : [`every run uses ${key}, which no normal run is said to use (${reason})`],
  );
}

function faultOf(key: string, reason: string | undefined, listed: readonly string[]): string[] {
  if (reason === undefined) return [`no run uses ${key}, and nothing says why it is granted`];
  return listed.some((entry) => covers(entry, key))
    ? []
    : [`no run uses ${key}, and it is not listed as unproven (${reason})`];
}

function faultOfEntry(entry: string, granted: ReadonlyMap<string, unknown>, used: ReadonlySet<string>): string[] {
  const covered = [...granted.keys()].filter((key) => covers(entry, key));
  if (covered.length === 0) return [`${entry} is listed as unproven, and nobody is granted it`];
  return covered.filter((key) => used.has(key)).map((key) => `${entry} is listed as unproven, and a run used ${key}`);
}

/** As few entries as cover what is unused and nothing else. */
function entriesFor(unused: readonly string[], granted: ReadonlyMap<string, string | undefined>): Unproven[] {
  const idle = new Set(unused.filter((key) => granted.get(key) !== undefined));
  const inUse = [...granted.keys()].filter((key) => !idle.has(key));
  const entries = new Map<string, string>();
  for (const key of idle) {
    const words = key.split(" ");
    const candidates = [2, 3, words.length].map((length) => words.slice(0, length).join(" "));
    const entry = candidates.find((candidate) => !inUse.some((each) => covers(candidate, each))) ?? key;
    entries.set(entry, granted.get(key) ?? "");
  }
  return [...entries].map(([entry, reason]) => ({ entry, reason }));
}

function covers(entry: string, key: string): boolean {
  return key === entry || key.startsWith(`${entry} `);
}
