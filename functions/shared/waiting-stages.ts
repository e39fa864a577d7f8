import type { Executions } from '../../aws/execution.js';
import type { Gates } from '../../aws/gates.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { imageName } from '../../core/image/image-name.js';
import { suggestionFor } from '../../core/input/suggestion.js';
import * as messages from '../../core/release/messages.js';
import { RejectedInput } from '../../core/result/rejected-input.js';

type Deps = {
  readonly configuration: Configuration;
  readonly gates: Pick<Gates, 'of'>;
  readonly executions: Pick<Executions, 'isRunning'>;
};

/** Rejects a command about a stage where no release waits. @throws RejectedInput that says what was probably meant, or what does wait */
export const rejectNotWaiting = async (
  { configuration, gates, executions }: Deps,
  { repository, stage }: { readonly repository: string; readonly stage: string },
): Promise<never> => {
  const names = Object.keys(configuration.repositories);
  const found = repositoryOf(configuration, repository);
  if (!found) throw new RejectedInput(messages.notInFile('repository', repository, names, suggestionFor(repository, names)));
  const stages = found.stages.map(({ name }) => name);
  if (!stages.includes(stage)) throw new RejectedInput(messages.notInFile('stage', stage, stages, suggestionFor(stage, stages)));
  const waiting: string[] = [];
  for (const one of stages) {
    const gate = await gates.of({ repository, stage: one });
    if (gate && gate.passedAt === undefined && (await executions.isRunning(gate.execution)))
      waiting.push(`${imageName(repository, gate.tag, gate.digest)} before ${one}`);
  }
  throw new RejectedInput(messages.nothingWaits(repository, stage, waiting));
};
