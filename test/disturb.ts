/** Calls of a running stage that go wrong, or meet something, at a moment that a test chooses. */
import type { Operation } from "../local/services/service";
import type { TestStage } from "./stage";

/**
 * Lets an operation (`s3:PutObject`) do as `instead` says, which may proceed before, after or never.
 * @returns how to let it be as it was
 */
export function disturb(
  { stage }: Pick<TestStage, "stage">,
  operation: string,
  instead: (proceed: () => unknown, input: unknown) => unknown,
): () => void {
  const [service = "", name = ""] = operation.split(":");
  const operations = stage.service(service).operations as Record<string, Operation>;
  const original = operations[name] as Operation;
  operations[name] = { ...original, run: (input, call) => instead(() => original.run(input, call), input) };
  return () => (operations[name] = original);
}
