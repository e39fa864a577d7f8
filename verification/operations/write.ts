import { writeFileSync } from 'node:fs';
import { coverage, coveragePath } from './coverage.js';

writeFileSync(coveragePath, await coverage());
