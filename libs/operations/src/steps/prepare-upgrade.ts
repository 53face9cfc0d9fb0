import { changing, preparedText } from '@dms/databases';
import { counted } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import {
  type PreparedUpgrade,
  type PrepareOptions,
  preparationLine,
  prepareDatabase,
  switchLines,
  type UndonePreparation,
  type UndoOptions,
  undoPreparation,
} from '@dms/upgrade';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from '../databases/with-database.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames/read-renames.ts';
import { upgradeSets } from './upgrade.ts';

/** How a preparation waits for other sessions, and what it calls meanwhile. */
type Waiting = Pick<PrepareOptions, 'limits' | 'onWaiting' | 'onRetry'>;

export interface PrepareUpgradeOptions
  extends Omit<DatabaseOptions, 'dialect'>,
    RenameOptions,
    Waiting,
    Pick<PrepareOptions, 'allowLoss' | 'dryRun'> {
  /** Folders with the artifacts of two schema sets. */
  readonly before: string;
  readonly after: string;
  /** Default: the dialect of the artifacts, or `pgsql` if they have both. */
  readonly dialect?: SqlDialect | undefined;
  /** Told of each statement before it runs. */
  readonly onStep?: PrepareOptions['onProgress'];
}

export interface PreparedDatabase extends DatabaseResult, Omit<PreparedUpgrade, 'diagnostics'> {}

/**
 * `dms-ddl upgrade prepare`: makes what the upgrade of the database that the options name can find done (design 12 §14). Throws the codes of
 * `prepareUpgrade`, `CONFIG_INVALID`, `INPUT_*` and the `DB_*` codes.
 */
export async function prepareUpgradeOfFolders(options: PrepareUpgradeOptions): Promise<PreparedDatabase> {
  const { allowLoss, dryRun, limits, onWaiting, onRetry, onStep, onProgress, signal } = options;
  onProgress?.('read artifacts');
  const renames = await requestedRenames(options);
  const { before, after } = await upgradeSets(options);
  return withTarget({ ...options, dialect: after.model.dialect }, 'check', (target) => {
    onProgress?.('plan');
    const waiting = { limits, onWaiting, onRetry, signal, onProgress: onStep };
    return changing(() => prepareDatabase(target, before, after, { allowLoss, renames, dryRun, ...waiting }));
  });
}

const headings: Readonly<Record<PreparedUpgrade['outcome'], string>> = {
  prepared: 'Prepared',
  dryRun: 'Dry run: nothing was made',
  alreadyUpgraded: 'The database already has the later schema set; nothing was made',
};

/** What was prepared, line by line, and what is left for the upgrade. */
export function preparedLines({
  outcome,
  plan,
  made,
  found,
}: Pick<PreparedUpgrade, 'outcome' | 'plan' | 'made' | 'found'>): string[] {
  if (outcome === 'alreadyUpgraded') return [headings[outcome]];
  const earlier = found === 0 ? '' : `; ${counted(found, 'step')} made earlier`;
  return [
    headings[outcome],
    `${outcome === 'dryRun' ? 'To prepare' : 'Made'}: ${counted(made.length, 'step')}${earlier}`,
    ...(outcome === 'dryRun' ? made.map((step) => `  ${preparationLine(plan.dialect, step)}`) : []),
    // what the locks of the upgrade are, the dry run has said
    ...switchLines(plan).slice(0, outcome === 'dryRun' ? undefined : 1),
  ];
}

export interface UndoPreparationOptions extends DatabaseOptions, Waiting {
  /** Told of each object before it is removed. */
  readonly onStep?: UndoOptions['onProgress'];
}

export interface UndoneDatabase extends DatabaseResult, UndonePreparation {}

/**
 * `dms-ddl upgrade prepare --undo`: removes what was prepared in the database that the options name (design 12 §14.4). Throws the codes of
 * `undoPreparation`.
 */
export function undoPreparationOf(options: UndoPreparationOptions): Promise<UndoneDatabase> {
  const { limits, onWaiting, onRetry, onStep, signal } = options;
  return withTarget(options, 'check', async (target) => {
    const waiting = { limits, onWaiting, onRetry, signal, onProgress: onStep };
    const undone = await connected(target, options, (connection, reopen) =>
      changing(() => undoPreparation(connection, { ...waiting, reopen })),
    );
    return { ...undone, diagnostics: [] };
  });
}

/** What was removed, line by line. */
export const undoneLines = ({ removed }: UndonePreparation): string[] =>
  removed.length === 0
    ? ['The database is not prepared; nothing was removed']
    : [`Removed: ${counted(removed.length, 'object')}`, ...removed.map((object) => `  ${preparedText(object)}`)];
