import type { JsonObject, JsonValue } from '@dms/canonical-json';
import type { Row } from '@dms/databases';
import { promised } from '@dms/model';
import { generations } from '../generations.ts';
import { oncePerResource, type ResourcePlans } from '../resource-plans.ts';
import type { ArrayShape, LeafShape, ObjectShape, ReferenceShape, Shape } from '../shape/shapes.ts';
import { type ColumnKey, tableColumnKeys } from '../statements/column-keys.ts';
import { jsonFromDatabase } from '../values/stored-value.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import { PageRows } from './page-rows.ts';

/** Assembles a part of a document, inside the object of the given row; undefined if nothing is stored. */
type Assembly = (page: PageRows, row: Row | undefined) => JsonValue | undefined;

/** Assembles the documents of a resource; built once from its shape. */
class Assemblies {
  private readonly keys: readonly ReadonlyMap<string, ColumnKey>[];
  /** The indexes of the tables with the foreign keys. */
  private readonly referring: ReadonlyMap<ReferenceShape, number>;

  private readonly showsEmptyExtensions: boolean;

  constructor(plans: ResourcePlans) {
    const { shape, version } = plans;
    this.keys = tableColumnKeys(plans);
    this.showsEmptyExtensions = generations[version].shape.showsEmptyExtensions;
    this.referring = new Map(shape.tables.flatMap(({ references, index }) => references.map((each) => [each, index] as const)));
  }

  of(shape: Shape, depth: number): Assembly {
    if (shape.kind === 'leaf') return this.leaf(shape);
    return shape.kind === 'array' ? this.array(shape, depth) : this.object(shape, depth);
  }

  private key(table: number, column: string): ColumnKey {
    return promised(this.keys[table]?.get(column), `the column ${column}`);
  }

  private foreignKey(reference: ReferenceShape): ColumnKey {
    const { fkColumn } = reference.binding;
    return this.key(promised(this.referring.get(reference), `the table of ${fkColumn}`), fkColumn);
  }

  private leaf(leaf: LeafShape): Assembly {
    const key = this.key(leaf.table, promised(leaf.columns[0], `the column of ${leaf.path.canonical}`).name);
    if (leaf.value === 'descriptor')
      return (page, row) => {
        const id = row?.[key];
        if (id === null || id === undefined) return undefined;
        const uri = page.uris.get(String(id));
        if (uri === undefined) page.lacksUris = true;
        return uri;
      };
    const json = jsonFromDatabase[leaf.scalarType.kind];
    return (_, row) => {
      const value = row?.[key];
      return value === null || value === undefined ? undefined : json(value);
    };
  }

  private array({ element, tables }: ArrayShape, depth: number): Assembly {
    const assembleElement = this.of(element, depth + 1);
    const rowsOfLeaf = element.kind === 'leaf' ? element.table : null;
    return (page) => {
      if (!page.reaches(tables, depth, 0)) return undefined;
      const elements: JsonValue[] = [];
      do {
        page.place[depth] = elements.length;
        const row = rowsOfLeaf === null ? undefined : page.take(rowsOfLeaf);
        elements.push(assembleElement(page, row) ?? new Map());
      } while (page.reaches(tables, depth, elements.length));
      return elements;
    };
  }

  private object({ members, table, reference }: ObjectShape, depth: number): Assembly {
    const assembled = [...members].map(([name, member]) => ({ name, assemble: this.of(member, depth) }));
    const referenceKey = reference && this.foreignKey(reference);
    const isShownEmpty = table !== null && this.showsEmptyExtensions;
    return (page, outer) => {
      const row = table === null ? outer : page.take(table);
      if (referenceKey !== null && (row?.[referenceKey] ?? null) === null) return undefined;
      const object = new Map<string, JsonValue>();
      for (const { name, assemble } of assembled) {
        const value = assemble(page, row);
        if (value !== undefined) object.set(name, value);
      }
      return object.size > 0 || (isShownEmpty && row !== undefined) ? object : undefined;
    };
  }
}

interface DocumentReader {
  /**
   * Assembles documents from their rows, in the order of their ids: members in model order, arrays by position, absent parts
   * omitted (design 14 §3). Null if they name a descriptor with an unknown URI.
   */
  documentsOf(
    documentIds: readonly string[],
    answers: readonly (readonly Row[])[],
    uris: DescriptorUris,
  ): readonly JsonObject[] | null;
}

/** The reader of a resource, created once. */
export const documentReader = oncePerResource((plans): DocumentReader => {
  const { place } = generations[plans.version].reading;
  const assemble = new Assemblies(plans).of(plans.shape.root, 0);
  return {
    documentsOf: (documentIds, answers, uris) => {
      const page = new PageRows(place(plans, answers), uris);
      const documents = documentIds.map((id): JsonObject => {
        page.begin(id);
        const document = assemble(page, undefined);
        return document instanceof Map ? document : new Map();
      });
      return page.lacksUris ? null : documents;
    },
  };
});
