import { between, is, NOT_TRUE, present, satisfying } from "../../core/expectation";
import type { StackRule } from "../../core/rule";
import { valueAt } from "../../core/value";

const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";

/** Parts of a request or answer that carry what people typed or who they are. */
const BODIES =
  /\$input\.|\$context\.(requestBody|responseBody|authorizer|authenticate\.)|\$context\.request\.(header|querystring)/i;

export const stagesAreThrottledAndLogNoBodies: StackRule = {
  name: "apigateway-stages-are-throttled-and-log-no-bodies",
  description: "An API admits a bounded number of requests, and writes down who called when, never what was sent.",
  severity: "high",
  fix: "add MethodSettings for */* with throttling limits and dataTraceEnabled: false, and accessLogSettings with a format of our own",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
  types: ["aws:apigateway/stage:Stage"],
  checkWithin(stack, stage, examination) {
    examination.expect("accessLogSettings.destinationArn", present("the ARN of a log group"));
    examination.expect(
      "accessLogSettings.format",
      satisfying(
        "a format without bodies, headers and claims",
        (value) => typeof value === "string" && !BODIES.test(value),
      ),
    );
    const settings = stack
      .ofType(SETTINGS)
      .filter((each) => valueAt(each.properties, "stageName") === valueAt(stage.properties, "stageName"));
    const everything = settings.find((each) => valueAt(each.properties, "methodPath") === "*/*");
    if (everything === undefined) {
      return examination.violate({
        subject: "throttling",
        message: "no MethodSettings throttle every method (*/*) of the stage",
      });
    }
    for (const each of settings) {
      const there = examination.of(each);
      there.expect("settings.throttlingRateLimit", between(1, 10_000, "requests per second"));
      there.expect("settings.throttlingBurstLimit", between(1, 5000, "requests"));
      there.expect("settings.dataTraceEnabled", NOT_TRUE);
      there.expect("settings.loggingLevel", is("OFF", "ERROR"));
    }
  },
};
