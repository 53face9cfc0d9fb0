import type { Diagnostic, RowPlace } from '@dms/diagnostics';
import { descriptorMembers } from '@dms/model';
import type { JsonValue } from '@dms/values';
import { type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
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
import {
  type CheckReadDocument,
  checkedDiagnostics,
  type OdsDocument,
  type RefuseRows,
  type RowCounts,
  type RowDiagnosticCode,
  rowDiagnostic,
  type TableRows,
} from './reading-report.ts';
import { RowStream } from './row-stream.ts';
import type { OpenedOds, SourceTable } from './source-catalog.ts';

/** A descriptor by the number that rows have for it. */
interface KnownDescriptor {
  /** The text that documents have for it. */
  readonly text: string;
  /** Null if it was refused: documents cannot name it. */
  readonly resource: string | null;
}

export interface DescriptorsById {
  get(id: unknown): KnownDescriptor | undefined;
}

/** The members of a descriptor, and the columns of `Descriptor` that hold them (design 19a §5). */
const members = Object.entries(descriptorMembers);

/** A row of `Descriptor`, and the tables of descriptors that have its id. */
interface DescriptorEntry {
  readonly row: SourceRow;
  /** Whether it becomes a document; otherwise only its text is used. */
  readonly isRead: boolean;
  readonly text: string;
  readonly kinds: DescriptorKind[];
  isRefused: boolean;
}

interface DescriptorKind {
  readonly resource: string;
  readonly rows: TableRows;
}

/** The rows of `Descriptor` by id. */
export class Descriptors implements DescriptorsById {
  private readonly byId = new Map<string, DescriptorEntry>();

  get(id: unknown): KnownDescriptor | undefined {
    const entry = this.find(id);
    if (entry === undefined) return undefined;
    const [kind] = entry.kinds;
    return { text: entry.text, resource: entry.isRefused || kind === undefined ? null : kind.resource };
  }

  find(id: unknown): DescriptorEntry | undefined {
    return this.byId.get(String(id));
  }

  add(id: unknown, entry: DescriptorEntry): void {
    this.byId.set(String(id), entry);
  }

  entries(): Iterable<readonly [string, DescriptorEntry]> {
    return this.byId;
  }
}

interface DescriptorReading extends OpenedOds {
  readonly rows: RowCounts;
  readonly check: CheckReadDocument | undefined;
  /** Only descriptors with a greater `ChangeVersion` are read; null for all. */
  readonly since: bigint | null;
  /** Whether descriptors with this `Discriminator` may be left out. */
  mayLeave(discriminator: unknown): boolean;
  /** Counts a descriptor that is read; it has no losses. */
  count(resource: string, losses: readonly []): void;
  readonly refuse: RefuseRows;
}

const baseColumns = ['DescriptorId', ...members.map(([, column]) => column), 'Discriminator'] as const;

/**
 * Reads the descriptors into `descriptors`, and yields one document for each, without a uuid: loaders give them their
 * own (design 19a §5).
 */
export async function* descriptorDocuments(
  reading: DescriptorReading,
  descriptors: Descriptors,
): AsyncGenerator<OdsDocument, void> {
  const { dialect, mapping, catalog, rows, check, since, mayLeave, count, refuse } = reading;
  const base = mapping.tables.find(({ kind }) => kind === 'descriptorBase');
  const source = base && catalog.tables.get(tableLabel(base));
  if (base === undefined || source === undefined) return;
  const baseRows = rows.of(tableLabel(base));
  for await (const row of rowsOf(reading, columnQuery(dialect, source, baseColumns, source.versionColumn))) {
    const isRead =
      since === null || source.versionColumn === null || BigInt(String(row[baseColumns.length] ?? 0)) > since;
    if (isRead) baseRows.rows += 1;
    if (descriptors.find(row[0]) === undefined) {
      const text = descriptorText(row[indexOf('Namespace')], row[indexOf('CodeValue')]);
      descriptors.add(row[0], { text, row, isRead, kinds: [], isRefused: false });
    } else refuse([rowDiagnostic('ODS_KEY_REPEATED', placeOf(base, row[0]), 'Another row has this key.')], [baseRows]);
  }
  for (const table of mapping.tables.filter(({ kind }) => kind === 'descriptor')) {
    const own = catalog.tables.get(tableLabel(table));
    const [first] = table.sources;
    const [key = ''] = table.key;
    if (own === undefined || first === undefined) continue;
    const kind = { resource: resourceKey(first.resource), rows: rows.of(tableLabel(table)) };
    for await (const [id] of rowsOf(reading, columnQuery(dialect, own, [key]))) {
      const entry = descriptors.find(id);
      if (since === null || entry?.isRead === true) kind.rows.rows += 1;
      else if (entry === undefined) continue;
      const isRepeated = entry?.kinds.includes(kind);
      if (entry !== undefined && !isRepeated) {
        entry.kinds.push(kind);
        continue;
      }
      const text = isRepeated ? 'Another row has this key.' : 'Descriptor has no row with this key.';
      const found = rowDiagnostic(isRepeated ? 'ODS_KEY_REPEATED' : 'ODS_ROW_ORPHANED', placeOf(table, id), text, kind);
      refuse([found], [kind.rows]);
    }
  }
  for (const [id, entry] of descriptors.entries()) {
    const { row, kinds, isRead } = entry;
    if (!isRead) continue;
    const place = placeOf(base, id);
    const used = [baseRows, ...kinds.map((kind) => kind.rows)];
    entry.isRefused = true;
    const [kind, other] = kinds;
    if (kind === undefined) {
      const discriminator = row[indexOf('Discriminator')] ?? null;
      if (mayLeave(discriminator)) {
        baseRows.left += 1;
        continue;
      }
      const named = discriminator === null ? '' : ` Its Discriminator is ${String(discriminator)}.`;
      const text = `No table of descriptors of the schema set has this row.${named}`;
      refuse([rowDiagnostic('ODS_SUBCLASS_UNKNOWN', place, text)], used);
    } else if (other !== undefined) {
      const text = `A descriptor has one kind, but this one is a ${kinds.map(({ resource }) => resource).join(' and a ')}.`;
      refuse([rowDiagnostic('ODS_KEY_REPEATED', place, text)], used);
    } else {
      const made = documentOf(base, kind.resource, row);
      const diagnostics = 'diagnostics' in made ? made.diagnostics : checkedDiagnostics(check, made, place);
      if ('diagnostics' in made || diagnostics.length > 0) {
        refuse(diagnostics, used);
        continue;
      }
      entry.isRefused = false;
      for (const each of used) each.written += 1;
      count(kind.resource, []);
      yield made;
    }
  }
}

async function* rowsOf(
  { connection, dialect }: DescriptorReading,
  query: SourceQuery,
): AsyncGenerator<SourceRow, void> {
  const stream = await RowStream.open(connection, dialect, 'dms_descriptors', query);
  for (let row = stream.head; row !== undefined; row = stream.head) {
    yield row;
    stream.advance();
    if (stream.isWaiting) await stream.fill();
  }
  await stream.close();
}

function columnQuery(
  dialect: ReadingDialect,
  { table, name, columns }: SourceTable,
  wanted: readonly [key: string, ...others: string[]],
  versionColumn: string | null = null,
): SourceQuery {
  const { sql, id } = dialect.rules;
  const selected = wanted.map((each): SelectedValue => {
    const source = columns.get(each);
    const type = table.columns.find((column) => column.name === each)?.type.kind;
    return source === undefined || type === undefined
      ? { text: sql`NULL`, isInteger: false }
      : selectedValue(dialect, id(source.name), type, source.type);
  });
  if (versionColumn !== null) selected.push(selectedValue(dialect, id(versionColumn), 'bigint', 'bigint'));
  const [key] = wanted;
  const order = id(columns.get(key)?.name ?? key);
  return sourceQuery(dialect, selected, sql`FROM ${dialect.from(name)} ORDER BY ${order}`);
}

const indexOf = (column: (typeof baseColumns)[number]) => baseColumns.indexOf(column);

function placeOf(table: OdsTable, id: unknown): RowPlace {
  const [key = ''] = table.key;
  return { table: tableLabel(table), key: { [key]: String(id) } };
}

/** The document of a row, or its errors. */
function documentOf(
  table: OdsTable,
  resource: string,
  row: SourceRow,
): OdsDocument | { readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const document = new Map<string, JsonValue>();
  for (const [member, name] of members) {
    const column = table.columns.find((each) => each.name === name);
    const value = row[indexOf(name)] ?? null;
    if (column === undefined) continue;
    const refuse = (code: RowDiagnosticCode, text: string) =>
      diagnostics.push(
        rowDiagnostic(code, placeOf(table, row[0]), text, { resource, path: `$.${member}`, column: name }),
      );
    if (value === null) {
      if (!column.isNullable) refuse('ODS_VALUE_MISSING', `${name} is NULL, and a document must have the value.`);
      continue;
    }
    const found = readerOf(column.type)(value);
    if ('value' in found) document.set(member, found.value);
    else refuse('ODS_VALUE_REJECTED', `${name} ${found.finding}.`);
  }
  return diagnostics.length > 0
    ? { diagnostics }
    : { resource, document, uuid: null, row: () => placeOf(table, row[0]) };
}
