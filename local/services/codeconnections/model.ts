/** Connections to repositories as a program sees them. The stage keeps them and connects to nobody: pushes come to it by git. */
import { arnOf, fingerprint, forcesNew, type ServiceModels } from "../model";

export const codeconnectionsModels: ServiceModels = {
  resources: {
    "aws:codeconnections/connection:Connection": ({ urn }, facts) => {
      const id = fingerprint(urn, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      const arn = arnOf(facts, "codeconnections", `connection/${id}`);
      return { id: arn, outputs: { arn, connectionStatus: "PENDING" } };
    },
  },
  replacedBy: {
    "aws:codeconnections/connection:Connection": forcesNew(
      "codeconnections/connection.go",
      "name",
      "hostArn",
      "providerType",
    ),
  },
};
