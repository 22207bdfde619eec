/** Counts what goes over each arrow of the journey: the very calls that components make, seen at the door they all take. */
import type { Graph } from "../../local/graph/graph";
import type { Measurement } from "../../local/services/context";
import type { ObservedCall } from "../../local/stage";
import { arrowId, outsideOf, type Journey } from "../model/journey";
import { MOVES, type Move } from "../model/moves";
import { Stations } from "../model/stations";
import type { ArrowCounts } from "../model/wire";

/** Where a call counts: which of an arrow's two counters. */
interface Counter {
  readonly counts: [forth: number, back: number];
  readonly place: 0 | 1;
  readonly count: NonNullable<Move["count"]>;
}

/** Callers and resources whose counters are remembered; object keys would make them endless. */
const MOST_REMEMBERED = 5_000;

const one = (): number => 1;

export class ArrowCounter {
  readonly #stations: Stations;
  readonly #counts = new Map<string, [number, number]>();
  readonly #remembered = new Map<string, readonly Counter[]>();

  constructor(graph: Graph, { arrows }: Journey) {
    this.#stations = new Stations(graph);
    for (const { id } of arrows) this.#counts.set(id, [0, 0]);
  }

  get counts(): ArrowCounts {
    return Object.fromEntries([...this.#counts].map(([id, [forth, back]]) => [id, [forth, back]] as const));
  }

  /** What a component did: its role called, or a service called on its behalf. */
  countCall({ caller, checks, context, input, output }: ObservedCall): void {
    const who =
      caller.kind === "role" ? caller.roleArn : caller.kind === "service" ? context?.["aws:SourceArn"] : caller.arn;
    if (who === undefined) return;
    for (const { action, resource } of checks) {
      if (!(action in MOVES)) continue;
      for (const { counts, place, count } of this.#countersOf(who, action, resource))
        counts[place] += count(input, output);
    }
  }

  /** Requests to the graph's APIs come from outside. */
  countMeasurement({ namespace, name, dimensions, value }: Measurement): void {
    if (namespace !== "AWS/ApiGateway" || name !== "Count") return;
    const door = this.#stations.ofName("aws:apigateway/restApi:RestApi", dimensions["ApiName"] ?? "");
    const counts = door === undefined ? undefined : this.#counts.get(arrowId(outsideOf(door.id, "web"), door.id));
    if (counts !== undefined) counts[0] += value;
  }

  /** Mails leave by a topic. */
  countLetter(topicArn: string): void {
    const topic = this.#stations.ofArn(topicArn);
    const counts = topic === undefined ? undefined : this.#counts.get(arrowId(topic.id, outsideOf(topic.id, "people")));
    if (counts !== undefined) counts[0]++;
  }

  #countersOf(who: string, action: string, resource: string): readonly Counter[] {
    const key = `${who} ${action} ${resource}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) return known;
    const found = this.#find(who, action, resource);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, found);
    return found;
  }

  #find(who: string, action: string, resource: string): readonly Counter[] {
    const move = MOVES[action];
    const [caller, target] = [this.#stations.ofArn(who), this.#stations.ofArn(resource)];
    if (move === undefined || caller === undefined || target === undefined) return [];
    const [from, to] = move.direction === "writes" ? [caller.id, target.id] : [target.id, caller.id];
    const forth = this.#counts.get(arrowId(from, to));
    const counts = forth ?? this.#counts.get(arrowId(to, from));
    if (counts === undefined) return [];
    return [{ counts, place: forth === undefined ? 1 : 0, count: move.count ?? one }];
  }
}
