/** What AWS bills for a deployment. */
export type Usage = { readonly transitions: number; readonly invocations: number };

/** The assumed duration of an invocation, and its memory in serverless.yml. */
export const INVOCATION = { milliseconds: 250, megabytes: 256 };

/** Dollars; us-east-1 and eu-west-1, November 2026. Free tiers are left out. */
export const PRICES = {
  transition: 0.025 / 1000,
  /** Lambda on arm64. */
  gigabyteSecond: 0.0000133334,
  request: 0.2 / 1_000_000,
};

/** The prices of Step Functions and Lambda for it, in dollars. */
export const dollarsOf = ({ transitions, invocations }: Usage): { stepFunctions: number; lambda: number; total: number } => {
  const gigabyteSeconds = invocations * (INVOCATION.milliseconds / 1000) * (INVOCATION.megabytes / 1024);
  const stepFunctions = transitions * PRICES.transition;
  const lambda = gigabyteSeconds * PRICES.gigabyteSecond + invocations * PRICES.request;
  return { stepFunctions, lambda, total: stepFunctions + lambda };
};
