import type { Connection } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { build, failureOf, type MainGeneration, shareOf } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { compiled } from '../bench.ts';
import { comparedDatabase, expectSameDatabase, loaded } from '../dumped.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { schools } from '../schools.ts';
import { sessionForEach } from '../sessions.ts';
import { trackedChanges } from '../tracked-changes.ts';
import { expectUpgradedV2 } from '../upgraded-v2.ts';

const isTold = ({ class: itemClass, change }: UpgradeItem) =>
  itemClass !== 'free' || !/^(?:trigger|index|unique|check|foreign key|constraint) /.test(change);
const brief = ({ class: itemClass, change, path }: UpgradeItem) => [itemClass, change, ...path].join(' ');
const isTracked = (item: string) => item.includes('tracked_changes_');

/** Only the first generation has positions of enclosing rows. */
const isParentPosition = (item: string) => /column renamed \S+ (?!Ordinal)\w+Ordinal$/.test(item);

/* On a server, as in evolutions.long.spec.ts. */

describe('a database of the second generation', () => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  it.each(shareOf(Object.entries(evolutions), 5))('is upgraded: %s', async (name, evolution) => {
    const [before, after] = evolutionPair(evolution, 'v2');
    const tracked = trackedChanges[name] ?? { items: [] };
    const prepare = async (session: Connection) => {
      await evolution.prepare?.(session);
      for (const table of tracked.emptied ?? []) await session.execute(givenScript(`DELETE FROM ${table}`));
    };
    const { plan } = await expectUpgradedV2(connection, before, after, {
      allowLoss: [...(evolution.allowLoss ?? []), ...(tracked.allowLoss ?? [])],
      prepare,
      later: evolution.prepare ? null : undefined,
    });
    const items = plan.items.filter((item) => isTold(item) && item.change !== 'resource key').map(brief);
    expect(items.filter((item) => !isTracked(item)).sort()).toEqual(
      evolution.items.filter((item) => !isParentPosition(item)).sort(),
    );
    expect(items.filter(isTracked).sort()).toEqual([...tracked.items].sort());
  });
});

describe('a database that finds documents by natural keys', () => {
  let connection: Connection;
  sessionForEach((opened) => {
    connection = opened;
  });

  const { descriptor, object, project, resource, string } = build;
  const member = (name: string) =>
    resource(name, {
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'Venue',
      superclassIdentityJsonPath: '$.venueCode',
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: string(20) }, ['code']),
    });
  const setOf = (...resources: readonly ReturnType<typeof resource>[]) => {
    const abstractResources = { Venue: { identityJsonPaths: ['$.venueCode'] } };
    return compiled([project('Ed-Fi', [...resources], { abstractResources })], 'pgsql', 'v2-natural');
  };
  const written = (name: string, document: object) => ({
    resource: `Ed-Fi:${name}`,
    document: toJsonValue(document) as JsonObject,
  });
  const kind = { namespace: 'uri://ed-fi.org/Kind', codeValue: 'One', shortDescription: 'One' };

  it('loses the descriptors and abstract identities of removed resources, while others get new numbers', async () => {
    const kept = [descriptor('KindDescriptor'), member('Hall')];
    const before = setOf(descriptor('AgeDescriptor'), member('Arena'), ...kept);
    const after = setOf(...kept);
    const later = { descriptors: [written('KindDescriptor', kind)], documents: [written('Hall', { code: 'b' })] };
    await loaded(connection, before, {
      descriptors: [written('AgeDescriptor', kind), ...later.descriptors],
      documents: [written('Arena', { code: 'a' }), ...later.documents],
    });
    await applyUpgrade(connection, before, after, { allowLoss: ['Ed-Fi.AgeDescriptor', 'Ed-Fi.Arena'] });
    const upgraded = await comparedDatabase(connection, after);
    await loaded(connection, after, later);
    const fresh = await comparedDatabase(connection, after);
    expect(fresh.contents['dms.Descriptor']).toHaveLength(1);
    expectSameDatabase(upgraded, fresh);
  });
});

describe('sets of two generations', () => {
  it.each([
    ['v1', 'v2'],
    ['v2', 'v1'],
  ] as const)('are refused: %s to %s', (earlier, later) => {
    const of = (version: MainGeneration) => compiled(schools().documents, 'pgsql', version);
    const [problem] = failureOf(() => planUpgrade(of(earlier), of(later))).diagnostics;
    expect(problem.code).toBe('UPGRADE_OTHER_GENERATION');
    expect(problem.message).toContain(`mapping version ${earlier}, the later one of ${later}`);
  });
});
