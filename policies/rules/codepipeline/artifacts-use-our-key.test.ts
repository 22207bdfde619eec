/** Does not prove that CodePipeline encrypts. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notOurKey } from "../../../test/policy-pack/samples";
import { artifactsUseOurKey } from "./artifacts-use-our-key";

proveRule(artifactsUseOurKey, {
  right: [
    key,
    {
      type: "aws:codepipeline/pipeline:Pipeline",
      properties: { artifactStores: [{ location: "it-1", encryptionKey: { id: KEY_ARN, type: "KMS" } }] },
    },
  ],
  cases: [
    {
      when: "its key is none of ours",
      set: { "artifactStores[0].encryptionKey.id": FOREIGN_KEY },
      says: [notOurKey("artifactStores[0].encryptionKey.id")],
    },
    { when: "it has no store", set: { artifactStores: undefined }, says: ["no artifact store is declared"] },
    {
      when: "its stores are not known",
      set: { artifactStores: UNKNOWN },
      says: ["artifactStores is not known before deployment, so nothing in it can be judged"],
    },
  ],
});
