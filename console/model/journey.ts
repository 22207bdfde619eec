/**
 * The journey of an event, drawn from the graph itself: components are stations; an arrow stands where one component was
 * wired to another and may, by its role, move something there. Nothing about this platform is written down here.
 */
import type { Graph, Resource } from "../../local/graph/graph";
import { isRecord, type Value } from "../../local/graph/value";
import { layOut, type Place, type Route } from "./layered-layout";
import { MOVES, type Move } from "./moves";
import { Stations, type Station } from "./stations";

export interface Arrow {
  /** `from>to`: what counts are kept by. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** What it moves, in the singular. */
  readonly unit: Move["unit"];
  /** Whether data goes the other way as well. */
  readonly bothWays: boolean;
  /** Why the program wires it so. */
  readonly reasons: readonly string[];
  /** Why a normal run moves nothing here, where that is so. */
  readonly idle: string | undefined;
}

export interface PlacedStation extends Station, Place {}
export interface RoutedArrow extends Arrow {
  readonly route: Route;
}

export interface Journey {
  readonly stack: string;
  readonly stations: readonly PlacedStation[];
  readonly arrows: readonly RoutedArrow[];
  /** Extent in columns and rows. */
  readonly columns: number;
  readonly rows: number;
}

/** Who is not in the graph: those who send events in, and those who are told. */
const OUTSIDE = { kind: "outside", component: "", module: "outside", group: undefined, source: undefined } as const;

/** Where a resource hands on to another by a property of its own, not by a role. */
const HAND_OVERS: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["alarmActions"],
  "aws:cloudwatch/eventTarget:EventTarget": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint"],
  "aws:apigateway/integration:Integration": ["uri"],
  "aws:s3/bucketNotification:BucketNotification": ["lambdaFunctions", "queues", "topics"],
};

/** Protocols of a subscription by which people are told. */
const PEOPLE: Readonly<Record<string, string>> = { email: "e-mail", "email-json": "e-mail", sms: "text" };

export function drawJourney(graph: Graph): Journey {
  const stations = new Stations(graph);
  const arrows = new Map<string, Arrow>();
  const put = (arrow: Omit<Arrow, "id" | "bothWays">): void => {
    const { from, to } = arrow;
    if (from === to) return;
    const there = arrows.get(arrowId(from, to));
    const back = arrows.get(arrowId(to, from));
    const known = there ?? back;
    if (known === undefined) arrows.set(arrowId(from, to), { ...arrow, id: arrowId(from, to), bothWays: false });
    else arrows.set(known.id, merge(known, arrow, there === undefined));
  };

  for (const holder of [...graph.ofType("clickstream:iam:Role"), ...graph.ofType("clickstream:iam:UserPolicy")]) {
    const own = stations.ofUrn(holder.urn);
    if (own !== undefined) movesOf(holder, own, stations).forEach(put);
  }
  for (const resource of graph.resources) handOversOf(resource, stations).forEach(put);
  const outside = outsidersOf(graph, stations);
  outside.arrows.forEach(put);

  const all = [...stations.all, ...outside.stations];
  const linked = new Set([...arrows.values()].flatMap(({ from, to }) => [from, to]));
  const shown = all.filter(({ id }) => linked.has(id));
  const layout = layOut(
    shown.map(({ id }) => id),
    [...arrows.values()],
  );
  return {
    stack: graph.stack,
    stations: shown.map((station) => ({ ...station, ...(layout.places.get(station.id) as Place) })),
    arrows: [...arrows.values()].map((arrow) => ({ ...arrow, route: layout.routes.get(arrow.id) ?? [] })),
    columns: layout.columns,
    rows: layout.rows,
  };
}

export function arrowId(from: string, to: string): string {
  return `${from}>${to}`;
}

/** Stations beyond the graph that belong to one of it. */
export function outsideOf(station: string, what: "web" | "people"): string {
  return `outside:${what}:${station}`;
}

function merge(known: Arrow, arrow: Omit<Arrow, "id" | "bothWays">, isBack: boolean): Arrow {
  return {
    ...known,
    bothWays: known.bothWays || isBack,
    reasons: [...new Set([...known.reasons, ...arrow.reasons])],
    idle: known.idle === undefined || arrow.idle === undefined ? undefined : known.idle,
  };
}

/** What a role may move, statement by statement. Writes first: where both are, the arrow points to what is written. */
function movesOf({ inputs }: Resource, own: Station, stations: Stations): Omit<Arrow, "id" | "bothWays">[] {
  const found = recordsOf(inputs["statements"]).flatMap((statement) => {
    const { reason, idle } = statement;
    return listOf(statement["actions"]).flatMap((action) => {
      const move = typeof action === "string" ? MOVES[action] : undefined;
      if (move === undefined) return [];
      return recordsOf(statement["targets"]).flatMap(({ arn }) => {
        const target = typeof arn === "string" ? stations.ofArn(arn) : undefined;
        if (target === undefined) return [];
        const [from, to] = move.direction === "writes" ? [own.id, target.id] : [target.id, own.id];
        return [
          { direction: move.direction, from, to, unit: move.unit, reasons: textsOf(reason), idle: textsOf(idle)[0] },
        ];
      });
    });
  });
  const rank = (direction: string): number => (direction === "writes" ? 0 : 1);
  return found
    .sort((a, b) => rank(a.direction) - rank(b.direction))
    .map(({ from, to, unit, reasons, idle }) => ({ from, to, unit, reasons, idle }));
}

function handOversOf({ urn, type, wiring }: Resource, stations: Stations): Omit<Arrow, "id" | "bothWays">[] {
  const own = stations.ofUrn(urn);
  if (own === undefined) return [];
  return (HAND_OVERS[type] ?? [])
    .flatMap((property) => wiring[property] ?? [])
    .flatMap((wired) => stations.ofUrn(wired) ?? [])
    .map((target) => ({ from: own.id, to: target.id, unit: "message" as const, reasons: [], idle: undefined }));
}

function outsidersOf(
  graph: Graph,
  stations: Stations,
): { stations: Station[]; arrows: Omit<Arrow, "id" | "bothWays">[] } {
  const doors = stations.all.filter(({ kind }) => kind === "door");
  const told = new Map<string, Set<string>>();
  for (const { urn, inputs } of graph.ofType("aws:sns/topicSubscription:TopicSubscription")) {
    const topic = stations.ofUrn(urn);
    const word = PEOPLE[typeof inputs["protocol"] === "string" ? inputs["protocol"] : ""];
    if (topic !== undefined && word !== undefined) told.set(topic.id, (told.get(topic.id) ?? new Set()).add(word));
  }
  const fact = { reasons: [], idle: undefined };
  const webs = doors.map(({ id }) => ({
    station: { ...OUTSIDE, id: outsideOf(id, "web"), name: "visitors", noun: "browsers and apps" },
    arrow: { from: outsideOf(id, "web"), to: id, unit: "call" as const, ...fact },
  }));
  const people = [...told].map(([id, words]) => ({
    station: { ...OUTSIDE, id: outsideOf(id, "people"), name: "inbox", noun: [...words].join(", ") },
    arrow: { from: id, to: outsideOf(id, "people"), unit: "message" as const, ...fact },
  }));
  const outside = [...webs, ...people];
  return { stations: outside.map(({ station }) => station), arrows: outside.map(({ arrow }) => arrow) };
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

function recordsOf(value: Value | undefined): { readonly [key: string]: Value }[] {
  return listOf(value).filter(isRecord);
}

function textsOf(value: Value | undefined): string[] {
  return typeof value === "string" ? [value] : [];
}
