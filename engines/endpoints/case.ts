/** One call to an AWS service, and what of its answer anybody relies on. */
import type { World } from "./world";

export interface Case {
  /** `s3: an object is read back with its type`. Cases of a service run in order. */
  readonly name: string;
  /** Answers what is compared; an error of the service is compared by its code. */
  readonly call: (world: World) => Promise<unknown>;
}

export type Outcome = { readonly result: unknown } | { readonly error: string };

export async function outcomeOf({ call }: Case, world: World): Promise<Outcome> {
  try {
    return { result: anonymous(await call(world), world) };
  } catch (error) {
    // A defect of the case itself is no answer of a service.
    if (!(error instanceof Error) || !("$metadata" in error || "$fault" in error)) throw error;
    // What is no answer of AWS's at all, the client cannot read.
    return { error: error instanceof SyntaxError ? "an answer that no AWS client can read" : error.name };
  }
}

/** Without what differs from endpoint to endpoint by right: account and address. */
function anonymous(value: unknown, { endpoint }: World): unknown {
  if (typeof value === "object" && value !== null && "$metadata" in value) return "accepted";
  const { url, account } = endpoint;
  const text = JSON.stringify(value ?? null)
    .replaceAll(url, "<endpoint>")
    .replaceAll(`:${account}`, ":<account>")
    .replaceAll(`/${account}/`, "/<account>/");
  return JSON.parse(text) as unknown;
}
