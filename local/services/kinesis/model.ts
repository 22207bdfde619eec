/** Kinesis streams as a program sees them. */
import { numberOf } from "../../graph/graph";
import { isRecord } from "../../graph/value";
import { arnOf, forcesNew, physicalName, type ServiceModels } from "../model";

/** Shards that an on-demand stream begins with. Source: Kinesis developer guide, "Choose the data stream capacity mode". */
const ON_DEMAND_SHARDS = 4;

export const kinesisModels: ServiceModels = {
  resources: {
    "aws:kinesis/stream:Stream": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 128 });
      const arn = arnOf(facts, "kinesis", `stream/${name}`);
      const mode = declaration.inputs["streamModeDetails"];
      const onDemand = isRecord(mode) && mode["streamMode"] === "ON_DEMAND";
      const shardCount = onDemand ? ON_DEMAND_SHARDS : numberOf(declaration.inputs, "shardCount", 1);
      return {
        id: arn,
        outputs: { arn, name, shardCount, retentionPeriod: numberOf(declaration.inputs, "retentionPeriod", 24) },
      };
    },
  },
  replacedBy: {
    "aws:kinesis/stream:Stream": forcesNew("kinesis/stream.go", "name"),
  },
  keepsIn: { "aws:kinesis/stream:Stream": ({ name }) => ["kinesis", name] },
};
