import type { LogPlace } from './records.js';

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

/** Where the log lines of these containers can be read: the awslogs driver with a stream prefix; others are not read. */
export const logPlaces = ({ containerDefinitions = [] }: Definition, containers: readonly string[]): LogPlace[] =>
  (containerDefinitions ?? []).flatMap(({ name = '', logConfiguration }) => {
    const { 'awslogs-group': group, 'awslogs-stream-prefix': prefix, 'awslogs-region': region } = logConfiguration?.options ?? {};
    if (!containers.includes(name) || logConfiguration?.logDriver !== 'awslogs' || !group || !prefix) return [];
    return [{ container: name, group, prefix, ...(region !== undefined && { region }) }];
  });
