import { type CutKind, createScratchDatabase, cuttingProxy, inTurn, isThorough, someOf } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitsOf, expectTruth, stateOf, type WritingCommand } from '../cut-run.ts';
import { ran } from '../ran.ts';
import { WritingCommands } from '../writing-commands.ts';

/*
 * Every command that writes, ended at its first and last commits in every way, and in some ways in between: its
 * messages agree with its database (design 09 §1.7.2). The generations differ little, so each runs half of the
 * commands, and one way in between; `npm run search -- ended-commands` runs all commands, and two ways.
 */

const kinds: readonly CutKind[] = ['signal', 'failure', 'timeout', 'lost', 'lostInCommit'];

/** All numbers of commits or, if there are many, a selection with the first and the last ones. */
function placesOf(commits: number): readonly number[] {
  const all = Array.from({ length: commits + 1 }, (_, index) => index);
  return commits <= 8 ? all : [0, 1, Math.ceil(commits / 2), commits - 1, commits];
}

/** The number of ways to end a command between its first and last commits. */
const waysBetween = isThorough ? 2 : 1;

/**
 * All kinds at the first and last commits; in between, and everywhere for `isAnotherWay`, a selection that changes from
 * place to place. After the last commit, no commit can be lost any more.
 */
function kindsAt(place: number, places: number, isAnotherWay: boolean): readonly CutKind[] {
  const some = kinds.filter((_, index) => (index + place) % kinds.length < waysBetween);
  if (isAnotherWay) return some;
  if (place === places - 1) return kinds.filter((kind) => kind !== 'lostInCommit');
  if (place === 0 || place === places - 2) return kinds;
  return some;
}

/** Other ways to write the documents of `load`. */
const otherWays = ['load --jobs 1', 'load --from-ods'];

const generations = ['v1', 'v2'] as const;

describe.each(generations)('a command on a database of %s that ends early', (version) => {
  const commands = new WritingCommands(version);
  beforeAll(() => commands.prepare());
  afterAll(() => commands.drop());

  const ofSecond: readonly (readonly [string, () => Promise<WritingCommand>])[] = [
    ['adopt', () => commands.adopt()],
    ['load --from-ods', () => commands.loadFromOds()],
  ];
  const cases: readonly (readonly [string, () => Promise<WritingCommand> | WritingCommand])[] = [
    ['provision --seed-descriptors', () => commands.provision()],
    ['seed-descriptors', () => commands.seed()],
    ['load', () => commands.load()],
    ['load --jobs 1', () => commands.load('--jobs', '1')],
    ['load --bulk', () => commands.load('--bulk')],
    ['upgrade apply', () => commands.apply()],
    ['upgrade prepare', () => commands.prepareUpgrade()],
    ['upgrade prepare --undo', () => commands.undo()],
    ['reporting apply', () => commands.reporting()],
    ['comments apply', () => commands.comments()],
    ['check --data --repair', () => commands.repair()],
    ...(version === 'v2' ? ofSecond : []),
  ];

  it.each(inTurn(generations, version, cases))('says what it has done: %s', async (name, made) => {
    const command = await made();
    const commits = await commitsOf(command);
    expect(commits).toBeGreaterThan(0);
    let ended = 0;
    const places = placesOf(commits);
    for (const [place, after] of places.entries())
      for (const kind of kindsAt(place, places.length, otherWays.includes(name)))
        if (await expectTruth(command, { kind, after })) ended += 1;
    expect(ended).toBeGreaterThan(places.length / 2);
  });

  // the messages of a fleet do not depend on the generation
  if (version === 'v1' && !isThorough) return;

  it.each(someOf(kinds, 2))('says which databases of a fleet are done: %s', async (kind) => {
    for (const after of [0, 1]) {
      const databases = [await createScratchDatabase(), await createScratchDatabase()] as const;
      const [first, second] = databases;
      const cancelled = new AbortController();
      const proxy = await cuttingProxy(first.url, { kind, after }, () => cancelled.abort());
      try {
        const earlier = await Promise.all(databases.map(({ url }) => stateOf(url)));
        const urls = { north: proxy.url, south: proxy.url.replace(first.name, second.name) };
        const { code, out, err } = await ran(commands.fleet(urls), { signal: cancelled.signal });
        const said = `${out}${err}`;
        const later = await Promise.all(databases.map(({ url }) => stateOf(url)));
        expect([kind, after, code === 0 || proxy.isCut]).toEqual([kind, after, true]);
        for (const [index, name] of ['north', 'south'].entries()) {
          const isChanged = later[index] !== earlier[index];
          const isDone = new RegExp(`^${name} +provisioned`, 'm').test(said);
          const isLeft = new RegExp(
            `^${name} +not started|${name}: .*(?:Nothing was changed|may have been done)`,
            'm',
          ).test(said);
          expect({ said, name, isChanged, told: isDone || isLeft }).toEqual({
            said,
            name,
            isChanged: isDone,
            told: true,
          });
        }
      } finally {
        await proxy.close();
        for (const database of databases) await database.drop();
      }
    }
  });
});
