/** What breaks or vanishes without a step of its own, because something else goes. */
import type { ResourceChange } from "../change";
import { look } from "../sight";
import type { Draft, Scene } from "./finding";

/**
 * Things that live inside others: AWS deletes them with the one they are in, whatever the engine knows of it.
 * Sources: the delete calls of each service, e.g.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_DeleteDatabase.html,
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html.
 */
const INSIDE: ReadonlyMap<string, string> = new Map([
  ["aws:glue/catalogTable:CatalogTable", "aws:glue/catalogDatabase:CatalogDatabase"],
  ["aws:glue/partition:Partition", "aws:glue/catalogTable:CatalogTable"],
  ["aws:kinesis/streamConsumer:StreamConsumer", "aws:kinesis/stream:Stream"],
  ["aws:sns/topicSubscription:TopicSubscription", "aws:sns/topic:Topic"],
  ["aws:cloudwatch/logStream:LogStream", "aws:cloudwatch/logGroup:LogGroup"],
  ["aws:cognito/user:User", "aws:cognito/userPool:UserPool"],
  ["aws:cognito/userPoolClient:UserPoolClient", "aws:cognito/userPool:UserPool"],
  ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/cluster:Cluster"],
  ["aws:ecs/service:Service", "aws:ecs/cluster:Cluster"],
]);

export function findCascades(scene: Scene): Draft[] {
  return [...scene.change.resources.flatMap((resource) => findVanishing(scene, resource)), ...findLostOutputs(scene)];
}

function findVanishing(scene: Scene, resource: ResourceChange): Draft[] {
  if (resource.nature !== "resource" || resource.operation === "delete" || resource.operation === "replace") return [];
  const host = resource.diesWith === undefined ? undefined : scene.find(resource.diesWith);
  if (host !== undefined && isGoing(host)) {
    const reason = `it vanishes with ${host.name} (deletedWith), and no step says so`;
    return [scene.draft(resource, "dependents-cascade", reason, `keep ${host.name}, or move this one out of it first`)];
  }
  const container = INSIDE.get(resource.type);
  if (container === undefined || resource.operation === "create") return [];
  const around = resource.dependsOn
    .map((id) => scene.find(id))
    .find((each) => each?.type === container && isGoing(each));
  if (around === undefined) return [];
  const reason = `AWS deletes it together with ${around.name}, which it lives in`;
  return [scene.draft(resource, "dependents-cascade", reason, `keep ${around.name} in place`)];
}

function isGoing({ operation, remains, replacement }: ResourceChange): boolean {
  if (remains === "retained") return false;
  return operation === "delete" || (operation === "replace" && replacement?.certain === true);
}

/** Outputs are what other stacks and people hold on to. */
function findLostOutputs(scene: Scene): Draft[] {
  const { outputs } = scene.change;
  if (outputs?.before.kind !== "known" || outputs.after.kind !== "known") return [];
  const [before, after] = [outputs.before.value, outputs.after.value];
  return Object.keys(before as object).flatMap((name) => {
    const [was, is] = [look(before, [name]), look(after, [name])];
    const lost = was.kind !== "absent" && is.kind === "absent";
    const retyped = was.kind === "known" && is.kind === "known" && shapeOf(was.value) !== shapeOf(is.value);
    if (!lost && !retyped) return [];
    const reason = lost ? `the output ${name} is removed` : `the output ${name} changes its type`;
    return [
      {
        ...scene.draftOfAll("dependents-cascade", `${reason}: whoever reads it breaks`, "move its readers first"),
        property: name,
      },
    ];
  });
}

function shapeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
