import { Command } from 'commander';
import { verbs } from './verbs.js';

const program = new Command('slipway').description('Deploys container images to Amazon ECS, and says how it went.');

for (const { name, description } of verbs) program.command(name).description(description);

await program.parseAsync();
