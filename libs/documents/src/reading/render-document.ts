import type { JsonObject, JsonValue } from '@dms/canonical-json';
import type { Row } from '@dms/databases';
import { promised } from '@dms/model';
import type { ResourcePlans } from '../document-plans.ts';
import type { ArrayShape, LeafShape, ObjectShape, Shape, TableShape } from '../shape/resource-shape.ts';
import { jsonOf, valueFromDatabase } from '../values/stored-value.ts';
import type { DescriptorUris } from './descriptor-uris.ts';
import type { HydratedTables } from './hydration.ts';

/** The rows of one document of one table, by the positions of the arrays around them. */
interface PlacedRows {
  at(ordinals: readonly number[]): Row | undefined;
  /** Elements of the array at that place, as far as rows say. */
  lengthAt(ordinals: readonly number[]): number;
}

const noRows: PlacedRows = { at: () => undefined, lengthAt: () => 0 };

/** Rows arrive in the order of their key, so that the last one of an array tells its length. */
function placedRows({ table, depth }: TableShape, rows: readonly Row[] | undefined): PlacedRows {
  const [first] = rows ?? [];
  if (!rows || !first) return noRows;
  if (depth === 0) return { at: () => first, lengthAt: () => 0 };
  const names = table.key.columns.slice(1).map(({ name }) => name);
  if (depth === 1) {
    const name = names[0] ?? '';
    const byPosition = new Map(rows.map((row) => [Number(row[name]), row]));
    const length = Number(rows.at(-1)?.[name]) + 1;
    return { at: ([position = -1]) => byPosition.get(position), lengthAt: ({ length: level }) => (level === 0 ? length : 0) };
  }
  const byPlace = new Map<string, Row>();
  const lengths = new Map<string, number>();
  for (const row of rows) {
    const ordinals = names.map((name) => Number(row[name]));
    byPlace.set(ordinals.join(), row);
    for (let level = 0; level < depth; level += 1) lengths.set(ordinals.slice(0, level).join(), (ordinals[level] ?? 0) + 1);
  }
  return { at: (ordinals) => byPlace.get(ordinals.join()), lengthAt: (ordinals) => lengths.get(ordinals.join()) ?? 0 };
}

class DocumentRendering {
  private readonly tables: readonly PlacedRows[];
  private readonly uris: DescriptorUris;

  constructor({ shape }: ResourcePlans, tables: HydratedTables, uris: DescriptorUris, documentId: string) {
    this.tables = shape.tables.map((table, index) => placedRows(table, tables[index]?.get(documentId)));
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
export function renderDocument(
  plans: ResourcePlans,
  rows: HydratedTables,
  uris: DescriptorUris,
  documentId: string,
): JsonObject {
  const rendered = new DocumentRendering(plans, rows, uris, documentId).render(plans.shape.root, [], undefined);
  return rendered instanceof Map ? rendered : new Map();
}
