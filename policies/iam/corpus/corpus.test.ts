/**
 * How well the engine tells right from wrong, on documents labelled before it saw them; a third of them was held
 * apart: written before its first rule, or after its last, and run only then. Does not prove the same figures on documents of another author.
 */
import assert from "node:assert/strict";
import { examineDocument } from "../examine-document";
import type { Labelled } from "./labelled";
import { finerPoints } from "./seen/finer-points";
import { identityBad } from "./seen/identity-bad";
import { identityClean } from "./seen/identity-clean";
import { published } from "./seen/published";
import { trustAndResource } from "./seen/trust-and-resource";
import { identityUnseen } from "./unseen/identity";
import { later } from "./unseen/later";
import { othersUnseen } from "./unseen/others";

const PARTS: readonly (readonly [name: string, documents: readonly Labelled[]])[] = [
  [
    "documents that rules were written beside",
    [...identityBad, ...identityClean, ...published, ...finerPoints, ...trustAndResource],
  ],
  ["documents that no rule was written beside", [...identityUnseen, ...othersUnseen, ...later]],
];

describe("the IAM engine on labelled documents", () => {
  for (const [name, documents] of PARTS) {
    for (const label of ["bad", "clean"] as const) {
      const chosen = documents.filter((document) => document.label === label);
      const wrong = chosen.filter(({ document, kind }) => isSilent(document, kind) === (label === "bad"));
      const right = chosen.length - wrong.length;
      const figure = `${right} of ${chosen.length} ${label} ones ${label === "bad" ? "found" : "left alone"}`;
      it(`${name}: ${figure}`, () => {
        assert.ok(right / chosen.length >= 0.95, wrong.map((document) => document.name).join("; "));
      });
    }
  }

  it("is judged by two hundred documents or more, each once, about half of them clean", () => {
    const all = PARTS.flatMap(([, documents]) => documents);
    assert.ok(all.length >= 200, String(all.length));
    assert.equal(new Set(all.map(({ document, kind }) => kind + JSON.stringify(document))).size, all.length);
    const clean = all.filter(({ label }) => label === "clean").length / all.length;
    assert.ok(clean > 0.45 && clean < 0.55, String(clean));
    assert.ok((PARTS[1]?.[1].length ?? 0) / all.length > 0.3);
  });
});

function isSilent(document: unknown, kind: Labelled["kind"]): boolean {
  return examineDocument(document, { kind }).length === 0;
}
