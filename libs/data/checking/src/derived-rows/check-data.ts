import { type Connection, failureKind, type Limits, lockedTransaction, rolledBack, rowsOf, run } from '@dms/databases';
import { append, DmsError, fail, mostExamples } from '@dms/diagnostics';
import { core } from '@dms/model';
import { compareBy } from '@dms/values';
import type { CheckedSet } from '../checked-set.ts';
import { generations } from '../generations.ts';
import { wrongCachedDocuments } from './cached-documents.ts';
import {
  type DataFinding,
  type DataFindingKind,
  dataFindingKinds,
  isUnreadable,
  type RowCheck,
  type ServiceCause,
  type TableFinding,
  type WrongIdentities,
} from './data-finding.ts';
import { repairIdentities } from './document-pages.ts';
import { rowChecks } from './row-checks.ts';
import type { PreparedQuery } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

/**
 * Compares rows with the rows that they repeat or are derived from, and returns the differences (design 09c §4). Reads
 * one consistent state of the database, changes nothing, and holds one page of documents in memory at a time. Throws
 * the `DB_*` codes.
 */
export function checkData(
  connection: Connection,
  input: CheckedSet,
  limits: Limits = {},
): Promise<readonly DataFinding[]> {
  return rolledBack(connection, async () => (await allFound(connection, input, limits)).map(findingOf), 'reading');
}

/** A finding, and the check that can repair it. */
interface Detected extends TableFinding {
  readonly repairable: boolean;
  readonly cause: ServiceCause | null;
  readonly check: RowCheck | null;
}

const byPlace = compareBy<DataFinding>(({ object }) => object);

/** All findings. Rows that are derived from doubtful rows are not repairable. */
async function allFound(connection: Connection, input: CheckedSet, limits: Limits): Promise<readonly Detected[]> {
  const all: Detected[] = [];
  for (const check of await rowChecks(connection, input, limits)) append(all, await foundBy(connection, check, limits));
  for (const { find } of rulesOf(input).documentChecks)
    append(
      all,
      (await find(connection, input, limits)).map((finding) => ({ ...finding, check: null })),
    );
  // cached documents are compared with documents, which cannot be composed from unreadable rows
  if (!all.some(isUnreadable))
    append(
      all,
      (await wrongCachedDocuments(connection, input, limits)).map((finding) => ({ ...finding, check: null })),
    );
  const certain = all.filter(({ repairable }) => !repairable);
  const order = (finding: DataFinding) => dataFindingKinds.indexOf(finding.kind);
  return all
    .map((found) => {
      const doubts = found.check?.doubts;
      return doubts !== undefined && certain.some(doubts) ? { ...found, repairable: false } : found;
    })
    .sort((left, right) => order(left) - order(right) || byPlace(left, right));
}

async function foundBy(connection: Connection, check: RowCheck, limits: Limits): Promise<Detected[]> {
  const { kind, object, table, find, repair, undecided } = check;
  const cases = await countCases(connection, find, limits);
  if (cases.count === 0) return [];
  const isDecided = undecided === undefined || (await countCases(connection, undecided, limits)).count === 0;
  return [{ kind, object, table, ...cases, repairable: repair.length > 0 && isDecided, cause: null, check }];
}

async function countCases(connection: Connection, query: PreparedQuery, limits: Limits) {
  const first = rowDialects[connection.dialect].firstOf(query, mostExamples);
  const rows = await rowsOf<{ example: string; total: number }>(connection, first, limits);
  return { count: rows[0]?.total ?? 0, examples: rows.map(({ example }) => example) };
}

const rulesOf = ({ model }: CheckedSet) => generations[model.effectiveSchema.relationalMappingVersion];

const findingOf = ({ kind, object, count, examples, repairable, cause }: Detected): DataFinding => {
  return { kind, object, count, examples, repairable, cause };
};

const otherObjects = 'Run check without --data first: objects of the database may differ.';

/**
 * Rewrites the derived rows that differ, in one transaction during which no other session writes documents. Returns the
 * remaining differences: lost rows, and rows that contradict each other without a third to decide. Throws
 * `CHECK_REPAIR_FAILED` if rows that were recomputed still differ or the database refuses one, `PROVISION_LOCKED`,
 * `DB_*`; then nothing is changed.
 */
export function repairData(
  connection: Connection,
  input: CheckedSet,
  limits: Limits = {},
): Promise<readonly DataFinding[]> {
  const { lockTable } = rowDialects[connection.dialect];
  const repair = async (isNow: (kind: DataFindingKind) => boolean) => {
    for (const { repairable, check } of await allFound(connection, input, limits)) {
      if (!repairable || check === null || !isNow(check.kind)) continue;
      await recomputed(connection, check.object, async () => {
        for (const statement of check.repair) await run(connection, statement, limits);
      });
    }
  };
  return lockedTransaction(
    connection,
    async () => {
      await run(connection, lockTable(core.document), limits);
      // lost documents may hold ids that others need, and identities copy the texts of descriptors
      await repair((kind) => kind === 'orphan');
      const { documentChecks: checks, repairedFirst } = rulesOf(input);
      await recomputed(connection, repairedFirst, async () => {
        for (const { repairColumns } of checks) await repairColumns?.(connection, input, limits);
        // a descriptor and a document may have exchanged their ids
        const wrong: WrongIdentities[] = [];
        for (const { wrongIds } of checks) append(wrong, await wrongIds(connection, input, limits));
        await repairIdentities(connection, limits, wrong);
      });
      await repair((kind) => kind !== 'orphan');
      const left = await allFound(connection, input, limits);
      const [first] = left.filter(({ repairable }) => repairable);
      if (first === undefined) return left.map(findingOf);
      const text = `${connection.label}: ${first.object} differs after its rows were recomputed (${first.kind}). Nothing was changed. ${otherObjects}`;
      return fail('CHECK_REPAIR_FAILED', text, {}, { kind: first.kind, object: first.object });
    },
    limits,
  );
}

/** Why a database refuses a recomputed row, and what to do, by the kind of the failure. */
const refusals = {
  unique: {
    why: 'one of its rows would get the values of a row that is in doubt',
    next: 'Correct that row, or write its document again.',
  },
  'foreign-key': {
    why: 'a foreign key or a check refuses one of its rows',
    next: 'Correct the rows that the message names.',
  },
  row: {
    why: 'the database refuses one of its rows',
    next: `If a trigger of your own refuses it, disable that trigger for the repair. Otherwise: ${otherObjects}`,
  },
} as const;

/** Runs the statements that recompute rows. Throws `CHECK_REPAIR_FAILED` if the database refuses a row. */
async function recomputed(connection: Connection, object: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const kind = failureKind(error, connection.dialect);
    if (!(error instanceof DmsError) || (kind !== 'unique' && kind !== 'foreign-key' && kind !== 'row')) throw error;
    const { why, next } = refusals[kind];
    const said = error.diagnostics[0].message.replace(`${connection.label}: `, '');
    const text = `${connection.label}: ${object} cannot be recomputed, because ${why}: ${said} Nothing was changed. ${next}`;
    fail('CHECK_REPAIR_FAILED', text, {}, { object });
  }
}
