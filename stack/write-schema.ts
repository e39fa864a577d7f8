import { writeFileSync } from 'node:fs';
import { jsonSchema } from './configuration-schema.js';

writeFileSync('schema/slipway.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
