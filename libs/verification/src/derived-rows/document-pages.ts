import type { Connection, Limits } from '@dms/databases';
import { type DataFinding, type DataFindingKind, type ServiceCause, shownExamples } from './data-finding.ts';
import type { PageOfDocuments, PageRow } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/** How many documents are compared at a time and held in memory. */
const pageSize = 1000;

/** Reads documents in the order of their ids and calls `visit` with each page. */
export async function eachPage(
  connection: Connection,
  source: PageOfDocuments,
  limits: Limits,
  visit: (rows: readonly PageRow[]) => Promise<void>,
): Promise<void> {
  const dialect = rowDialects[connection.dialect];
  const query = dialect.page(source, pageSize);
  let after = '0';
  for (;;) {
    const found = await connection.query<Record<string, unknown>>(query, [after], limits);
    const rows = found.map((row) => dialect.pageRow(row, source.columns));
    const last = rows.at(-1);
    if (last === undefined) return;
    await visit(rows);
    if (rows.length < pageSize) return;
    after = last.documentId;
  }
}

/** Counts the documents that break a rule, and keeps the first. */
export class FoundDocuments {
  private readonly found = new Map<
    string,
    Pick<DataFinding, 'kind' | 'repairable' | 'cause'> & { count: number; readonly examples: string[] }
  >();

  add(kind: DataFindingKind, repairable: boolean, uuid: string, cause: ServiceCause | null = null): void {
    const key = `${kind} ${repairable} ${cause}`;
    const entry = this.found.get(key) ?? { kind, repairable, cause, count: 0, examples: [] };
    this.found.set(key, entry);
    entry.count += 1;
    if (entry.examples.length < shownExamples) entry.examples.push(uuid);
  }

  findings(object: string): DataFinding[] {
    return [...this.found.values()].map((entry) => ({ ...entry, object }));
  }
}
