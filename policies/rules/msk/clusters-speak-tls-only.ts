import { is, NOT_TRUE, ourKey } from "../../core/expectation";
import type { StackRule } from "../../core/rule";

export const clustersSpeakTlsOnly: StackRule = {
  name: "msk-clusters-speak-tls-only",
  description: "A Kafka cluster takes nothing in the clear and nobody unnamed, and is encrypted with a key of ours.",
  severity: "high",
  fix: "set encryptionInfo.encryptionInTransit.clientBroker: TLS, encryptionAtRestKmsKeyArn, clientAuthentication.unauthenticated: false",
  url: "https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html",
  types: ["aws:msk/cluster:Cluster"],
  checkWithin(stack, _, examination) {
    examination.expect("encryptionInfo.encryptionInTransit.clientBroker", is("TLS"));
    examination.expect("encryptionInfo.encryptionInTransit.inCluster", is(true));
    examination.expect("encryptionInfo.encryptionAtRestKmsKeyArn", ourKey(stack));
    examination.expect("clientAuthentication.unauthenticated", NOT_TRUE);
  },
};
