import type { Row } from '@dms/databases';
import {
  type DocumentArray,
  type DocumentLeaf,
  type DocumentNode,
  type DocumentObject,
  mustExist,
  type ScalarType,
} from '@dms/model';
import { type JsonObject, type JsonValue, jsonText } from '@dms/values';
import type { PlacedRows } from '../document-generation.ts';
import { generations } from '../generations.ts';
import { cachedByResource, type ResourcePlans } from '../resource-plans.ts';
import type { DocumentTableShape } from '../resource-shape.ts';
import { type ColumnKey, tableColumnKeys } from '../statements/statements-by-dialect.ts';
import { jsonFromDatabase, jsonTextFromDatabase } from '../values/stored-value.ts';
import type { DescriptorUris } from './descriptor-uris.ts';

/** The parts from which documents are assembled: values of JSON, or their texts. */
interface ReadForm<Content> {
  /** Converts the values of the columns of a type. */
  readonly scalars: Readonly<Record<ScalarType['kind'], (value: unknown) => Content | undefined>>;
  readonly uri: (text: string) => Content;
  readonly array: (elements: readonly Content[]) => Content;
  /**
   * Returns a function of the values of members with these names; absent members, and an object without members, are
   * undefined.
   */
  readonly object: (names: readonly string[]) => (values: readonly (Content | undefined)[]) => Content | undefined;
  readonly emptyObject: () => Content;
}

const valueForm: ReadForm<JsonValue> = {
  scalars: jsonFromDatabase,
  uri: (text) => text,
  array: (elements) => elements,
  object: (names) => (values) => {
    const object = new Map<string, JsonValue>();
    for (const [index, name] of names.entries()) {
      const value = values[index];
      if (value !== undefined) object.set(name, value);
    }
    return object.size > 0 ? object : undefined;
  },
  emptyObject: () => new Map(),
};

/** The same texts that `jsonText` makes of these values. */
const textForm: ReadForm<string> = {
  scalars: jsonTextFromDatabase,
  uri: jsonText,
  array: (elements) => `[${elements.join(',')}]`,
  object: (names) => {
    const heads = names.map((name) => `${jsonText(name)}:`);
    return (values) => {
      let text = '';
      for (let index = 0; index < values.length; index += 1) {
        const value = values[index];
        if (value !== undefined) text += `${text === '' ? '{' : ','}${heads[index]}${value}`;
      }
      return text === '' ? undefined : `${text}}`;
    };
  },
  emptyObject: () => '{}',
};

/** Assembles a part of a document, within the object of the given row; undefined if nothing is stored. */
type Assembly<Content> = (page: PageRows, row: Row | undefined) => Content | undefined;

/** Assembles the documents of a resource; built once from its shape. */
function assembly<Content>(plans: ResourcePlans, form: ReadForm<Content>): Assembly<Content> {
  const keys = tableColumnKeys(plans);
  const { showsEmptyExtensions } = generations[plans.version].shape;
  const keyOf = (table: number, column: string): ColumnKey =>
    mustExist(keys[table]?.get(column), `the column ${column}`);

  function ofLeaf(leaf: DocumentLeaf): Assembly<Content> {
    const column = mustExist(leaf.columns[0], `the column of ${leaf.path}`).name;
    const key = keyOf(leaf.table, column);
    if (leaf.value === 'descriptor')
      return (page, row) => {
        const id = row?.[key];
        if (id === null || id === undefined) return undefined;
        const uri = page.uris.get(String(id));
        if (uri !== undefined) return form.uri(uri);
        page.lacksUris = true;
        return undefined;
      };
    const json = form.scalars[leaf.scalarType.kind];
    return (page, row) => {
      const value = row?.[key];
      if (value === null || value === undefined) return undefined;
      const content = json(value);
      if (content === undefined) page.refuse({ path: leaf.path, column, shown: String(value) });
      return content;
    };
  }

  function ofArray(array: DocumentArray, depth: number): Assembly<Content> {
    const assembleElement = ofNode(array.element, depth + 1);
    const table = array.element.table;
    return table === null ? ofExtensions(array, assembleElement, depth) : ofItems(array, assembleElement, depth, table);
  }

  /** An array whose table has a row for each item. */
  function ofItems(
    { element }: DocumentArray,
    assembleElement: Assembly<Content>,
    depth: number,
    table: number,
  ): Assembly<Content> {
    const isLeaf = element.kind === 'leaf';
    return (page) => {
      let position = page.next(table, depth);
      if (position === null) return undefined;
      const elements: Content[] = [];
      do {
        page.place[depth] = position;
        const row = isLeaf ? page.take(table) : undefined;
        elements.push(assembleElement(page, row) ?? form.emptyObject());
        position = page.next(table, depth);
      } while (position !== null);
      return form.array(elements);
    };
  }

  /**
   * The extensions of the items of another array: they have the positions of these items, and an item without an
   * extension is empty. The result ends with the last extension.
   */
  function ofExtensions(
    { path, tables }: DocumentArray,
    assembleElement: Assembly<Content>,
    depth: number,
  ): Assembly<Content> {
    const extended = mustExist(extendedTable(plans, tables, depth + 1), `the items that ${path} extends`);
    return (page) => {
      let last = page.first(tables, depth);
      if (last === null) return undefined;
      const elements: Content[] = [];
      const positions = page.positions(extended, depth);
      for (let item = 0; last !== null; ) {
        const own: number = last;
        const other = positions[item];
        const position = other === undefined ? own : Math.min(own, other);
        if (position === other) item += 1;
        page.place[depth] = position;
        elements.push(assembleElement(page, undefined) ?? form.emptyObject());
        // an item has one extension of each kind
        if (position === own) last = page.first(tables, depth, own);
      }
      return form.array(elements);
    };
  }

  function ofObject({ members, table, reference }: DocumentObject, depth: number): Assembly<Content> {
    const assembled = [...members.values()].map((member) => ofNode(member, depth));
    const made = form.object([...members.keys()]);
    const referenceKey = reference && keyOf(reference.table, reference.binding.fkColumn);
    const isShownEmpty = table !== null && showsEmptyExtensions;
    return (page, outer) => {
      const row = table === null ? outer : page.take(table);
      if (referenceKey !== null && (row?.[referenceKey] ?? null) === null) return undefined;
      const object = made(assembled.map((assemble) => assemble(page, row)));
      return object === undefined && isShownEmpty && row !== undefined ? form.emptyObject() : object;
    };
  }

  function ofNode(node: DocumentNode, depth: number): Assembly<Content> {
    if (node.kind === 'leaf') return ofLeaf(node);
    return node.kind === 'array' ? ofArray(node, depth) : ofObject(node, depth);
  }

  return ofNode(plans.shape.root, 0);
}

export interface PageDocuments<Content> {
  /** The documents, in the order of their ids. */
  readonly documents: readonly Content[];
  /** Values that documents cannot hold, by document id; such a document lacks the value. */
  readonly unwritable: ReadonlyMap<string, UnwritableValue>;
  /** The ids of documents without a root row. */
  readonly lost: ReadonlySet<string>;
}

export interface DocumentReader<Content> {
  /**
   * Assembles documents from their rows, in the order of their ids: members in model order, arrays by position, absent
   * parts omitted (design 14 §3). Null if they refer to a descriptor with an unknown URI.
   */
  documentsOf(
    documentIds: readonly string[],
    answers: readonly (readonly Row[])[],
    uris: DescriptorUris,
  ): PageDocuments<Content> | null;
}

function readerOf<Content>(plans: ResourcePlans, form: ReadForm<Content>): DocumentReader<Content> {
  const { place } = generations[plans.version].reading;
  const assemble = assembly(plans, form);
  return {
    documentsOf: (documentIds, answers, uris) => {
      const page = new PageRows(place(plans, answers), uris);
      const lost = new Set<string>();
      const documents = documentIds.map((id) => {
        page.begin(id);
        if (!page.hasRoot) lost.add(id);
        return assemble(page, undefined) ?? form.emptyObject();
      });
      return page.lacksUris ? null : { documents, unwritable: page.unwritable, lost };
    },
  };
}

/** The reader of a resource, created once. */
export const documentReader = cachedByResource((plans) => {
  const { documentsOf } = readerOf(plans, valueForm);
  const objects = (documents: readonly JsonValue[]) =>
    documents.map((document): JsonObject => (document instanceof Map ? document : new Map()));
  const reader: DocumentReader<JsonObject> = {
    documentsOf: (...page) => {
      const found = documentsOf(...page);
      return found && { ...found, documents: objects(found.documents) };
    },
  };
  return reader;
});

/** The reader for documents as text, on one line each, in the form of `jsonText`. */
export const textReader = cachedByResource((plans) => readerOf(plans, textForm));

/** The table of the items that enclose the rows of the first of these tables, within `depth` arrays. */
function extendedTable({ shape }: ResourcePlans, [first]: readonly number[], depth: number): number | null {
  let index = first ?? null;
  while (index !== null) {
    const table: DocumentTableShape = mustExist(shape.tables[index], 'a table of the resource');
    const isOfItems = table.table.jsonScope.segments.at(-1)?.kind === 'anyElement';
    if (table.depth === depth && isOfItems) return index;
    index = table.parent;
  }
  return null;
}

/**
 * The rows of one table of a page, in the order of their places. Documents are assembled in that order, so either the
 * next row is the requested one, or the requested one does not exist. A row is skipped if no other table has its place.
 */
class TableRows {
  private readonly placed: PlacedRows;
  /** The index of the first row of each document. */
  private readonly starts = new Map<string, number>();
  /** The indexes of the next row, and of the start and end of the rows of the document. */
  private next = 0;
  private start = 0;
  private end = 0;

  constructor(placed: PlacedRows) {
    this.placed = placed;
    let last: unknown;
    for (let index = 0; index < placed.rows.length; index += 1) {
      const id = placed.documentAt(index);
      if (id !== last) this.starts.set(String(id), index);
      last = id;
    }
  }

  begin(documentId: string): void {
    const { length } = this.placed.rows;
    this.start = this.starts.get(documentId) ?? length;
    this.next = this.start;
    const document = this.placed.documentAt(this.start);
    this.end = this.start;
    while (this.end < length && this.placed.documentAt(this.end) === document) this.end += 1;
  }

  /** Whether the table has a row of the current document. */
  get hasRows(): boolean {
    return this.start < this.end;
  }

  /**
   * Whether a row is before, at or after the place, as a negative number, 0 or a positive number; compares the first
   * `depth` arrays.
   */
  private order(index: number, place: readonly number[], depth: number): number {
    for (let level = 0; level < depth; level += 1) {
      const difference = this.placed.ordinalAt(index, level) - (place[level] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Whether the next row belongs to the document and, for the first `depth` arrays, to the place. */
  private seek(place: readonly number[], depth: number): boolean {
    while (this.next < this.end) {
      const order = this.order(this.next, place, depth);
      if (order >= 0) return order === 0;
      this.next += 1;
    }
    return false;
  }

  take(place: readonly number[]): Row | undefined {
    if (!this.seek(place, this.placed.depth)) return undefined;
    this.next += 1;
    return this.placed.rows[this.next - 1];
  }

  /** The position of the next row in the array at a place, if it is greater than `after`; null at the end of the array. */
  position(place: readonly number[], depth: number, after: number): number | null {
    while (this.seek(place, depth)) {
      const position = this.placed.ordinalAt(this.next, depth);
      if (position > after) return position;
      this.next += 1;
    }
    return null;
  }

  /** All positions in the array at a place, including those of rows that were already taken. */
  positions(place: readonly number[], depth: number): readonly number[] {
    let first = this.start;
    for (let end = this.end; first < end; ) {
      const middle = Math.floor((first + end) / 2);
      if (this.order(middle, place, depth) < 0) first = middle + 1;
      else end = middle;
    }
    const found: number[] = [];
    for (let index = first; index < this.end && this.order(index, place, depth) === 0; index += 1)
      found.push(this.placed.ordinalAt(index, depth));
    return found;
  }
}

/** A value of a document that no document can hold. */
export interface UnwritableValue {
  readonly path: string;
  readonly column: string;
  /** The value, in the form that the engine shows. */
  readonly shown: string;
}

/** The rows of a page, while its documents are assembled one after the other. */
class PageRows {
  readonly uris: DescriptorUris;
  /** The positions in the arrays that are being assembled. */
  readonly place: number[] = [];
  /** Whether a descriptor with an unknown URI was found. */
  lacksUris = false;
  /** The first unwritable value of each document that has one. */
  readonly unwritable = new Map<string, UnwritableValue>();
  private documentId = '';
  private readonly tables: readonly (TableRows | null)[];
  /** The {@link tables} that have rows. */
  private readonly filled: readonly TableRows[];

  constructor(tables: readonly PlacedRows[], uris: DescriptorUris) {
    this.uris = uris;
    this.tables = tables.map((placed) => (placed.rows.length > 0 ? new TableRows(placed) : null));
    this.filled = this.tables.filter((table) => table !== null);
  }

  begin(documentId: string): void {
    this.documentId = documentId;
    for (const table of this.filled) table.begin(documentId);
  }

  /** Whether the current document has its root row. */
  get hasRoot(): boolean {
    return this.tables[0]?.hasRows ?? false;
  }

  /** Records that the current document has a value that it cannot hold. */
  refuse(value: UnwritableValue): void {
    if (!this.unwritable.has(this.documentId)) this.unwritable.set(this.documentId, value);
  }

  /** The row of a table at the place; each row is returned only once. */
  take(table: number): Row | undefined {
    return this.tables[table]?.take(this.place);
  }

  /** The position of the next item of the array at the place, within `depth` others; null at its end. */
  next(table: number, depth: number): number | null {
    return this.tables[table]?.position(this.place, depth, Number.NEGATIVE_INFINITY) ?? null;
  }

  /** The smallest position greater than `after` that one of the tables has in that array. */
  first(tables: readonly number[], depth: number, after = Number.NEGATIVE_INFINITY): number | null {
    let least: number | null = null;
    for (const table of tables) {
      const position = this.tables[table]?.position(this.place, depth, after) ?? null;
      if (position !== null && (least === null || position < least)) least = position;
    }
    return least;
  }

  /** All positions of a table in that array. */
  positions(table: number, depth: number): readonly number[] {
    return this.tables[table]?.positions(this.place, depth) ?? [];
  }
}
