/** Keeps what the sender knows: what it sent, what was acknowledged, and where the front door judged otherwise than it should. */
import type { ProducedRecord } from "../../docs/examples/external-producer";
import { readBeacon } from "../../functions/lib/beacon";
import type { BeaconReply } from "../traffic/beacon-client";
import type { PlannedBeacon } from "./traffic";

export class Tally {
  sent = 0;
  /** Acknowledged records by site and hour. */
  readonly accepted = new Map<string, number>();
  /** Beacons refused though well-formed, and the other way round. */
  readonly misjudged: string[] = [];

  beacon({ site = "", action, wellFormed }: PlannedBeacon, reply: BeaconReply | undefined, time: number): void {
    this.sent++;
    const isAccepted = reply?.status === 200;
    if (isAccepted !== wellFormed)
      this.misjudged.push(`${String(action)} at ${site}: ${reply?.status ?? 0} ${reply?.body ?? ""}`);
    if (isAccepted) this.#accept(site, time);
  }

  record({ data }: ProducedRecord, time: number): void {
    this.sent++;
    const outcome = readBeacon(String(data));
    this.#accept(outcome.kind === "accepted" ? outcome.value.site : "", time);
  }

  get acceptedInAll(): number {
    return [...this.accepted.values()].reduce((sum, count) => sum + count, 0);
  }

  #accept(site: string, time: number): void {
    const place = placeOf(site, time);
    this.accepted.set(place, (this.accepted.get(place) ?? 0) + 1);
  }
}

/** Where a record is counted: `shop.example, 2026-01-05 10h`; records that name no site are counted together. */
export function placeOf(site: string, time: number): string {
  return site === "" ? "(no site)" : `${site}, ${new Date(time).toISOString().slice(0, 13).replace("T", " ")}h`;
}
