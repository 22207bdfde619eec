/** For tests only: cases of the rules about names, forms and grammar. */
import { allow, deny, grants, identity, lets, resource, service, text, trust } from "../../corpus/labelled";
import { Unknown } from "../../leaf";
import { ACCOUNT, on, QUEUE, sends, type Case } from "./case";

export const FORMS: readonly Case[] = [
  {
    rule: "action-unknown",
    wrong: identity(deny("sqs:SendMesage", "*")),
    place: "Statement[0].Action",
    right: identity(deny("SQS:sendmessage", "*")),
  },
  {
    rule: "resource-mismatch",
    wrong: identity(allow("sqs:SendMessage", on("sns", "orders"))),
    place: "Statement[0].Action",
    right: identity(allow("sqs:SendMessage", [on("sns", "orders"), QUEUE])),
  },
  { rule: "document-unreadable", wrong: text("identity", "{"), place: "", right: sends() },
  {
    rule: "duplicate-key",
    wrong: text(
      "identity",
      '{"Version":"2012-10-17","Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
    ),
    place: "Version",
    right: sends(),
  },
  {
    rule: "element-unknown",
    wrong: trust({ ...lets(service("lambda")), Resource: "*" }),
    place: "Statement[0].Resource",
    right: trust(lets(service("lambda"))),
  },
  {
    rule: "element-missing",
    wrong: resource(allow("sqs:SendMessage", QUEUE)),
    place: "Statement[0].Principal",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
  },
  {
    rule: "element-malformed",
    wrong: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/*` })),
    place: "Statement[0].Principal.AWS",
    right: trust(lets({ AWS: `arn:aws:iam::${ACCOUNT}:role/a` })),
  },
  {
    rule: "sid-repeated",
    wrong: identity(
      { Sid: "A", ...allow("sqs:SendMessage", QUEUE) },
      { Sid: "A", ...allow("sqs:ReceiveMessage", QUEUE) },
    ),
    place: "Statement[1].Sid",
    right: identity(
      { Sid: "A", ...allow("sqs:SendMessage", QUEUE) },
      { Sid: "B", ...allow("sqs:ReceiveMessage", QUEUE) },
    ),
  },
  {
    rule: "value-repeated",
    wrong: identity(allow(["sqs:SendMessage", "sqs:SendMessage"], QUEUE)),
    place: "Statement[0].Action[1]",
    right: identity(allow(["sqs:SendMessage", "sqs:ReceiveMessage"], QUEUE)),
  },
  {
    rule: "document-oversized",
    wrong: identity(
      allow(
        "sqs:SendMessage",
        Array.from({ length: 150 }, (_, n) => `${QUEUE}-${n}`),
      ),
    ),
    place: "",
    right: identity(
      allow(
        "sqs:SendMessage",
        Array.from({ length: 100 }, (_, n) => `${QUEUE}-${n}`),
      ),
    ),
  },
  {
    rule: "variable-broken",
    wrong: identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:name}/*")),
    place: "Statement[0].Resource",
    right: identity(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username, 'nobody'}/${*}")),
  },
  {
    rule: "version-missing",
    wrong: text("identity", `{"Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"${QUEUE}"}}`),
    place: "Version",
    right: sends(),
  },
  {
    rule: "unproven",
    wrong: {
      kind: "identity",
      document: {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: new Unknown() },
      },
    },
    place: "Statement.Resource",
    right: {
      kind: "identity",
      document: {
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: new Unknown(on("sqs", "orders-*")) },
      },
    },
  },
  {
    rule: "policy-on-user",
    wrong: sends(),
    place: "",
    right: resource(grants({ AWS: ACCOUNT }, "sqs:SendMessage", QUEUE)),
    subject: { attachment: "user-inline" },
  },
];
