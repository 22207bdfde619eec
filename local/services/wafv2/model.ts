/** Web ACLs as a program sees them. The stage keeps them and blocks nobody: it serves one machine. */
import { textOf } from "../../graph/graph";
import { arnOf, fingerprint, forcesNew, physicalName, type ServiceModels } from "../model";

export const wafv2Models: ServiceModels = {
  resources: {
    "aws:wafv2/webAcl:WebAcl": (declaration, facts) => {
      const { urn, inputs } = declaration;
      const id = fingerprint(urn, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      const name = physicalName(declaration, { longest: 128 });
      const scope = textOf(inputs, "scope") === "CLOUDFRONT" ? "global" : "regional";
      return { id, outputs: { name, arn: arnOf(facts, "wafv2", `${scope}/webacl/${name}/${id}`) } };
    },
    "aws:wafv2/webAclAssociation:WebAclAssociation": ({ inputs }) => ({
      id: `${textOf(inputs, "webAclArn")},${textOf(inputs, "resourceArn")}`,
      outputs: {},
    }),
  },
  replacedBy: {
    "aws:wafv2/webAcl:WebAcl": forcesNew("wafv2/web_acl.go", "name", "namePrefix", "scope"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": forcesNew(
      "wafv2/web_acl_association.go",
      "resourceArn",
      "webAclArn",
    ),
  },
};
