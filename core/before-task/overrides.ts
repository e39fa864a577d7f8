import type { BeforeTask } from '../configuration/configuration.js';

/** The longest overrides of a task, as JSON, in characters (ECS API, TaskOverride). */
export const overridesLimit = 8_192;

/** A before task's overrides of this container, as RunTask gets them. */
export const overridesOf = ({ command, environment, cpu, memory }: BeforeTask, container: string) => ({
  containerOverrides: [
    {
      name: container,
      command,
      ...(environment && { environment: Object.entries(environment).map(([name, value]) => ({ name, value })) }),
      ...(cpu !== undefined && { cpu }),
      ...(memory !== undefined && { memory }),
    },
  ],
});
