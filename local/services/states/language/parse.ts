/**
 * Reads a definition: every state, field and expression is checked before anything runs, and what is not modelled is
 * refused with its place.
 */
import { LONGEST_TIMEOUT_SECONDS, type StateGraph, type Machine } from "./definition";
import type { Dialect } from "./dialect";
import { Fields } from "./fields";
import type { Json } from "./json";
import { jsonata } from "./jsonata-dialect";
import { jsonpath } from "./jsonpath-dialect";
import { DefinitionError, Place, type DefinitionProblem } from "./place";
import { parseState } from "./state";
import { checkTransitions } from "./transitions";
import { checkVariables } from "./variable-scopes";

/** Longest definition, in bytes. Source: Step Functions quotas. */
const LONGEST = 1_048_576;
const LONGEST_NAME = 80;

/** What the reader of a definition must be told from outside. */
export interface ParseOptions {
  /** What is wrong with the resource of a task; nothing when the stage runs it. */
  readonly refusalOf: (resource: string) => string | undefined;
}

/** What is read with: the language in force and the names in use. */
export interface Reading extends ParseOptions {
  readonly dialect: Dialect;
  /** Names of all states of the machine, which must differ. */
  readonly names: Set<string>;
  /** Reads the states of a branch or of an iteration. */
  readonly graph: (fields: Fields, reading: Reading) => StateGraph;
}

/** @throws DefinitionError with every problem */
export function parseMachine(text: string, options: ParseOptions): Machine {
  const problems: DefinitionProblem[] = [];
  const top = Place.top(problems);
  const raw = parseJson(text, top);
  if (problems.length > 0) throw new DefinitionError(problems);
  const fields = Fields.of(raw, top);
  fields.expectOnly(["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"], "a state machine");
  const version = fields.optionalText("Version") ?? "1.0";
  if (version !== "1.0") fields.at("Version").refuse(`must be "1.0", got ${version}`);
  const dialect = dialectOf(fields, jsonpath);
  const graph = parseGraph(fields, { ...options, dialect, names: new Set(), graph: parseGraph });
  checkVariables(raw, top);
  const machine: Machine = {
    ...graph,
    comment: fields.optionalText("Comment"),
    timeoutSeconds: fields.has("TimeoutSeconds")
      ? fields.number("TimeoutSeconds", 0, { least: 1, most: LONGEST_TIMEOUT_SECONDS })
      : undefined,
  };
  if (problems.length > 0) throw new DefinitionError(problems);
  return machine;
}

function parseGraph(fields: Fields, reading: Reading): StateGraph {
  const states = fields.object("States");
  const entries = states.names.map((name) => {
    const state = Fields.of(states.value(name), fields.place.state(name));
    if (name === "" || name.length > LONGEST_NAME)
      state.place.refuse(`a state's name has 1 to ${LONGEST_NAME} characters`);
    if (reading.names.has(name))
      state.place.refuse("its name is that of another state: names are unique in the whole machine");
    reading.names.add(name);
    return [name, parseState(name, state, { ...reading, dialect: dialectOf(state, reading.dialect) })] as const;
  });
  const graph = {
    startAt: fields.text("StartAt"),
    states: new Map(entries.flatMap(([name, state]) => (state === undefined ? [] : [[name, state] as const]))),
  };
  checkTransitions(graph, fields, new Set(states.names));
  return graph;
}

/** The language that a state names, else that around it. */
function dialectOf(fields: Fields, around: Dialect): Dialect {
  const name = fields.optionalText("QueryLanguage");
  const dialects: readonly Dialect[] = [jsonata, jsonpath];
  const named = dialects.find((each) => each.name === (name ?? around.name));
  if (named === undefined) fields.at("QueryLanguage").refuse(`must be JSONata or JSONPath, got ${name ?? "nothing"}`);
  if (named === jsonpath && around === jsonata) {
    fields.at("QueryLanguage").refuse("a machine in JSONata has no states in JSONPath");
  }
  return named ?? around;
}

function parseJson(text: string, top: Place): Json {
  if (Buffer.byteLength(text) > LONGEST) top.refuse(`a definition has at most ${LONGEST} bytes`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    top.refuse(`the definition is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
