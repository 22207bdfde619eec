/** The verdict on one release, with what speaks against it. */
import type { Execution } from "../../model/wire";

export function Verdict({ execution: { verdict, error } }: { readonly execution: Execution }) {
  return (
    <div class="verdict">
      {verdict !== null && (
        <>
          <p>
            <span class={`pill ${verdict.verdict === "safe" ? "good" : "bad"}`}>{verdict.verdict}</span>{" "}
            {verdict.verdict === "safe"
              ? "nothing speaks against this change"
              : `${verdict.findings.length} findings speak against it`}
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
                <p class="soft">{reason}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      {error !== null && <p class="failure">{error}</p>}
    </div>
  );
}
