/**
 * What builds do. A spec is part of the release stack and not of the commit that is built: a commit cannot change what is
 * done with the role that applies it.
 */
import { stringify } from "yaml";

/** The Pulumi CLI as npm has it, which follows releases of the SDK later; where a `pulumi` is on the path, that one counts. */
const INSTALL_PULUMI = "command -v pulumi || npm install --global pulumi@3.265.0";
const NODE = { nodejs: 22 };

const COMMAND = "node bin/clickstream.js";

/** What is checked unless a stage says otherwise: the policies judge every stage's graph. */
const checksOf = (stages: readonly string[]): string[] => [
  "npm run check",
  "npm test -- --reporter xunit --reporter-option output=reports/tests.xml",
  ...stages.map((stage) => `${COMMAND} policy --stage ${stage}`),
];

/** Whether what was pushed may go on to any stage; the graphs are kept with the test report. */
export function buildSpec(stages: readonly string[], checks: readonly string[] = checksOf(stages)): string {
  return stringify({
    version: 0.2,
    phases: {
      install: { "runtime-versions": NODE, commands: ["npm ci", "mkdir -p reports"] },
      build: {
        commands: [
          ...checks,
          ...stages.map((stage) => `${COMMAND} graph --stage ${stage} --json > reports/graph-${stage}.json`),
        ],
      },
    },
    ...(checks.some((check) => check.includes("reports/tests.xml"))
      ? { reports: { tests: { files: ["reports/tests.xml"], "file-format": "JUNITXML" } } }
      : {}),
    artifacts: { files: ["reports/**/*"] },
  });
}

/** A preview with every step, written to the release bucket under PREVIEW_KEY. */
export function previewSpec(): string {
  return releaseSpec("preview");
}

/** The update, if its preview still has INSPECTED_DIGEST; its events go to UPDATE_KEY. */
export function applySpec(): string {
  return releaseSpec("apply");
}

function releaseSpec(verb: "preview" | "apply"): string {
  return stringify({
    version: 0.2,
    phases: {
      install: { "runtime-versions": NODE, commands: ["npm ci", INSTALL_PULUMI] },
      build: { commands: [`node -r ts-node/register/transpile-only bin/release/main.ts ${verb}`] },
    },
  });
}

/** What a pull request is checked by; its table goes to the log and, where there is a way, to the pull request. */
export function pullRequestSpec(stages: readonly string[]): string {
  return stringify({
    version: 0.2,
    phases: {
      install: { "runtime-versions": NODE, commands: ["npm ci"] },
      build: {
        commands: [
          "npm run check",
          "npm test",
          ...stages.map((stage) => `${COMMAND} policy --stage ${stage}`),
          'git worktree add ../base origin/HEAD && ln -s "$PWD/node_modules" ../base/node_modules',
          ...stages.map(
            (stage) =>
              `node -r ts-node/register/transpile-only bin/release/main.ts compare --base ../base --stage ${stage}`,
          ),
        ],
      },
    },
  });
}
