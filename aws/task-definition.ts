import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionRequest,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { ClientSettings } from './client-settings.js';
import { ecs } from './ecs.js';
import { isNamed, TransientAwsError } from './sdk-errors.js';

/** Revisions of task definitions, with their tags. */
export class TaskDefinitions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /** @throws ClientException if there is no such revision */
  async describe(arn: string): Promise<{ readonly definition: TaskDefinition; readonly tags: readonly Tag[] }> {
    // Tags are beside the definition, and only if requested.
    const { taskDefinition, tags } = await ecs(this.#settings).send(
      new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
    );
    return { definition: taskDefinition ?? {}, tags: tags ?? [] };
  }

  /**
   * Registers a revision. ECS refuses two registrations of one family at the same moment, with a ClientException that has no code
   * of its own (hashicorp/terraform-provider-aws#9777), so every ClientException is retried.
   * @throws TransientAwsError if ECS refuses it
   */
  async register(request: RegisterTaskDefinitionRequest): Promise<{ readonly definition: TaskDefinition; readonly tags: readonly Tag[] }> {
    // RegisterTaskDefinition refuses an empty list of tags.
    const { tags: asked, ...rest } = request;
    const { taskDefinition, tags } = await ecs(this.#settings)
      .send(new RegisterTaskDefinitionCommand(asked?.length ? request : rest))
      .catch((error: Error) => {
        if (isNamed(error, 'ClientException')) throw new TransientAwsError(`${error.name}: ${error.message}`, { cause: error });
        throw error;
      });
    return { definition: taskDefinition ?? {}, tags: tags ?? [] };
  }
}
