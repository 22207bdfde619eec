/** Delivery streams as a program sees them. */
import { arnOf, forcesNew, physicalName, type ServiceModels } from "../model";

export const firehoseModels: ServiceModels = {
  resources: {
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (declaration, facts) => {
      const name = physicalName(declaration, { longest: 64 });
      const arn = arnOf(facts, "firehose", `deliverystream/${name}`);
      return { id: arn, outputs: { arn, name, versionId: "1", destinationId: "destinationId-000000000001" } };
    },
  },
  replacedBy: {
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": forcesNew(
      "firehose/delivery_stream.go",
      "name",
      "destination",
      "kinesisSourceConfiguration",
      "mskSourceConfiguration",
    ),
  },
  keepsIn: { "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ({ name }) => ["firehose", name] },
};
