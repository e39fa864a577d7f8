import { readFileSync } from 'node:fs';
import { diagramsPath, stateDiagrams } from '../../checks/state-diagrams.js';

test('a Task that waits is marked, and what leads back to it is not drawn', () => {
  const [, deployment = ''] = stateDiagrams().split('## deployment');

  expect([...deployment.matchAll(/(\w+): Task ⏳/g)].map(([, name]) => name)).toEqual([
    'AcquireLease',
    'RegisterRevision',
    'RunBeforeTask',
    'WatchRollout',
    'Verify',
  ]);
  expect(deployment).not.toMatch(/Woken|States\.Timeout|LookAgain/);
});

test('a decision that is answered by an error is an arrow with its name, and no failure', () => {
  const [, deployment = ''] = stateDiagrams().split('## deployment');

  expect(deployment).toContain('  RunBeforeTask --> CloseDeployment: Finish\n');
  expect(deployment).toContain('  Verify --> CloseDeployment: on success, Finish\n');
  expect(deployment).toContain('  Verify --> RollBack: VerificationFailed\n');
});

test('docs/state-machines.md shows the state machines as they are; `npm run docs:diagrams` writes it', () => {
  expect(readFileSync(diagramsPath, 'utf8')).toBe(stateDiagrams());
});
