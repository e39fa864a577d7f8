import { isNamed } from '../../aws/sdk-errors.js';
import type { TaskDefinitions } from '../../aws/task-definition.js';
import type { Check } from '../../core/preflight/finding.js';
import * as messages from '../../core/preflight/messages.js';

/** Reads of which one that is not allowed is a finding, once for each action, and no failure. */
export class Reads {
  readonly #refused = new Set<string>();

  get checks(): Check[] {
    return [...this.#refused].map((action) => ({ code: 'NOT_CHECKED', message: messages.notAllowed(action) }));
  }

  async allowed<Answer, Otherwise>(action: string, read: () => Promise<Answer>, otherwise: Otherwise): Promise<Answer | Otherwise> {
    try {
      return await read();
    } catch (error) {
      if (!isNamed(error, 'AccessDeniedException', 'AccessDenied')) throw error;
      this.#refused.add(action);
      return otherwise;
    }
  }
}

type Describe = TaskDefinitions['describe'];

/** Looks whose answers are kept: of releases that one instance of the function checks in turn. */
const looksKept = 10;

/**
 * Describes each task definition once in a look. ECS lets 50 be read at once and 20 a second (ECS API Reference, "Request throttling"): a
 * look that it throttles is repeated, and then needs only the rest.
 */
export const onceInALook = (describe: Describe): ((look: string) => Describe) => {
  const looks = new Map<string, Map<string, ReturnType<Describe>>>();
  return (look) => {
    const known = looks.get(look) ?? new Map<string, ReturnType<Describe>>();
    looks.set(look, known);
    const [oldest = look] = looks.keys();
    if (looks.size > looksKept) looks.delete(oldest);
    return (taskDefinition) => {
      const before = known.get(taskDefinition);
      if (before) return before;
      const answer = describe(taskDefinition);
      known.set(taskDefinition, answer);
      answer.catch(() => known.delete(taskDefinition));
      return answer;
    };
  };
};
