import { pathSteps, valueAt } from '@dms/api-schema';
import { mustExist } from '@dms/model';
import {
  canonicalText,
  groupBy,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  memberAt,
} from '@dms/values';
import { partition } from 'es-toolkit/array';
import {
  allPaths,
  holdsInteger,
  type OdsColumn,
  type OdsForeignKey,
  type OdsMapping,
  type OdsSource,
  type OdsTable,
  type OdsTableName,
  tableLabel,
} from '../mapping/ods-mapping.ts';

/** A row: the value of its scope, and of each array item around it, by path. */
type ScopedValues = ReadonlyMap<string, JsonValue>;

interface SourceOfTable {
  readonly table: OdsTable;
  readonly source: OdsSource;
  readonly sharedKeys: readonly SharedKey[];
}

/** Changes documents one by one, and remembers their keys. */
interface DocumentFitting {
  /** The document without the parts that an ODS cannot hold; undefined if it cannot hold the document. */
  fitted(resource: string, document: JsonObject): JsonObject | undefined;
}

/**
 * Fits documents to an ODS, which cannot hold all valid documents (design 19 §5.3, §5.8): it requires members that
 * their JSON schema does not require, it may have one column for several values, a reference must be there if other
 * members fill all of its columns, and rows must differ in their keys. Items of arrays and objects that it cannot hold
 * are left out, and so are documents.
 *
 * @returns fits the documents of one database; resources are `Project:Resource`
 */
export function documentFitting({ tables }: OdsMapping): DocumentFitting {
  const leads = keyPaths(tables);
  const all = tables
    .filter(({ kind }) => kind !== 'descriptor')
    .flatMap((table) =>
      table.sources.map((source): SourceOfTable => ({ table, source, sharedKeys: sharedKeys(table, source, leads) })),
    )
    .sort((a, b) => a.source.scope.length - b.source.scope.length);
  const byResource = groupBy(all, ({ source: { resource } }) => `${resource.projectName}:${resource.resourceName}`);
  const keys = new Set<string>();

  function isFitting(
    row: ScopedValues,
    { table, source, sharedKeys: shared }: SourceOfTable,
    own: Set<string>,
  ): boolean {
    const derived = table.columns.filter(({ content }) => content.kind !== 'fixed');
    const values = new Map(derived.map(({ name }) => [name, valuesOf(row, allPaths(source, name))]));
    const isEmpty = (name: string) => values.get(name)?.length === 0;
    const isThere = (object: string) => valueAround(row, object) !== undefined;
    if (!derived.every((column) => fits(column, values.get(column.name) ?? []))) return false;
    // an optional member may have the value of a required one that shares the column, and that only a schema requires
    const isHeld = ({ name }: OdsColumn) => valuesOf(row, source.paths[name] ?? []).length > 0;
    if (!derived.every((column) => column.isNullable || isHeld(column))) return false;
    if (!shared.every((key) => hasReferences(key, isThere, isEmpty))) return false;
    const keyValue = (name: string) =>
      mustExist(values.get(name)?.[0], `the value of the key column ${tableLabel(table)}.${name}`);
    const key = `${tableLabel(table)} ${table.key.map(keyValue).join(' ')}`;
    if (keys.has(key) || own.has(key)) return false;
    own.add(key);
    return true;
  }

  /** Removes the rows that do not fit, and counts them. Undefined if the document itself does not fit. */
  function removeUnfit(document: JsonObject, sources: readonly SourceOfTable[], own: Set<string>): number | undefined {
    let removed = 0;
    for (const each of sources)
      for (const { row, remove } of placedRows(document, each.source.scope)) {
        if (isFitting(row, each, own)) continue;
        if (each.source.scope === '$') return undefined;
        remove();
        removed += 1;
      }
    return removed;
  }

  return {
    fitted(resource, given) {
      const document = copied(given) as JsonObject;
      const sources = byResource.get(resource) ?? [];
      let own: Set<string>;
      let removed: number | undefined;
      // a removed object may have held a value that the row around it needs
      do {
        own = new Set();
        removed = removeUnfit(document, sources, own);
      } while (removed);
      if (removed === undefined) return undefined;
      for (const key of own) keys.add(key);
      return document;
    },
  };
}

/**
 * Whether a row has all possible references of a foreign key, or has none of them and leaves a column empty or has one
 * of `others`.
 */
const hasReferences = (
  { columns, references, others }: SharedKey,
  isThere: (object: string) => boolean,
  isEmpty: (column: string) => boolean,
) => references.every(isThere) || (!references.some(isThere) && (columns.some(isEmpty) || others.some(isThere)));

/** A foreign key whose columns other members may fill. */
interface SharedKey {
  readonly columns: readonly string[];
  /**
   * The objects of documents that can be its reference: they have a value for each of its columns and for no other. An
   * ODS cannot tell which of several a document has, or whether it has one.
   */
  readonly references: readonly string[];
  /** References with more columns, whose targets refer to the target of this foreign key themselves. */
  readonly others: readonly string[];
}

/** Whether columns of a table lead to the target of a foreign key, through the foreign keys of a row that has them. */
type Leads = (table: OdsTableName, columns: readonly string[], key: OdsForeignKey) => boolean;

/** Follows foreign keys, and the key that a table shares with its parent. */
function keyPaths(tables: readonly OdsTable[]): Leads {
  const byLabel = new Map(tables.map((table) => [tableLabel(table), table]));
  const labelOf = (name: OdsTableName, columns: readonly string[]) => `${tableLabel(name)} ${columns.join(' ')}`;
  const targetsOf = (name: OdsTableName): readonly OdsForeignKey[] => {
    const table = byLabel.get(tableLabel(name));
    const parent = table?.parent && byLabel.get(tableLabel(table.parent));
    const shared = parent ? [{ columns: table.key, targetTable: parent, targetColumns: parent.key }] : [];
    return [...(table?.foreignKeys ?? []), ...shared];
  };
  return (start, from, { targetTable, targetColumns }) => {
    const wanted = labelOf(targetTable, targetColumns);
    const seen = new Set<string>();
    const visit = (table: OdsTableName, columns: readonly string[]): boolean => {
      const label = labelOf(table, columns);
      if (label === wanted) return true;
      if (seen.has(label)) return false;
      seen.add(label);
      return targetsOf(table).some((key) => {
        const mapped = columns.map((name) => key.targetColumns[key.columns.indexOf(name)]);
        return mapped.every((name) => name !== undefined) && visit(key.targetTable, mapped);
      });
    };
    return visit(start, from);
  };
}

/** The foreign keys of a table for which its documents have reference objects. */
function sharedKeys(table: OdsTable, source: OdsSource, leads: Leads): readonly SharedKey[] {
  const objects = new Map<string, Set<string>>();
  for (const { name } of table.columns)
    for (const path of allPaths(source, name)) {
      const object = path.slice(0, path.lastIndexOf('.'));
      objects.set(object, (objects.get(object) ?? new Set()).add(name));
    }
  return table.foreignKeys.flatMap((foreignKey) => {
    const { columns } = foreignKey;
    const wanted = new Set(columns);
    const having = [...objects].filter(([, names]) => columns.every((name) => names.has(name)));
    const [references, larger] = partition(having, ([, names]) => names.size === wanted.size);
    if (references.length === 0) return [];
    /** Whether the target of a reference with these columns refers to the target of the foreign key. */
    const isEnough = (names: ReadonlySet<string>) =>
      table.foreignKeys.some((key) => {
        if (key.columns.length !== names.size || !key.columns.every((name) => names.has(name))) return false;
        const there = columns.map((name) => key.targetColumns[key.columns.indexOf(name)] ?? '');
        return leads(key.targetTable, there, foreignKey);
      });
    return [
      {
        columns,
        references: references.map(([object]) => object),
        others: larger.flatMap(([object, names]) => (isEnough(names) ? [object] : [])),
      },
    ];
  });
}

/** The value of a path in a row or around it. */
function valueAround(row: ScopedValues, path: string): JsonValue | undefined {
  const [, inner = '$', rest = ''] = /^(.*\[\*\])(.*)$/.exec(path) ?? [undefined, '$', path.slice(1)];
  return valueAt(row.get(inner), `$${rest}`);
}

/** The distinct values that documents give to a column, as texts. */
const valuesOf = (row: ScopedValues, paths: readonly string[]) => [
  ...new Set(
    paths.flatMap((path) => {
      const value = valueAround(row, path);
      return value === undefined ? [] : [canonicalText(value)];
    }),
  ),
];

/** Whether a column of an ODS can hold the values of a row. */
function fits({ type, isNullable }: OdsColumn, values: readonly string[]): boolean {
  if (values.length > 1 || (values.length === 0 && !isNullable)) return false;
  const [value = '0'] = values;
  return type.kind !== 'smallint' || holdsInteger(type, BigInt(value));
}

/** A row, and a function that removes it from its document. */
interface PlacedRow {
  readonly row: ScopedValues;
  remove(): void;
}

function placedRows(document: JsonObject, scope: string): PlacedRow[] {
  const arrays = scope.split('[*]').slice(0, -1);
  let path = '';
  let found: PlacedRow[] = [{ row: new Map([['$', document]]), remove: () => undefined }];
  for (const step of arrays) {
    const around = path === '' ? '$' : path;
    const inner = path === '' ? step : `$${step}`;
    path = `${path}${step}[*]`;
    found = found.flatMap(({ row }) => {
      const items = valueAt(row.get(around), inner);
      if (!isJsonArray(items)) return [];
      return items.map((item) => ({
        row: new Map([...row, [path, item]]),
        remove: () => void (items as JsonValue[]).splice(items.indexOf(item), 1),
      }));
    });
  }
  const names = pathSteps(path === '' ? scope : `$${scope.slice(path.length)}`);
  const last = names.at(-1);
  if (last === undefined) return found;
  const around = path === '' ? '$' : path;
  return found.flatMap(({ row }) => {
    const holder = memberAt(row.get(around), names.slice(0, -1));
    if (!isJsonObject(holder) || !holder.has(last)) return [];
    return [{ row, remove: () => void (holder as Map<string, JsonValue>).delete(last) }];
  });
}

function copied(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(copied);
  if (!isJsonObject(value)) return value;
  return new Map([...value].map(([name, member]) => [name, copied(member)]));
}
