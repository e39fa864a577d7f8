import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionRequest,
  type Tag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { familyOf } from '../core/task-definition/revision.js';
import type { ClientSettings } from './client-settings.js';
import { ecs } from './ecs.js';
import { isNamed, TransientAwsError } from './sdk-errors.js';

/** Revisions of task definitions, with their tags. */
export class TaskDefinitions {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
  }

  /**
   * The revision of an ARN; of a family its newest ACTIVE one (ECS API, DescribeTaskDefinition).
   * @throws ClientException if there is no such revision
   */
  async describe(taskDefinition: string): Promise<{ readonly definition: TaskDefinition; readonly tags: readonly Tag[] }> {
    // Tags are beside the definition, and only if requested.
    const { taskDefinition: definition = {}, tags = [] } = await ecs(this.#settings).send(
      new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }),
    );
    return { definition, tags };
  }

  /**
   * ARNs of the ACTIVE revisions of a family, the newest first: a page of them. `familyPrefix` is the whole name of the family (ECS API,
   * ListTaskDefinitions); were it a prefix, another family's would be among them.
   */
  async active(family: string): Promise<string[]> {
    const { taskDefinitionArns = [] } = await ecs(this.#settings).send(
      new ListTaskDefinitionsCommand({ familyPrefix: family, status: 'ACTIVE', sort: 'DESC', maxResults: 100 }),
    );
    return taskDefinitionArns.filter((arn) => familyOf(arn) === family);
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
