/**
 * Watches the click-through rate of every site: windows of beacons are counted and scored by a Random Cut Forest,
 * anomalies go to a stream of their own, and from there to people and to a record in the processed bucket, each once.
 * A site that goes silent is an anomaly too.
 */
import type * as pulumi from "@pulumi/pulumi";
import { ScheduledFunction } from "../compute/scheduled-function";
import { StreamConsumer } from "../compute/stream-consumer";
import type { ConfinedFunction } from "../compute/confined-function";
import { at } from "../core/capability";
import { ClickstreamComponent } from "../core/component";
import type { Foundation } from "../core/foundation";
import { FOREST_SAMPLES, FOREST_TREES } from "../core/limits";
import { InputProblems } from "../core/problems";
import { seconds, type Duration } from "../core/units";
import type { FunctionNetwork } from "../network/network";
import type { NotificationTopic } from "../notify/notification-topic";
import type { EventStream } from "../store/event-stream";
import type { FailureQueue } from "../store/failure-queue";
import type { LakeBucket } from "../store/lake-bucket";
import type { StateTable } from "../store/state-table";

export interface CtrAnomalyArgs {
  readonly on: Foundation;
  readonly network: FunctionNetwork;
  readonly beacons: EventStream;
  readonly anomalies: EventStream;
  /** Per site: the forest, the last window, what was already counted. */
  readonly forests: StateTable;
  /** Index of `forests` that finds sites by their last window. */
  readonly silenceIndex: string;
  /** Per alert: what has been told and recorded. */
  readonly alerts: StateTable;
  readonly processed: LakeBucket;
  readonly topic: NotificationTopic;
  readonly failures: FailureQueue;
  readonly detector: DetectorArgs;
  /** Namespace of the metrics that the functions publish through their logs. */
  readonly metricNamespace: string;
}

export interface DetectorArgs {
  /** Length of the windows that are counted. */
  readonly window: Duration;
  /** Score above which a window is unusual. */
  readonly cutoff: number;
  /** Rules that raise anomalies: any score above the cutoff, two of three, above a threshold that learns. */
  readonly rules: readonly ("cutoff" | "repeated" | "adaptive")[];
  readonly trees: number;
  readonly samples: number;
  /** Windows after which an observation has faded to a third. */
  readonly timeDecay: number;
  /** How long a beacon sent again with the same id is recognised. */
  readonly retryHorizon: Duration;
  /** How long a site may say nothing before it counts as silent. */
  readonly silence: Duration;
}

/** Folders in the processed bucket. */
export const ANOMALY_PREFIX = "anomalies/";
export const REJECTED_PREFIX = "rejected/";

export class CtrAnomaly extends ClickstreamComponent {
  readonly detect: ConfinedFunction;
  readonly notice: ConfinedFunction;
  readonly alert: ConfinedFunction;

  constructor(name: string, args: CtrAnomalyArgs, opts?: pulumi.ComponentResourceOptions) {
    planDetector(name, args.detector);
    super("clickstream:realtime:CtrAnomaly", name, {}, opts);

    this.detect = this.#createDetect(args);
    this.notice = this.#createNotice(args);
    this.alert = this.#createAlert(args);
    this.registerOutputs({});
  }

  #createDetect({
    on,
    network,
    beacons,
    anomalies,
    forests,
    processed,
    failures,
    detector,
    metricNamespace,
  }: CtrAnomalyArgs): ConfinedFunction {
    const { function: detect } = new StreamConsumer(
      "detect",
      {
        on,
        network,
        code: "detect",
        source: beacons,
        reads: "counts every beacon",
        failures,
        window: detector.window,
        batchSize: 2000,
        access: [
          at(
            forests.can(
              ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
              "remembers each site's forest and windows",
            ),
            {
              FOREST_TABLE: forests.name,
            },
          ),
          at(anomalies.canWrite("raises anomalies", ["kinesis:PutRecord"]), { ANOMALY_STREAM: anomalies.name }),
          at(processed.canWrite(REJECTED_PREFIX, "keeps rejected records with the reason"), {
            REJECTED_BUCKET: processed.name,
          }),
        ],
        settings: {
          ANOMALY_CUTOFF: String(detector.cutoff),
          ANOMALY_RULES: detector.rules.join(","),
          ANOMALY_TREES: String(detector.trees),
          ANOMALY_SAMPLES: String(detector.samples),
          ANOMALY_TIME_DECAY: String(detector.timeDecay),
          RETRY_HORIZON_SECONDS: String(seconds(detector.retryHorizon)),
          METRIC_NAMESPACE: metricNamespace,
        },
      },
      { parent: this },
    );
    return detect;
  }

  #createNotice({
    on,
    network,
    anomalies,
    forests,
    silenceIndex,
    detector,
    metricNamespace,
  }: CtrAnomalyArgs): ConfinedFunction {
    const { function: notice } = new ScheduledFunction(
      "notice",
      {
        on,
        network,
        code: "notice",
        every: "1 minute",
        access: [
          at(forests.can(["dynamodb:UpdateItem"], "notes that a site's silence was raised"), {
            FOREST_TABLE: forests.name,
          }),
          at(forests.canQueryIndex(silenceIndex, "finds sites by their last window"), {
            FOREST_TABLE_INDEX: silenceIndex,
          }),
          at(anomalies.canWrite("raises silence", ["kinesis:PutRecord"]), { ANOMALY_STREAM: anomalies.name }),
        ],
        settings: { SILENCE_SECONDS: String(seconds(detector.silence)), METRIC_NAMESPACE: metricNamespace },
      },
      { parent: this },
    );
    return notice;
  }

  #createAlert({
    on,
    network,
    anomalies,
    alerts,
    processed,
    topic,
    failures,
    metricNamespace,
  }: CtrAnomalyArgs): ConfinedFunction {
    const { function: alert } = new StreamConsumer(
      "alert",
      {
        on,
        network,
        code: "alert",
        source: anomalies,
        reads: "takes every anomaly",
        failures,
        batchSize: 10,
        access: [
          at(alerts.can(["dynamodb:GetItem", "dynamodb:UpdateItem"], "remembers what was told and recorded"), {
            ALERT_TABLE: alerts.name,
          }),
          at(topic.canPublish("tells people"), { ALERT_TOPIC: topic.arn }),
          at(processed.canWrite(ANOMALY_PREFIX, "records anomalies as CSV"), { PROCESSED_BUCKET: processed.name }),
          processed.canWrite(
            REJECTED_PREFIX,
            "keeps rejected records with the reason",
            "used only when something that is no anomaly is on the stream",
          ),
        ],
        settings: { METRIC_NAMESPACE: metricNamespace },
      },
      { parent: this },
    );
    return alert;
  }
}

/** @throws pulumi.InputPropertiesError */
export function planDetector(
  name: string,
  { cutoff, rules, trees, samples, timeDecay, silence, window, retryHorizon }: DetectorArgs,
): void {
  const problems = new InputProblems(`CtrAnomaly ${name}`);
  const within = (value: number, { least, most }: { least: number; most: number }) =>
    Number.isInteger(value) && value >= least && value <= most;
  problems.expect(Number.isFinite(cutoff) && cutoff > 0, "detector.cutoff", cutoff, "a positive score");
  problems.expect(rules.length > 0, "detector.rules", rules, "at least one rule");
  problems.expect(within(trees, FOREST_TREES), "detector.trees", trees, `${FOREST_TREES.least}..${FOREST_TREES.most}`);
  problems.expect(
    within(samples, FOREST_SAMPLES),
    "detector.samples",
    samples,
    `${FOREST_SAMPLES.least}..${FOREST_SAMPLES.most}`,
  );
  problems.expect(
    Number.isInteger(timeDecay) && timeDecay > samples,
    "detector.timeDecay",
    timeDecay,
    `more than detector.samples (${samples})`,
  );
  problems.expect(
    seconds(silence) >= 2 * seconds(window),
    "detector.silence",
    silence,
    `at least two windows of ${window}`,
  );
  problems.expect(
    seconds(retryHorizon) >= seconds(window),
    "detector.retryHorizon",
    retryHorizon,
    `at least one window of ${window}`,
  );
  problems.throwIfAny();
}
