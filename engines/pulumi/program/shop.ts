/**
 * A small program with something of everything that a change can hit. SHOP_CHANGE names what is changed in it, one thing at
 * a time.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RecordedChange } from "../../../functions/inspect/corpus/recorded";

const change = (process.env["SHOP_CHANGE"] ?? "nothing") as RecordedChange;

/** What a change does to one resource, beside what holds always. */
function when<Options extends object>(changes: readonly RecordedChange[], options: Options): Options | object {
  return changes.includes(change) ? options : {};
}

class Shelf extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("shop:index:Shelf", name, {}, opts);
  }
}

function shop(): void {
  const region = change === "provider moved to another region" ? "eu-central-1" : "eu-west-1";
  const provider = new aws.Provider("aws", { region });
  const on = { provider };

  // State that nothing holds onto.
  const shelf = new Shelf("shelf", { providers: [provider] });
  new aws.kinesis.Stream(
    change.startsWith("stream renamed") ? "renamed" : "clicks",
    { shardCount: 2, retentionPeriod: change === "stream retention shortened" ? 24 : 48 },
    {
      ...on,
      ...when(["stream renamed, with alias"], { aliases: [{ name: "clicks" }] }),
      ...when(["stream moved to another parent", "stream moved to another parent, with alias"], { parent: shelf }),
      ...when(["stream moved to another parent, with alias"], { aliases: [{ parent: pulumi.rootStackResource }] }),
    },
  );
  const hashKey = change === "table key changed" ? "visitor" : "site";
  new aws.dynamodb.Table(
    "visits",
    { billingMode: "PAY_PER_REQUEST", hashKey, attributes: [{ name: hashKey, type: "S" }] },
    on,
  );
  if (change !== "bucket removed") {
    new aws.s3.Bucket("lake", { bucket: change === "bucket renamed" ? "shop-lake-2" : "shop-lake" }, on);
  }

  // State that is held onto.
  const held = { protect: true, retainOnDelete: true };
  const isHeld = !change.startsWith("protection dropped");
  if (change !== "protected queue removed") {
    new aws.sqs.Queue(
      "orders",
      { name: change === "protection dropped and queue renamed" ? "orders-2" : "orders" },
      {
        ...on,
        ...held,
        ...(isHeld ? {} : { protect: false }),
        ...when(["retention dropped"], { retainOnDelete: false }),
      },
    );
  }
  if (change !== "retained queue removed") {
    new aws.sqs.Queue("returns", { name: "returns" }, { ...on, retainOnDelete: true });
  }

  // What holds no state, and what hangs on it.
  const tags = { team: change === "topic tagged anew" ? "two" : "one" };
  const topic = new aws.sns.Topic("news", { tags, ...when(["topic renamed"], { name: "latest" }) }, on);
  new aws.sns.TopicSubscription("told", { topic: topic.arn, protocol: "email", endpoint: "shop@example.com" }, on);
}

if (change !== "everything removed") shop();
