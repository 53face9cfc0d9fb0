import {
  bodyHash,
  type Catalog,
  type CatalogAction,
  type CatalogColumn,
  type CatalogDifference,
  type CatalogTable,
  diffCatalogs,
  normalExpression,
  plainRoutine,
} from '@dms/catalog';
import { mustExist, unqualified } from '@dms/model';
import { moduleBody } from '@dms/sql';
import { compareBy } from '@dms/values';
import { type Script, type ScriptColumn, type ScriptModule, type TsqlTable, targetOf } from './tsql-script.ts';

/** S5: the differences between the catalog that a script states and the desired catalog. */
export function statedDifferences(script: Script, desired: Catalog): readonly CatalogDifference[] {
  return diffCatalogs(desired, statedCatalog(script, desired)).differences;
}

/**
 * The catalog that the text of a script states. Options of sequences, types of computed columns, and types that views
 * and functions return are not in the text; they come from the desired catalog.
 */
function statedCatalog(script: Script, desired: Catalog): Catalog {
  const tables = new Map(desired.tables.map((table) => [`${table.schema}.${table.name}`, table]));
  const named = <Part extends { readonly schema: string; readonly name: string }>(
    list: readonly Part[],
    name: string,
  ) => list.find((entry) => `${entry.schema}.${entry.name}` === name);
  const modules = (kind: ScriptModule['kind']) => script.modules.filter((module) => module.kind === kind);
  const triggers = new Map<string, ScriptModule[]>();
  for (const module of modules('TRIGGER')) {
    const table = mustExist(module.table, `the table of ${module.name}`);
    triggers.set(table, [...(triggers.get(table) ?? []), module]);
  }
  const body = (module: ScriptModule) => bodyHash(moduleBody(module.batch.text));
  return {
    dialect: 'mssql',
    mappingVersion: desired.mappingVersion,
    schemas: [...script.schemas].sort(),
    extensions: [],
    sequences: [...script.sequences.keys()].map((name) => {
      const usual = { type: '', start: '', increment: '', min: '', max: '', cycle: false };
      return named(desired.sequences, name) ?? { ...unqualified(name), ...usual };
    }),
    tables: [...script.tables.values()].map((table) =>
      statedTable(table, triggers.get(table.name) ?? [], tables.get(table.name)),
    ),
    views: modules('VIEW').map((module) => {
      return {
        ...unqualified(module.name),
        columns: named(desired.views, module.name)?.columns ?? [],
        body: body(module),
      };
    }),
    functions: modules('FUNCTION').map((module) => {
      const wanted = named(desired.functions, module.name);
      const unknown = { ...plainRoutine, arguments: '', result: '', language: 'sql', volatility: null, strict: null };
      return { ...unknown, ...wanted, ...unqualified(module.name), body: body(module) };
    }),
    tableTypes: script.tableTypes.map(({ name, columns }) => ({ ...unqualified(name), columns })),
    roles: [],
    grants: [],
    fingerprint: null,
  };
}

function statedTable(
  table: TsqlTable,
  triggers: readonly ScriptModule[],
  desired: CatalogTable | undefined,
): CatalogTable {
  const columns = new Map(desired?.columns.map((column) => [column.name, column]));
  const bits = new Set(table.columns.filter(({ type }) => type === 'bit').map(({ name }) => name));
  const ofKind = (kind: string) => table.constraints.filter((constraint) => constraint.kind === kind);
  const keys = (kind: string) =>
    byName(
      ofKind(kind).map(({ name, columns: own, clustered }) => ({
        name,
        columns: own,
        clustered: clustered ?? kind === 'PRIMARY KEY',
      })),
    );
  return {
    ...unqualified(table.name),
    storage: 'ordinary',
    columns: table.columns.map((column) => statedColumn(column, columns.get(column.name))),
    primaryKey: keys('PRIMARY KEY')[0] ?? null,
    uniques: keys('UNIQUE'),
    foreignKeys: byName(
      ofKind('FOREIGN KEY').map((constraint) => {
        const { name, columns: own, targetColumns, onDelete, onUpdate } = constraint;
        const { schema, name: targetTable } = unqualified(targetOf(constraint));
        const action = (text: string | null) => (text ?? 'NO ACTION') as CatalogAction;
        return {
          name,
          columns: own,
          target: { schema, table: targetTable },
          targetColumns,
          onDelete: action(onDelete),
          onUpdate: action(onUpdate),
          deferrable: false,
          validated: true,
        };
      }),
    ),
    checks: byName(
      ofKind('CHECK').map(({ name, expression }) => {
        const text = mustExist(expression, `the expression of ${name}`);
        return { name, expression: normalExpression(text, bits), validated: true };
      }),
    ),
    indexes: byName(
      table.indexes.map(({ name, unique, columns: own, include }) => {
        return { name, unique, columns: own, include, predicate: null, plain: true, valid: true };
      }),
    ),
    triggers: byName(
      triggers.map((module) => ({
        name: unqualified(module.name).name,
        timing: 'AFTER' as const,
        level: 'STATEMENT' as const,
        events: (['INSERT', 'UPDATE', 'DELETE'] as const).filter((event) => module.events.includes(event)),
        updateOf: [],
        oldTable: null,
        newTable: null,
        when: null,
        enabled: true,
        function: null,
        body: bodyHash(moduleBody(module.batch.text)),
      })),
    ),
  };
}

const byName = <Part extends { readonly name: string }>(list: readonly Part[]) =>
  [...list].sort(compareBy(({ name }) => name));

/** Takes the type and the collation of a computed column from the desired column, because the text does not state them. */
function statedColumn(
  { name, type, collation, nullable, identity, default: value, computed, isStored }: ScriptColumn,
  desired: CatalogColumn | undefined,
): CatalogColumn {
  return {
    name,
    type: type === null ? (desired?.type ?? '') : recordedType(type),
    nullable: computed === null ? nullable : (desired?.nullable ?? true),
    identity: identity === null ? null : statedIdentity(identity),
    default: value === null ? null : normalExpression(value.expression),
    generated: computed === null ? null : { expression: normalExpression(computed), stored: isStored },
    collation: computed === null ? collation : (desired?.collation ?? null),
  };
}

/** The form in which SQL Server records a type (design 09a §1.5). */
const recordedType = (type: string) => (type === 'decimal' ? 'decimal(18,0)' : type);

/** The form that a catalog uses for `IDENTITY(seed,increment)`. */
const statedIdentity = (identity: string): CatalogColumn['identity'] =>
  identity === 'IDENTITY(1,1)' ? 'always' : (`always${identity.slice('IDENTITY'.length)}` as `always(${string})`);
