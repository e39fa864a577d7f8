import { userInfo } from 'node:os';

/** Options of verbs that change something. */
export type OperatorOptions = { readonly by?: string; readonly reason?: string };

/** Absent for a user of the operating system without a name, such as that of some containers. */
const userName = (): string | undefined => {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
};

/**
 * Who changes something, and why, as the members `by` and `reason` of an input: the user who started the CI job
 * (GitLab: "Predefined CI/CD variables", GitHub: "Variables reference"), else the user of the operating system.
 */
export const operatorOf = (
  environment: Readonly<Record<string, string | undefined>>,
  { by = environment.GITLAB_USER_LOGIN || environment.GITHUB_ACTOR || userName(), reason }: OperatorOptions,
): OperatorOptions => ({ ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });
