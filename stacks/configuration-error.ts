/** Wrong configuration: one line per problem, each with the command that mends it. */
export class StageConfigurationError extends Error {
  override readonly name = "StageConfigurationError";
}
