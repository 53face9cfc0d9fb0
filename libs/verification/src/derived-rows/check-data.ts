import { compareBy } from '@dms/canonical-json';
import { type Connection, type Limits, lockedTransaction, rolledBack } from '@dms/databases';
import { append, fail } from '@dms/diagnostics';
import { core } from '@dms/model';
import {
  type DataFinding,
  type DataInput,
  dataFindingKinds,
  isRepairable,
  type RowCheck,
  shownExamples,
} from './data-finding.ts';
import { repairReferentialIdentities, wrongReferentialIdentities } from './referential-identities.ts';
import { rowChecks } from './row-checks.ts';
import { rowDialects } from './row-dialects.ts';

async function found(connection: Connection, { kind, object, find }: RowCheck, limits: Limits): Promise<DataFinding[]> {
  const rows = await connection.query<{ example: string; total: number }>(
    rowDialects[connection.dialect].firstOf(find, shownExamples),
    [],
    limits,
  );
  const [first] = rows;
  return first === undefined ? [] : [{ kind, object, count: first.total, examples: rows.map(({ example }) => example) }];
}

const byPlace = compareBy<DataFinding>(({ object }) => object);

async function findings(connection: Connection, input: DataInput, limits: Limits): Promise<readonly DataFinding[]> {
  const all: DataFinding[] = [];
  for (const check of rowChecks(input)) append(all, await found(connection, check, limits));
  append(all, await wrongReferentialIdentities(connection, input, limits));
  const order = (finding: DataFinding) => dataFindingKinds.indexOf(finding.kind);
  return all.sort((left, right) => order(left) - order(right) || byPlace(left, right));
}

/**
 * Recomputes derived rows and returns the differences (design 09 §7.6). Reads one consistent state of the database, changes nothing, and
 * holds one page of documents in memory at a time. Throws the `DB_*` codes.
 */
export function checkData(connection: Connection, input: DataInput, limits: Limits = {}): Promise<readonly DataFinding[]> {
  return rolledBack(connection, () => findings(connection, input, limits), 'reading');
}

/**
 * Rewrites the derived rows that differ, in one transaction during which nobody else writes documents. Returns the remaining differences:
 * rows of documents that are missing cannot be computed. Throws `CHECK_REPAIR_FAILED` if derived rows still differ, `PROVISION_LOCKED`,
 * `DB_*`; then nothing is changed.
 */
export function repairData(connection: Connection, input: DataInput, limits: Limits = {}): Promise<readonly DataFinding[]> {
  const { lockTable } = rowDialects[connection.dialect];
  return lockedTransaction(
    connection,
    async () => {
      await connection.execute(lockTable(core.document), limits);
      for (const check of rowChecks(input)) {
        if (check.repair.length === 0 || (await found(connection, check, limits)).length === 0) continue;
        for (const statement of check.repair) await connection.execute(statement, limits);
      }
      await repairReferentialIdentities(connection, input, limits);
      const left = await findings(connection, input, limits);
      const [first] = left.filter(isRepairable);
      if (first === undefined) return left;
      const text = `${connection.label}: ${first.object} differs after its rows were recomputed (${first.kind}). Nothing was changed. Run check without --data first: objects of the database may differ.`;
      return fail('CHECK_REPAIR_FAILED', text, {}, { kind: first.kind, object: first.object });
    },
    limits,
  );
}
