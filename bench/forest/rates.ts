/** Rows scored and learned per second of processor time on one thread: ours and the peer's, by turns. */
import { resolve } from "node:path";
import { bundle, runProgram } from "../bundle";
import type { Peer } from "./peer";
import { argumentsOf, medianOf, nameOf, WORKLOADS, type Workload } from "./workload";

export interface Rate {
  readonly workload: string;
  /** Medians over the rounds, rows per second. */
  readonly ours: number;
  readonly peer: number | null;
  /** What the peer did on another machine; only where it was not measured here. */
  readonly peerElsewhere: number | null;
  /** Median of the ratios of neighbouring runs, which a change of the machine's pace hits alike. */
  readonly ratio: number | null;
  readonly ratios: readonly number[];
  readonly goal: number;
  /** Mean score of both: they do the same work. */
  readonly meanScores: readonly number[];
}

export function measureRates(peer: Peer | undefined, rounds: number, tell: (line: string) => void): Rate[] {
  const subject = bundle(resolve(__dirname, "subject.ts"));
  return WORKLOADS.map((workload) => {
    tell(`rate of ${nameOf(workload)}`);
    const given = argumentsOf(workload);
    const runs = Array.from({ length: rounds }, () => ({
      ours: run(workload, process.execPath, [subject, ...given]),
      peer: peer === undefined ? null : run(workload, peer.command, [...peer.prefix, ...given]),
    }));
    const ratios = runs.flatMap(({ ours, peer }) => (peer === null ? [] : [ours.rate / peer.rate]));
    const peers = runs.flatMap((each) => each.peer ?? []);
    return {
      workload: nameOf(workload),
      ours: medianOf(runs.map(({ ours }) => ours.rate)),
      peer: peers.length > 0 ? medianOf(peers.map(({ rate }) => rate)) : null,
      peerElsewhere: peers.length > 0 ? null : workload.pinned,
      ratio: ratios.length > 0 ? medianOf(ratios) : null,
      ratios,
      goal: workload.goal,
      meanScores: [runs[0]!.ours.meanScore, ...peers.slice(0, 1).map(({ meanScore }) => meanScore)],
    };
  });
}

function run({ rows }: Workload, command: string, given: string[]): { rate: number; meanScore: number } {
  const [nanoseconds, meanScore] = runProgram(command, given).trim().split(" ").map(Number) as [number, number];
  return { rate: (rows / nanoseconds) * 1e9, meanScore };
}
