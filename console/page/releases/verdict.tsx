/** The verdict on one release, with what speaks against it. */
import type { Execution } from "../../model/wire";

export function Verdict({ execution: { verdict, error, path } }: { readonly execution: Execution }) {
  return (
    <div class="verdict">
      {verdict !== null && (
        <>
          <p>
            <span class={`pill ${verdict.verdict === "safe" ? "good" : "bad"}`}>{verdict.verdict}</span>{" "}
            {verdict.summary ??
              (verdict.verdict === "safe" ? "nothing speaks against this change" : "see the findings")}
          </p>
          {verdict.digest !== null && (
            <p class="soft small">
              binds <code>{verdict.digest.slice(0, 20)}</code>
            </p>
          )}
          <ul class="statements">
            {verdict.findings.map(({ id, resource, change, reason }) => (
              <li key={id}>
                <p>
                  <span class="pill bad">{change}</span> <strong>{resource}</strong>
                </p>
                {reason !== "" && <p class="soft">{reason}</p>}
              </li>
            ))}
          </ul>
        </>
      )}
      {error !== null && error !== verdict?.summary && <p class="failure">{error}</p>}
      {path.length > 0 && (
        <details class="way">
          <summary>The way it took, {path.length} states</summary>
          <ol>
            {path.map((state, step) => (
              <li key={step}>{state}</li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
