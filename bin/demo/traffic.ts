/**
 * What the demonstration sends: the original pipeline's traffic on several sites, one of which goes silent, with beacons
 * that are sent again, beacons that are wrong, hostile ones, and a producer outside AWS among it.
 */
import type { ProducedRecord } from "../../docs/examples/external-producer";
import type { Beacon } from "../traffic/beacon-client";
import { passOf, PASSES } from "../traffic/click-generator";
import { randomFrom } from "../traffic/random";

/** Sites, each with its own random numbers; `until`: the pass after which it says nothing more. */
export const SITES = [
  { name: "shop.example", seed: 11, until: PASSES },
  { name: "news.example", seed: 22, until: PASSES },
  { name: "play.example", seed: 33, until: PASSES },
  { name: "quiet.example", seed: 44, until: 1500 },
] as const;

/** Milliseconds between two passes: a window of ten seconds sees fifty impressions, and the burst fills one. */
export const PASS_MS = 200;

/** How many passes there are between two beacons of each kind. */
const EVERY = { retried: 50, retriedLater: 75, malformed: 40, produced: 100 } as const;

/** A beacon, whether the front door must accept it, and how many passes later it is sent again. */
export interface PlannedBeacon extends Beacon {
  readonly wellFormed: boolean;
  readonly againAfter?: number;
}

/** Beacons that no front door should accept, and that no front door should be harmed by. */
const MALFORMED: readonly Beacon[] = [
  { action: undefined },
  { action: "" },
  { action: "click" },
  { action: "Purchase" },
  { action: 'Click","site":"forged.example' },
  { action: "#set($x = 1)$x" },
  { action: "Click", id: "x".repeat(300) },
];

/** Strings that are awkward to carry, as ids of beacons that are otherwise fine. */
const AWKWARD = [
  '"quoted"',
  "back\\slash",
  "new\nline",
  "$util.escapeJavaScript($x)",
  "#if(true)",
  "ünï-漢字-🎉",
  "'single'",
  "</script>",
  '{"a":1}',
];

/** The beacons of one pass, over all sites. */
export class DemoTraffic {
  readonly #random = SITES.map(({ seed }) => randomFrom(seed));

  beaconsOf(pass: number): PlannedBeacon[] {
    const planned = SITES.flatMap(({ name, until }, index): PlannedBeacon[] => {
      const random = this.#random[index] ?? Math.random;
      if (pass >= until) return [];
      return passOf(pass, name, random).map((beacon) => ({ ...beacon, wellFormed: true }));
    });
    const [first] = planned;
    if (first !== undefined && pass % EVERY.retried === 0) {
      planned[0] = { ...first, id: `${awkward(pass)} ${pass}`, againAfter: 0 };
    } else if (first !== undefined && pass % EVERY.retriedLater === 0) {
      // Sent again after the window has closed.
      planned[0] = { ...first, id: `later-${pass}`, againAfter: 60 };
    }
    if (pass % EVERY.malformed === 0) {
      const wrong = MALFORMED[(pass / EVERY.malformed) % MALFORMED.length];
      if (wrong !== undefined) planned.push({ site: SITES[0].name, ...wrong, wellFormed: false });
    }
    return planned;
  }

  /** What the producer outside AWS puts in a pass: beacons of its own, records that only show a schema, and broken ones. */
  recordsOf(pass: number, time: number): ProducedRecord[] {
    if (pass % EVERY.produced !== 0) return [];
    const key = "partner.example";
    return [
      { key, data: JSON.stringify({ browseraction: "Impression", site: key, id: `partner-${pass}`, time }) },
      { key, data: JSON.stringify({ browseraction: "DiscoveryKinesisTest", site: key }) },
      {
        key,
        data:
          pass % (2 * EVERY.produced) === 0
            ? '{"browseraction":"Click","site":'
            : JSON.stringify({ browseraction: "Scroll", site: key }),
      },
    ];
  }
}

function awkward(pass: number): string {
  return AWKWARD[(pass / EVERY.retried) % AWKWARD.length] ?? "";
}
