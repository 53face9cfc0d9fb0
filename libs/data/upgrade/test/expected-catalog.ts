import { diffCatalogs } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { expect } from 'vitest';
import type { ComparedSet } from '../src/comparing/compared-set.ts';

/** Expects a database to have the catalog that the script of a set makes. */
export async function expectCatalog(connection: Connection, set: Pick<ComparedSet, 'catalog'>): Promise<void> {
  const { differences } = diffCatalogs(set.catalog, (await introspect(connection)).catalog);
  expect(differences.filter(({ severity }) => severity !== 'info')).toEqual([]);
}
