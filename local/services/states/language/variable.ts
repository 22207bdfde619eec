/** Names of variables. Source: Step Functions developer guide, "Passing data between states with variables". */
import type { Place } from "./place";

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

export function checkVariableName(name: string, place: Place): void {
  if (name === "states") place.refuse("the name states is reserved");
  else if (!NAME.test(name))
    place.refuse("a variable's name is at most 80 letters, digits and _, and begins with no digit");
}
