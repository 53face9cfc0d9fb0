import type { Connection, Row, Statement } from '@dms/databases';
import { promised } from '@dms/model';
import type { ResourcePlans } from '../document-plans.ts';
import { columnKeys } from '../statements/column-keys.ts';
import { documentStatements } from '../statements/document-statements.ts';

/** The rows of several documents, per table of the resource, in its order: those of each document by its id, in the order of the key. */
export type HydratedTables = readonly ReadonlyMap<string, readonly Row[]>[];

/** The rows without the URIs of descriptors. */
export const hydrationStatements = (
  plans: ResourcePlans,
  dialect: Connection['dialect'],
  documentIds: readonly string[],
): readonly Statement[] => documentStatements[dialect].hydrate(plans.read, documentIds, { tables: true, uris: false });

/** Arranges what the statements of the tables answered; what follows is not looked at. */
export const hydrated = ({ dialect, read }: ResourcePlans, answers: readonly (readonly Row[])[]): HydratedTables =>
  read.tablePlansInDependencyOrder.map(({ tableModel }, index) => {
    const name = promised(tableModel.key.columns[0], 'the key of a table').name;
    const column = promised(columnKeys(dialect, tableModel).get(name), `the column ${name}`);
    const byDocument = new Map<string, Row[]>();
    for (const row of answers[index] ?? []) {
      const id = String(row[column]);
      const rows = byDocument.get(id);
      if (rows) rows.push(row);
      else byDocument.set(id, [row]);
    }
    return byDocument;
  });
