import type { ReferentialIdentityTrigger } from '@dms/inventory';
import type { MappingVersion } from '@dms/model';
import { describe, expect, it } from 'vitest';
import { identityTextsV1 } from '../v1/generation.ts';
import { identityTextsV2 } from '../v2/generation.ts';
import { type IdentityTexts, referentialRows, uuidOf } from './referential-rows.ts';

/* The referential ids that verification and the row checks compute (design 07 §9.2, 16 §6.4). */

const namespace = 'edf1edf1-3df1-3df1-3df1-3df1edf1edf1';

/** A bell, whose identity is a single time. */
const trigger = {
  kind: 'ReferentialIdentityMaintenance',
  projectName: 'Campus',
  resourceName: 'Bell',
  resourceKeyId: 4,
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

const texts: Readonly<Record<MappingVersion, IdentityTexts>> = { v1: identityTextsV1, v2: identityTextsV2 };

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
      referentialRows(trigger, { documentId: '7', values: { StartTime: shown } }, new Map(), texts[version]),
    ).toEqual([
      { referentialId: uuidOf(namespace, `CampusBell$.startTime=${hashed}`), documentId: '7', resourceKeyId: '4' },
    ]);
  });
});
