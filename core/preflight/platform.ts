/** What an image is built for, or what a task runs on, in the words of the OCI Image Specification; absent members are unknown. */
export type Platform = { readonly os?: string | undefined; readonly architecture?: string | undefined };

type Definition = {
  readonly runtimePlatform?:
    | { readonly cpuArchitecture?: string | undefined; readonly operatingSystemFamily?: string | undefined }
    | undefined;
  readonly requiresCompatibilities?: readonly string[] | undefined;
};

const architectures: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

const osOf = (family: string | undefined): string | undefined => {
  if (family === undefined) return undefined;
  return family.startsWith('WINDOWS') ? 'windows' : family.toLowerCase();
};

/**
 * What the tasks of a revision run on. Without `runtimePlatform` Fargate has Linux on X86_64 (ECS Developer Guide, "Task definition parameters
 * for Fargate", runtimePlatform); an instance of EC2 may have any.
 */
export const platformOf = ({ runtimePlatform = {}, requiresCompatibilities = [] }: Definition, isFargate: boolean): Platform => {
  const isOnlyFargate = requiresCompatibilities.length > 0 && requiresCompatibilities.every((one) => one === 'FARGATE');
  const [defaultArchitecture, defaultFamily] = isFargate || isOnlyFargate ? ['X86_64', 'LINUX'] : [];
  const { cpuArchitecture = defaultArchitecture, operatingSystemFamily = defaultFamily } = runtimePlatform;
  return { os: osOf(operatingSystemFamily), architecture: cpuArchitecture && architectures[cpuArchitecture] };
};

const agree = (one: string | undefined, other: string | undefined): boolean => one === undefined || other === undefined || one === other;

/** May an image for the one run on the other? What is unknown may. */
export const mayRunOn = (image: Platform, host: Platform): boolean =>
  agree(image.os, host.os) && agree(image.architecture, host.architecture);

/** `linux/arm64`, as far as it is known. */
export const platformName = ({ os, architecture }: Platform): string =>
  [os, architecture].filter((part) => part !== undefined).join('/') || 'an unknown platform';
