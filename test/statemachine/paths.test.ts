import { isWaiting, type Machine, machine, machineNames, type State } from './machines.js';

const nextOf = (state: State): string[] =>
  [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next }) => Next), ...(state.Catch ?? []).map(({ Next }) => Next)].filter(
    (name) => name !== undefined,
  );

/** The states that can be reached without entering those in `without`. */
const reachable = ({ States }: Machine, from: string, without: readonly string[] = []): Set<string> => {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name) || without.includes(name)) return;
    seen.add(name);
    for (const next of nextOf(States[name] as State)) visit(next);
  };
  visit(from);
  return seen;
};

const inner = machine('release').States.DeployServices?.ItemProcessor as Machine;
const all = [
  ...machineNames.map((name) => ({ name: name as string, definition: machine(name) })),
  { name: 'the iteration of release', definition: inner },
];

describe.each(all)('$name', ({ definition }) => {
  const { StartAt, States } = definition;

  test('names only states that exist', () => {
    for (const [name, state] of Object.entries(States))
      for (const next of nextOf(state)) expect({ name, next, exists: next in States }).toMatchObject({ exists: true });
  });

  test('reaches every state', () => {
    expect([...reachable(definition, StartAt)].sort()).toEqual(Object.keys(States).sort());
  });

  test('can end from every state', () => {
    for (const name of Object.keys(States)) {
      const ends = [...reachable(definition, name)].filter((one) => ['Succeed', 'Fail'].includes(States[one]?.Type ?? ''));
      expect({ name, ends: ends.length > 0 }).toEqual({ name, ends: true });
    }
  });
});

describe.each([
  ['deployment', 'CloseDeployment'],
  ['release', 'CloseRelease'],
] as const)('the %s machine', (name, close) => {
  const definition = machine(name);
  const { StartAt, States } = definition;

  test('ends as Succeeded or Failed', () => {
    expect(
      Object.entries(States)
        .filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail')
        .map(([one]) => one),
    ).toEqual(['Succeeded', 'Failed']);
  });

  test(`reaches its end only through ${close}`, () => {
    const reached = reachable(definition, StartAt, [close]);

    expect(reached).not.toContain('Succeeded');
    expect(reached).not.toContain('Failed');
  });

  test('notifies after it has closed, and only ends after that', () => {
    expect(reachable(definition, StartAt, [close])).not.toContain('Notify');
    expect([...reachable(definition, 'Notify')].sort()).toEqual(['Failed', 'IsSuccessful', 'Notify', 'Succeeded']);
    expect(nextOf(States.Notify as State)).toEqual(['IsSuccessful', 'IsSuccessful']);
  });

  test('notifies also if it could not close', () => {
    const next = name === 'deployment' ? 'IsReporting' : 'Notify';

    expect(nextOf(States[close] as State)).toEqual([next, next]);
  });

  test('repeats states that do not wait only from stage to stage', () => {
    const waits = Object.keys(States).filter((one) => States[one]?.Type === 'Wait' || isWaiting(States[one] as State));
    const rounds = Object.keys(States).filter(
      (one) => !waits.includes(one) && nextOf(States[one] as State).some((next) => reachable(definition, next, waits).has(one)),
    );

    expect(rounds).toEqual(name === 'deployment' ? [] : ['DeployServices', 'EvaluateStage', 'IsStageComplete']);
  });
});

test('no failure before the update leads to the rollback, and every failure after it does', () => {
  const { States } = machine('deployment');

  const afterAnError = (name: string) => States[name]?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.Next;
  for (const name of ['OpenDeployment', 'AcquireLease', 'RegisterRevision']) expect(afterAnError(name)).toBe('CloseDeployment');
  // An earlier visit may still start a task: the lease is released after it.
  expect(afterAnError('RunBeforeTask')).toBe('WaitForInFlightCalls');
  expect(afterAnError('UpdateService')).toBe('WaitForInFlightUpdate');
  expect(nextOf(States.WaitForInFlightUpdate as State)).toEqual(['RollBack']);
  for (const name of ['WatchRollout', 'Verify']) expect(afterAnError(name)).toBe('CanRetryWatch');
  for (const name of ['VerifyUrl', 'InvokeVerifier']) expect([...new Set(nextOf(States[name] as State))]).toEqual(['Verify']);
  expect(afterAnError('RollBack')).toBe('CanRetryRollBack');
  expect(nextOf(States.CanRetryWatch as State).sort()).toEqual(['CloseDeployment', 'RollBack', 'WaitBeforeLook']);
  expect(nextOf(States.WaitBeforeLook as State)).toEqual(['WatchRollout']);
});

test('the lease is released only when no earlier run of a step can still call ECS', () => {
  const { States } = machine('deployment');
  const withoutWaiting = (name: string): string[] =>
    [
      ...reachable(
        machine('deployment'),
        name,
        Object.keys(States).filter((one) => States[one]?.Type === 'Wait'),
      ),
    ].sort();

  // What follows an error of the two that call ECS is a Wait, or tries again to call it.
  expect(withoutWaiting('CanRetryRollBack')).toEqual(['CanRetryRollBack']);
  for (const name of ['UpdateService', 'RollBack']) {
    const choice = States[States[name]?.Next ?? ''] as State;
    const unguarded = choice.Choices?.filter(({ Condition }) => !Condition.includes('$retries = 0')).map(({ Next }) => Next) ?? [];
    for (const next of [...unguarded, choice.Default ?? '']) expect({ next, Type: States[next]?.Type }).toEqual({ next, Type: 'Wait' });
    expect(States[name]?.Assign).toMatchObject({ retries: '{% $states.context.State.RetryCount %}' });
  }
  expect(nextOf(States.WaitForInFlightCalls as State)).toEqual(['CloseDeployment']);
});

test('only the lease holder registers and updates, and a rollout is watched without the lease only if it is resumed', () => {
  const { StartAt, States } = machine('deployment');

  const reached = reachable(machine('deployment'), StartAt, ['AcquireLease', 'WatchRollout']);
  for (const name of ['RegisterRevision', 'UpdateService', 'RollBack']) expect(reached).not.toContain(name);
  expect(States.IsOpened?.Choices?.filter(({ Next }) => Next === 'WatchRollout')).toMatchObject([
    { Condition: expect.stringContaining("'resume'") },
  ]);
});

test('a revision is verified only after its rollout, and only Verify decides what follows', () => {
  const { StartAt, States } = machine('deployment');

  expect(reachable(machine('deployment'), StartAt, ['WatchRollout'])).not.toContain('Verify');
  expect(new Set(nextOf(States.Verify as State))).toEqual(
    new Set(['CloseDeployment', 'Verify', 'VerifyUrl', 'InvokeVerifier', 'RollBack', 'CanRetryWatch']),
  );
});

test('a before task runs between a registered revision and the update of its service', () => {
  const { StartAt, States } = machine('deployment');

  expect(reachable(machine('deployment'), StartAt, ['IsRegistered'])).not.toContain('RunBeforeTask');
  expect(new Set(nextOf(States.RunBeforeTask as State))).toEqual(
    new Set(['UpdateService', 'RunBeforeTask', 'CloseDeployment', 'WaitForInFlightCalls']),
  );
});

test('an iteration of the Map cannot fail, because that would stop the others in the middle of their rollouts', () => {
  expect(Object.values(inner.States).map(({ Type }) => Type)).not.toContain('Fail');
  for (const { Type, Catch = [] } of Object.values(inner.States))
    if (Type === 'Task') expect(Catch.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
});
