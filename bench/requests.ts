import type { World } from '../emulator/world.js';

/** From now on, counts what functions ask of each service. */
export const countRequests = (world: World): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  const request = world.request.bind(world);
  world.request = (caller, service, name, input) => {
    if (caller.activity !== undefined) counts[service] = (counts[service] ?? 0) + 1;
    return request(caller, service, name, input);
  };
  return counts;
};
