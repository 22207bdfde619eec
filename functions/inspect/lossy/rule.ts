/** A setting whose change loses something although the resource stays. */
import type { FindingKind } from "../findings/finding";
import type { Comparison } from "./comparison";

export interface LossyRule {
  /** `<type> <property path>`, once for each engine and each type that has the setting. */
  readonly settings: readonly string[];
  readonly loses: Comparison;
  readonly change: Extract<FindingKind, "lossy-update" | "protection-dropped" | "policy-weakened">;
  /** What is lost, as a sentence goes on after how the setting changes. */
  readonly says: string;
  readonly fix: string;
  /**
   * Judged also when the resource is made: it is a setting of something that may exist already. Where nothing existed
   * before, nothing is lost.
   */
  readonly onCreate?: true;
}

/** The rules of one service, and where its defaults and consequences are documented. */
export interface LossyTable {
  readonly source: string;
  readonly rules: readonly LossyRule[];
}

/** Losing data, or the ability to take it in. */
export function loses(settings: readonly string[], comparison: Comparison, says: string, fix: string): LossyRule {
  return { settings, loses: comparison, change: "lossy-update", says, fix };
}

/** Losing what keeps data from being destroyed or read. */
export function unshields(settings: readonly string[], comparison: Comparison, says: string): LossyRule {
  return { settings, loses: comparison, change: "protection-dropped", says, fix: KEEP };
}

/** Letting in whom nobody let in before. */
export function opens(settings: readonly string[], comparison: Comparison, says: string): LossyRule {
  return { settings, loses: comparison, change: "policy-weakened", says, fix: KEEP };
}

const KEEP = "keep the setting, or say in an approval why it may go";
