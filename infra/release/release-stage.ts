/** What a release is told: where pushes come from, which stages they go through, and what is deployed in each. */

/** Where pushes come from. */
export type Source =
  | {
      /** A repository of GitHub, GitLab or Bitbucket, by CodeConnections. */
      readonly kind: "connection";
      readonly provider: "GitHub" | "GitLab" | "Bitbucket";
      /** `owner/name`. */
      readonly repository: string;
      readonly branch: string;
      /** ARN of a connection that is there already. @default - one is made, and waits for its first authorisation */
      readonly connectionArn?: string;
      /** Pushes count only if they touch one of these, e.g. `infra/**`. @default - every push counts */
      readonly paths?: readonly string[];
    }
  | { readonly kind: "codecommit"; readonly repository: string; readonly branch: string };

/** One thing that is deployed in a stage. */
export type Deployment =
  | { readonly engine: "pulumi" }
  | {
      readonly engine: "cloudformation";
      readonly stackName: string;
      /** Inside the repository. */
      readonly templatePath: string;
      /** Parameters and tags of the stage, inside the repository. @default - none */
      readonly configurationPath?: string;
      readonly capabilities?: readonly ("CAPABILITY_IAM" | "CAPABILITY_NAMED_IAM" | "CAPABILITY_AUTO_EXPAND")[];
      /** Blue/green: name of the stack that is made beside, where an update is refused. @default - the release fails */
      readonly newStackName?: string;
    };

export interface ReleaseStage {
  readonly name: string;
  readonly deployments: readonly Deployment[];
  /** A person looks at the verdict before anything is deployed, and what is deployed is what was looked at. @default false */
  readonly approval?: boolean;
}

/** How a deploy action starts the machine: by our function, which tells progress and verdict, or by CodePipeline itself. */
export type DeployBy = "lambda" | "step-functions";
