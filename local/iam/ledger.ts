/**
 * The ledger of least privilege: what each role was granted, what of it was used, and what was refused. A wildcard is
 * one grant, used once anything under it is. "Unused" only ever means unused in the runs recorded: merge the ledgers of
 * all runs before judging.
 */
import { type Allowed, type AuthorizationRequest, type Denied, describeDenial } from "./decision";
import { type DenialEntry, type GrantEntry, type HolderData, type LedgerData, parseLedgerData } from "./ledger-data";
import type { CompiledStatement, SourcedDocument } from "./statement";

/** Whose grants a document holds: a role's (or user's) own, or those a resource gives to others. */
export type Section = "roles" | "resources";

/** Why a statement was granted, by Sid. */
export type Reasons = ReadonlyMap<string, string>;

export interface ReportedGrant {
  readonly action: string;
  readonly resource: string;
  /** Document and statement, e.g. `role writer / inline: PutEvents`. */
  readonly statement: string;
  readonly reason?: string;
}

export interface GrantReport {
  readonly granted: readonly ReportedGrant[];
  readonly used: readonly ReportedGrant[];
  readonly unused: readonly ReportedGrant[];
}

export interface RoleReport extends GrantReport {
  readonly role: string;
  readonly denied: readonly Pick<DenialEntry, "action" | "resource" | "message" | "count">[];
}

export interface ResourceReport extends GrantReport {
  readonly resource: string;
}

export interface LedgerReport {
  readonly roles: readonly RoleReport[];
  /** What resource policies and trust policies grant; nobody is denied by name here. */
  readonly resources: readonly ResourceReport[];
}

interface Holder {
  readonly grants: Map<string, GrantEntry>;
  readonly denials: Map<string, DenialEntry>;
}

/** How many kinds of denial are kept apart for one role: what hostile traffic may cost. */
const MOST_DENIALS = 1000;

export class Ledger {
  readonly #holders: Readonly<Record<Section, Map<string, Holder>>> = { roles: new Map(), resources: new Map() };
  /** The entries of each Allow statement, in the order of its grants. */
  readonly #entries = new Map<CompiledStatement, readonly GrantEntry[]>();

  /** Enters all that the Allow statements of a document grant. */
  grant(section: Section, name: string, { source, statements }: SourcedDocument, reasons?: Reasons): void {
    const { grants } = this.#holder(section, name);
    for (const statement of statements) {
      if (statement.effect === "Deny") continue;
      const label = statement.sid ?? `#${statement.index}`;
      const reason = statement.sid === undefined ? undefined : reasons?.get(statement.sid);
      const entries = statement.grants.map(({ action, resource }) =>
        enter(grants, grantKey, {
          source,
          statement: label,
          action,
          resource,
          ...(reason === undefined ? {} : { reason }),
          used: false,
        }),
      );
      this.#entries.set(statement, entries);
    }
  }

  /** Marks every grant that allowed a call. Grants that were never entered (the operator's) are nobody's to justify. */
  use({ by }: Allowed): void {
    for (const { statement, grants } of by) {
      const entries = this.#entries.get(statement);
      if (entries === undefined) continue;
      for (const grant of grants) {
        const entry = entries[grant];
        if (entry !== undefined) entry.used = true;
      }
    }
  }

  /** Counts a refused call of a role; the entry that counts may be kept and counted up for the same call. */
  deny(name: string, request: AuthorizationRequest, decision: Denied): DenialEntry {
    const { denials } = this.#holder("roles", name);
    const { action, resource } = request;
    const { outcome, policy } = decision;
    const known = denials.get(denialKey({ action, resource, outcome, policy }));
    const entry =
      known ??
      (denials.size < MOST_DENIALS
        ? enter(denials, denialKey, {
            action,
            resource,
            outcome,
            policy,
            message: describeDenial(request, decision),
            count: 0,
          })
        : enter(denials, denialKey, { ...OTHER_DENIALS, count: 0 }));
    entry.count++;
    return entry;
  }

  /** Adds what another ledger recorded: grants are used when used in either, denials add up. */
  merge(other: Ledger): void {
    this.#add(other.toJSON());
  }

  /** @throws PolicyError when the text is not a ledger of this version */
  static parse(text: string): Ledger {
    const ledger = new Ledger();
    ledger.#add(parseLedgerData(text));
    return ledger;
  }

  /** The ledger as data, in an order that depends on its content alone. */
  toJSON(): LedgerData {
    return { version: 1, roles: this.#dataOf("roles"), resources: this.#dataOf("resources") };
  }

  report(): LedgerReport {
    const { roles, resources } = this.toJSON();
    return {
      roles: roles.map(({ name, granted, denied }) => ({
        role: name,
        ...reportGrants(granted),
        denied: denied.map(({ action, resource, message, count }) => ({ action, resource, message, count })),
      })),
      resources: resources.map(({ name, granted }) => ({ resource: name, ...reportGrants(granted) })),
    };
  }

  #holder(section: Section, name: string): Holder {
    const holders = this.#holders[section];
    const holder = holders.get(name) ?? {
      grants: new Map<string, GrantEntry>(),
      denials: new Map<string, DenialEntry>(),
    };
    holders.set(name, holder);
    return holder;
  }

  #add(data: LedgerData): void {
    for (const section of ["roles", "resources"] as const) {
      for (const { name, granted, denied } of data[section]) {
        const { grants, denials } = this.#holder(section, name);
        for (const grant of granted) enter(grants, grantKey, { ...grant, used: false }).used ||= grant.used;
        for (const denial of denied) enter(denials, denialKey, { ...denial, count: 0 }).count += denial.count;
      }
    }
  }

  #dataOf(section: Section): readonly HolderData[] {
    return sorted(this.#holders[section]).map(([name, { grants, denials }]) => ({
      name,
      granted: sorted(grants).map(([, grant]) => ({ ...grant })),
      denied: sorted(denials).map(([, denial]) => ({ ...denial })),
    }));
  }
}

const OTHER_DENIALS = {
  action: "*",
  resource: "*",
  outcome: "implicit",
  policy: "identity",
  message: `refused calls beyond the first ${MOST_DENIALS} kinds`,
} as const;

function grantKey({ action, resource, source, statement }: GrantEntry): string {
  return JSON.stringify([action, resource, source, statement]);
}

function denialKey({ action, resource, outcome, policy }: Omit<DenialEntry, "message" | "count">): string {
  return JSON.stringify([action, resource, outcome, policy]);
}

/** The entry of that key, which is the given one when there was none. */
function enter<T>(entries: Map<string, T>, keyOf: (entry: T) => string, entry: T): T {
  const key = keyOf(entry);
  const known = entries.get(key);
  if (known !== undefined) return known;
  entries.set(key, entry);
  return entry;
}

function sorted<T>(entries: ReadonlyMap<string, T>): readonly [string, T][] {
  return [...entries].sort(([left], [right]) => (left < right ? -1 : 1));
}

function reportGrants(grants: readonly GrantEntry[]): GrantReport {
  const reported = grants.map(({ action, resource, source, statement, reason, used }) => {
    const grant: ReportedGrant = {
      action,
      resource,
      statement: `${source}: ${statement}`,
      ...(reason === undefined ? {} : { reason }),
    };
    return { grant, used };
  });
  return {
    granted: reported.map(({ grant }) => grant),
    used: reported.filter(({ used }) => used).map(({ grant }) => grant),
    unused: reported.filter(({ used }) => !used).map(({ grant }) => grant),
  };
}
