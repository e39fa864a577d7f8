import { DescribeStateMachineCommand, ValidateStateMachineDefinitionCommand } from '@aws-sdk/client-sfn';
import type { Check, Finding, Target } from '../target.js';

type Machine = keyof Target['stack']['machines'];

const validate = async ({ clients: { states }, stack }: Target, machine: Machine): Promise<Finding> => {
  const { definition } = await states.send(new DescribeStateMachineCommand({ stateMachineArn: stack.machines[machine] }));
  const { result, diagnostics = [] } = await states.send(new ValidateStateMachineDefinitionCommand({ definition, severity: 'WARNING' }));
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR');
  return {
    problems: result === 'OK' ? [] : errors.map(({ code, message, location = '' }) => `${code} at ${location}: ${message}`),
    // AWS says that the order, the number and the words of diagnostics may change.
    facts: { result, codes: [...new Set(diagnostics.map(({ code }) => code))].sort() },
  };
};

/** Step Functions' own validator, for both machines as they are deployed. */
export const definitionChecks: readonly Check[] = (['release', 'deployment'] as const).map((machine) => ({
  name: `definition of ${machine} machine`,
  run: (target) => validate(target, machine),
}));
