/** What the `Resource` of a task names. Source: Step Functions developer guide, "Integrating services". */

/** How a task ends: with the answer, with the job it began, or when somebody answers its token. */
export type Pattern = "response" | "sync" | "sync:2" | "token";

export type TaskResource =
  | { readonly kind: "function"; readonly arn: string }
  | {
      readonly kind: "optimized" | "sdk";
      /** `lambda`, `cloudformation`. */
      readonly service: string;
      /** `invoke`, `describeStacks`. */
      readonly api: string;
      readonly pattern: Pattern;
    };

const FUNCTION = /^arn:[^:]+:lambda:[^:]*:\d{12}:function:[\w-]+(:[\w$-]+)?$/;
const INTEGRATION =
  /^arn:[^:]+:states:[^:]*:[^:]*:(?:(aws-sdk):)?([a-z0-9]+):([a-zA-Z0-9]+)(?:\.(sync:2|sync|waitForTaskToken))?$/;

/** Nothing for a text that names neither a function nor an integration. */
export function parseResource(arn: string): TaskResource | undefined {
  if (FUNCTION.test(arn)) return { kind: "function", arn };
  const [whole, sdk, service = "", api = "", suffix] = INTEGRATION.exec(arn) ?? [];
  if (whole === undefined) return undefined;
  const pattern = suffix === "waitForTaskToken" ? "token" : ((suffix ?? "response") as Pattern);
  return { kind: sdk === undefined ? "optimized" : "sdk", service, api, pattern };
}
