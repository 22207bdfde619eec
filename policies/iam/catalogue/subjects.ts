/** Identity providers whose tokens anybody in the world can get: only the subject tells whose token it is. */

export interface Subject {
  readonly provider: RegExp;
  /** Keys, in lower case, that name the owner of a token. */
  readonly claims: RegExp;
  /** What a `sub` starts with when it names the owner before any wildcard. */
  readonly firm: RegExp;
}

const SUBJECTS: readonly Subject[] = [
  {
    provider: /token\.actions\.githubusercontent\.com/,
    claims: /:(sub|repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref)$/,
    // Anything else before the repository (workflow, environment, branch) is a name that a stranger may use too.
    firm: /^(repo|repository|repository_id|repository_owner|repository_owner_id|enterprise):[^:/*?]+([/:]|$)/,
  },
  {
    provider: /gitlab\.com/,
    claims: /:(sub|project_path|namespace_path|project_id|namespace_id)$/,
    firm: /^project_path:[^/*?]+\//,
  },
  { provider: /app\.terraform\.io/, claims: /:sub$/, firm: /^organization:[^:*?]+:/ },
  {
    provider: /agent\.buildkite\.com/,
    claims: /:(sub|organization_slug|organization_id)$/,
    firm: /^organization:[^:*?]+:/,
  },
  { provider: /oidc\.circleci\.com/, claims: /:(sub|aud)$/, firm: /^org\/[^/*?]+\// },
  { provider: /oidc\.eks\.|oidc-eks\./, claims: /:sub$/, firm: /^system:serviceaccount:[^:*?]+:/ },
  { provider: /cognito-identity\.amazonaws\.com/, claims: /:aud$/, firm: /^[^*?]/ },
  {
    provider: /accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com/,
    claims: /:(sub|aud|oaud|app_id|user_id)$/,
    firm: /^[^*?]/,
  },
];
const ANY_PROVIDER: Subject = { provider: /./, claims: /:sub$/, firm: /^[^*?]/ };

/** @param provider its ARN or name */
export function subjectOf(provider: string): Subject {
  return SUBJECTS.find((subject) => subject.provider.test(provider)) ?? ANY_PROVIDER;
}
