import { SFNClient, ValidateStateMachineDefinitionCommand } from '@aws-sdk/client-sfn';
import { createEmulator } from '../../../emulator/emulator.js';

const client = new SFNClient(createEmulator().clientConfig());
const validate = async (definition: unknown) => {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const { result, diagnostics } = await client.send(new ValidateStateMachineDefinitionCommand({ definition: text }));
  return { result, diagnostics };
};

test('a definition that CreateStateMachine accepts is OK', async () => {
  expect(await validate({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } })).toEqual({ result: 'OK', diagnostics: [] });
});

test.each([
  ['no JSON', '{', 'INVALID_JSON_DESCRIPTION', undefined],
  ['a target that is missing', { StartAt: 'Gone', States: { Done: { Type: 'Succeed' } } }, 'MISSING_TRANSITION_TARGET', '/StartAt'],
  ['no end', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A' } } }, 'MISSING_END_STATE', '/'],
  ['an unknown field', { StartAt: 'A', States: { A: { Type: 'Succeed', Colour: 'red' } } }, 'SCHEMA_VALIDATION_FAILED', '/States/A/Colour'],
])('%s fails with a diagnostic, not an exception', async (_, definition, code, location) => {
  expect(await validate(definition)).toEqual({
    result: 'FAIL',
    diagnostics: [{ severity: 'ERROR', code, message: expect.any(String), ...(location !== undefined && { location }) }],
  });
});
