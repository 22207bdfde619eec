/**
 * The front door for beacons: `GET /beacon?browseraction=Click|Impression[&id=...]`, handed to the input stream by API
 * Gateway itself, without a function between. It answers 200 when the stream has the beacon, 400 with the reason when it
 * never will, 503 when the beacon is worth another try.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { InputProblems } from "../core/problems";
import { Role } from "../iam/role";
import type { EventStream } from "../store/event-stream";
import { answerBeacons, answerPreflight, answerRefusals } from "./beacon-answers";
import { publishBeacons } from "./beacon-stage";
import { RequestFirewall } from "./request-firewall";

export interface BeaconApiArgs {
  readonly on: Foundation;
  readonly stream: EventStream;
  /** Requests per second, in the long run, that the API admits. */
  readonly rateLimit: number;
  /** Requests that may come at once on top of it. */
  readonly burstLimit: number;
  /** Origin that a page may send beacons from by script; beacons carry no credentials. @default "*" */
  readonly allowedOrigin?: string;
  /** Requests that one address may send in five minutes before a firewall stops it. @default - no firewall */
  readonly requestsPerAddress?: number;
}

/** Name of the API's stage: the first part of every path. */
const STAGE_NAME = "v1";

export class BeaconApi extends ClickstreamComponent {
  /** Where a page sends beacons: `<url>?browseraction=Click`. */
  readonly url: pulumi.Output<string>;
  readonly apiName: pulumi.Output<string>;
  readonly stageName = STAGE_NAME;

  constructor(name: string, args: BeaconApiArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planBeaconApi(name, args);
    super("clickstream:ingest:BeaconApi", name, {}, opts);
    const { on, stream } = args;

    const api = new aws.apigateway.RestApi(
      name,
      { description: "Takes beacons into the input stream", endpointConfiguration: { types: "REGIONAL" } },
      this.child(),
    );
    const path = new aws.apigateway.Resource(
      name,
      { restApi: api.id, parentId: api.rootResourceId, pathPart: "beacon" },
      this.child(),
    );
    const role = new Role(
      name,
      {
        on,
        trust: { kind: "service", service: "apigateway.amazonaws.com" },
        description: "API Gateway puts beacons on the input stream",
        access: [stream.canWrite("puts beacons on the input stream", ["kinesis:PutRecord"])],
      },
      { parent: this },
    );
    const at = { api, path, allowedOrigin: plan.allowedOrigin, parent: this };
    const answers = [
      ...answerBeacons(name, at, { role, place: on.place, stream }),
      ...answerPreflight(name, at),
      ...answerRefusals(name, at),
    ];
    const { rateLimit, burstLimit } = plan;
    const stage = publishBeacons(name, {
      api,
      answers,
      on,
      stageName: STAGE_NAME,
      rateLimit,
      burstLimit,
      parent: this,
    });
    if (plan.requestsPerAddress !== undefined) {
      new RequestFirewall(name, { target: stage.arn, requestsPerAddress: plan.requestsPerAddress }, { parent: this });
    }

    this.url = pulumi.interpolate`${stage.invokeUrl}/beacon`;
    this.apiName = api.name;
    this.registerOutputs({ url: this.url });
  }
}

export interface BeaconApiPlan {
  readonly rateLimit: number;
  readonly burstLimit: number;
  readonly allowedOrigin: string;
  readonly requestsPerAddress: number | undefined;
}

/** @throws pulumi.InputPropertiesError */
export function planBeaconApi(name: string, args: Omit<BeaconApiArgs, "on" | "stream">): BeaconApiPlan {
  const { rateLimit, burstLimit, allowedOrigin = "*", requestsPerAddress } = args;
  const problems = new InputProblems(`BeaconApi ${name}`);
  problems.expect(rateLimit >= 1, "rateLimit", rateLimit, "at least 1 request per second");
  problems.expect(burstLimit >= 1, "burstLimit", burstLimit, "at least 1 request");
  problems.expect(
    allowedOrigin === "*" || /^https?:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(allowedOrigin),
    "allowedOrigin",
    allowedOrigin,
    '"*" or an origin such as https://www.example.com',
  );
  problems.throwIfAny();
  return { rateLimit, burstLimit, allowedOrigin, requestsPerAddress };
}
