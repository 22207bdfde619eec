/** APIs for tests that need little of one. */
import type { Reply } from "../../../endpoint/http";
import { render } from "../../../../test/stage";
import type { Graph } from "../../../graph/graph";
import type { Dispatch } from "../../service";
import { declareApi, MOCK, type ApiDraft, type MethodDraft } from "./api-program";

export function renderApi(draft: ApiDraft): Promise<Graph> {
  return render(() => void declareApi("api", draft));
}

/** One GET on the root that answers with what a response template renders. */
export function renderMock(template: string, more: Partial<MethodDraft> = {}): Promise<Graph> {
  const responses = [{ status: "200", templates: { "application/json": template } }];
  return renderApi({ methods: [{ integration: MOCK, responses, ...more }] });
}

/** For APIs that call nobody. */
export const callsNobody: Dispatch = () => Promise.reject(new Error("nobody is called here"));

/** What matters of a refusal. */
export function summaryOf({ status, body, headers }: Reply): unknown[] {
  return [status, body, headers["x-amzn-ErrorType"]];
}
