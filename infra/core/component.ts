/** The base of every component of the platform. */
import * as pulumi from "@pulumi/pulumi";

/**
 * A component: it plans (and refuses bad input) before `super`, builds its children in dependency order with itself as
 * their parent, and registers its outputs last.
 *
 * Inputs given to `super` are sent to the engine and kept in state, so secrets and large values stay out of them.
 */
export abstract class ClickstreamComponent extends pulumi.ComponentResource {
  /** @param type `clickstream:<folder>:<Noun>` */
  protected constructor(
    type: `clickstream:${string}:${string}`,
    name: string,
    inputs: pulumi.Inputs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, inputs, opts);
  }

  /** Options of a child: this component is its parent. */
  protected child(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { ...opts, parent: this };
  }
}
