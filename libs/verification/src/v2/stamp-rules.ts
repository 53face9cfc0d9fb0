import { core, qualified } from '@dms/model';
import type { DocumentStamps } from '../behaviour/document-rows.ts';
import { longAgo } from '../behaviour/document-rows.ts';
import type { TableName } from '../behaviour/selected-rows.ts';
import type { StampRules } from '../behaviour/stamp-rules.ts';

const [version, time] = ['ContentVersion', 'ContentLastModifiedAt'];

/** Only a change of a value stamps; root rows and descriptors repeat the content stamp of their document (design 16 §6.2). */
export const stampRulesV2: StampRules = {
  stampsUnchangedRows: false,
  stampsLeftDocument: true,
  isIdentityOrdered: ({ content, identity }: DocumentStamps) => identity > content,
  watch(session, { resources }) {
    const roots: readonly TableName[] = [
      core.descriptor,
      ...resources.flatMap(({ tablesInDependencyOrder: [root] }) => (root ? [root.table] : [])),
    ];
    const selection = (table: TableName) => ({ table, columns: ['DocumentId', version, time] });
    const all = roots.map(selection);
    const byName = new Map(roots.map((table, index) => [qualified(table), all[index] ?? selection(table)]));
    return {
      forgetTimes: (some) =>
        (some ?? roots).map(
          (table) => `UPDATE ${session.table(table)} SET ${session.quote(time)} = ${session.literal(longAgo)}`,
        ),
      selections: (some) => (some === null ? all : some.map((table) => byName.get(qualified(table)) ?? selection(table))),
      faults: (rows, stamped, others) =>
        rows.flat().flatMap((row) => {
          const id = Number(row.DocumentId);
          const stamps = stamped.get(id) ?? others.get(id);
          const [wanted, found] = [`${stamps?.content}, ${stamps?.contentTime}`, `${row[version]}, ${row[time]}`];
          return wanted === found ? [] : [`the row of document ${id} repeats ${found} instead of ${wanted}`];
        }),
    };
  },
};
