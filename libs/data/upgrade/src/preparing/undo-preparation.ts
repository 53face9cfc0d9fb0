import {
  type Connection,
  checkWritable,
  type Limits,
  type PreparedObject,
  preparedTableName,
  type RecordedStep,
  readPreparation,
  recordStatements,
  waited,
  withKept,
  withPreparingLock,
} from '@dms/databases';
import { counted, failIfAny } from '@dms/diagnostics';
import { qualified } from '@dms/model';
import { userErrors, usersOfPrepared } from '../applying/foreign-objects.ts';
import { type PreparingOptions, preparingDefaults } from './prepare-upgrade.ts';
import { expectUnused, objectStates, removal } from './prepared-statements.ts';
import { preparingEngines } from './preparing-engine.ts';
import { RetriedStatements } from './retried.ts';

/** An object whose removal is about to begin. */
export interface UndoProgress {
  readonly object: PreparedObject;
  /** From 1. */
  readonly statement: number;
  readonly statements: number;
}

export interface UndoOptions extends Omit<PreparingOptions, 'onProgress'> {
  readonly onProgress?: ((progress: UndoProgress) => void) | undefined;
}

export interface UndonePreparation {
  /** The removed objects, the last made first. */
  readonly removed: readonly PreparedObject[];
}

/**
 * Removes the objects that `prepareUpgrade` has made in the session's database, the last first (design 12a §5.4).
 * Columns and tables are removed only if nobody has used them. Another run continues one that was killed. Throws
 * `UPGRADE_PREPARED_USED`, `UPGRADE_LOCKED` and the `DB_*` codes.
 */
export async function undoPreparation(connection: Connection, options: UndoOptions = {}): Promise<UndonePreparation> {
  const { signal, limits, reopen, onRetry, onWaiting } = options;
  await checkWritable(connection);
  const bounds = {
    lock: limits?.lock ?? preparingDefaults.lock,
    retries: limits?.retries ?? preparingDefaults.retries,
  };
  const work = () =>
    RetriedStatements.during(connection, { ...bounds, signal, reopen, onRetry }, (statements) =>
      undoHere(connection, statements, options),
    );
  return withPreparingLock(connection, work, { signal, onWaiting });
}

async function undoHere(
  connection: Connection,
  statements: RetriedStatements,
  { signal, limits, onProgress }: UndoOptions,
): Promise<UndonePreparation> {
  const { dialect } = connection;
  const ofRecord = recordStatements[dialect];
  const record = await statements.reading('reading the record', async (own) => {
    const found = await readPreparation(connection, own);
    if (found !== null) await expectNoUsers(connection, found, own);
    return found;
  });
  if (record === null) return { removed: [] };
  const removed: PreparedObject[] = [];
  const removeObject = async (object: PreparedObject, statement: number) => {
    if (removed.length > 0) await waited(limits?.pause ?? 0, signal);
    onProgress?.({ object, statement, statements: record.length });
    const what = `removing the ${object.kind} ${object.name ?? object.table ?? object.schema}`;
    await statements.reading(what, (own) => expectUnused(connection, object, own));
    const isAlone = object.kind === 'index' && preparingEngines[dialect].dropsIndexAlone;
    const sql = removal(dialect, object, { isAlone });
    if (isAlone) await statements.alone(what, qualified(preparedTableName(object)), sql);
    else await statements.together(what, [sql]);
    removed.push(object);
  };
  const remove = async () => {
    for (const [index, { number, objects }] of lastFirst(record).entries()) {
      const stateOf = await statements.reading('looking for what is made', (own) =>
        objectStates(connection, objects, own),
      );
      const made = objects.filter((each) => stateOf(each) !== 'missing');
      for (const object of made) await removeObject(object, index + 1);
      await statements.together('recording the removal', [ofRecord.remove(number)]);
    }
    await statements.together('removing the record', [ofRecord.drop]);
  };
  await remove().catch((error: unknown) => {
    const text = `Removed before that: ${counted(removed.length, 'object')}; the rest of the preparation stays. Run it again to go on.`;
    throw statements.done === 0 ? error : withKept(error, text);
  });
  return { removed };
}

/** Checks that no foreign object uses a prepared object. */
async function expectNoUsers(connection: Connection, record: readonly RecordedStep[], limits: Limits): Promise<void> {
  const users = await usersOfPrepared(connection, record, limits);
  failIfAny(userErrors(connection.label, users, 'was prepared for an upgrade'));
}

const lastFirst = (record: readonly RecordedStep[]): readonly RecordedStep[] =>
  [...record].sort((left, right) => right.number - left.number);
