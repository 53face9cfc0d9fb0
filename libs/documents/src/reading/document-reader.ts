import type { Row } from '@dms/databases';
import { type JsonObject, type JsonValue, jsonText } from '@dms/files';
import {
  type DocumentArray,
  type DocumentLeaf,
  type DocumentNode,
  type DocumentObject,
  mustExist,
  type ScalarType,
} from '@dms/model';
import { generations } from '../generations.ts';
import { cachedByResource, type ResourcePlans } from '../resource-plans.ts';
import { type ColumnKey, tableColumnKeys } from '../statements/column-keys.ts';
import { jsonFromDatabase, jsonTextFromDatabase } from '../values/stored-value.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { PageRows, type UnwritableValue } from './page-rows.ts';

/** What documents are assembled from: the values of JSON, or their texts. */
interface Form<Content> {
  /** The values of the columns of a type. */
  readonly scalars: Readonly<Record<ScalarType['kind'], (value: unknown) => Content | undefined>>;
  readonly uri: (text: string) => Content;
  readonly array: (elements: readonly Content[]) => Content;
  /** Takes the values of members with these names, absent ones as undefined; undefined if all are absent. */
  readonly object: (names: readonly string[]) => (values: readonly (Content | undefined)[]) => Content | undefined;
  readonly emptyObject: () => Content;
}

const valueForm: Form<JsonValue> = {
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

/** The texts that `jsonText` makes of these values. */
const textForm: Form<string> = {
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

/** Assembles a part of a document, inside the object of the given row; undefined if nothing is stored. */
type Assembly<Content> = (page: PageRows, row: Row | undefined) => Content | undefined;

/** Assembles the documents of a resource; built once from its shape. */
class Assemblies<Content> {
  private readonly keys: readonly ReadonlyMap<string, ColumnKey>[];
  private readonly showsEmptyExtensions: boolean;
  private readonly form: Form<Content>;

  constructor(plans: ResourcePlans, form: Form<Content>) {
    this.form = form;
    const { version } = plans;
    this.keys = tableColumnKeys(plans);
    this.showsEmptyExtensions = generations[version].shape.showsEmptyExtensions;
  }

  of(shape: DocumentNode, depth: number): Assembly<Content> {
    if (shape.kind === 'leaf') return this.leaf(shape);
    return shape.kind === 'array' ? this.array(shape, depth) : this.object(shape, depth);
  }

  private key(table: number, column: string): ColumnKey {
    return mustExist(this.keys[table]?.get(column), `the column ${column}`);
  }

  private leaf(leaf: DocumentLeaf): Assembly<Content> {
    const { form } = this;
    const column = mustExist(leaf.columns[0], `the column of ${leaf.path}`).name;
    const key = this.key(leaf.table, column);
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

  private array({ element, tables }: DocumentArray, depth: number): Assembly<Content> {
    const { form } = this;
    const assembleElement = this.of(element, depth + 1);
    const rowsOfLeaf = element.kind === 'leaf' ? element.table : null;
    return (page) => {
      if (!page.reaches(tables, depth, 0)) return undefined;
      const elements: Content[] = [];
      do {
        page.place[depth] = elements.length;
        const row = rowsOfLeaf === null ? undefined : page.take(rowsOfLeaf);
        elements.push(assembleElement(page, row) ?? form.emptyObject());
      } while (page.reaches(tables, depth, elements.length));
      return form.array(elements);
    };
  }

  private object({ members, table, reference }: DocumentObject, depth: number): Assembly<Content> {
    const { form } = this;
    const assembled = [...members.values()].map((member) => this.of(member, depth));
    const made = form.object([...members.keys()]);
    const referenceKey = reference && this.key(reference.table, reference.binding.fkColumn);
    const isShownEmpty = table !== null && this.showsEmptyExtensions;
    return (page, outer) => {
      const row = table === null ? outer : page.take(table);
      if (referenceKey !== null && (row?.[referenceKey] ?? null) === null) return undefined;
      const object = made(assembled.map((assemble) => assemble(page, row)));
      return object === undefined && isShownEmpty && row !== undefined ? form.emptyObject() : object;
    };
  }
}

/** The documents of a page. */
export interface PageDocuments<Content> {
  /** In the order of their ids. */
  readonly documents: readonly Content[];
  /** Values that documents cannot hold, by document id; such a document lacks the value. */
  readonly unwritable: ReadonlyMap<string, UnwritableValue>;
}

export interface DocumentReader<Content> {
  /**
   * Assembles documents from their rows, in the order of their ids: members in model order, arrays by position, absent
   * parts omitted (design 14 §3). Null if they name a descriptor with an unknown URI.
   */
  documentsOf(
    documentIds: readonly string[],
    answers: readonly (readonly Row[])[],
    uris: DescriptorUris,
  ): PageDocuments<Content> | null;
}

function readerOf<Content>(plans: ResourcePlans, form: Form<Content>): DocumentReader<Content> {
  const { place } = generations[plans.version].reading;
  const assemble = new Assemblies(plans, form).of(plans.shape.root, 0);
  return {
    documentsOf: (documentIds, answers, uris) => {
      const page = new PageRows(place(plans, answers), uris);
      const documents = documentIds.map((id) => {
        page.begin(id);
        return assemble(page, undefined) ?? form.emptyObject();
      });
      return page.lacksUris ? null : { documents, unwritable: page.unwritable };
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

/** The same for documents as text, on one line each, as `jsonText` writes them. */
export const textReader = cachedByResource((plans) => readerOf(plans, textForm));
