import { itemText, stepFacts, type UpgradePlan, upgradeDialects } from '@dms/change';
import { append, counted, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { allInvalidDocuments, type InvalidDocuments } from './document-checks.ts';
import type { BoundedRun, CountedLoss } from './upgrade-run.ts';

/* What rows and documents of a database object to in a plan (design 12 §3). */

/** `UPGRADE_LOSS` for every loss that is not permitted, with counts where they are known. */
export function unpermittedLosses({ unpermitted }: UpgradePlan, counted: readonly CountedLoss[] = []): readonly Diagnostic[] {
  return unpermitted.map((item) => {
    const count = counted.find((loss) => loss.item === item)?.count;
    const lost = count === undefined ? '' : ` (${count} in this database)`;
    const name = item.path[0]?.includes(':') ? item.owner.replace(':', '.') : item.path.join('.');
    const text = `${item.owner}: ${itemText(item)} would be lost${lost}. Permit it with --allow-loss ${name}.`;
    const details = { change: item.change, path: [...item.path], ...(count === undefined ? {} : { count }) };
    return diagnostic('UPGRADE_LOSS', text, { resource: item.owner }, details);
  });
}

/** Why documents that break a rule of the later set prevent the upgrade. */
function documentObjection({ check, item, count, examples }: InvalidDocuments): Diagnostic {
  const resource = check.resource.after;
  const named = examples.map(({ uuid, path }) => `${uuid} ${path}`).join(', ');
  const text = `${item.owner}: ${itemText(item)}: ${counted(count, 'document does', 'documents do')} not allow it (${named}${count > examples.length ? ', …' : ''}). Change them and run it again, or let them stay with --allow-invalid ${resource}.`;
  const details = {
    check: check.id,
    count,
    documents: examples.map(({ uuid }) => uuid),
    paths: examples.map(({ path }) => path),
  };
  return diagnostic('UPGRADE_ROWS_OBJECT', text, { resource }, details);
}

/** Checks rows and documents. Throws `UPGRADE_ROWS_OBJECT` with everything that does not allow the upgrade; returns what may stay. */
export async function runChecks(run: BoundedRun): Promise<readonly InvalidDocuments[]> {
  const { connection, plan, statements, options } = run;
  const { found } = upgradeDialects[plan.dialect];
  const diagnostics: Diagnostic[] = [];
  for (const { id, item, sql } of plan.checks) {
    const { count, first } = found(sql);
    const asked = <Result>(query: string) =>
      statements.run(`check ${id}`, (limits) => connection.query<Result>(query, [], limits));
    const [row] = await asked<{ n: unknown }>(count);
    const rows = Number(mustExist(row, `the count of check ${id}`).n);
    if (rows === 0) continue;
    const uuids = (await asked<{ uuid: string | null }>(first)).flatMap(({ uuid }) => uuid ?? []);
    const entry = mustExist(plan.items[item], `the item of check ${id}`);
    const documents = uuids.length === 0 ? '' : ` (documents ${uuids.join(', ')}${rows > uuids.length ? ', …' : ''})`;
    const remedy = entry.fixedRows
      ? `They are ${entry.fixedRows}: ${entry.reason ?? ''}`
      : entry.reason
        ? `Change them, or: ${entry.reason}`
        : 'Change them, and run it again';
    const text = `${entry.owner}: ${itemText(entry)}: ${counted(rows, 'row does', 'rows do')} not allow it${documents}. ${remedy}. The query ${id}: ${sql}`;
    diagnostics.push(
      diagnostic(
        'UPGRADE_ROWS_OBJECT',
        text,
        { resource: entry.owner },
        { check: id, count: rows, documents: uuids, query: sql },
      ),
    );
  }
  const invalid = await allInvalidDocuments(connection, run, {
    signal: options.signal,
    onCheck: ({ resource }, index) => {
      const { number: step, title } = stepFacts('checks');
      const progress = { statement: index + 1, statements: plan.documentChecks.length };
      options.onProgress?.({ step, title, subject: `documents of ${resource.after}`, ...progress });
    },
  });
  append(diagnostics, invalid.filter(({ check }) => !check.isAllowed).map(documentObjection));
  failIfAny(diagnostics);
  return invalid;
}

/** Counts what the plan loses in this database. Throws the `DB_*` codes. */
export async function countLosses({ connection, plan, statements }: BoundedRun): Promise<CountedLoss[]> {
  const losses: CountedLoss[] = [];
  for (const { id, item, sql } of plan.losses) {
    const [row] = await statements.run(`count ${id}`, (limits) => connection.query<{ n: unknown }>(sql, [], limits));
    const count = Number(mustExist(row, `the count of loss ${id}`).n);
    losses.push({ item: mustExist(plan.items[item], `the item of loss ${id}`), count });
  }
  return losses;
}
