/** Every setting whose change loses something, by type. */
import type { PropertyPath } from "../sight";
import type { LossyRule, LossyTable } from "./rule";
import { KMS, LOGS, MESSAGING, OTHERS } from "./safety";
import { DYNAMODB, S3 } from "./storage";
import { EVENT_SOURCES, FIREHOSE, KINESIS } from "./streams";
import { GLUE, RDS, REDSHIFT } from "./warehouse";

export const LOSSY_TABLES: readonly LossyTable[] = [
  ...[KINESIS, FIREHOSE, EVENT_SOURCES, S3, DYNAMODB, REDSHIFT, RDS, GLUE, KMS, LOGS, MESSAGING, OTHERS],
];

export interface LossySetting {
  readonly rule: LossyRule;
  readonly path: PropertyPath;
}

const BY_TYPE = new Map<string, LossySetting[]>();
for (const rule of LOSSY_TABLES.flatMap(({ rules }) => rules)) {
  for (const setting of rule.settings) {
    const [type = "", path = ""] = setting.split(" ");
    BY_TYPE.set(type, [...(BY_TYPE.get(type) ?? []), { rule, path: path.split(".") }]);
  }
}

export function lossySettingsOf(type: string): readonly LossySetting[] {
  return BY_TYPE.get(type) ?? [];
}
