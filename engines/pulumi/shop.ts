/** The shop as a project: what the CLI finds in its folder, and the program with one thing changed. */
import { ROOT } from "../../bin/folders";
import type { RecordedChange } from "../../functions/inspect/corpus/recorded";
import type { Program } from "./language-host";
import type { ProjectFiles } from "./workspace";

export const SHOP_FILES: ProjectFiles = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "Pulumi.prod.yaml": "config:\n  aws:region: eu-west-1\n  pulumi:disable-default-providers: [aws]\n",
};

export const SHOP_ENTRY = "engines/pulumi/program/shop.ts";

export function shopWith(change: RecordedChange): Program {
  return { root: ROOT, entry: SHOP_ENTRY, env: { SHOP_CHANGE: change } };
}
