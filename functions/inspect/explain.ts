/** What each finding means, for whoever meets it for the first time. */
import { FINDING_KINDS, type FindingKind } from "./findings/finding";

interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

const EXPLANATIONS: Readonly<Record<FindingKind, Explanation>> = {
  delete: {
    what: "A resource is deleted, and nothing of it stays.",
    why: "What it held is gone, and who called it by its name finds nothing. Removing a resource from the program is enough.",
    fix: "Keep it. If it is to go, let it go in a change of its own, with an approval that names the digest.",
  },
  replace: {
    what: "A new resource is made, and the old one is deleted.",
    why: "Some properties cannot be changed in place: names, keys, engines. The new one begins empty, under another id.",
    fix: "Leave the property as it is; or make a second resource, move over, and delete the first in a change of its own.",
  },
  "conditional-replace": {
    what: "A resource may be replaced; whether it is hangs on a value that is decided while the change is applied.",
    why: "Both engines are pessimistic where they do not know. For settings and attachments that is fine, and no finding; for what holds data, or is known by its name, it is a risk. A value that comes from something that is only updated in place does not count.",
    fix: "Deploy what the value comes from first, so that it is known; or approve the risk.",
  },
  orphan: {
    what: "A resource leaves the stack, and stays in the account, whole or as a snapshot.",
    why: "Nobody manages, watches or pays attention to it any more, and its name is taken. After a replacement the stack goes on with an empty one.",
    fix: "Say in an approval who owns it from now on; to take it back, import it.",
  },
  "rename-without-alias": {
    what: "A resource goes and one of its type comes: most likely the same one under another name or parent.",
    why: "Engines know a resource by its name in the program. Without more, a new name means delete and create.",
    fix: "Pulumi: give the new one the alias that the finding prints. CloudFormation: a stack refactor, or retain and import, as the finding prints.",
  },
  "dependents-cascade": {
    what: "Something breaks or vanishes because something else goes: a dependent, a thing inside it, a reader of an output.",
    why: "Deleting before replacing condemns dependents; AWS deletes what lives in a thing with the thing; readers of an output hold on to it. Often no step says so.",
    fix: "Keep what it depends on in place, or move the dependents first.",
  },
  "lossy-update": {
    what: "A resource stays and loses something: records, backups to come, capacity, a place that readers know.",
    why: "A shorter retention deletes at once; a new expiry, a time to live, a filter delete or skip what would have stayed. Engines call all of it an update.",
    fix: "Keep the setting, or make sure that nothing of value is lost, and approve it.",
  },
  "protection-dropped": {
    what: "A shield is taken off: protect, retainOnDelete, DeletionPolicy, deletion protection, backups, encryption.",
    why: "Weaken today, delete tomorrow: each step alone looks harmless, and engines let both pass.",
    fix: "Keep it. Take it off only in the change that is meant to destroy the resource.",
  },
  "policy-weakened": {
    what: "A policy, a security group or a public switch lets in more than before, or cannot be proven not to.",
    why: "Access that was widened in passing stays until someone misuses it.",
    fix: "Grant only what is needed, and let whoever answers for access approve it.",
  },
  "provider-or-region-change": {
    what: "Resources come under another provider, region or account.",
    why: "To AWS they are other resources: the old ones are deleted, or forgotten where they are.",
    fix: "Keep the provider. To move, make second resources there.",
  },
  "mass-change": {
    what: "More resources are deleted or replaced at once than the policy's bounds.",
    why: "It is seldom meant: the wrong stack, an empty program, a configuration that was not found.",
    fix: "Make sure of stack, program and configuration, and split the change. The bounds are massChange in the policy.",
  },
  unknown: {
    what: "Something was not understood, is not shown, or keeps the change from being executed as it was inspected.",
    why: "What cannot be judged cannot be called safe: a word the guard does not know, a page or step that is missing, a change set that is out of date.",
    fix: "Each finding says how to show more. It cannot be approved; where nothing more can be shown, make the change by hand.",
  },
};

/** @returns the text, or nothing where there is no such finding */
export function explain(kind: string): string | undefined {
  const found = FINDING_KINDS.find((each) => each === kind);
  if (found === undefined) return undefined;
  const { what, why, fix } = EXPLANATIONS[found];
  return `${found}\n\n${what}\n\nWhy: ${why}\n\nFix: ${fix}`;
}
