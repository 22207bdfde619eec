/** Builds as tasks: `codebuild:startBuild`, with `.sync` until the build has ended. */
import { StateFailure, TASK_FAILED } from "../language/failure";
import { isObject, type Json } from "../language/json";
import { failureOf } from "./errors";
import type { Integration, IntegrationCall, Job } from "./integration";
import { fromAnswer, toRequest } from "./members";

/** How often the stage looks where Step Functions is told by an event. */
const POLL_MS = 1_000;

const job: Job = {
  managedRule: "StepFunctionsGetEventForCodeBuildStartBuildRule",
  async finish(answer, call, flow) {
    for (;;) {
      const build = await flow.race(describe(answer, call));
      const status = isObject(build) ? build["BuildStatus"] : undefined;
      if (status === "SUCCEEDED") return { Build: build };
      if (status !== "IN_PROGRESS") throw new StateFailure(TASK_FAILED, JSON.stringify({ Build: build }));
      await flow.sleepUntil(flow.now + POLL_MS);
    }
  },
  async cancel(answer, { stage, session }) {
    await stage.dispatch(session, "codebuild", "StopBuild", { id: idOf(answer) });
  },
};

export function startBuild(pattern: "response" | "sync"): Integration {
  return {
    async request({ work, stage, session }) {
      const input = toRequest(isObject(work) ? work : {}, "camel");
      return fromAnswer(await stage.dispatch(session, "codebuild", "StartBuild", input));
    },
    nameOf: (error) => failureOf("CodeBuild", "AWSCodeBuildException", error),
    ...(pattern === "sync" ? { job } : {}),
  };
}

async function describe(answer: Json, { stage, session }: IntegrationCall): Promise<Json> {
  const described = fromAnswer(await stage.dispatch(session, "codebuild", "BatchGetBuilds", { ids: [idOf(answer)] }));
  const builds = isObject(described) ? described["Builds"] : undefined;
  const [build] = Array.isArray(builds) ? (builds as readonly Json[]) : [];
  if (build === undefined) throw new StateFailure(TASK_FAILED, `Build ${idOf(answer)} does not exist.`);
  return build;
}

function idOf(answer: Json): string {
  const build = isObject(answer) ? answer["Build"] : undefined;
  const id = isObject(build) ? build["Id"] : undefined;
  return typeof id === "string" ? id : "";
}
