/**
 * Takes anomalies off their stream. Telling people and recording are two deliveries: each is done once, noted in the
 * alert's entry, and tried again by itself when it fails.
 */
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { readAnomaly, type Anomaly } from "../lib/anomaly";
import { renderMetrics, type PrintLine } from "../lib/metrics";
import type { RejectedRecords } from "../lib/rejected-records";
import { renderCsv, renderMessage, type CsvRecord, type Message } from "./domain";

export const DELIVERIES = ["notified", "recorded"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** Remembers, for each alert, what was delivered. */
export interface AlertStore {
  delivered(alert: string): Promise<ReadonlySet<Delivery>>;
  note(alert: string, delivery: Delivery, time: number): Promise<void>;
}

export interface AlertDeps {
  readonly alerts: AlertStore;
  readonly tell: (message: Message) => Promise<void>;
  readonly record: (csv: CsvRecord) => Promise<void>;
  readonly rejected: RejectedRecords;
  readonly now: () => number;
  readonly print: PrintLine;
  readonly metricNamespace: string;
}

export interface AlertResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Version of the function's judgement, kept with what it rejects. */
const COMPONENT = { component: "alert", version: 1 } as const;

export function createAlertHandler(deps: AlertDeps): (event: KinesisStreamEvent) => Promise<AlertResponse> {
  return async function alert(event) {
    for (const record of event.Records) {
      try {
        await take(deps, record);
      } catch (error) {
        // Everything from the first failure on comes again, in order; what was delivered is known.
        deps.print(
          JSON.stringify({ event: "alert-failed", sequence: record.kinesis.sequenceNumber, error: String(error) }),
        );
        return { batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

async function take(deps: AlertDeps, record: KinesisStreamRecord): Promise<void> {
  const outcome = readAnomaly(Buffer.from(record.kinesis.data, "base64").toString("utf8"));
  switch (outcome.kind) {
    case "accepted":
      return deliver(deps, outcome.value);
    case "rejected": {
      const [shard = "", sequence = ""] = record.eventID.split(":");
      const arrived = new Date(record.kinesis.approximateArrivalTimestamp * 1000).toISOString();
      const { code, detail } = outcome;
      return deps.rejected.keep([
        {
          code,
          detail,
          ...COMPONENT,
          stream: record.eventSourceARN,
          shard,
          sequence,
          arrived,
          data: record.kinesis.data,
        },
      ]);
    }
    case "ignored":
      return;
  }
}

/** @throws the first failure, once every delivery has been tried */
async function deliver(deps: AlertDeps, anomaly: Anomaly): Promise<void> {
  const done = await deps.alerts.delivered(anomaly.id);
  const attempts: Record<Delivery, () => Promise<void>> = {
    notified: () => deps.tell(renderMessage(anomaly)),
    recorded: () => deps.record(renderCsv(anomaly)),
  };
  const open = DELIVERIES.filter((delivery) => !done.has(delivery));
  const results = await Promise.allSettled(
    open.map(async (delivery) => {
      await attempts[delivery]();
      await deps.alerts.note(anomaly.id, delivery, deps.now());
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
  if (open.length === 0) return;
  deps.print(
    renderMetrics({
      namespace: deps.metricNamespace,
      time: deps.now(),
      metrics: { Alerts: 1 },
      facts: { event: "alert", id: anomaly.id, kind: anomaly.kind, site: anomaly.site },
    }),
  );
}
