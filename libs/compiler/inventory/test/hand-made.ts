import type { RelationalModelSet, TableConstraint } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { handMade, path, shortNameIn } from '@dms/testing';

export interface HandMadeTable {
  /** `edfi.Name` or the name of a table in `edfi`. */
  readonly name: string;
  /** Stored columns beside `DocumentId` and the identity `Id`. */
  readonly columns?: readonly string[];
  /** Column lists of UNIQUE constraints, named `UX_{Table}_{n}` by default. */
  readonly uniques?: readonly (readonly string[])[];
  /** Column lists of foreign keys, named `FK_{Table}_{n}` unless `foreignKeyNames` is given. */
  readonly foreignKeys?: readonly (readonly string[])[];
  readonly foreignKeyNames?: readonly string[];
  readonly uniqueNames?: readonly string[];
}

function constraintsOf(table: HandMadeTable, name: string, limit: (name: string) => string): TableConstraint[] {
  const { uniques = [], foreignKeys = [] } = table;
  return [
    ...uniques.map((columns, index) => ({
      kind: 'Unique' as const,
      name: table.uniqueNames?.[index] ?? limit(`UX_${name}_${index}`),
      columns,
    })),
    ...foreignKeys.map((columns, index) => ({
      kind: 'ForeignKey' as const,
      name: table.foreignKeyNames?.[index] ?? limit(`FK_${name}_${index}`),
      columns,
      targetTable: { schema: 'dms', name: `Target${index}` },
      targetColumns: columns,
      onDelete: 'NoAction' as const,
      onUpdate: 'NoAction' as const,
      deferrable: false,
    })),
  ];
}

/** A model of root tables made by hand, each with `DocumentId`, the identity `Id` and the given members. */
export function handMadeModel(dialect: SqlDialect, ...tables: readonly HandMadeTable[]): RelationalModelSet {
  const limit = (name: string) => shortNameIn(dialect, name);
  const resources = tables.map((table, index) => {
    const [name = '', schema = 'edfi'] = table.name.split('.').reverse();
    const stored = (column: string, source: string | null = null) =>
      handMade.scalar(column, source, 'Int64', { isNullable: false });
    const root = handMade.rootTable(
      `${schema}.${name}`,
      [stored('Id', '$.id'), ...(table.columns ?? []).map((column) => stored(column))],
      { constraints: constraintsOf(table, name, limit) },
    );
    const key = { ...root.key, constraintName: limit(root.key.constraintName) };
    return {
      ...handMade.resource(`Hand:Made${index + 1}`, [{ ...root, key }], { id: index + 1 }),
      naturalKey: { columns: ['Id'] },
      identityElements: [
        { column: 'Id', identityJsonPath: path('$.id'), scalarType: handMade.scalarType('Int64'), isDescriptor: false },
      ],
    };
  });
  return handMade.modelSet(resources, dialect);
}
