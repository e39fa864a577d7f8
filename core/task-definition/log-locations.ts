import type { LogLocation } from '../records/records.js';

type Definition = {
  readonly containerDefinitions?:
    | readonly {
        readonly name?: string | undefined;
        readonly logConfiguration?:
          | { readonly logDriver?: string | undefined; readonly options?: Record<string, string> | undefined }
          | undefined;
      }[]
    | undefined;
};

/**
 * Where the log lines of each container can be read, the named containers first: with the awslogs driver and a stream prefix. For
 * other containers `unread` says why they cannot.
 */
export const logLocations = ({ containerDefinitions }: Definition, containers: readonly string[]): LogLocation[] =>
  (containerDefinitions ?? [])
    .map(({ name = '', logConfiguration }): LogLocation => {
      const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix, 'awslogs-region': region } = logConfiguration?.options ?? {};
      const driver = logConfiguration?.logDriver;
      if (driver === 'awslogs' && group && prefix) return { container: name, group, prefix, ...(region !== undefined && { region }) };
      return { container: name, group: '', prefix: '', unread: whyNot(driver, group) };
    })
    .sort((a, b) => Number(containers.includes(b.container)) - Number(containers.includes(a.container)));

const whyNot = (driver: string | undefined, group: string | undefined): string => {
  if (driver === undefined) return 'it has no log driver';
  if (driver !== 'awslogs') return `its log driver is ${driver}`;
  return group ? 'its awslogs driver has no stream prefix' : 'its awslogs driver has no log group';
};
