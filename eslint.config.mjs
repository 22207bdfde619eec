// The house's laws that a machine can hold: who may import whom (docs/architecture.md), and the traps of Pulumi outputs.
import tseslint from "typescript-eslint";

/** Refuses imports that reach from one room of the house into another it must not know. */
const mayNotImport = (files, rooms, reason, { except = ["**/*.test.ts"] } = {}) => ({
  files,
  ignores: except,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: rooms.map((room) => ({
          group: room.startsWith("@") || room.startsWith("node:") ? [room] : [`**/${room}/**`, `**/${room}`],
          message: reason,
        })),
      },
    ],
  },
});

const io = [
  "node:fs",
  "node:fs/*",
  "node:net",
  "node:http",
  "node:http2",
  "node:https",
  "node:child_process",
  "node:worker_threads",
];

export default tseslint.config(
  { ignores: ["node_modules/", ".clickstream/", "**/*.cjs", "bin/clickstream.js", "eslint.config.mjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
    },
  },
  { files: ["bin/**", "bench/**", "engines/**"], rules: { "no-console": "off" } },
  // Tests look at declared values of any shape as text.
  { files: ["**/*.test.ts", "test/**"], rules: { "@typescript-eslint/no-base-to-string": "off" } },

  {
    files: ["**/*.test.ts", "test/**"],
    ignores: ["test/stage.ts", "engines/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "LocalStage",
          property: "open",
          message: "tests open stages by test/stage.ts, so that their ledgers count in the verdict over a whole run",
        },
      ],
    },
  },

  mayNotImport(
    ["infra/**"],
    ["stacks", "policies", "local", "console"],
    "a component knows nothing of stages, policies or the local stage",
  ),
  mayNotImport(
    ["functions/**"],
    ["infra", "stacks", "policies", "local", "console", "@pulumi/*"],
    "a function runs inside AWS: it knows its ports only",
  ),
  mayNotImport(
    ["functions/**/domain.ts", "functions/**/forest/**"],
    ["infra", "stacks", "policies", "local", "console", "@pulumi/*", "@aws-sdk/*", ...io],
    "a domain is pure: facts in, decisions out",
  ),
  mayNotImport(
    ["policies/**"],
    ["infra", "stacks", "local", "functions"],
    "policies judge the graph; sharing code with what they judge would blind both",
  ),
  mayNotImport(
    ["local/**"],
    ["infra", "stacks", "functions", "policies", "console"],
    "the local stage runs any graph it is handed",
  ),
  mayNotImport(
    ["console/{model,server}/**"],
    ["infra", "stacks", "policies", "bin"],
    "the console shows any stage it is handed, as its graph and its operations tell of it",
  ),
  mayNotImport(
    ["console/page/**"],
    ["infra", "stacks", "policies", "bin", "server", ...io],
    "the page runs in a browser",
  ),
  mayNotImport(["stacks/**"], ["local"], "a program does not know where it runs"),
);
