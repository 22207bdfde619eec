import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isWithin } from "../../core/glob";
import { listOf } from "../../core/document";
import { knownText } from "../../core/resource";
import type { ResourceRule } from "../../core/rule";
import { isRecord, UNKNOWN, type Value } from "../../core/value";
import { statementsOfComponent } from "./components-show-their-statements";
import { ROLE_COMPONENT } from "./joined-role";

const PACK = resolve(__dirname, "../..");

const COMMITTED = "../stacks/iam-matrix.txt";

/** What one role may do to what, if what. */
interface Access {
  readonly role: string;
  readonly action: string;
  readonly pattern: string;
  readonly condition: string;
}

export const accessIsInTheMatrix: ResourceRule = {
  name: "iam-access-is-in-the-matrix",
  description:
    "Nobody gets access that the committed matrix does not list: what is new is read by a person, line by line.",
  severity: "high",
  fix: "write the matrix anew with UPDATE_GOLDEN=1 npm test, and let a reviewer read the lines that are new",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html",
  types: [ROLE_COMPONENT, "clickstream:iam:UserPolicy"],
  configSchema: {
    properties: { matrix: { type: "string", description: "File with the access that is known, relative to the pack" } },
  },
  check({ name, properties }, examination) {
    const known = readMatrix(knownText(examination.config["matrix"]) ?? COMMITTED).filter(({ role }) => role === name);
    for (const { sid, actions, targets, conditions } of statementsOfComponent(properties["statements"])) {
      const condition = conditions === undefined ? "" : withoutRegions(JSON.stringify(conditions, unknownAsText));
      const patterns = listOf(targets).map((target) =>
        isRecord(target) ? (knownText(target["pattern"]) ?? "*") : "*",
      );
      for (const pattern of patterns) {
        const wanted = { pattern: withoutRegions(pattern), condition };
        const fresh = listOf(actions)
          .map((each) => knownText(each) ?? "(unknown)")
          .filter((action) => !known.some((access) => allows(access, { ...wanted, action })));
        if (fresh.length === 0) continue;
        const only = condition === "" ? "" : ` if ${condition}`;
        examination.violate({
          subject: pattern,
          ...(typeof sid === "string" ? { statement: sid } : {}),
          actions: fresh,
          message: `${name} gets ${fresh.join(", ")} on ${pattern}${only}, which the committed matrix does not list`,
        });
      }
    }
  },
};

function allows(known: Access, wanted: Omit<Access, "role">): boolean {
  return (
    known.action === wanted.action &&
    isWithin(wanted.pattern, known.pattern) &&
    (known.condition === "" || known.condition === wanted.condition)
  );
}

/** One line per role, action and pattern: `alert  s3:PutObject  arn:aws:s3:::processed-*\/anomalies/* if {...}`. */
function readMatrix(file: string): Access[] {
  const path = resolve(PACK, file);
  const access = read.get(path) ?? parseMatrix(file, readFileSync(path, "utf8"));
  read.set(path, access);
  return access;
}

/** Each file once per process, which is once per update. */
const read = new Map<string, Access[]>();

function parseMatrix(file: string, text: string): Access[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    const [, role, action, pattern, condition = ""] = /^(\S+)\s+(\S+)\s+(\S+)(?: if (.+))?$/.exec(line) ?? [];
    if (role === undefined || action === undefined || pattern === undefined) {
      throw new Error(
        `${file}:${index + 1}: a line of the matrix reads "role action pattern [if condition]", got ${line}`,
      );
    }
    return { role, action, pattern: withoutRegions(pattern), condition: withoutRegions(condition) };
  });
}

/** The same access in another region is the same access. */
function withoutRegions(text: string): string {
  return text.replace(
    /\b(us|eu|ap|sa|ca|me|af|il|mx|cn)(-gov)?-(north|south|east|west|central)(east|west)?-\d\b/g,
    "*",
  );
}

function unknownAsText(_: string, value: Value): unknown {
  return value === UNKNOWN ? "(unknown)" : value;
}
