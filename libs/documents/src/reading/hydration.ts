import type { Connection, Row, Statement } from '@dms/databases';
import { promised } from '@dms/model';
import type { ResourcePlans } from '../document-plans.ts';
import { documentStatements } from '../statements/document-statements.ts';

/** The rows of several documents: of each table of the resource, in its order, and the URIs of the descriptors they name. */
export interface Hydrated {
  /** Per table, the rows of each document by its id, in the order of the key. */
  readonly tables: readonly ReadonlyMap<string, readonly Row[]>[];
  /** URI by document id. */
  readonly uris: ReadonlyMap<string, string>;
}

/** Sends statements and takes only the answers of those that have rows, each statement's own. */
export async function askAll(connection: Connection, statements: readonly Statement[]): Promise<readonly (readonly Row[])[]> {
  const answers = await connection.queryAll(statements);
  return answers.filter((_, index) => statements[index]?.hasRows);
}

export const hydrationStatements = (
  plans: ResourcePlans,
  dialect: Connection['dialect'],
  documentIds: readonly string[],
): readonly Statement[] => documentStatements[dialect].hydrate(plans.read, documentIds);

/** Arranges what the statements of {@link hydrationStatements} answered, those with rows only. */
export function hydrated({ read }: ResourcePlans, answers: readonly (readonly Row[])[]): Hydrated {
  const plans = read.tablePlansInDependencyOrder;
  const tables = plans.map(({ tableModel }, index) => {
    const column = promised(tableModel.key.columns[0], 'the key of a table').name;
    const byDocument = new Map<string, Row[]>();
    for (const row of answers[index] ?? []) {
      const id = String(row[column]);
      const rows = byDocument.get(id);
      if (rows) rows.push(row);
      else byDocument.set(id, [row]);
    }
    return byDocument;
  });
  const uris = new Map<string, string>();
  for (const answer of answers.slice(plans.length))
    for (const { DescriptorId, Uri } of answer) uris.set(String(DescriptorId), String(Uri));
  return { tables, uris };
}
