/** Records that a function would not take, each with the reason, and a button that puts it back on its stream. */
import { useState } from "preact/hooks";
import type { Rejection } from "../../model/wire";
import { Empty, When } from "../parts/states";
import { tell } from "../state/api";
import { moment } from "../state/figures";
import { useLoaded } from "../state/loaded";
import { token } from "../state/token";

const EVERY_MS = 5_000;

export function Rejections() {
  const [loaded, again] = useLoaded<readonly Rejection[]>("rejections", {}, EVERY_MS);
  return (
    <section class="card" aria-label="Rejected records">
      <h2>
        Rejected <span class="soft">kept with the reason, and ready to go back</span>
      </h2>
      {token() === undefined && (
        <p class="hint">
          To put records back, open the link with the token that <code>npm start</code> printed. Looking needs none.
        </p>
      )}
      <When loaded={loaded} what="rejected records" again={again}>
        {(rejections) =>
          rejections.length === 0 ? (
            <Empty title="Nothing was rejected">Whatever a function cannot read ends here, never only in a log.</Empty>
          ) : (
            <ol class="samples" tabIndex={0} aria-label="Rejected records, the newest first">
              {rejections.map((rejection) => (
                <RejectionItem key={rejection.id} rejection={rejection} onDone={again} />
              ))}
            </ol>
          )
        }
      </When>
    </section>
  );
}

type Attempt = { readonly state: "none" | "trying" } | { readonly state: "done" | "failed"; readonly says: string };

function RejectionItem({ rejection, onDone }: { readonly rejection: Rejection; readonly onDone: () => void }) {
  const { id, at, code, detail, component, stream, place, text, replayedAt } = rejection;
  const [attempt, setAttempt] = useState<Attempt>({ state: "none" });
  const key = token();
  const replay = (): void => {
    if (key === undefined) return;
    setAttempt({ state: "trying" });
    tell<{ readonly sequence: string }>("replay", { id }, key).then(
      () => {
        setAttempt({ state: "done", says: `put back on ${stream}` });
        onDone();
      },
      (error: unknown) => setAttempt({ state: "failed", says: error instanceof Error ? error.message : String(error) }),
    );
  };
  return (
    <li>
      <p class="sample-head">
        <span class="pill bad">{code}</span>
        <time dateTime={new Date(at).toISOString()}>{moment(at)}</time>
        <span class="soft">
          by {component}, {place}
        </span>
        <span class="spacer" />
        {replayedAt === null ? (
          <button
            type="button"
            disabled={key === undefined || attempt.state === "trying" || attempt.state === "done"}
            onClick={replay}
            aria-label={`Replay: put the record of ${moment(at)} back on ${stream}`}
          >
            Replay
          </button>
        ) : (
          <span class="pill good">put back {moment(replayedAt)}</span>
        )}
      </p>
      <p>{detail}</p>
      <pre class="json">{text}</pre>
      {(attempt.state === "done" || attempt.state === "failed") && <p role="status">{attempt.says}</p>}
    </li>
  );
}
