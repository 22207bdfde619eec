/** A Task: one call of a service or function, and for some the wait for what comes of it. */
import type { Task } from "../language/definition";
import { HEARTBEAT_TIMEOUT, StateFailure, TIMEOUT } from "../language/failure";
import type { Json } from "../language/json";
import type { Host, TaskKind, TaskPosition } from "./host";
import type { Visit } from "./visit";

/** What a task is called with. */
interface Scheduled {
  readonly work: Json;
  readonly task: TaskPosition;
}

/**
 * Performs a task. One that the stage's end interrupted is performed again, unless the called service had answered:
 * then it goes on waiting.
 */
export async function runTask(state: Task, visit: Visit, host: Host): Promise<Json> {
  const kind = host.task(state.resource);
  const { task: begun } = visit.position;
  const isSubmitted = begun?.submitted !== undefined;
  const { work, task } = isSubmitted ? { work: null, task: begun } : await schedule(state, visit, kind, host);
  const timedOut = (): Error => new StateFailure(TIMEOUT, undefined);
  try {
    const output = await visit.flow.within(task.deadline, timedOut, (flow) =>
      kind.perform({
        branch: visit.branch,
        work,
        flow,
        token: task.token,
        heartbeatSeconds: task.heartbeatSeconds,
        submitted: task.submitted,
        onSubmitted: async (answer) => {
          flow.check();
          const moved = { ...visit.position, task: { ...task, submitted: answer } };
          await visit.record([kind.events.submitted(answer)], moved);
        },
      }),
    );
    visit.checkSize(output, "a result");
    await visit.record([kind.events.succeeded(output)]);
    return output;
  } catch (error) {
    visit.flow.check();
    if (error instanceof StateFailure) {
      const isLate = error.error === TIMEOUT || error.error === HEARTBEAT_TIMEOUT;
      await visit.record([isLate ? kind.events.timedOut(error) : kind.events.failed(error)]);
    }
    throw error;
  }
}

async function schedule(state: Task, visit: Visit, kind: TaskKind, host: Host): Promise<Scheduled> {
  const token = kind.awaitsToken ? { token: host.token(visit.branch) } : {};
  // The context object has the token before it is on disk, for the arguments to carry it.
  visit.position = { ...visit.position, task: token };
  const work = visit.checkSize(await visit.evaluate(state.work), "a request");
  const timeoutSeconds = state.timeoutSeconds && (await visit.evaluate(state.timeoutSeconds));
  const heartbeatSeconds = state.heartbeatSeconds && (await visit.evaluate(state.heartbeatSeconds));
  const task: TaskPosition = {
    ...token,
    ...(timeoutSeconds === undefined ? {} : { deadline: visit.flow.now + timeoutSeconds * 1000 }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
  };
  const scheduled = kind.events.scheduled({ work, timeoutSeconds, heartbeatSeconds });
  await visit.record([scheduled, kind.events.started()], { ...visit.position, task });
  return { work, task };
}
