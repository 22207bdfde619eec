/** Watches the running stage: what goes over the arrows, windows as they close, anomalies as they are raised, mails as they leave. */
import { readAnomaly } from "../../functions/lib/anomaly";
import { renderMessage } from "../../functions/alert/domain";
import { readFunctionLine, type SiteWindow } from "../../functions/lib/function-lines";
import { optionalText, textOf, type Graph } from "../../local/graph/graph";
import { isRecord } from "../../local/graph/value";
import type { KinesisService } from "../../local/services/kinesis/service";
import type { Mail } from "../../local/services/sns/mailbox";
import type { ObservedCall } from "../../local/stage";
import { Stations } from "../model/stations";
import type { Alert, Letter, RealTime, Window } from "../model/wire";
import type { Feed } from "./feed";
import { mailsOf, onMail } from "./mail";
import { operatorOf, type ConsoleStage } from "./operator";

/** What a page is given at first: the last hour of windows, as far as there are not too many. */
const HISTORY_MS = 3_600_000;
const MOST_WINDOWS = 6_000;
const MOST_ALERTS = 200;
const MOST_LETTERS = 200;
const LOG_PAGES = 50;

export class Watch {
  #windows: Window[] = [];
  readonly #stops: readonly (() => void)[];
  #history: Promise<void> | undefined;

  constructor(
    private readonly stage: ConsoleStage,
    private readonly feed: Feed,
  ) {
    this.#stops = [
      stage.onLog((_, line) => this.#readLine(line)),
      stage.onCall((call) => this.#lookForAlerts(call)),
      stage.onGraph(() => feed.publish({ type: "graph", data: { at: stage.clock.now() } })),
      onMail(stage, (mail) => feed.publish({ type: "letter", data: describeLetter(mail, stage.graph) })),
    ];
  }

  close(): void {
    this.#stops.forEach((stop) => stop());
  }

  /** All that a page needs to begin with; what comes later is in the feed. */
  async realTime(): Promise<RealTime> {
    await (this.#history ??= this.#loadHistory());
    const { graph, clock } = this.stage;
    return {
      now: clock.now(),
      cutoff: cutoffOf(graph),
      windows: this.#windows,
      alerts: this.#alerts(),
      letters: mailsOf(this.stage)
        .slice(-MOST_LETTERS)
        .map((mail) => describeLetter(mail, graph))
        .reverse(),
    };
  }

  #readLine(line: string): void {
    const window = readWindow(line);
    if (window === undefined) return;
    this.#keep([window]);
    this.feed.publish({ type: "window", data: window });
  }

  #keep(windows: readonly Window[]): void {
    const all = [...this.#windows, ...windows];
    this.#windows = all.length > MOST_WINDOWS ? all.slice(-MOST_WINDOWS) : all;
  }

  /** Anomalies are seen as they are put on their stream. */
  #lookForAlerts({ service, operation, checks, input }: ObservedCall): void {
    if (service !== "kinesis" || operation !== "PutRecord") return;
    const arn = anomalyStreamOf(this.stage.graph);
    if (arn === undefined || !checks.some(({ resource }) => resource === arn)) return;
    const { Data } = input as { readonly Data: string };
    const alert = readAlert(Buffer.from(Data, "base64").toString("utf8"), this.stage.clock.now());
    if (alert !== undefined) this.feed.publish({ type: "alert", data: alert });
  }

  #alerts(): Alert[] {
    const arn = anomalyStreamOf(this.stage.graph);
    if (arn === undefined) return [];
    return (this.stage.service("kinesis") as KinesisService)
      .newest(arn, MOST_ALERTS)
      .flatMap(({ data, arrival }) => readAlert(data.toString("utf8"), arrival) ?? []);
  }

  /** Windows that closed before the console was there stand in the functions' logs. */
  async #loadHistory(): Promise<void> {
    const { graph, clock } = this.stage;
    const call = operatorOf(this.stage);
    const functions = new Stations(graph).all.filter(({ kind }) => kind === "function");
    const groups = graph
      .ofType("aws:cloudwatch/logGroup:LogGroup")
      .filter(({ name }) => functions.some((station) => station.name === name))
      .map(({ outputs }) => textOf(outputs, "name"));
    const found: Window[] = [];
    for (const logGroupName of groups) {
      let nextToken: string | undefined;
      for (let page = 0; page < LOG_PAGES; page++) {
        const answer: { events: readonly { message: string }[]; nextToken?: string } = await call(
          "logs",
          "FilterLogEvents",
          {
            logGroupName,
            startTime: clock.now() - HISTORY_MS,
            filterPattern: '{ $.event = "site-window" }',
            ...(nextToken === undefined ? {} : { nextToken }),
          },
        );
        found.push(...answer.events.flatMap(({ message }) => readWindow(message) ?? []));
        nextToken = answer.nextToken;
        if (nextToken === undefined) break;
      }
    }
    const known = new Set(this.#windows.map(keyOf));
    const live = this.#windows;
    this.#windows = [];
    this.#keep([...found.filter((window) => !known.has(keyOf(window))), ...live].sort((a, b) => a.end - b.end));
  }
}

function keyOf({ site, start }: Window): string {
  return `${start} ${site}`;
}

function readWindow(line: string): Window | undefined {
  const read = readFunctionLine(line);
  return read?.event === "site-window" ? describeWindow(read) : undefined;
}

function describeWindow(line: SiteWindow): Window {
  return {
    site: line.Site,
    start: Date.parse(line.windowStart),
    end: Date.parse(line.windowEnd),
    impressions: line.impressions,
    clicks: line.clicks,
    rate: line.ClickThroughRate ?? null,
    score: line.AnomalyScore ?? null,
    anomalous: line.anomalous,
  };
}

/** What it says is what people are told. */
function readAlert(data: string, at: number): Alert | undefined {
  const read = readAnomaly(data);
  if (read.kind !== "accepted") return undefined;
  const { subject, text } = renderMessage(read.value);
  return { anomaly: read.value, subject, explanation: text, at };
}

function describeLetter({ id, time, kind, to, subject, text, topic }: Mail, graph: Graph): Letter {
  const name = graph.ofType("aws:sns/topic:Topic").find(({ outputs }) => outputs["arn"] === topic)?.name ?? topic;
  // A number is somebody's secret; its end is enough to know it by.
  return {
    id,
    at: time,
    kind,
    to: kind === "sms" ? `…${to.slice(-2)}` : to,
    subject: subject ?? null,
    text,
    topic: name,
  };
}

/** The stack says which of its streams carries anomalies. */
function anomalyStreamOf(graph: Graph): string | undefined {
  const name = optionalText(graph.stackOutputs, "anomalyStreamName");
  const stream = graph.ofType("aws:kinesis/stream:Stream").find(({ outputs }) => outputs["name"] === name);
  return stream === undefined ? undefined : textOf(stream.outputs, "arn");
}

function cutoffOf(graph: Graph): number | null {
  for (const { inputs } of graph.ofType("aws:lambda/function:Function")) {
    const environment = inputs["environment"];
    const variables = isRecord(environment) ? environment["variables"] : undefined;
    const cutoff = isRecord(variables) ? variables["ANOMALY_CUTOFF"] : undefined;
    if (cutoff !== undefined) return Number(cutoff);
  }
  return null;
}
