import { readFileSync } from 'node:fs';
import { diagramsPath, stateDiagrams } from '../../checks/state-diagrams.js';

test('docs/state-machines.md shows the state machines as they are; `npm run docs:diagrams` writes it', () => {
  expect(readFileSync(diagramsPath, 'utf8')).toBe(stateDiagrams());
});
