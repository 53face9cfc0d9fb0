import type { ForeignKeyConstraint } from '@dms/model';
import {
  booking,
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  path,
  room,
  roomFields,
  roomReference,
  school,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftResource, draftTable } from '../../../test/drafts.ts';
import { handMadeColumn } from '../../../test/hand-made.ts';
import { buildModel } from '../../assembling/build-model.ts';
import { validateAliases } from '../validate-aliases.ts';
import { validateForeignKeys } from '../validate-foreign-keys.ts';
import { unifyKeys } from './unify-keys.ts';

const { integer, object, resource } = build;

/** An optional room and two values that can be constrained. */
const plan = (equalityConstraints: readonly build.JsonRecord[]) =>
  resource('Plan', {
    documentPathsMapping: { Room: roomReference('$.roomReference', false) },
    equalityConstraints,
    jsonSchemaForInsert: object({ roomReference: roomFields, year: integer(), otherYear: integer() }),
  });

const documents = (equalityConstraints: readonly build.JsonRecord[] = [equal('$.year', '$.otherYear')]) => [
  edFi([school, room, plan(equalityConstraints)]),
];

const beforeUnification = (equalityConstraints?: readonly build.JsonRecord[]) => {
  const draft = draftBefore(unifyKeys, documents(equalityConstraints));
  return { draft, resource: draftResource(draft, 'Ed-Fi:Plan'), root: draftTable(draft, 'Ed-Fi:Plan', '$') };
};

const withForeignKey = (key: Partial<ForeignKeyConstraint>) => () => {
  const draft = draftBefore(validateForeignKeys, documents());
  draftTable(draft, 'Ed-Fi:Plan', '$').constraints.push({
    kind: 'ForeignKey',
    name: 'FK_HandMade',
    columns: ['DocumentId'],
    targetTable: { schema: 'edfi', name: 'School' },
    targetColumns: ['DocumentId'],
    onDelete: 'NoAction',
    onUpdate: 'NoAction',
    deferrable: false,
    ...key,
  });
  validateForeignKeys(draft);
};

const withAliases =
  (...dependencies: readonly (readonly [string, string])[]) =>
  () => {
    const draft = draftBefore(validateForeignKeys, documents([]));
    const root = draftTable(draft, 'Ed-Fi:Plan', '$');
    for (const [name, canonicalColumn] of dependencies)
      root.columns.get(name)!.storage = { kind: 'UnifiedAlias', canonicalColumn, presenceColumn: null };
    buildModel(draft);
  };

describe('every message of key unification', () => {
  it.each<[string, () => void, string?]>([
    [
      'KU_ENDPOINT_KIND',
      () => unifyKeys(beforeUnification([equal('$.roomReference', '$.year')]).draft),
      'edfi.Plan.Room_DocumentId',
    ],
    [
      'KU_ENDPOINT_AMBIGUOUS',
      () => {
        const { draft, root } = beforeUnification();
        root.addColumn(handMadeColumn('Second', '$.year'));
        unifyKeys(draft);
      },
      'edfi.Plan[$].Second',
    ],
    ['KU_SCALAR_TYPE_MISMATCH', () => unifyKeys(beforeUnification([equal('$.roomReference.roomCode', '$.year')]).draft)],
    [
      'KU_PATH_IN_TWO_REFERENCES',
      () => {
        const { draft, resource: drafted } = beforeUnification();
        drafted.bindings.push({ ...drafted.bindings[0]!, referenceObjectPath: path('$.elsewhere') });
        unifyKeys(draft);
      },
    ],
    [
      'KU_PREFIX_MISMATCH',
      () => {
        const { draft, resource: drafted } = beforeUnification([equal('$.roomReference.schoolId', '$.year')]);
        drafted.bindings[0] = { ...drafted.bindings[0]!, referenceObjectPath: path('$.elsewhere') };
        unifyKeys(draft);
      },
    ],
    [
      'KU_WILDCARD_IN_MEMBER',
      () => {
        const { draft, root } = beforeUnification([equal('$.items[*].year', '$.year')]);
        root.addColumn(handMadeColumn('ItemYear', '$.items[*].year'));
        unifyKeys(draft);
      },
    ],
    [
      'KU_NO_BASE_TOKEN',
      () => {
        const { draft, root } = beforeUnification([equal('$', '$.year')]);
        root.addColumn(handMadeColumn('Everything', '$'));
        unifyKeys(draft);
      },
    ],
    [
      'KU_PRESENCE_INVALID',
      () => {
        const draft = draftBefore(validateAliases, documents());
        draftTable(draft, 'Ed-Fi:Plan', '$').columns.delete('Year_Present');
        validateAliases(draft);
      },
    ],
    ['FK_NO_COLUMNS', withForeignKey({ columns: [] })],
    ['FK_COLUMN_NOT_STORED', withForeignKey({ columns: ['Year'] })],
    ['FK_TARGET_UNKNOWN', withForeignKey({ targetTable: { schema: 'edfi', name: 'Nowhere' } })],
    ['FK_DOCUMENT_TARGET', withForeignKey({ targetTable: { schema: 'dms', name: 'Document' }, targetColumns: ['Id'] })],
    ['KU_ALIAS_DANGLING', withAliases(['Year', 'Gone'])],
    ['KU_ALIAS_SELF', withAliases(['Year', 'Year'])],
    ['KU_ALIAS_CYCLE', withAliases(['Year', 'OtherYear'], ['OtherYear', 'Year'])],
  ])('names the resource and the table: %s', (code, run, table = 'edfi.Plan') => {
    const error = failureOf(run);
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Plan', table]);
  });

  it('about faults of several resources is reported together, in resource order', () => {
    const draft = draftBefore(validateForeignKeys, [edFi([school, room, booking])]);
    for (const label of ['Ed-Fi:Room', 'Ed-Fi:Booking']) {
      const key = draftTable(draft, label, '$').constraints.find(({ kind }) => kind === 'ForeignKey')!;
      if (key.kind === 'ForeignKey') key.targetTable = { schema: 'edfi', name: `Nowhere${label.slice(6)}` };
    }
    const error = failureOf(() => validateForeignKeys(draft));
    expect(error.diagnostics.map(({ details }) => details.table)).toEqual(['edfi.Booking', 'edfi.Room']);
  });
});
