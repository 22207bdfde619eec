/** How the resources that hold state are held onto: the same two options everywhere, decided by the stage's durability. */
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../core/foundation";

/** Kept state can neither be deleted nor replaced by an update, and stays when its resource leaves the program. */
export function holdingOnto({ durability }: Pick<Foundation, "durability">): pulumi.CustomResourceOptions {
  const kept = durability === "kept";
  return { protect: kept, retainOnDelete: kept };
}
