import { NOT_TRUE, TRUE, type Expectation } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";

/** Everything that holds state, and what else must say that it is not to be deleted. */
const STATE: Readonly<Record<string, readonly (readonly [path: string, expectation: Expectation])[]>> = {
  "aws:s3/bucket:Bucket": [["forceDestroy", NOT_TRUE]],
  "aws:dynamodb/table:Table": [["deletionProtectionEnabled", TRUE]],
  "aws:kinesis/stream:Stream": [],
  "aws:kms/key:Key": [],
  "aws:sqs/queue:Queue": [],
  "aws:redshiftserverless/namespace:Namespace": [],
  "aws:msk/cluster:Cluster": [],
  "aws:efs/fileSystem:FileSystem": [],
  "aws:rds/instance:Instance": [["deletionProtection", TRUE]],
  "aws:rds/cluster:Cluster": [["deletionProtection", TRUE]],
  "aws:secretsmanager/secret:Secret": [],
  "aws:ecr/repository:Repository": [["forceDelete", NOT_TRUE]],
};

export const keptStateIsHeldOnto: ResourceRule = {
  name: "state-is-held-onto",
  description: "Where state is kept, nothing that holds some can be deleted by an update, nor by a call.",
  severity: "critical",
  fix: "make it through infra/store, which protects it; set the service's own deletion protection",
  url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  types: Object.keys(STATE),
  keptOnly: true,
  check({ type, protect }, examination) {
    if (!protect)
      examination.violate({ subject: "protect", message: "the resource option protect must be true, got false" });
    for (const [path, expectation] of STATE[type] ?? []) examination.expect(path, expectation);
  },
};
