import { qualified, type Table } from '@dms/model';
import { dialects } from '@dms/sql';
import { type build, schemaSet, tablesOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type Documents, forSets, isForeignKey } from '../test/random-models.ts';
import { expectColumnsPerScalar, expectTablesPerArray } from '../test/scopes-and-scalars.ts';
import { type DerivedModel, deriveModel } from './index.ts';

/** Runs `check` for the models of random sets, in each dialect. */
function forModels(runs: number, check: (derived: DerivedModel, documents: Documents) => void): void {
  forSets(runs, {}, (documents) => {
    for (const dialect of dialects) check(deriveModel(schemaSet(...documents), dialect), documents);
  });
}

describe('models of random schema sets', () => {
  it('have foreign keys over stored columns only, never over an alias or a presence flag', () => {
    forModels(20, ({ model }) => {
      const tables = new Map(tablesOf(model).map((table) => [qualified(table.table), table]));
      const usable = (table: Table, name: string) => {
        const column = table.columns.find((candidate) => candidate.name === name);
        const isFlag = table.constraints.some(
          ({ kind, ...constraint }) => kind === 'NullOrTrue' && 'column' in constraint && constraint.column === name,
        );
        return column?.storage.kind === 'Stored' && !isFlag;
      };
      for (const table of tables.values()) {
        for (const key of table.constraints.filter(isForeignKey)) {
          const unusable = key.columns.filter((name) => !usable(table, name));
          expect(unusable, key.name).toEqual([]);
          const target = tables.get(qualified(key.targetTable));
          if (target)
            expect(
              key.targetColumns.filter((name) => !usable(target, name)),
              key.name,
            ).toEqual([]);
          else expect(key.targetTable.schema).toBe('dms');
        }
      }
    });
  });

  it('have foreign keys to the columns of a unique or primary key of the target, of equal types', () => {
    forModels(20, ({ model }) => {
      const tables = new Map(tablesOf(model).map((table) => [qualified(table.table), table]));
      const typeOf = (table: Table, name: string) => {
        const column = table.columns.find((candidate) => candidate.name === name);
        return JSON.stringify(column?.scalarType);
      };
      for (const table of tables.values()) {
        for (const key of table.constraints.filter(isForeignKey)) {
          const target = tables.get(qualified(key.targetTable));
          if (!target) {
            expect(key.targetColumns).toEqual(['DocumentId']);
            continue;
          }
          const keys = [
            target.key.columns.map(({ name }) => name),
            ...target.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [constraint.columns] : [])),
          ];
          expect(keys, key.name).toContainEqual(key.targetColumns);
          const types = (of: Table, columns: readonly string[]) => columns.map((name) => typeOf(of, name));
          expect(types(table, key.columns), key.name).toEqual(types(target, key.targetColumns));
        }
      }
    });
  });

  it('have identifiers within the limit of the dialect, and none twice where it must be unique', () => {
    forModels(20, ({ model }) => {
      const fits = (name: string) => (model.dialect === 'pgsql' ? Buffer.byteLength(name) <= 63 : name.length <= 128);
      const views = model.abstractUnionViews;
      const tables = tablesOf(model);
      const constraints = tables.flatMap(({ table, key, constraints: list }) =>
        [key.constraintName, ...list.map(({ name }) => name)].map((name) => `${table.schema}.${name}`),
      );
      const names = [
        ...model.projects.map(({ physicalSchema }) => physicalSchema),
        ...views.flatMap(({ view, outputColumns }) => [view.name, ...outputColumns.map(({ name }) => name)]),
        ...tables.flatMap(({ table, columns }) => [table.schema, table.name, ...columns.map(({ name }) => name)]),
        ...constraints.map((name) => name.slice(name.indexOf('.') + 1)),
      ];
      expect(names.filter((name) => !fits(name))).toEqual([]);
      const relations = [...tables.map(({ table }) => qualified(table)), ...views.map(({ view }) => qualified(view))];
      expect(new Set(relations).size).toBe(relations.length);
      expect(new Set(constraints).size).toBe(constraints.length);
      for (const { columns } of tables) expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
    });
  });

  it('have one table per document and per array, and a column for every scalar', () => {
    forModels(20, ({ model }, documents) => {
      expectTablesPerArray(model, documents);
      expectColumnsPerScalar(model, documents);
    });
  });

  it('have classes of two or more aliases of one stored column, with gates as design 04 §9 says', () => {
    forModels(20, ({ model }) => {
      for (const table of tablesOf(model)) {
        const columnOf = (name: string) => table.columns.find((column) => column.name === name);
        const aliases = table.columns.filter(({ storage }) => storage.kind === 'UnifiedAlias').map(({ name }) => name);
        const members = table.keyUnificationClasses.flatMap(({ memberPathColumns }) => memberPathColumns);
        expect([...members].sort()).toEqual(aliases.sort());
        const flags: string[] = [];
        for (const { canonicalColumn, memberPathColumns } of table.keyUnificationClasses) {
          const canonical = columnOf(canonicalColumn);
          expect(memberPathColumns.length).toBeGreaterThan(1);
          expect(canonical).toMatchObject({ sourcePath: null, storage: { kind: 'Stored' }, isWritable: true });
          const columns = memberPathColumns.map(columnOf);
          expect(canonical?.isNullable).toBe(columns.every((column) => column?.isNullable));
          for (const column of columns) {
            expect(column).toMatchObject({
              kind: canonical?.kind,
              scalarType: canonical?.scalarType,
              targetResource: canonical?.targetResource,
              isWritable: false,
            });
            const storage = column?.storage.kind === 'UnifiedAlias' ? column.storage : undefined;
            expect(storage?.canonicalColumn).toBe(canonicalColumn);
            const gate = storage?.presenceColumn ? columnOf(storage.presenceColumn) : undefined;
            if (!gate) expect(column?.isNullable, `${column?.name} has no gate`).toBe(false);
            else if (gate.kind !== 'DocumentFk') flags.push(gate.name);
          }
        }
        const checked = table.constraints.flatMap((constraint) =>
          constraint.kind === 'NullOrTrue' ? [constraint.column] : [],
        );
        expect(checked.sort()).toEqual(flags.sort());
        expect(new Set(flags).size).toBe(flags.length);
      }
    });
  });

  it('account for every equality constraint exactly once', () => {
    forModels(20, ({ model }, documents) => {
      const pairOf = (a: string, b: string) => [a, b].sort().join(' = ');
      const declared = new Map<string, Set<string>>();
      for (const { name, schema } of resourceSchemas(documents)) {
        const pairs = declared.get(name) ?? new Set<string>();
        for (const { sourceJsonPath, targetJsonPath } of schema.equalityConstraints as Record<string, string>[])
          pairs.add(pairOf(sourceJsonPath as string, targetJsonPath as string));
        declared.set(name, pairs);
      }
      for (const { resourceKey, keyUnificationDiagnostics: report } of model.resources) {
        const applied = new Set(
          report.applied.map(({ endpointAPath, endpointBPath }) =>
            pairOf(endpointAPath.canonical, endpointBPath.canonical),
          ),
        );
        const reported = [
          ...applied,
          ...[...report.redundant, ...report.ignored].map(({ endpointAPath, endpointBPath }) =>
            pairOf(endpointAPath.canonical, endpointBPath.canonical),
          ),
          ...report.skipped.map(({ sourcePath, targetPath }) => pairOf(sourcePath.canonical, targetPath.canonical)),
        ];
        expect(reported.sort()).toEqual([...(declared.get(resourceKey.resourceName) ?? [])].sort());
      }
    });
  });

  it('bind every reference once, with columns of one nullability and an all-or-none check over them', () => {
    forModels(20, ({ model }) => {
      const tables = new Map(tablesOf(model).map((table) => [qualified(table.table), table]));
      for (const resource of model.resources) {
        const bound = resource.documentReferenceBindings.map(
          ({ table, fkColumn }) => `${qualified(table)}.${fkColumn}`,
        );
        const present = resource.tablesInDependencyOrder.flatMap(({ table, columns }) =>
          columns.filter(({ kind }) => kind === 'DocumentFk').map(({ name }) => `${qualified(table)}.${name}`),
        );
        expect([...bound].sort()).toEqual(present.sort());
        for (const { table: name, fkColumn, identityBindings } of resource.documentReferenceBindings) {
          const table = tables.get(qualified(name)) as Table;
          const columns = identityBindings.map(({ column }) => column);
          const isNullable = table.columns.find((column) => column.name === fkColumn)?.isNullable;
          for (const column of columns)
            expect(table.columns.find((candidate) => candidate.name === column)?.isNullable).toBe(isNullable);
          const checks = table.constraints.flatMap((constraint) =>
            constraint.kind === 'AllOrNoneNullability' && constraint.fkColumn === fkColumn ? [constraint] : [],
          );
          expect(checks).toHaveLength(1);
          expect([...(checks[0]?.dependentColumns ?? [])].sort()).toEqual([...columns].sort());
          expect(table.constraints.filter(isForeignKey).filter((key) => key.columns[0] === fkColumn)).toHaveLength(1);
        }
      }
    });
  });
});

/** Every entry of `resourceSchemas` with its name. */
function resourceSchemas(documents: Documents): { name: string; schema: build.JsonRecord }[] {
  return documents.flatMap(({ projectSchema }) => {
    const { resourceSchemas: entries } = projectSchema as { resourceSchemas: build.JsonRecord };
    return (Object.values(entries) as build.JsonRecord[]).map((schema) => ({
      name: String(schema.resourceName),
      schema,
    }));
  });
}
