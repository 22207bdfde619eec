/** Where a program is: the account, region and partition it asks for, and the provider that it deploys through. */
import { StageError } from "../../diagnostics";
import { optionalText } from "../../graph/graph";
import type { Properties } from "../../graph/value";
import { operator } from "../../iam/principal";
import { opaque, type AccountFacts, type ServiceModels } from "../model";
import { uniqueIdOfUser } from "./unique-id";

const provider = opaque("provider-");

export const stsModels: ServiceModels = {
  resources: {
    "pulumi:providers:aws": (declaration, facts) => {
      expectRegion(declaration.inputs, facts);
      return provider(declaration, facts);
    },
    "pulumi:providers:awsx": provider,
  },
  replacedBy: {
    "pulumi:providers:aws": {
      inputs: ["region"],
      source: "pulumi/pulumi-aws, provider/resources.go (the provider's own configuration)",
    },
    "pulumi:providers:awsx": { inputs: [], source: "pulumi/pulumi-awsx, schema.json (it has no configuration)" },
  },
  functions: {
    // Whoever runs the stage deploys the program.
    "aws:index/getCallerIdentity:getCallerIdentity": (_, { account, partition }) => {
      const { arn } = operator(account, partition);
      return { id: account, accountId: account, arn, userId: uniqueIdOfUser(arn) };
    },
    "aws:index/getRegion:getRegion": (args, facts) => {
      expectRegion(args, facts);
      const { region } = facts;
      return { id: region, name: region, region, endpoint: `ec2.${region}.${dnsSuffix(facts)}` };
    },
    "aws:index/getPartition:getPartition": (_, facts) => ({
      id: facts.partition,
      partition: facts.partition,
      dnsSuffix: dnsSuffix(facts),
      reverseDnsPrefix: dnsSuffix(facts).split(".").reverse().join("."),
    }),
  },
};

/** A stage is in one region: a program that asks for another would get names and endpoints that are wrong. */
function expectRegion(properties: Properties, { region }: AccountFacts): void {
  const asked = optionalText(properties, "region");
  if (asked === undefined || asked === region) return;
  throw new StageError(`region ${asked}: this stage is in ${region} and has no other; ask for ${region}`);
}

function dnsSuffix({ partition }: AccountFacts): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}
