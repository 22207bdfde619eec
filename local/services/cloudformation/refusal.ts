/** How CloudFormation says no. */
import { AwsError } from "../service";

export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

export function noSuchStack(name: string): AwsError {
  return invalid(`Stack with id ${name} does not exist`);
}

export function noSuchChangeSet(name: string): AwsError {
  return new AwsError("ChangeSetNotFound", `ChangeSet [${name}] does not exist`, 404);
}
