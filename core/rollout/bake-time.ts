type DeploymentConfiguration = {
  readonly bakeTimeInMinutes?: number | undefined;
  readonly strategy?: string | undefined;
  readonly canaryConfiguration?: { readonly canaryBakeTimeInMinutes?: number | undefined } | undefined;
  readonly linearConfiguration?:
    | { readonly stepPercent?: number | undefined; readonly stepBakeTimeInMinutes?: number | undefined }
    | undefined;
};

/** Seconds for which ECS lets a rollout bake before it reports it as SUCCESSFUL; defaults of the ECS API reference, DeploymentConfiguration. */
export const bakeSecondsOf = (configuration: DeploymentConfiguration | undefined): number => {
  const { bakeTimeInMinutes = 0, strategy, canaryConfiguration, linearConfiguration } = configuration ?? {};
  const { canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {};
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {};
  const steps = {
    CANARY: canaryBakeTimeInMinutes,
    // No bake after the last step, which is at 100 %.
    LINEAR: (Math.ceil(100 / Math.max(1, stepPercent)) - 1) * stepBakeTimeInMinutes,
  }[strategy ?? ''];
  return Math.round((bakeTimeInMinutes + (steps ?? 0)) * 60);
};
