import { packageStack } from '../stack/package-stack.js';
import { readConfiguration } from '../stack/read-configuration.js';
import { eventsOfHealthyRollout, massFailure, reactionTo } from './waiting.js';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const { directory, remove } = packageStack('bench/slipway.yml');
const stack = { directory, configuration: readConfiguration('bench/slipway.yml') };
try {
console.log(await massFailure(stack, 1));
console.log(await massFailure(stack, 2));
for (const t of [1000,2000]) console.log('events', t, await eventsOfHealthyRollout(stack, t));
for (const t of [1000]) console.log(await reactionTo(stack, t, [1,2]));
} catch (e) { console.error(e) } finally { remove(); }
process.exit(0)
