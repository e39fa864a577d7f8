import { readFileSync, writeFileSync } from 'node:fs';
import { generatedPages, withTables } from './documentation.js';
import { loadSteps } from './steps.js';

const steps = await loadSteps();
for (const page of generatedPages) writeFileSync(page, withTables(readFileSync(page, 'utf8'), steps));
