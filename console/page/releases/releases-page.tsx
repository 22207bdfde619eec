/** Releases: the pipeline, the deploy machine with the way that a release took, its verdict, and those before it. */
import { useState } from "preact/hooks";
import type { Execution, Machine, Pipeline, Releases } from "../../model/wire";
import { Empty, When } from "../parts/states";
import { moment } from "../state/figures";
import { useLoaded } from "../state/loaded";
import { MachinePicture } from "./machine-picture";
import { Verdict } from "./verdict";

const EVERY_MS = 3_000;

export function ReleasesPage() {
  const [loaded, again] = useLoaded<Releases>("releases", {}, EVERY_MS);
  return (
    <>
      <h1>Releases</h1>
      <When loaded={loaded} what="releases" again={again}>
        {({ state, pipelines, machines }) =>
          state !== "running" ? (
            <section class="card">
              {state === "none" ? (
                <Empty title="No release stage runs here">
                  Where one does, its pipeline, the deploy machine and every verdict are shown here. On AWS the stack{" "}
                  <code>release</code> holds them.
                </Empty>
              ) : (
                <Empty title="Nothing was released yet">
                  The release stage begins with the first push to the repository that <code>npm start</code> printed.
                </Empty>
              )}
            </section>
          ) : (
            <>
              {pipelines.map((pipeline) => (
                <PipelineCard key={pipeline.name} pipeline={pipeline} />
              ))}
              {machines.map((machine) => (
                <MachineCard key={machine.name} machine={machine} />
              ))}
            </>
          )
        }
      </When>
    </>
  );
}

function PipelineCard({ pipeline: { name, runs, stages, history } }: { readonly pipeline: Pipeline }) {
  return (
    <section class="card" aria-label={`Pipeline ${name}`}>
      <h2>
        {name}{" "}
        <span class="soft">
          {runs ? "pipeline" : "pipeline, as it is declared: on this machine releases go straight to the machine below"}
        </span>
      </h2>
      <ol class="pipeline" tabIndex={0} aria-label={`Stages of ${name}`}>
        {stages.map((stage) => (
          <li key={stage.name} class={`stage ${toneOf(stage.status)}`}>
            <h3>{stage.name}</h3>
            {runs && <p class="soft small">{stage.status ?? "has not run"}</p>}
            <ul class="plain">
              {stage.actions.map((action) => (
                <li key={action.name}>
                  <span class={`lamp-dot ${toneOf(action.status)}`} aria-hidden="true" /> {action.name}{" "}
                  {runs && <span class="soft small">{action.status ?? "has not run"}</span>}
                  {action.summary !== null && <p class="soft small">{action.summary}</p>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {history.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Runs of the pipeline">
          <table>
            <thead>
              <tr>
                <th scope="col">Started</th>
                <th scope="col">Revision</th>
                <th scope="col">Status</th>
              </tr>
            </thead>
            <tbody>
              {history.map(({ id, status, started, revision }) => (
                <tr key={id}>
                  <td>{started === null ? "" : moment(started)}</td>
                  <td>{revision ?? id}</td>
                  <td>
                    <span class={`pill ${toneOf(status)}`}>{status}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function MachineCard({ machine }: { readonly machine: Machine }) {
  const [chosen, setChosen] = useState<string>();
  const execution: Execution | undefined =
    machine.executions.find(({ name }) => name === chosen) ?? machine.executions[0];
  return (
    <section class="card" aria-label={`State machine ${machine.name}`}>
      <h2>
        {machine.name}{" "}
        <span class="soft">
          state machine{execution === undefined ? ", not run yet" : `, the way of ${execution.name}`}
        </span>
      </h2>
      <div class="release">
        <MachinePicture machine={machine} execution={execution} />
        <div>
          {machine.executions.length === 0 ? (
            <Empty title="Nothing has been released yet" />
          ) : (
            <ol class="executions" aria-label="Releases, the newest first">
              {machine.executions.map((each) => (
                <li key={each.name}>
                  <button type="button" aria-pressed={each === execution} onClick={() => setChosen(each.name)}>
                    <span class={`pill ${toneOf(each.status)}`}>{each.status}</span>
                    <span>{each.name}</span>
                    <time dateTime={new Date(each.started).toISOString()}>{moment(each.started)}</time>
                  </button>
                </li>
              ))}
            </ol>
          )}
          {execution !== undefined && <Verdict execution={execution} />}
        </div>
      </div>
    </section>
  );
}

export function toneOf(status: string | null): "good" | "bad" | "warm" | "" {
  if (status === null) return "";
  if (/^succe/i.test(status)) return "good";
  if (/^(fail|abort|timed|cancel|stopp)/i.test(status)) return "bad";
  return "warm";
}
