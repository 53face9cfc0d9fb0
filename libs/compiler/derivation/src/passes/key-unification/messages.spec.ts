import { DiagnosticCollector } from '@dms/diagnostics';
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
import { assembled, draftBefore, draftResource, draftTable } from '../../../test/drafts.ts';
import { handMadeColumn } from '../../../test/hand-made.ts';
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

/** The model of the documents with aliases made by hand, each an alias of another column of the table. */
const withAliases =
  (...dependencies: readonly (readonly [string, string])[]) =>
  () => {
    const draft = draftBefore(undefined, documents([]));
    const { columns } = draftTable(draft, 'Ed-Fi:Plan', '$');
    for (const [name, canonical] of dependencies)
      columns.get(name)!.storage = { kind: 'UnifiedAlias', canonical: columns.get(canonical)!, presence: null };
    assembled(draft);
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
    [
      'KU_SCALAR_TYPE_MISMATCH',
      () => unifyKeys(beforeUnification([equal('$.roomReference.roomCode', '$.year')]).draft),
    ],
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
    ['KU_ALIAS_SELF', withAliases(['Year', 'Year'])],
    ['KU_ALIAS_CYCLE', withAliases(['Year', 'OtherYear'], ['OtherYear', 'Year'])],
  ])('names the resource and the table: %s', (code, run, table = 'edfi.Plan') => {
    const error = failureOf(run);
    expect(codesOf(error)).toEqual([code]);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Plan', table]);
  });

  it('about diagnostics of several resources is reported together, in resource order', () => {
    const draft = draftBefore(unifyKeys, [edFi([school, room, booking, plan([equal('$.year', '$.otherYear')])])]);
    for (const [label, at] of [
      ['Ed-Fi:Plan', '$.year'],
      ['Ed-Fi:Booking', '$.roomReference.schoolId'],
    ] as const) {
      draftTable(draft, label, '$').addColumn(handMadeColumn('Second', at));
    }
    const diagnostics = new DiagnosticCollector();
    unifyKeys({ ...draft, diagnostics });
    expect(diagnostics.found.map(({ code, where }) => [code, where.resource])).toEqual([
      ['KU_ENDPOINT_AMBIGUOUS', 'Ed-Fi:Booking'],
      ['KU_ENDPOINT_AMBIGUOUS', 'Ed-Fi:Plan'],
    ]);
  });
});
