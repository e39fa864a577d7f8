import { packageStack } from '../stack/package-stack.js';
import { readConfiguration } from '../stack/read-configuration.js';
import { eventsOfHealthyRollout, leaseHandover, massFailure, reactionTo } from './waiting.js';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const { directory, remove } = packageStack('bench/slipway.yml');
const stack = { directory, configuration: readConfiguration('bench/slipway.yml') };
try {
console.log('handover', await leaseHandover(stack, 1), await leaseHandover(stack, 2));
for (const t of [1,4,20,100]) console.log(await reactionTo(stack, t, [1,2,3]));
for (const t of [100]) console.log('events', t, await eventsOfHealthyRollout(stack, t));
console.log(await massFailure(stack, 1));
} finally { remove(); }
process.exit(0)
