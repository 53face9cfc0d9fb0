import type { EffectiveSchemaSet } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type Document, schemaSet } from '@dms/testing';
import { expect } from 'vitest';
import { deriveInventory } from '../src/index.ts';
import type { Inventory } from '../src/inventory.ts';
import { invariantFindings } from './invariants.ts';

export interface Derived {
  readonly set: EffectiveSchemaSet;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
}

/** The model and inventory of one dialect. Checks every invariant of design 05 §10 that a single inventory can show. */
export function derive(dialect: SqlDialect, ...documents: readonly Document[]): Derived {
  const set = schemaSet(...documents);
  const { model } = deriveModel(set, dialect);
  const inventory = deriveInventory(model);
  expect(invariantFindings(model, inventory), `invariants of the ${dialect} inventory`).toEqual([]);
  return { set, model, inventory };
}
