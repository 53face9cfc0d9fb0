import type { RowPlace } from '@dms/diagnostics';
import { Identities, modelIndex, type QualifiedResourceName, type RelationalModelSet } from '@dms/model';
import type { JsonObject, JsonValue } from '@dms/values';
import { allPaths, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { resourceKey } from '../mapping/resource-parts.ts';
import { descriptorText, readerOf } from './ods-values.ts';
import {
  type ReadingDialect,
  type SelectedValue,
  type SourceQuery,
  type SourceRow,
  selectedValue,
  sourceQuery,
} from './reading-dialect.ts';
import { RowStream } from './row-stream.ts';
import type { OpenedOds, TrackedTable } from './source-catalog.ts';

/** A delete or a changed key that a source has recorded, in the form of a tracked change (design 16 §7). */
export interface OdsChange {
  readonly kind: 'delete' | 'keyChange';
  /** `Project:Resource`. */
  readonly resource: string;
  /** The `Id` of the document. */
  readonly uuid: string;
  readonly changeVersion: bigint;
  /** The identity before the change, by path without `$.`; the identity of a descriptor is its URI. */
  readonly oldKey: JsonObject;
  /** The identity after the change; null for a delete. */
  readonly newKey: JsonObject | null;
  /** The row that had the old key. */
  readonly row: RowPlace;
}

/** The tables whose rows have keys of documents. */
export const recordsChanges = ({ kind }: OdsTable): boolean =>
  kind === 'root' || kind === 'base' || kind === 'descriptorBase';

/** The query for the recorded changes of one table. */
interface ChangeQuery {
  readonly table: OdsTable;
  readonly query: SourceQuery;
  changeOf(row: SourceRow): OdsChange | null;
}

/** The resource that a value of `Discriminator` names. */
type ResourceOf = (discriminator: unknown) => QualifiedResourceName | null;

/** Facts for reading the recorded keys of all tables. */
interface KeyFacts {
  readonly resourceOf: ResourceOf;
  readonly pathsOf: (resource: QualifiedResourceName) => ReadonlySet<string>;
  /** Only changes after this version are read. */
  readonly since: bigint;
}

/** Queries for the recorded changes of a source, and the tables without records. */
interface RecordedChangeQueries {
  readonly queries: readonly ChangeQuery[];
  /** Tables whose deletes the source does not record, by label. */
  readonly unrecorded: readonly string[];
}

export function changeQueries(
  { dialect, mapping, catalog: { tables } }: Omit<OpenedOds, 'connection'>,
  model: RelationalModelSet,
  since: bigint,
): RecordedChangeQueries {
  const facts: KeyFacts = { resourceOf: discriminatedResources(mapping), pathsOf: identityPathsOf(model), since };
  const queries: ChangeQuery[] = [];
  const unrecorded: string[] = [];
  for (const { table, tracked } of tables.values()) {
    if (!recordsChanges(table)) continue;
    const query = tracked === null ? undefined : changeQuery(dialect, facts, table, tracked);
    if (query === undefined) unrecorded.push(tableLabel(table));
    else queries.push(query);
  }
  return { queries, unrecorded };
}

/** The resources of subclasses and descriptors, by the values of `Discriminator`. */
function discriminatedResources({ tables }: OdsMapping): ResourceOf {
  const found = new Map(
    tables
      .filter(({ kind }) => kind === 'subclass' || kind === 'descriptor')
      .map((table) => [tableLabel(table).toLowerCase(), table.sources[0]?.resource ?? null] as const),
  );
  return (discriminator) => found.get(String(discriminator ?? '').toLowerCase()) ?? null;
}

/** The identity paths of each resource, by label. */
function identityPathsOf(model: RelationalModelSet): (resource: QualifiedResourceName) => ReadonlySet<string> {
  const identities = new Identities(model);
  const { resources } = modelIndex(model);
  const known = new Map<string, ReadonlySet<string>>();
  return (name) => {
    const label = resourceKey(name);
    const found = known.get(label);
    if (found) return found;
    const resource = resources.get(label);
    const isStored = resource !== undefined && resource.storageKind !== 'SharedDescriptorTable';
    const elements = isStored ? identities.own(resource).identityElements : [];
    const paths = new Set<string>(elements.map(({ identityJsonPath }) => identityJsonPath.canonical));
    known.set(label, paths);
    return paths;
  };
}

/** A part of a key: its column, and its recorded values. */
interface ChangedKeyPart {
  readonly column: string;
  readonly numberIndex: number;
  /** The recorded value in a row, before or after the change. */
  value(row: SourceRow, isNew: boolean): JsonValue | null;
}

/**
 * The query for the changes of a table that its source has recorded after a version; undefined if a column of the
 * record is missing. Records have each column of the key as `Old…` and `New…`; a descriptor has `…Namespace` and
 * `…CodeValue` beside its id, and a person its unique id.
 */
function changeQuery(
  dialect: ReadingDialect,
  { resourceOf, pathsOf, since }: KeyFacts,
  table: OdsTable,
  tracked: TrackedTable,
): ChangeQuery | undefined {
  const { sql, id, literal } = dialect.rules;
  const selected: SelectedValue[] = [];
  let isWhole = true;
  const select = (column: string, type: Parameters<ReadingDialect['value']>[1]): number => {
    const found = tracked.columns.get(column.toLowerCase());
    if (found === undefined) isWhole = false;
    else selected.push(selectedValue(dialect, sql`"c".${id(found.name)}`, type, found.type));
    return selected.length - 1;
  };
  const idIndex = select('Id', 'uuid');
  const versionIndex = select('ChangeVersion', 'bigint');
  const discriminatorIndex = tracked.columns.has('discriminator') ? select('Discriminator', 'string') : null;
  const parts = table.key.flatMap((column): ChangedKeyPart[] => {
    const found = table.columns.find((each) => each.name === column);
    if (found === undefined) return [];
    const { content, type } = found;
    const numbers = [select(`Old${column}`, type.kind), select(`New${column}`, type.kind)] as const;
    const [numberIndex] = numbers;
    if (table.kind === 'descriptorBase' || content.kind === 'descriptor') {
      const base = table.kind === 'descriptorBase' ? '' : column.replace(/Id$/, '');
      const partsOf = (prefix: string) =>
        ['Namespace', 'CodeValue'].map((each) => select(`${prefix}${base}${each}`, 'string'));
      const oldParts = partsOf('Old');
      const newParts = partsOf('New');
      return [{ column, numberIndex, value: (row, isNew) => uriOf(row, isNew ? newParts : oldParts) }];
    }
    if (content.kind === 'usi') {
      const base = column.replace(/USI$/, 'UniqueId');
      const oldIndex = select(`Old${base}`, 'string');
      const newIndex = select(`New${base}`, 'string');
      return [{ column, numberIndex, value: (row, isNew) => textOf(row[isNew ? newIndex : oldIndex]) }];
    }
    const read = readerOf(type);
    const value = (row: SourceRow, isNew: boolean) => {
      const at = row[numbers[isNew ? 1 : 0]];
      const made = isPresent(at) ? read(at) : { value: null };
      return 'value' in made ? made.value : String(at);
    };
    return [{ column, numberIndex, value }];
  });
  const version = id(tracked.columns.get('changeversion')?.name ?? 'ChangeVersion');
  if (!isWhole || parts.length === 0) return undefined;
  const keyOf = (resource: QualifiedResourceName, row: SourceRow, isNew: boolean): JsonObject | null => {
    const key = new Map<string, JsonValue>();
    const source = table.sources.find((each) => resourceKey(each.resource) === resourceKey(resource));
    for (const part of parts) {
      const value = part.value(row, isNew);
      if (value === null) return null;
      if (table.kind === 'descriptorBase') key.set('descriptor', value);
      const paths = source === undefined ? [] : allPaths(source, part.column);
      for (const path of paths.filter((each) => pathsOf(resource).has(each))) key.set(path.replace(/^\$\./, ''), value);
    }
    return key;
  };
  const rest = sql`FROM ${dialect.from(tracked.name)} "c" WHERE "c".${version} > ${literal(since)} ORDER BY "c".${version}`;
  return {
    table,
    query: sourceQuery(dialect, selected, rest),
    changeOf(found) {
      const resource =
        table.kind === 'root'
          ? (table.sources[0]?.resource ?? null)
          : resourceOf(discriminatorIndex === null ? null : found[discriminatorIndex]);
      const oldKey = resource === null ? null : keyOf(resource, found, false);
      if (resource === null || oldKey === null) return null;
      const newKey = keyOf(resource, found, true);
      const numbers = parts.map(({ column, numberIndex }) => [column, String(found[numberIndex])] as const);
      return {
        kind: newKey === null ? 'delete' : 'keyChange',
        resource: resourceKey(resource),
        oldKey,
        newKey,
        uuid: String(found[idIndex]),
        changeVersion: BigInt(String(found[versionIndex])),
        row: { table: tableLabel(table), key: Object.fromEntries(numbers) },
      };
    },
  };
}

function uriOf(row: SourceRow, [namespace = -1, codeValue = -1]: readonly number[]): string | null {
  const first = row[namespace];
  const second = row[codeValue];
  return isPresent(first) && isPresent(second) ? descriptorText(first, second) : null;
}

const isPresent = (value: unknown) => value !== null && value !== undefined;

const textOf = (value: unknown): string | null => (isPresent(value) ? String(value) : null);

/** The changes of all tables; those of one table by version. */
export async function* changesOf(
  { connection, dialect }: Pick<OpenedOds, 'connection' | 'dialect'>,
  queries: readonly ChangeQuery[],
): AsyncGenerator<OdsChange, void> {
  for (const { query, changeOf } of queries) {
    const stream = await RowStream.open(connection, dialect, 'dms_changes', query);
    for (let row = stream.head; row !== undefined; row = stream.head) {
      const change = changeOf(row);
      if (change !== null) yield change;
      stream.advance();
      if (stream.isWaiting) await stream.fill();
    }
    await stream.close();
  }
}
