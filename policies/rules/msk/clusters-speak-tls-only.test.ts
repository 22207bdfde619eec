/** Does not prove what brokers negotiate. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { FOREIGN_KEY, key, KEY_ARN, notKnown, notOurKey } from "../../../test/policy-pack/samples";
import { clustersSpeakTlsOnly } from "./clusters-speak-tls-only";

proveRule(clustersSpeakTlsOnly, {
  right: [
    key,
    {
      type: "aws:msk/cluster:Cluster",
      properties: {
        encryptionInfo: {
          encryptionAtRestKmsKeyArn: KEY_ARN,
          encryptionInTransit: { clientBroker: "TLS", inCluster: true },
        },
        clientAuthentication: { sasl: { iam: true } },
      },
    },
  ],
  cases: [
    {
      when: "clients may come without TLS",
      set: { "encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT" },
      says: ['encryptionInfo.encryptionInTransit.clientBroker must be "TLS", got "TLS_PLAINTEXT"'],
    },
    {
      when: "anybody may come",
      set: { "clientAuthentication.unauthenticated": true },
      says: ["clientAuthentication.unauthenticated must be false, got true"],
    },
    {
      when: "its key is none of ours",
      set: { "encryptionInfo.encryptionAtRestKmsKeyArn": FOREIGN_KEY },
      says: [notOurKey("encryptionInfo.encryptionAtRestKmsKeyArn")],
    },
    {
      when: "whether anybody may come is not known",
      set: { "clientAuthentication.unauthenticated": UNKNOWN },
      says: [notKnown("clientAuthentication.unauthenticated", "false")],
    },
  ],
});
