import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import { describe, expect, it } from 'vitest';
import { uuidOf } from './hashed-name.ts';
import type { LawfulSet } from './law.ts';
import { referentialIdRules } from './referential-ids.ts';

/* The referential ids that this program computes (design 07 §9.2, 16 §6.4). */

const namespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';

/** A bell, whose identity is a single time. */
const trigger = {
  kind: 'ReferentialIdentityMaintenance',
  projectName: 'Campus',
  resourceName: 'Bell',
  resourceKeyId: 4,
  table: { schema: 'campus', name: 'Bell' },
  superclassAlias: null,
  identityElements: [
    {
      column: 'StartTime',
      identityJsonPath: { canonical: '$.startTime' },
      scalarType: { kind: 'Time' },
      isDescriptor: false,
    },
  ],
} as unknown as ReferentialIdentityTrigger;

const bells = (relationalMappingVersion: MappingVersion) =>
  referentialIdRules({
    model: { dialect: 'pgsql', effectiveSchema: { relationalMappingVersion } },
    inventory: { triggers: [trigger] },
  } as unknown as LawfulSet);

describe.each<[MappingVersion, string, string]>([
  ['v1', '08:30:00', '08:30:00'],
  ['v1', '08:30:00.25', '08:30:00'],
  ['v1', '08:30:00.2500000', '08:30:00'],
  ['v2', '08:30:00', '08:30:00'],
  ['v2', '08:30:00.0000000', '08:30:00'],
  ['v2', '08:30:00.25', '08:30:00.25'],
  ['v2', '08:30:00.2500000', '08:30:00.25'],
])('in %s, a time shown as %s', (version, shown, hashed) => {
  it(`is hashed as ${hashed}`, () => {
    expect(
      bells(version).flatMap(({ expected }) =>
        expected.rows({ documentId: '7', values: { StartTime: shown } }, new Map()),
      ),
    ).toEqual([
      { referentialId: uuidOf(namespace, `CampusBell$.startTime=${hashed}`), documentId: '7', resourceKeyId: '4' },
    ]);
  });
});
