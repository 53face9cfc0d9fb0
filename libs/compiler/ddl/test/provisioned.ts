import { build, propertyRuns, type TestDatabase } from '@dms/testing';
import { expect } from 'vitest';
import { emitDocuments, scriptWith } from './emitted.ts';
import { catalogLines, dropEverything, failureOf, rolledBack, seedLines } from './sql-session.ts';

const { integer, object, project, resource } = build;

export const personProject = (endpoint: string, version = '5.0.0') =>
  project(
    'Ed-Fi',
    [
      resource('Person', {
        identityJsonPaths: ['$.personId'],
        jsonSchemaForInsert: object({ personId: integer() }, ['personId']),
      }),
    ],
    {
      endpoint,
      version,
    },
  );

export const minimal = emitDocuments(personProject('ed-fi'));
export const script = minimal.pgsql.script;
export const info = minimal.set.info;

/** A set with a different fingerprint and its objects in another schema. */
export const other = emitDocuments(personProject('rival', '6.0.0'));

/** The script for a number of resource keys. */
export const keyed = (count: number) =>
  scriptWith(minimal.pgsql, {
    resourceKeyCount: count,
    resourceKeys: Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      projectName: 'Ed-Fi',
      resourceName: index === 0 ? 'Person' : `Resource ${index + 1}`,
      resourceVersion: '5.0.0',
      isAbstract: false,
    })),
  });

export const numRuns = propertyRuns(12);

export const hint = 'Run dms-ddl provision for a row-level diff.';

/** Ways to run something on the provisioned database of a test file, each in a transaction that leaves no trace. */
export function attempts(database: () => TestDatabase) {
  /** The provisioned database, in a transaction that leaves no trace. */
  const provisioned = <Result>(action: () => Promise<Result>) => rolledBack(database(), action);

  /** Runs an action on an emptied database, in a transaction that leaves no trace. */
  const onEmpty = <Result>(action: () => Promise<Result>) =>
    rolledBack(database(), async () => {
      await dropEverything(database());
      return action();
    });

  /** The failure of a run after `change`; the database stays as `change` left it. */
  const afterChange = (change: string, run = script) =>
    provisioned(async () => {
      await database().exec(change);
      const before = [await catalogLines(database()), await seedLines(database())];
      const failure = await failureOf(database(), run);
      expect([await catalogLines(database()), await seedLines(database())]).toEqual(before);
      return failure;
    });

  return { provisioned, onEmpty, afterChange };
}
