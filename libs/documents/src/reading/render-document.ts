import type { JsonObject, JsonValue } from '@dms/canonical-json';
import type { Row } from '@dms/databases';
import { promised } from '@dms/model';
import type { ResourcePlans } from '../document-plans.ts';
import type { ArrayShape, LeafShape, ObjectShape, Shape, TableShape } from '../shape/resource-shape.ts';
import { jsonOf, valueFromDatabase } from '../values/stored-value.ts';
import type { Hydrated } from './hydration.ts';

/** The rows of one document of one table, by the positions of the arrays around them. */
class RowsOfTable {
  private readonly byPlace = new Map<string, Row>();
  private readonly lengths = new Map<string, number>();

  constructor({ table, depth }: TableShape, rows: readonly Row[]) {
    const names = table.key.columns.slice(1).map(({ name }) => name);
    for (const row of rows) {
      const ordinals = names.map((name) => Number(row[name]));
      this.byPlace.set(ordinals.join(), row);
      // every array on the way reaches at least to this row
      for (let level = 0; level < depth; level += 1) {
        const outer = ordinals.slice(0, level).join();
        this.lengths.set(outer, Math.max(this.lengths.get(outer) ?? 0, (ordinals[level] ?? 0) + 1));
      }
    }
  }

  at(ordinals: readonly number[]): Row | undefined {
    return this.byPlace.get(ordinals.join());
  }

  lengthAt(ordinals: readonly number[]): number {
    return this.lengths.get(ordinals.join()) ?? 0;
  }
}

class DocumentRendering {
  private readonly tables: readonly RowsOfTable[];
  private readonly uris: Hydrated['uris'];

  constructor({ shape }: ResourcePlans, { tables, uris }: Hydrated, documentId: string) {
    this.tables = shape.tables.map((table, index) => new RowsOfTable(table, tables[index]?.get(documentId) ?? []));
    this.uris = uris;
  }

  /** Undefined where nothing is stored. */
  render(shape: Shape, ordinals: readonly number[], row: Row | undefined): JsonValue | undefined {
    if (shape.kind === 'leaf') return this.leaf(shape, row);
    return shape.kind === 'array' ? this.array(shape, ordinals) : this.object(shape, ordinals, row);
  }

  private leaf(leaf: LeafShape, row: Row | undefined): JsonValue | undefined {
    const [column] = leaf.columns;
    const value = column && row?.[column.name];
    if (value === null || value === undefined) return undefined;
    if (leaf.value === 'descriptor') return promised(this.uris.get(String(value)), `the URI of the descriptor ${value}`);
    const stored = valueFromDatabase(value, leaf.scalarType);
    return stored === null ? undefined : jsonOf(stored, leaf.scalarType);
  }

  private array({ element, tables }: ArrayShape, ordinals: readonly number[]): JsonValue | undefined {
    const length = Math.max(0, ...tables.map((index) => this.tables[index]?.lengthAt(ordinals) ?? 0));
    if (length === 0) return undefined;
    return Array.from({ length }, (_, index) => {
      const own = [...ordinals, index];
      const row = element.kind === 'leaf' ? this.tables[element.table]?.at(own) : undefined;
      return this.render(element, own, row) ?? new Map();
    });
  }

  private object(shape: ObjectShape, ordinals: readonly number[], outer: Row | undefined): JsonObject | undefined {
    const row = shape.table === null ? outer : this.tables[shape.table]?.at(ordinals);
    const isAbsent = shape.reference && (row?.[shape.reference.binding.fkColumn] ?? null) === null;
    if (isAbsent) return undefined;
    const members = new Map<string, JsonValue>();
    for (const [name, member] of shape.members) {
      const value = this.render(member, ordinals, row);
      if (value !== undefined) members.set(name, value);
    }
    return members.size > 0 || (shape.table !== null && row !== undefined) ? members : undefined;
  }
}

/** A document as its rows hold it: members in model order, arrays by position, absent parts absent (design 14 §3). */
export function renderDocument(plans: ResourcePlans, rows: Hydrated, documentId: string): JsonObject {
  const rendered = new DocumentRendering(plans, rows, documentId).render(plans.shape.root, [], undefined);
  return rendered instanceof Map ? rendered : new Map();
}
