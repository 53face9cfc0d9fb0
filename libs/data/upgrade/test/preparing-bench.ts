import { type Connection, introspect, openDatabase, preparedText, type ServerTarget } from '@dms/databases';
import { givenScript } from '@dms/sql';
import type { PostgresDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { planUpgrade } from '../src/plan/plan-upgrade.ts';
import { preparationSteps } from '../src/plan/upgrade-plan.ts';
import { type Compiled, compiled, emptied } from './bench.ts';
import { withOwner } from './school-pairs.ts';
import { type EditableSet, schools } from './schools.ts';
import { serverDatabase } from './sessions.ts';

/* A database with the schools, and a later set whose rooms refer to their owners. */

export const edited = (...edits: readonly ((set: EditableSet) => void)[]): Compiled => {
  const set = schools();
  for (const edit of edits) edit(set);
  return compiled(set.documents);
};

export const before = edited();
export const after = edited(withOwner);
export const steps = preparationSteps(planUpgrade(before, after));
export const objects = steps.flatMap((step) => step.objects.map(preparedText));
export const index =
  objects
    .find((name) => name.startsWith('index '))
    ?.split('.')
    .at(-1) ?? '';

/** The bench of the tests of a file: two sessions on a database that has the schools before each test. */
export interface PreparingBench {
  readonly target: ServerTarget;
  readonly connection: Connection;
  readonly other: Connection;
}

/** Keeps the database of a file, and provisions it before each test. */
export function preparingBench(): PreparingBench {
  let database: PostgresDatabase;
  let bench: PreparingBench;
  let target: ServerTarget;
  beforeAll(async () => {
    ({ database, target } = await serverDatabase());
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    bench = { target, connection: await openDatabase(target), other: await openDatabase(target) };
    await emptied(bench.connection);
    await bench.connection.execute(givenScript(before.script));
  });
  // closing the sessions ends whatever a test left open
  afterEach(async () => {
    await bench.other.close();
    await bench.connection.close();
  });
  return {
    get target() {
      return bench.target;
    },
    get connection() {
      return bench.connection;
    },
    get other() {
      return bench.other;
    },
  };
}

/** Whether the database has the record of a preparation. */
export const isPrepared = async (connection: Connection) => (await introspect(connection)).prepared !== null;
