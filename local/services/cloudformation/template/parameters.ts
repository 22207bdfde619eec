/** Parameters of a stack: what was given, what stays, what is left to the template; checked as CloudFormation checks. */
import { invalid } from "../refusal";
import type { Json } from "./json";
import type { Template, TemplateParameter } from "./read-template";

/** As the API takes them. */
export interface GivenParameter {
  readonly ParameterKey: string;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

export type ParameterValues = Readonly<Record<string, string>>;

/** @throws AwsError `ValidationError` */
export function fillParameters(
  template: Pick<Template, "Parameters">,
  given: readonly GivenParameter[],
  previous: ParameterValues = {},
): ParameterValues {
  const declared = template.Parameters;
  const unknown = given.map(({ ParameterKey }) => ParameterKey).filter((key) => !Object.hasOwn(declared, key));
  if (unknown.length > 0) throw invalid(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const byKey = new Map(given.map((each) => [each.ParameterKey, each]));
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, parameter] of Object.entries(declared)) {
    const own = byKey.get(name);
    const value = own?.UsePreviousValue === true ? previous[name] : (own?.ParameterValue ?? parameter.Default);
    if (value === undefined) missing.push(name);
    else values[name] = check(name, parameter, String(value));
  }
  if (missing.length > 0) throw invalid(`Parameters: [${missing.join(", ")}] must have values`);
  return values;
}

/** What `Ref` yields for a parameter. */
export function parameterValue({ Type }: TemplateParameter, value: string): Json {
  if (Type === "CommaDelimitedList" || Type.startsWith("List<")) return value.split(",").map((item) => item.trim());
  return value;
}

function check(name: string, parameter: TemplateParameter, value: string): string {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const refuse = (message: string): never => {
    throw invalid(`Parameter '${name}' ${parameter.ConstraintDescription ?? message}`);
  };
  if (!/^(String|Number|CommaDelimitedList|List<[\w:]+>|AWS::[\w:]+)$/.test(Type) || Type.startsWith("AWS::SSM")) {
    throw invalid(`the local stage knows no parameters of type ${Type}: use String, Number or a list`);
  }
  if (Type === "Number" && !/^-?\d+(\.\d+)?$/.test(value)) refuse("must be a number");
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value)) {
    refuse(`must be one of AllowedValues`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    refuse(`must match pattern ${AllowedPattern}`);
  }
  if (MinLength !== undefined && value.length < MinLength) refuse(`must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > MaxLength) refuse(`must contain at most ${MaxLength} characters`);
  if (MinValue !== undefined && Number(value) < MinValue) refuse(`must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined && Number(value) > MaxValue) refuse(`must be a number not greater than ${MaxValue}`);
  return value;
}
