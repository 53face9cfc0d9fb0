import { diagnostic, fail } from '@dms/diagnostics';
import { describe, expect, it } from 'vitest';
import { type DatabaseEnd, type FleetRunOptions, isFailed, runFleet, type TaskResult } from './run-fleet.ts';

/*
 * The order and the limits of a run over a fleet; the test decides when the work on each database ends (design 18 §3).
 */

interface Place {
  readonly name: string;
  readonly server: string | null;
}

const places = (count: number, server: (index: number) => string | null = () => 'one'): Place[] =>
  Array.from({ length: count }, (_, index) => ({ name: `d${index}`, server: server(index) }));

const done: TaskResult = { outcome: 'done', detail: '', value: {}, diagnostics: [], failures: [] };
const drifted: TaskResult = {
  ...done,
  outcome: 'drifted',
  failures: [diagnostic('VERIFY_CATALOG_DIFFERS', 'It differs.')],
};

const turns = () => new Promise((resolve) => setImmediate(resolve));

/** A run whose work on each database goes on until the test ends it. */
function held(databases: readonly Place[], options: Partial<FleetRunOptions<Place>>) {
  const started: string[] = [];
  const open = new Map<string, { resolve(result: TaskResult): void; reject(error: unknown): void }>();
  const ends = runFleet<Place, TaskResult>(
    databases,
    ({ name }) => {
      started.push(name);
      return new Promise((resolve, reject) => open.set(name, { resolve, reject }));
    },
    { serverOf: ({ server }) => server, concurrency: 2, ...options },
  );
  const end = async (name: string, action: 'ok' | 'drifted' | Error | (() => never) = 'ok') => {
    const task = open.get(name);
    open.delete(name);
    if (action === 'ok') task?.resolve(done);
    else if (action === 'drifted') task?.resolve(drifted);
    else if (action instanceof Error) task?.reject(action);
    else
      try {
        action();
      } catch (error) {
        task?.reject(error);
      }
    await turns();
  };
  return { started, open, ends, end };
}

const refuse = () => fail('DB_UNREACHABLE', 'It does not answer.');
const kinds = (ends: readonly DatabaseEnd<Place>[]) => ends.map((end) => (isFailed(end) ? 'failed' : end.kind));

describe('a run over a fleet', () => {
  it('works on as many databases as were asked for, in their order, and on the next as soon as one is done', async () => {
    const run = held(places(5), { concurrency: 2 });
    await turns();
    expect(run.started).toEqual(['d0', 'd1']);
    await run.end('d1');
    expect(run.started).toEqual(['d0', 'd1', 'd2']);
    await run.end('d0');
    await run.end('d2');
    expect(run.started).toEqual(['d0', 'd1', 'd2', 'd3', 'd4']);
    await run.end('d3');
    await run.end('d4');
    expect(kinds(await run.ends)).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('works on as many of one server as were asked for, and meanwhile on those of others', async () => {
    const run = held(
      places(6, (index) => (index < 4 ? 'busy' : 'other')),
      { concurrency: 3, concurrencyPerServer: 1 },
    );
    await turns();
    expect(run.started).toEqual(['d0', 'd4']);
    await run.end('d4');
    expect(run.started).toEqual(['d0', 'd4', 'd5']);
    await run.end('d0');
    expect(run.started).toEqual(['d0', 'd4', 'd5', 'd1']);
    for (const name of ['d5', 'd1', 'd2', 'd3']) await run.end(name);
    expect((await run.ends).map(({ database }) => database.name)).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5']);
  });

  it('counts databases whose server is not known as servers of their own', async () => {
    const run = held(
      places(2, () => null),
      { concurrency: 2, concurrencyPerServer: 1 },
    );
    await turns();
    expect(run.started).toEqual(['d0', 'd1']);
    for (const name of run.started) await run.end(name);
    await run.ends;
  });

  it('starts the rest when all of the first have succeeded', async () => {
    const run = held(places(4), { canary: 2, concurrency: 4 });
    await turns();
    expect(run.started).toEqual(['d0', 'd1']);
    await run.end('d0');
    expect(run.started).toEqual(['d0', 'd1']);
    await run.end('d1');
    expect(run.started).toEqual(['d0', 'd1', 'd2', 'd3']);
    for (const name of ['d2', 'd3']) await run.end(name);
    expect(kinds(await run.ends)).toEqual(['done', 'done', 'done', 'done']);
  });

  it.each([
    ['cannot be worked on', refuse],
    ['is found to be wrong', 'drifted' as const],
  ])('starts no other when one of the first %s', async (_, action) => {
    const run = held(places(4), { canary: 2, concurrency: 4 });
    await turns();
    await run.end('d0', action);
    await run.end('d1');
    expect(kinds(await run.ends)).toEqual(['failed', 'done', 'notStarted', 'notStarted']);
  });

  it('continues after a failure, but starts no database after the limit of failures', async () => {
    const run = held(places(6), { concurrency: 2, maxFailures: 2 });
    await turns();
    await run.end('d0', refuse);
    expect(run.started).toEqual(['d0', 'd1', 'd2']);
    await run.end('d1', 'drifted');
    expect(run.started).toEqual(['d0', 'd1', 'd2']);
    // running work is not interrupted
    await run.end('d2');
    expect(kinds(await run.ends)).toEqual(['failed', 'failed', 'done', 'notStarted', 'notStarted', 'notStarted']);
  });

  it('starts no other when it is cancelled', async () => {
    const controller = new AbortController();
    const run = held(places(4), { signal: controller.signal });
    await turns();
    controller.abort();
    await run.end('d0');
    await run.end('d1');
    expect(kinds(await run.ends)).toEqual(['done', 'done', 'notStarted', 'notStarted']);
  });

  it('is ended by a bug, once the running databases are done', async () => {
    const run = held(places(4), {});
    const ends = run.ends.then(
      () => 'ended',
      (error: Error) => error.message,
    );
    await turns();
    await run.end('d0', new Error('a bug'));
    expect(run.started).toEqual(['d0', 'd1']);
    await run.end('d1');
    expect(await ends).toBe('a bug');
  });

  it('of no database ends at once', async () => {
    expect(await held([], { canary: 3 }).ends).toEqual([]);
  });
});
