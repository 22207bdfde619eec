/**
 * The journey as it is drawn from the graph of the local stage. Does not prove that anything moves over the arrows:
 * console/server/console.test.ts does.
 */
import assert from "node:assert/strict";
import type { Graph } from "../../local/graph/graph";
import { renderLocal } from "../testing/watched-stage";
import { drawJourney, type Journey } from "./journey";
import { MOVES } from "./moves";
import { Stations } from "./stations";

let graph: Graph;
let journey: Journey;

before(async () => {
  graph = await renderLocal();
  journey = drawJourney(graph);
});

const nameOf = (id: string): string => journey.stations.find((station) => station.id === id)?.name ?? id;
const arrows = (): string[] =>
  journey.arrows.map(({ from, to, bothWays }) => `${nameOf(from)} ${bothWays ? "<>" : ">"} ${nameOf(to)}`);

describe("the journey", () => {
  it("leads from the door over the stream to whoever reads it, and on to people", () => {
    const drawn = new Set(arrows());
    for (const arrow of [
      "visitors > beacons",
      "beacons > input",
      "input > detect",
      "input > archive",
      "detect > anomalies",
      "anomalies > alert",
      "alert > people",
      "people > inbox",
      "detect <> forests",
    ]) {
      assert.ok(drawn.has(arrow), `${arrow} is missing of ${[...drawn].join(", ")}`);
    }
  });

  it("has an arrow exactly where a role may move something, a resource hands on, or the world outside begins", () => {
    const stations = new Stations(graph);
    const expected = new Set<string>();
    const pair = (one: string, other: string): string => [one, other].sort().join(" | ");
    for (const holder of graph.ofType("clickstream:iam:Role")) {
      const own = stations.ofUrn(holder.urn);
      for (const statement of holder.inputs["statements"] as unknown as {
        actions: string[];
        targets: { arn: string }[];
      }[]) {
        for (const { arn } of statement.targets) {
          const target = stations.ofArn(arn);
          const moves = statement.actions.some((action) => action in MOVES);
          if (own !== undefined && target !== undefined && moves && own.id !== target.id)
            expected.add(pair(own.id, target.id));
        }
      }
    }
    const drawn = journey.arrows
      .filter(({ from, to }) => ![from, to].some((id) => id.startsWith("outside:")) && nameOf(from) !== "alarms")
      .map(({ from, to }) => pair(from, to));
    assert.deepEqual(drawn.sort(), [...expected].sort());
  });

  it("tells every arrow's reason as the program states it", () => {
    const arrow = journey.arrows.find(({ from, to }) => nameOf(from) === "beacons" && nameOf(to) === "input");
    assert.deepEqual(arrow?.reasons, ["puts beacons on the input stream"]);
    assert.equal(arrow?.idle, undefined);
  });

  it("marks arrows that a normal run does not use, with why", () => {
    const arrow = journey.arrows.find(({ from, to }) => nameOf(from) === "detect" && nameOf(to) === "failures");
    assert.equal(arrow?.idle, "used only when a batch fails in every attempt");
  });

  it("takes a function that stands in components of one name for one station, and says what it is a part of", () => {
    const detect = journey.stations.filter(({ name }) => name === "detect");
    assert.equal(detect.length, 1);
    assert.deepEqual(
      [detect[0]?.kind, detect[0]?.component, detect[0]?.group, detect[0]?.module],
      ["function", "StreamConsumer", "ctr", "realtime"],
    );
  });

  it("says where each station is declared", () => {
    for (const { kind, name, source } of journey.stations) {
      if (kind !== "outside") assert.match(source ?? "", /^(stacks|infra)\/[\w/-]+\.ts:\d+$/, name);
    }
  });

  it("leaves out what data never passes: keys, networks, dashboards", () => {
    const names = new Set(journey.stations.map(({ name }) => name));
    for (const name of ["key", "network", "dashboard"]) assert.ok(!names.has(name), name);
  });

  it("finds a station by whatever names one of its resources", () => {
    const stations = new Stations(graph);
    const raw = graph.only("aws:s3/bucket:Bucket", ({ name }) => name === "raw").outputs["arn"] as string;
    assert.equal(stations.ofArn(raw)?.name, "raw");
    assert.equal(stations.ofArn(`${raw}/year=2026/a.gz`)?.name, "raw");
    assert.equal(stations.ofArn(`${raw}-of-another`), undefined);
    assert.equal(stations.ofArn("*"), undefined);
  });
});
