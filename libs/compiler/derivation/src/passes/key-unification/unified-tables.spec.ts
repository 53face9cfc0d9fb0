import { resourceDetail } from '@dms/inventory';
import {
  build,
  codesOf,
  columnOf,
  edFi,
  equal,
  expectNamed,
  failureOf,
  fields,
  keyed,
  modelOf,
  ownSchema,
  resourceOf,
  school,
  schoolReference,
  shortName,
  tableOf,
  workedExamples,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { draftBefore, draftResource, draftTable } from '../../../test/drafts.ts';
import { columnLines } from '../../../test/model-text.ts';
import type { ModelDraft } from '../../draft/model-draft.ts';
import { unifyKeys } from './unify-keys.ts';

/* The tables after key unification, in edge cases (design 04 §8–§11). */

const { descriptor, descriptorPath, integer, object, reference, resource, uri } = build;

describe('flags and their checks (design 04 §9)', () => {
  const switches = (required: readonly string[] = []) =>
    resource('Switch', {
      equalityConstraints: [equal('$.isOn', '$.isLit')],
      jsonSchemaForInsert: object({ isOn: build.boolean(), isLit: build.boolean() }, required),
    });

  it('are told from a nullable boolean canonical column, which looks like a flag', () => {
    const table = tableOf(modelOf([edFi([switches()])]), 'edfi.Switch');
    expect(columnLines(table)).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'IsLit_Present Scalar Boolean NULL -',
      'IsLit_Unified Scalar Boolean NULL -',
      'IsOn_Present Scalar Boolean NULL -',
      'IsLit Scalar Boolean NULL $.isLit = IsLit_Unified where IsLit_Present',
      'IsOn Scalar Boolean NULL $.isOn = IsLit_Unified where IsOn_Present',
    ]);
    const checked = table.constraints.flatMap((check) => (check.kind === 'NullOrTrue' ? [check.column] : []));
    expect(checked).toEqual(['IsLit_Present', 'IsOn_Present']);
  });

  it('are one check each, and the only constraints that are added', () => {
    const draft = draftBefore(unifyKeys, [edFi([switches(['isOn'])])]);
    const { constraints, columns } = draftTable(draft, 'Ed-Fi:Switch', '$');
    const before = [...constraints];
    unifyKeys(draft);
    expect(constraints.slice(0, before.length)).toEqual(before);
    const [check, ...others] = constraints.slice(before.length);
    expect(others).toEqual([]);
    expect(check).toEqual({ kind: 'NullOrTrue', column: columns.get('IsLit_Present') });
  });

  it('go by paths, not by names: a value whose column is named like a part of a reference has a flag', () => {
    const visit = resource('Visit', {
      documentPathsMapping: { School: schoolReference(false) },
      equalityConstraints: [equal('$.year', '$.otherYear')],
      relational: { nameOverrides: { '$.year': 'School_Year', '$.otherYear': 'Other_DocumentId' } },
      jsonSchemaForInsert: object({
        year: integer(),
        otherYear: integer(),
        schoolReference: fields({ schoolId: integer() }),
      }),
    });
    const table = tableOf(modelOf([edFi([school, visit])]), 'edfi.Visit');
    const gates = table.columns.flatMap(({ name, storage }) =>
      storage.kind === 'UnifiedAlias' ? [[name, storage.presenceColumn]] : [],
    );
    expect(gates).toEqual(
      table.keyUnificationClasses[0]?.memberPathColumns.map((name) => [name, `${name}_Present`]).sort(),
    );
    expect(gates).toHaveLength(2);
  });
});

describe('classes and reports', () => {
  const long = 'numberOfTheYearInWhichTheMembersOfTheClassWereAllCounted';
  const columnAt = (letter: string) => `${long.charAt(0).toUpperCase()}${long.slice(1)}${letter}`;

  it('keep the order of the full names when PostgreSQL shortens them in another order (design 04 §9.5)', () => {
    const letters = [...'ABCDEFGH'];
    const short = (letter: string) => shortName(`${columnAt(letter)}1_Unified`);
    const [first = '', second = ''] =
      letters.flatMap((a) => letters.filter((b) => a < b && short(a) > short(b)).map((b) => [a, b]))[0] ?? [];
    const names = [first, second].flatMap((letter) => [`${long}${letter}1`, `${long}${letter}2`]);
    const thing = resource('Thing', {
      equalityConstraints: [first, second].map((letter) => equal(`$.${long}${letter}1`, `$.${long}${letter}2`)),
      jsonSchemaForInsert: object(Object.fromEntries(names.map((name) => [name, integer()])), names),
    });
    expect(tableOf(modelOf([edFi([thing])], 'pgsql'), 'edfi.Thing').keyUnificationClasses).toEqual(
      [first, second].map((letter) => ({
        canonicalColumn: short(letter),
        memberPathColumns: [1, 2].map((number) => shortName(`${columnAt(letter)}${number}`)),
      })),
    );
  });

  it('show the shortened names of a merged descriptor key (design 04 §11.8)', () => {
    const names = ['First', 'Second'].map((letter) => `${long}${letter}Descriptor`);
    const thing = resource('Thing', {
      documentPathsMapping: Object.fromEntries(
        names.map((name, index) => [`Kind${index}`, descriptorPath('Ed-Fi:KindDescriptor', `$.${name}`)]),
      ),
      equalityConstraints: [equal(`$.${names[0]}`, `$.${names[1]}`)],
      jsonSchemaForInsert: object(Object.fromEntries(names.map((name) => [name, uri()])), names),
    });
    const model = modelOf([edFi([descriptor('KindDescriptor'), thing])], 'pgsql');
    const [manifest] = resourceDetail(resourceOf(model, 'Ed-Fi:Thing')).tables;
    const unified = `${columnAt('FirstDescriptor')}_Unified`;
    const signature = `ForeignKey|edfi.Thing|${unified}_DescriptorId|dms.Descriptor|DocumentId|NoAction|NoAction`;
    expect(manifest?.descriptor_fk_deduplications).toEqual([
      {
        storage_column: shortName(`${unified}_DescriptorId`),
        binding_columns: ['FirstDescriptor', 'SecondDescriptor']
          .map((end) => shortName(`${columnAt(end)}_DescriptorId`))
          .sort(),
        constraint_name: shortName(`FK_Thing_${unified}`, signature),
      },
    ]);
  });
});

describe('reference keys (design 04 §11.4)', () => {
  const target = keyed(
    'Target',
    { first: integer(), second: integer(), third: integer() },
    { equalityConstraints: [equal('$.first', '$.second')] },
  );
  const user = (second: string, third: string) =>
    resource('User', {
      documentPathsMapping: {
        Target: reference('Ed-Fi:Target', [
          ['$.first', '$.targetReference.first'],
          ['$.second', `$.targetReference.${second}`],
          ['$.third', `$.targetReference.${third}`],
        ]),
      },
      jsonSchemaForInsert: object({ targetReference: fields({ first: integer(), other: integer() }) }, [
        'targetReference',
      ]),
    });

  it('refuse a second target for a column that dropped out of the key, too', () => {
    const error = failureOf(() => modelOf([edFi([target, user('other', 'other')])]));
    expect(codesOf(error)).toEqual(['REFERENCE_STORAGE_CONFLICT']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:User', 'Other_Unified', 'First_Unified', 'Third']);
  });

  it('accept two columns for one target column and drop the second', () => {
    const table = tableOf(modelOf([edFi([target, user('first', 'other')])]), 'edfi.User');
    expect(table.constraints.find(({ name }) => name === 'FK_User_Target_RefKey')).toMatchObject({
      columns: ['Target_DocumentId', 'First_Unified', 'Target_Other'],
      targetColumns: ['DocumentId', 'First_Unified', 'Third'],
    });
    expect(columnOf(table, 'Target_Other').storage.kind).toBe('Stored');
  });
});

describe('what key unification leaves alone (design 04 §19, invariant 4)', () => {
  const columnsOf = (draft: ModelDraft) =>
    new Map(
      [...draft.resources.values()].flatMap(({ label, tables }) =>
        tables.flatMap((table) =>
          [...table.columns.values()].map(({ storage, ...facts }) => [
            `${label} ${table.qualified} ${table.scope.canonical} ${facts.name}`,
            { storage, path: facts.sourcePath?.canonical ?? null, kind: facts.kind, isNullable: facts.isNullable },
          ]),
        ),
      ),
    );

  it.each<[string, readonly build.JsonRecord[]]>([
    ['the worked examples', workedExamples],
    ['the campus and athletics schemas', [ownSchema('campus'), ownSchema('athletics')]],
  ])(
    'names, paths, kinds and nullability of all columns, and the storage of all but members, of %s',
    (_, documents) => {
      const draft = draftBefore(unifyKeys, documents);
      const before = columnsOf(draft);
      unifyKeys(draft);
      const after = columnsOf(draft);
      const members = new Set(
        [...draft.resources.keys()].flatMap((label) =>
          draftResource(draft, label).tables.flatMap(({ qualified, scope, keyUnificationClasses }) =>
            keyUnificationClasses.flatMap(({ members: unified }) =>
              unified.map(({ name }) => `${label} ${qualified} ${scope.canonical} ${name}`),
            ),
          ),
        ),
      );
      expect(members.size).toBeGreaterThan(10);
      for (const [name, { storage, ...facts }] of before) {
        expect(after.get(name), name).toMatchObject(facts);
        if (!members.has(name)) expect(after.get(name)?.storage, name).toEqual(storage);
      }
      const added = [...after].filter(([name]) => !before.has(name));
      expect(added.filter(([, { path }]) => path !== null)).toEqual([]);
    },
  );
});
