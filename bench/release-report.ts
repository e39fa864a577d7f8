import { duration } from './duration.js';
import type { GateUsage } from './gate.js';
import { blockOf } from './quotes.js';
import type { ReleaseUsage } from './releases.js';
import { table } from './table.js';

/** The part of bench/results.md about releases. Prose lines stay under 120 characters. */
export const releaseSection = (release: ReleaseUsage, gate: GateUsage): string => `## A release to many services

One push to ${release.services} services in ${release.stages} stages, ${release.parallel} side by side, with the packaged template on the emulator, in virtual time.
Each service has one task, which is healthy 10 s after it starts. The account has the request buckets that ECS
documents: 20 registrations of task definitions at once and 1 a second, 50 updates of services and 5 a second.
"At least" is what the same rollouts take in waves of ${release.parallel} if every deployment registers its revision and updates its
service as soon as the buckets allow it, and nothing else takes time.

${blockOf(
  'a large release',
  table(
    ['services', 'took', 'at least', 'ratio', 'requests throttled', 'services without the image'],
    [
      [
        String(release.services),
        duration(release.seconds),
        duration(release.bound),
        (release.seconds / release.bound).toFixed(2),
        String(release.throttled),
        String(release.missed),
      ],
    ],
  ),
)}

${table(
  ['largest', 'measured', 'may be', "AWS's limit"],
  [
    ['payload or variable of a state, bytes', String(release.payload), '65536', '262144'],
    ['item of the table, bytes', String(release.item), '100000', '409600'],
    ["events of the release's history", String(release.history.release), '10000', '25000'],
    ["events of a deployment's history", String(release.history.deployment), '10000', '25000'],
  ],
)}

The emulator runs this release in ${(release.milliseconds / 1000).toFixed(0)} s.
A release that waits for approval needs ${gate.transitions} transitions and ${gate.history} events of its history in ${gate.hours} h.`;
