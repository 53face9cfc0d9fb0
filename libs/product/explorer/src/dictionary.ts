import { type DocumentSchemas, definitionOf, resourceLabel, schemaParts } from '@dms/api-schema';
import { markdownTable, printableLines } from '@dms/diagnostics';
import type { RelationalModelSet, ResourceModel } from '@dms/model';
import { type EarlierMapping, earlierColumns, type OdsMapping } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import { lookUpOds, odsAddress } from './ods-lookup.ts';

/** A row of the dictionary: a resource, or a place in its documents. */
interface DictionaryRow {
  /** `Project:Resource`. */
  readonly resource: string;
  /** `$` for the resource itself. */
  readonly path: string;
  /** `string(60)`, `integer`, `date`, `array`, … */
  readonly type: string;
  readonly isRequired: boolean;
  /** `schema.table.column` of each dialect that stores the value; several if it is stored more than once. */
  readonly columns: Readonly<Partial<Record<SqlDialect, readonly string[]>>>;
  /** `schema.table.column` of an ODS for each column that holds the value. */
  readonly ods: readonly string[];
  /** `schema.table.column` of the ODS of an earlier version for each column that gets the value. */
  readonly earlier: readonly string[];
  /** The resource that a reference names. */
  readonly reference: string | null;
  /** The descriptor that a value names. */
  readonly descriptor: string | null;
  /** The `description` of the schema, or an empty text. */
  readonly definition: string;
}

/** The columns, references and descriptors at the paths of a resource, from the model of one dialect. */
interface PlacesOfResource {
  readonly dialect: SqlDialect;
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly references: ReadonlyMap<string, string>;
  readonly descriptors: ReadonlyMap<string, string>;
}

function collectPlaces(dialect: SqlDialect, model: ResourceModel): PlacesOfResource {
  const columns = new Map<string, string[]>();
  for (const { table, columns: own } of model.tablesInDependencyOrder)
    for (const { name, sourcePath } of own) {
      if (sourcePath === null) continue;
      const found = columns.get(sourcePath.canonical) ?? [];
      columns.set(sourcePath.canonical, found);
      found.push(`${table.schema}.${table.name}.${name}`);
    }
  const references = model.documentReferenceBindings.map(
    ({ referenceObjectPath, targetResource }) =>
      [referenceObjectPath.canonical, resourceLabel(targetResource)] as const,
  );
  const descriptors = model.descriptorEdgeSources.map(
    ({ descriptorValuePath, descriptorResource }) =>
      [descriptorValuePath.canonical, resourceLabel(descriptorResource)] as const,
  );
  return { dialect, columns, references: new Map(references), descriptors: new Map(descriptors) };
}

const textOf = (value: JsonValue | undefined) => (typeof value === 'string' ? value : '');

function typeOf(schema: JsonObject): string {
  const type = textOf(schema.get('format')) || textOf(schema.get('type'));
  const length = schema.get('maxLength');
  return length instanceof JsonNumber ? `${type}(${length.lexeme})` : type;
}

/** The facts from the models of all dialects, by resource. */
function placesByResource(models: readonly RelationalModelSet[]): ReadonlyMap<string, readonly PlacesOfResource[]> {
  const places = new Map<string, PlacesOfResource[]>();
  for (const { dialect, resources } of models)
    for (const model of resources) {
      const label = resourceLabel(model.resourceKey);
      places.set(label, [...(places.get(label) ?? []), collectPlaces(dialect, model)]);
    }
  return places;
}

/** The facts from the models about one path of a resource. */
function factsAt(
  path: string,
  known: readonly PlacesOfResource[],
): Pick<DictionaryRow, 'columns' | 'reference' | 'descriptor'> {
  const columns = known.flatMap(({ dialect, columns: stored }) => {
    const names = stored.get(path);
    return names === undefined ? [] : [[dialect, names] as const];
  });
  return {
    columns: Object.fromEntries(columns),
    reference: known.map(({ references }) => references.get(path)).find((each) => each !== undefined) ?? null,
    descriptor: known.map(({ descriptors }) => descriptors.get(path)).find((each) => each !== undefined) ?? null,
  };
}

/**
 * The dictionary of a schema set (design 13 §7): a row for each resource and for each place in its documents that has a
 * definition or a column, by resource and in the order of its schema. Places that only hold others have no row.
 *
 * @param models of the dialects whose columns are listed
 * @param mapping of an ODS whose columns are listed
 * @param earlier of an earlier version whose columns are listed, by the columns of that ODS
 */
export function dictionaryRows(
  models: readonly RelationalModelSet[],
  schemas: DocumentSchemas,
  mapping?: OdsMapping,
  earlier?: EarlierMapping,
): DictionaryRow[] {
  // the dictionary does not ask for the common properties of subclasses
  const { placesOf: odsPlacesOf } = lookUpOds(mapping?.tables ?? [], () => undefined);
  const before = earlier === undefined ? undefined : earlierColumns(earlier);
  const places = placesByResource(models);
  return [...schemas].flatMap(([resource, own]) => {
    const known = places.get(resource) ?? [];
    return own.flatMap((schema, index) =>
      [...schemaParts(schema)].flatMap(({ schema: part, path, isRequired }): DictionaryRow[] => {
        const { columns, reference, descriptor } = factsAt(path, known);
        const definition = definitionOf(part);
        // the root of an extension is that of its resource
        const isResource = path === '$' && index === 0;
        const isEmpty = Object.keys(columns).length === 0 && definition === '' && reference === null;
        if (!isResource && isEmpty) return [];
        const ods = odsPlacesOf(resource, path).map(({ table, column }) => odsAddress(table, column));
        const earlierOds = [...new Set(ods.flatMap((column) => before?.get(column) ?? []))];
        const type = typeOf(part);
        const facts = { resource, path, type, isRequired, columns, ods, earlier: earlierOds };
        return [{ ...facts, reference, descriptor, definition }];
      }),
    );
  });
}

/** The cells of the dictionary, the headings first; with a column for the ODS, and for that of an earlier version, on request. */
export function dictionaryCells(
  rows: readonly DictionaryRow[],
  dialects: readonly SqlDialect[],
  { hasOds, hasEarlier }: { readonly hasOds: boolean; readonly hasEarlier: boolean },
): string[][] {
  const odsHead = [...(hasOds ? ['ods'] : []), ...(hasEarlier ? ['earlier'] : [])];
  const head = [
    'resource',
    'path',
    'type',
    'required',
    ...dialects,
    ...odsHead,
    'reference',
    'descriptor',
    'definition',
  ];
  const cells = rows.map(({ resource, path, type, isRequired, columns, ods, earlier, ...row }) => [
    ...[resource, path, type, isRequired ? 'yes' : 'no'],
    ...dialects.map((dialect) => (columns[dialect] ?? []).join(' ')),
    ...(hasOds ? [ods.join(' ')] : []),
    ...(hasEarlier ? [earlier.join(' ')] : []),
    ...[row.reference ?? '', row.descriptor ?? '', row.definition],
  ]);
  return [head, ...cells];
}

/**
 * The beginning of a formula in a spreadsheet, in plain and full-width characters. OWASP's page on CSV injection also
 * names the tab, the carriage return and the line feed, after which a spreadsheet looks for a formula.
 */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/** An apostrophe makes a spreadsheet treat a formula as a text. */
const asText = (cell: string) => (formula.test(cell) ? `'${cell}` : cell);

/** Quoted if RFC 4180 requires it, or if a spreadsheet with another separator would begin a new cell. */
const csvCell = (cell: string) => (/[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const csv = (cells: readonly (readonly string[])[]) =>
  cells.map((row) => `${row.map((cell) => csvCell(asText(printableLines(cell)))).join(',')}\r\n`).join('');

const markdown = ([head = [], ...rows]: readonly (readonly string[])[]) =>
  markdownTable({ head, rows })
    .map((line) => `${line}\n`)
    .join('');

/** A workbook has the time of its parts in the local time of the machine; this is the earliest possible time. */
const earliest = new Date(1980, 0, 1);

async function xlsx([head = [], ...rows]: readonly (readonly string[])[]): Promise<Uint8Array> {
  // loaded only here, so that other commands start faster
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const { unzipSync, zipSync } = await import('fflate');
  const headings = head.map((value) => ({ value, fontWeight: 'bold' as const }));
  const data = [headings, ...rows.map((row) => row.map((value) => ({ value: printableLines(value), type: String })))];
  const columns = head.map((name) => ({ width: name === 'definition' ? 100 : 30 }));
  const workbook = await writeXlsxFile(data, { sheet: 'Dictionary', stickyRowsCount: 1, columns });
  return zipSync(unzipSync(await workbook.toBuffer()), { mtime: earliest });
}

/** Functions that write a dictionary, by the name of the format. */
export const dictionaryFormats = { csv, markdown, xlsx } as const satisfies Readonly<
  Record<string, (cells: readonly (readonly string[])[]) => string | Uint8Array | Promise<Uint8Array>>
>;

export type DictionaryFormat = keyof typeof dictionaryFormats;
