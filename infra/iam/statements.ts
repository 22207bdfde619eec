/** From capabilities to the statements of one policy: merged by sid, sorted, checked; the same in always gives the same out. */
import type * as pulumi from "@pulumi/pulumi";
import { ANY_RESOURCE, type Capability, type Statement } from "../core/capability";
import { InputProblems } from "../core/problems";

/**
 * @param owner how messages name the policy's owner
 * @throws pulumi.InputPropertiesError
 */
export function planStatements(owner: string, access: readonly Capability[]): Statement[] {
  const problems = new InputProblems(owner);
  const statements = mergeBySid(
    access.flatMap((capability) => capability.statements),
    problems,
  );
  problems.expect(statements.length > 0, "access", [], "at least one capability");
  for (const { sid, actions, targets } of statements) {
    problems.expect(/^[A-Za-z0-9]+$/.test(sid), `access.${sid}.sid`, sid, "letters and digits");
    problems.expect(targets.length > 0, `access.${sid}.targets`, [], "at least one target");
    for (const action of actions) {
      problems.expect(/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action), `access.${sid}.actions`, action, "one exact action");
    }
    for (const target of targets) {
      const star = target.arn === "*" || target.pattern === "*";
      problems.expect(
        !star || target === ANY_RESOURCE,
        `access.${sid}.targets`,
        target.pattern,
        "an ARN, or ANY_RESOURCE",
      );
    }
  }
  problems.throwIfAny();
  return statements;
}

export function renderDocument(statements: readonly Statement[]): pulumi.Input<unknown> {
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, targets, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: targets.map((target) => target.arn),
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/** Statements of one sid speak of the same targets under the same conditions: their actions and reasons unite. */
function mergeBySid(statements: readonly Statement[], problems: InputProblems): Statement[] {
  const bySid = new Map<string, Statement>();
  for (const statement of statements) {
    const known = bySid.get(statement.sid);
    if (known === undefined) {
      bySid.set(statement.sid, { ...statement, actions: [...statement.actions].sort() });
      continue;
    }
    const patterns = patternsOf(statement);
    problems.expect(
      patternsOf(known) === patterns,
      `access.${statement.sid}.targets`,
      patterns,
      `${patternsOf(known)}, as the other statement of this sid says`,
    );
    bySid.set(statement.sid, {
      sid: known.sid,
      reason: known.reason.includes(statement.reason) ? known.reason : `${known.reason}; ${statement.reason}`,
      actions: [...new Set([...known.actions, ...statement.actions])].sort(),
      targets: known.targets,
      ...(known.conditions === undefined ? {} : { conditions: known.conditions }),
      // A permission is idle only as long as nobody needs it on a normal day.
      ...(known.idle !== undefined && statement.idle !== undefined ? { idle: known.idle } : {}),
    });
  }
  return [...bySid.values()].sort((a, b) => (a.sid < b.sid ? -1 : 1));
}

function patternsOf(statement: Statement): string {
  return statement.targets.map((target) => target.pattern).join(", ");
}
