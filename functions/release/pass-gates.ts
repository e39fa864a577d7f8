import { Executions } from '../../aws/execution.js';
import { Gates } from '../../aws/gates.js';
import { ImageScans } from '../../aws/image-scans.js';
import { PassedStages } from '../../aws/passed-stages.js';
import { RecordRepository } from '../../aws/record-repository.js';
import { TransientAwsError } from '../../aws/sdk-errors.js';
import { ServiceStateRepository } from '../../aws/service-state-repository.js';
import { TaskTokens } from '../../aws/task-tokens.js';
import { Topic } from '../../aws/topic.js';
import { type Configuration, repositoryOf } from '../../core/configuration/configuration.js';
import { reach } from '../../core/policy/tag-policy.js';
import { compareVersions } from '../../core/policy/version.js';
import type { ReleaseRecord } from '../../core/records/records.js';
import type { Gate } from '../../core/release/gate.js';
import { decideAtGate, type GateAction } from '../../core/release/gate-decision.js';
import * as messages from '../../core/release/messages.js';
import { afterStages, beginDecision } from '../../core/release/release-plan.js';
import { unmetRequirement } from '../../core/release/requirement.js';
import { openingOf } from '../../core/release/window.js';
import { type Result, resultOf, unfinished } from '../../core/result/result.js';
import { type GateDecision, StageGateInput } from '../../core/step/contracts.js';
import { isTimeOld } from '../../core/step/visit.js';
import { defineWaitingStep } from '../runtime/define-waiting-step.js';
import { variable } from '../runtime/environment.js';
import { atPackaging } from '../runtime/permissions.js';
import { tableIn } from '../runtime/table.js';
import { checkStage, preflightPermissions, preflightWith, type StageCheck, type StageToCheck } from '../shared/preflight.js';
import { hasScanGate, type ScanDeps, scanGate, scanPermissions } from '../shared/scan-gate.js';
import { scannedParts } from '../shared/scan-parts.js';
import { announce, findingsFor, type Look, wholeOrNot } from '../shared/stage-look.js';
import { readStageResults } from '../shared/stage-results.js';
import { arrivalOf, displacedResult, takeGate } from '../shared/take-gate.js';
import { untilUnchanged } from '../shared/until-unchanged.js';

type Deps = Pick<ScanDeps, 'scans' | 'partsToScan'> & {
  readonly configuration: Configuration;
  readonly records: Pick<RecordRepository, 'release' | 'claimed' | 'update' | 'noteBegun' | 'decide' | 'deploymentNamed'>;
  readonly gates: Pick<Gates, 'of' | 'take' | 'storeToken' | 'ask' | 'note' | 'noteScan' | 'decide' | 'pass'>;
  readonly passed: Pick<PassedStages, 'of'>;
  readonly states: Pick<ServiceStateRepository, 'of' | 'withholdUnder'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly tokens: Pick<TaskTokens, 'wake'>;
  readonly check: (asked: StageToCheck) => Promise<StageCheck>;
  readonly topic: Pick<Topic, 'publish'>;
};

/** Seconds after which a release that waits looks again though nothing has woken it: the longest TimeoutSeconds of the state. */
const longestVisitSeconds = 3600;

/** Keeps the record small: the checks of hundreds of services may say the same of each. */
const warningLimit = 50;

/** Attempts after which it is believed that a revision is missing: a deployment may have registered it a moment ago. */
const staleReads = 5;

type Answer = GateDecision | undefined;

/**
 * Task state `PassGates`: what a stage requires, approval, window and freezes, the scan of the image, then the checks of its services. It
 * waits until the last of them is passed, and answers that the stage begins, or why it does not.
 */
export const passGates =
  (deps: Deps) =>
  async (input: StageGateInput): Promise<Answer> => {
    const { record, stage, now } = input;
    const release = await deps.records.release(record);
    if (release.result) return finish(input, release.result);
    if (!release.image) throw new Error(`release ${record} has no image to deploy`);
    // Passed by an earlier visit, whose answer was lost.
    if (release.begun === stage) return beginning(input, release);
    const repository = repositoryOf(deps.configuration, release.repository);
    const settings = repository?.stages.find(({ name }) => name === stage);
    const planned = { input, release: { ...release, image: release.image } };
    // It may have another name by now, and its gates with that.
    if (!repository || !settings)
      return end(deps, planned, resultOf('SKIPPED', 'NOT_CONFIGURED', messages.stageRemoved(stage, release.repository)));
    const place = { repository: release.repository, stage };
    const look: Look = { ...planned, place, repository, settings, opening: openingOf(settings, now) };
    const unmet = await requirement(deps, look);
    return unmet ? end(deps, look, unmet) : untilUnchanged(() => atGate(deps, look));
  };

const atGate = async (deps: Deps, look: Look): Promise<Answer | 'changed'> => {
  const { place, release, input, repository, settings } = look;
  if (!(await hasGate(deps, look))) {
    const superseded = displacedResult(release, place.stage);
    return superseded ? end(deps, look, superseded) : begin(deps, look, undefined);
  }
  const takes = (tag: string): boolean => reach(repository, settings, tag).isReached;
  const rules = { takes, compareVersions };
  const taken = await takeGate({ ...deps, ...rules }, place, await arrivalOf(deps.records, input.record, release, place.stage), input);
  if ('isLate' in taken) return undefined;
  if ('gate' in taken) return act(deps, look, taken.gate);
  // A release that an operator started past approval and windows begins beside one that it does not displace.
  const isBeside = !waitsItself(look) && (taken.ended.reason === 'GATE_TAKEN' || release.trigger.kind === 'hand');
  return isBeside ? begin(deps, look, undefined) : end(deps, look, taken.ended);
};

/** Does the release need an approval here, time to pass, or the scan of its image? */
const waitsItself = (look: Look): boolean => {
  const { release, settings, opening } = look;
  return (settings.approval !== undefined && !release.force) || (!opening.isOpen && !release.ignoreWindow) || hasScanGate(look);
};

/** A stage without gates has no item, unless a release waits there since before the configuration changed. */
const hasGate = async ({ gates }: Deps, look: Look): Promise<boolean> => {
  if (waitsItself(look)) return true;
  const gate = await gates.of(look.place);
  return gate !== undefined && gate.passedAt === undefined;
};

const act = async (deps: Deps, look: Look, gate: Gate): Promise<Answer | 'changed'> => {
  const { place, input } = look;
  const { record, stage, now } = input;
  const action = decideAtGate({ ...look, gate, stage, now });
  switch (action.action) {
    case 'begin':
      // It has passed the last gate if the answer was lost.
      return gate.passedAt === undefined ? atScanGate(deps, look, gate) : begin(deps, look, gate);
    case 'end':
      return end(deps, look, action.result);
    case 'ask': {
      const asked = await deps.gates.ask(place, record, action.deadline);
      return asked ? act(deps, look, asked) : 'changed';
    }
    case 'timeOut': {
      // Of this and an answer that comes now, the first write holds.
      const ended = await deps.gates.decide(place, record, 'TIMED_OUT', { at: now });
      return ended ? act(deps, look, ended) : 'changed';
    }
    case 'wait':
      return wait(deps, look, gate, action);
  }
};

const wait = async (deps: Deps, look: Look, gate: Gate, { until, publish }: Extract<GateAction, { action: 'wait' }>): Promise<Answer> => {
  const { input, place } = look;
  const { stage, now, record } = input;
  if (publish !== undefined) {
    // An approval that is no longer needed leaves its deadline at the gate.
    const reason = publish.kind === 'window' ? 'window' : 'approval';
    const last = reason === 'approval' ? (gate.deadline ?? until) : until;
    if (await announce(deps, look, { ...publish, until: last })) {
      const said = { request: { requestedAt: now }, reminder: { remindedAt: now }, window: { announced: until } };
      await deps.gates.note(place, record, said[publish.kind]);
    }
    await deps.records.update(record, { waiting: { stage, for: reason, since: gate.takenAt, until: last } });
  }
  return waitUntil(input, until);
};

const atScanGate = async (deps: Deps, look: Look, gate: Gate): Promise<Answer | 'changed'> => {
  const { input } = look;
  const { record, stage } = input;
  const scan = await scanGate(deps, look, gate);
  if (scan === 'changed') return scan;
  if (scan.action === 'end') return end(deps, look, scan.result);
  if (scan.action === 'pass') return begin(deps, look, gate, scan.warnings);
  await deps.records.update(record, { waiting: { stage, for: 'scan', since: gate.takenAt, until: scan.last } });
  return waitUntil(input, scan.until);
};

/** The visit ends by itself, or it is entered again at once for an earlier moment. */
const waitUntil = (input: StageGateInput, until: string): Answer =>
  isWithin(input, until) ? { ...nothingYet(input), action: 'wait', deadline: until } : undefined;

/** Is it before this visit ends by itself? */
const isWithin = ({ now, deadline }: StageGateInput, time: string): boolean => {
  const longest = Date.parse(now) + longestVisitSeconds * 1000;
  const known = Date.parse(deadline);
  return Date.parse(time) < (known > Date.parse(now) ? Math.min(known, longest) : longest);
};

/** After the last gate: the checks of the services, then the one write after which the stage begins. */
const begin = async (deps: Deps, look: Look, gate: Gate | undefined, noticed: readonly string[] = []): Promise<Answer | 'changed'> => {
  const { input, place, release, settings } = look;
  const { record, stage, now, visit, deadline } = input;
  const isTimed = settings.window !== undefined || settings.freeze !== undefined;
  // It may have closed since.
  if (isTimed && isTimeOld(visit)) return { ...nothingYet(input), action: 'wait', deadline };
  const split = await wholeOrNot(deps, look);
  if (split === 'changed') return split;
  if (split) return end(deps, look, split);
  const findings = await findingsFor(deps, look);
  const blocking = findings.filter(({ severity }) => severity === 'block');
  if (input.visit.retry < staleReads && blocking.some(({ code }) => code === 'REVISION_MISSING'))
    throw new TransientAwsError(`a revision that runs was not found before ${stage}`);
  const why = blocking.map(({ message }) => message);
  if (why.length > 0) return end(deps, look, resultOf('FAILED', 'PREFLIGHT', messages.preflightFailed(stage, why)));
  if (gate && !(await deps.gates.pass(place, record, now, gate.approval))) return 'changed';
  const warnings = [...new Set([...(release.warnings ?? []), ...noticed, ...findings.map(({ message }) => message)])].slice(
    0,
    warningLimit,
  );
  await deps.records.update(record, {
    begun: stage,
    ...(gate && { waitedSeconds: (release.waitedSeconds ?? 0) + Math.round((Date.parse(now) - Date.parse(gate.takenAt)) / 1000) }),
    ...(gate?.approval === 'APPROVED' && { approvals: [...(release.approvals ?? []), approvalOf(stage, gate, now)] }),
    ...(warnings.length > 0 && { warnings }),
  });
  return beginning(input, release);
};

const approvalOf = (stage: string, { decidedAt, decidedBy, decisionReason }: Gate, now: string) => ({
  stage,
  at: decidedAt ?? now,
  ...(decidedBy !== undefined && { by: decidedBy }),
  ...(decisionReason !== undefined && { reason: decisionReason }),
});

const requirement = async (
  { passed, states }: Deps,
  { release, repository, settings, input: { stage } }: Look,
): Promise<Result | undefined> => {
  const { requires } = settings;
  if (requires === undefined) return undefined;
  const { digest } = release.image;
  const hasSucceeded = (await passed.of(release.repository, digest)).has(requires);
  const services = repository.stages.find(({ name }) => name === requires)?.services ?? [];
  const read = await Promise.all(services.map(async ({ service }) => [service, await states.of(service)] as const));
  return unmetRequirement({ name: stage, requires }, digest, { hasSucceeded, states: new Map(read) });
};

const nothingYet = ({ record, stage }: StageGateInput) => ({ record, stage, services: [], parallel: 1, result: unfinished, deadline: '' });

const beginning = ({ record, stage }: StageGateInput, release: ReleaseRecord): GateDecision => ({
  ...beginDecision(record, release, stage),
  deadline: '',
});

const finish = (input: StageGateInput, result: Result): GateDecision => ({ ...nothingYet(input), action: 'finish', result });

/** Ends the release. One that has changed a service in an earlier stage is not skipped. */
const end = async ({ records }: Deps, { input, release }: Pick<Look, 'input' | 'release'>, result: Result): Promise<GateDecision> => {
  const { record, stage } = input;
  const before = (release.stages ?? []).slice(
    0,
    (release.stages ?? []).findIndex(({ name }) => name === stage),
  );
  const earlier = await Promise.all(before.map(({ name }) => readStageResults(records, release, name)));
  await records.decide(record);
  return finish(input, afterStages(result, earlier.flat()));
};

export const { step, handler } = defineWaitingStep({
  name: 'PassGates',
  input: StageGateInput,
  permissions: atPackaging([
    ...(preflightPermissions ?? []),
    ...(scanPermissions ?? []),
    {
      allow: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      on: 'table',
      for: 'the gate, the release, and what the stage requires',
    },
    { allow: ['states:DescribeExecution'], on: 'releaseExecutions', for: 'whether the release that has the gate still runs' },
    { allow: ['states:SendTaskFailure'], on: 'anyTask', for: 'waking the release that a newer one supersedes' },
    { allow: ['sns:Publish'], on: 'topic', for: 'the request for approval, its reminder, and what it waits for' },
  ]),
  onFailure: atPackaging('FAILED: the stage has not begun; earlier ones are as their deployments left them'),
  onRepeat: atPackaging('finds the gate its own, with what was decided; a stage that has begun begins again by its record'),
  run: (environment) => {
    const table = tableIn(environment);
    const preflight = preflightWith(environment.clients);
    return passGates({
      configuration: environment.configuration,
      records: new RecordRepository(table),
      gates: new Gates(table),
      passed: new PassedStages(table),
      states: new ServiceStateRepository(table),
      executions: new Executions(environment.clients),
      tokens: new TaskTokens(environment.clients),
      check: (asked) => checkStage(preflight, asked),
      scans: new ImageScans(environment.clients),
      partsToScan: (asked) => scannedParts(preflight, asked),
      topic: new Topic(environment.clients, variable(environment, 'TOPIC_ARN')),
    });
  },
});
