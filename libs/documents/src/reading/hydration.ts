import { groupBy } from '@dms/canonical-json';
import type { Row, Statement } from '@dms/databases';
import type { ResourcePlans } from '../document-plans.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import { placeKeys } from './page-rows.ts';

/** The rows of several documents, per table of the resource, in its order: those of each document by its id, in the order of the key. */
export type HydratedTables = readonly ReadonlyMap<string, readonly Row[]>[];

/** The rows without the URIs of descriptors. */
export const hydrationStatements = ({ dialect, read }: ResourcePlans, documentIds: readonly string[]): readonly Statement[] =>
  documentStatements[dialect].hydrate(read, documentIds, { tables: true, uris: false });

/** Arranges what the statements of the tables answered; what follows is not looked at. */
export const hydrated = (plans: ResourcePlans, answers: readonly (readonly Row[])[]): HydratedTables =>
  placeKeys(plans).map(({ document }, index) => groupBy(answers[index] ?? [], (row) => String(row[document])));
