import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import { describe, expect, it } from 'vitest';
import { generations } from '../generations.ts';
import { referentialRows, uuidOf } from './referential-id.ts';

/* The referential ids that verification and the check of rows compute (design 07 §9.2, 16 §6.4). */

const namespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';

/** A bell, whose identity is just a time. */
const trigger = {
  kind: 'ReferentialIdentityMaintenance',
  projectName: 'Campus',
  resourceName: 'Bell',
  resourceKeyId: 4,
  superclassAlias: null,
  identityElements: [
    { column: 'StartTime', identityJsonPath: { canonical: '$.startTime' }, scalarType: { kind: 'Time' }, isDescriptor: false },
  ],
} as unknown as ReferentialIdentityTrigger;

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
    const { resources } = generations[version];
    expect(referentialRows(trigger, '7', { StartTime: shown }, new Map(), resources)).toEqual([
      { referentialId: uuidOf(namespace, `CampusBell$.startTime=${hashed}`), documentId: '7', resourceKeyId: '4' },
    ]);
  });
});
