/** Tags that every resource of a stage carries; the provider puts them on, no component does. */

export interface StageTags {
  readonly project: string;
  readonly stage: string;
}

export function defaultTags({ project, stage }: StageTags): Record<string, string> {
  return { "clickstream:project": project, "clickstream:stage": stage, "clickstream:managed-by": "pulumi" };
}
