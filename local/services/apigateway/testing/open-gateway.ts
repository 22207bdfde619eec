/** API Gateway alone, with whatever it calls played by the test. */
import { FACTS, START } from "../../../../test/stage";
import { VirtualClock } from "../../../clock";
import type { Reply, Request } from "../../../endpoint/http";
import type { Graph } from "../../../graph/graph";
import { roleSession } from "../../../iam/principal";
import type { Measurement, ServiceContext } from "../../context";
import type { Dispatch } from "../../service";
import { ApiGatewayService } from "../service";

export interface Gateway {
  readonly service: ApiGatewayService;
  readonly clock: VirtualClock;
  readonly said: string[];
  readonly measured: Measurement[];
  /** Sends a request; the reply's body is text. */
  readonly send: (request: Partial<Request>) => Promise<Reply>;
}

/** @param dispatch what other services answer */
export async function openGateway(graph: Graph, dispatch: Dispatch): Promise<Gateway> {
  const clock = new VirtualClock(START);
  const said: string[] = [];
  const measured: Measurement[] = [];
  const context: Pick<
    ServiceContext,
    "graph" | "facts" | "clock" | "dispatch" | "assume" | "measure" | "serveWeb" | "say" | "url"
  > = {
    graph,
    facts: FACTS,
    clock,
    dispatch,
    assume: (role, _service, session) => roleSession(role, session),
    measure: (metric) => void measured.push(metric),
    serveWeb: () => undefined,
    say: (line) => void said.push(line),
    url: () => "http://127.0.0.1:4566",
  };
  const service = await ApiGatewayService.open(context as ServiceContext);
  const send = async (request: Partial<Request>): Promise<Reply> => {
    const reply = await service.answer(requestOf(request));
    if (reply === undefined) throw new Error(`no API answers ${request.path ?? ""}`);
    return reply;
  };
  return { service, clock, said, measured, send };
}

export function requestOf(request: Partial<Request>): Request {
  const rawQuery = request.rawQuery ?? "";
  return {
    method: "GET",
    path: "/v1/",
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: { host: "shop.example.com" },
    body: Buffer.alloc(0),
    remoteAddress: "192.0.2.7",
    ...request,
  };
}
