import { dialects, type SqlDialect } from '@dms/sql';
import { hasSharedData, readSharedJson, transitSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';

const { catalogOf, definitionOf } = transitSet;

interface VectorTable {
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly sqlType?: string;
    readonly nullable: boolean;
    readonly identity: string | null;
    readonly default: string | null;
  }[];
  readonly constraints: readonly {
    readonly name: string;
    readonly kind: string;
    readonly clustered?: boolean;
    readonly columns?: readonly string[];
    readonly expression?: string;
    readonly refTable?: string;
    readonly refColumns?: readonly string[];
    readonly onDelete?: string;
    readonly onUpdate?: string;
  }[];
  readonly indexes: readonly {
    readonly name: string;
    readonly unique: boolean;
    readonly columns: readonly string[];
    readonly include: readonly string[];
    readonly fromConstraint: boolean;
  }[];
}

/** Defaults as the vectors spell them, in normal form. */
const defaults: Readonly<Record<string, string>> = {
  'nextval(\'dms."ChangeVersionSequence"\'::regclass)': 'nextval(dms.ChangeVersionSequence)',
  '(NEXT VALUE FOR [dms].[ChangeVersionSequence])': 'nextval(dms.ChangeVersionSequence)',
  'now()': 'now()',
  '(sysutcdatetime())': 'sysutcdatetime()',
};

/** A check with identifiers quoted alike and functions in lower case; core checks are spelled alike otherwise. */
const normalCheck = (expression: string) =>
  expression
    .replaceAll(/\[(\w+)\]/g, '"$1"')
    .replaceAll(/\b([A-Z]+)\(/g, (_, name: string) => `${name.toLowerCase()}(`);

describe.runIf(hasSharedData)('core tables (needs the shared conformance data)', () => {
  it.each(dialects)('for %s are those of design 06', (dialect) => {
    const vectors = readSharedJson('design', 'vectors', `core-catalog.${dialect}.json`);
    const catalog = catalogOf(dialect);
    const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
      [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [part, schema] of [
      ['core', 'dms'],
      ['auth', 'auth'],
    ] as const) {
      const expected: readonly VectorTable[] = vectors[part].tables;
      const own = catalog.tables.filter((table) => table.schema === schema);
      expect(own.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      for (const [position, wanted] of expected.entries()) {
        const table = own[position]!;
        expect(
          table.columns.map(({ name, type, nullable, identity, default: value }) => ({
            name,
            type,
            nullable,
            identity,
            value,
          })),
          table.name,
        ).toEqual(
          wanted.columns.map(({ name, type, sqlType, nullable, identity, default: value }) => ({
            name,
            type: sqlType ?? type,
            nullable,
            identity: identity === null ? null : 'always',
            value: value === null ? null : defaults[value],
          })),
        );
        const clustered = (entry: { clustered?: boolean }) => (dialect === 'pgsql' ? null : entry.clustered);
        const constraints = (kind: string) => byName(wanted.constraints.filter((entry) => entry.kind === kind));
        expect(
          [table.primaryKey!].map(({ name, columns, clustered: own_ }) => ({ name, columns, clustered: own_ })),
        ).toEqual(
          constraints('PRIMARY KEY').map((entry) => ({
            name: entry.name,
            columns: entry.columns,
            clustered: clustered(entry),
          })),
        );
        expect(table.uniques.map(({ name, columns, clustered: own_ }) => ({ name, columns, clustered: own_ }))).toEqual(
          constraints('UNIQUE').map((entry) => ({
            name: entry.name,
            columns: entry.columns,
            clustered: clustered(entry),
          })),
        );
        expect(table.checks.map(({ name, expression }) => ({ name, expression }))).toEqual(
          constraints('CHECK').map(({ name, expression }) => ({ name, expression: normalCheck(expression ?? '') })),
        );
        expect(
          table.foreignKeys.map(({ name, columns, target, targetColumns, onDelete, onUpdate, deferrable }) => [
            name,
            columns,
            `${target.schema}.${target.table}`,
            targetColumns,
            onDelete,
            onUpdate,
            deferrable,
          ]),
        ).toEqual(
          constraints('FOREIGN KEY').map(({ name, columns, refTable, refColumns, onDelete, onUpdate }) => [
            name,
            columns,
            refTable,
            refColumns,
            onDelete,
            onUpdate,
            false,
          ]),
        );
        expect(table.indexes.map(({ name, unique, columns, include }) => ({ name, unique, columns, include }))).toEqual(
          byName(wanted.indexes.filter(({ fromConstraint }) => !fromConstraint)).map(
            ({ name, unique, columns, include }) => ({
              name,
              unique,
              columns,
              include,
            }),
          ),
        );
      }
    }
  });

  it('are in creation order, with the constraints that are added afterwards in the order of design 06 §4.2', () => {
    const added = (dialect: SqlDialect) =>
      Object.fromEntries(
        definitionOf(dialect)
          .tables.filter(({ addedConstraints }) => addedConstraints.length > 0)
          .map((table) => [table.name, table.addedConstraints.map(({ name }) => name)]),
      );
    const common = {
      Descriptor: ['UX_Descriptor_Uri_Discriminator'],
      Document: ['UX_Document_DocumentUuid'],
      ResourceKey: ['UX_ResourceKey_ProjectName_ResourceName'],
    };
    expect(added('pgsql')).toEqual({
      ...common,
      DocumentCache: ['UX_DocumentCache_DocumentUuid', 'CK_DocumentCache_JsonObject'],
      EffectiveSchema: [
        'CK_EffectiveSchema_Singleton',
        'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
        'CK_EffectiveSchema_ResourceKeySeedHash_Length',
        'UX_EffectiveSchema_EffectiveSchemaHash',
      ],
    });
    expect(added('mssql')).toEqual({
      ...common,
      DocumentCache: ['UX_DocumentCache_DocumentUuid', 'CK_DocumentCache_IsJsonObject'],
      EffectiveSchema: [
        'CK_EffectiveSchema_Singleton',
        'CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank',
        'UX_EffectiveSchema_EffectiveSchemaHash',
      ],
    });
    for (const dialect of dialects) {
      const inline = definitionOf(dialect).tables.find(({ name }) => name === 'ReferentialIdentity');
      expect(inline?.inlineConstraints.map(({ name }) => name)).toEqual([
        'UX_ReferentialIdentity_DocumentId_ResourceKeyId',
      ]);
    }
  });
});
