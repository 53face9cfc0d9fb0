import {
  fleetTasks,
  preparationLine,
  preparedLines,
  preparedText,
  prepareUpgradeOfFolders,
  type SqlDialect,
  type UndoPreparationOptions,
  undoneLines,
  undoPreparationOf,
} from '@dms/operations';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { countArgument, milliseconds, pathArgument, repeatedText, wholeArgument } from '../options/arguments.ts';
import { addConnectionOptions, type ConnectionOptions, requiredConnectionOf } from '../options/connection-options.ts';
import { artifactsDialectOption } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addRenameOptions } from '../options/rename-options.ts';

interface PrepareOptions extends ConnectionOptions, FleetCommandOptions, JsonOption {
  readonly before?: string;
  readonly after?: string;
  readonly allowLoss?: readonly string[];
  readonly rename?: readonly string[];
  readonly renames?: string;
  readonly dialect?: SqlDialect;
  readonly dryRun?: boolean;
  readonly undo?: boolean;
  readonly lockTimeout?: number;
  readonly retries?: number;
  readonly pause?: number;
}

/** The folders of both sets. Ends the command as wrong use where one is not named. */
function foldersOf({ before, after }: PrepareOptions, command: Command): { readonly before: string; readonly after: string } {
  if (before === undefined) return command.error("error: required option '--before <dir>' not specified");
  if (after === undefined) return command.error("error: required option '--after <dir>' not specified");
  return { before, after };
}

/** Adds `dms-ddl upgrade prepare` (design 12 §14). */
export function addUpgradePrepare(upgrade: Command, { printerFor, cancellation }: CommandContext): void {
  const command = addRenameOptions(
    upgrade
      .command('prepare')
      .summary('do what an upgrade needs no outage for, while the service runs')
      .description(
        'Makes what upgrade apply can then find done: new tables, nullable columns, indexes, and keys that no row of the earlier schemas ' +
          'can violate. The service works on with the earlier schemas, and its writes are not refused. Each step is recorded in the ' +
          'database: a run that ends early is continued by the next. Give the options for renames and losses that upgrade apply will get.',
      )
      .option('--before <dir>', 'artifacts of the schemas that the database was provisioned with', pathArgument)
      .option('--after <dir>', 'artifacts of the schemas that the database will have', pathArgument)
      .option(
        '--allow-loss <object>',
        'what the upgrade may lose, as for upgrade apply; nothing is lost yet (repeatable)',
        repeatedText,
      ),
  ).option(...artifactsDialectOption);
  addFleetOptions(addConnectionOptions(command))
    .option('--dry-run', 'show the steps with their locks, and what is left for the upgrade; make nothing')
    .option('--undo', 'remove what was prepared; needs no artifacts')
    .option('--lock-timeout <seconds>', 'how long a statement waits for a lock (default: 1)', countArgument)
    .option('--retries <number>', 'how often a step that did not get its lock is tried again (default: 20)', wholeArgument)
    .option('--pause <seconds>', 'how long to rest between two steps (default: 0)', wholeArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl upgrade prepare --before released --after out --connection-env CAMPUS_DB --dry-run\n' +
        '  dms-ddl upgrade prepare --before released --after out --connection-env CAMPUS_DB --pause 5\n' +
        '  dms-ddl upgrade prepare --undo --connection-env CAMPUS_DB',
    )
    .action(async (options: PrepareOptions) => {
      const { allowLoss, rename, renames, dialect, dryRun, undo, lockTimeout, retries, pause } = options;
      const limits = { lock: milliseconds(lockTimeout), retries, pause: milliseconds(pause) };
      if (undo && dryRun) command.error("error: option '--undo' cannot be used with option '--dry-run'");
      const folders = undo ? null : foldersOf(options, command);
      const printer = printerFor(options);
      const fleet = fleetOf({ ...options, ...(dialect === undefined ? {} : { dialect }) }, command);
      if (fleet !== undefined) {
        const on = { fleet, printer, cancellation };
        if (folders === null) return runFleetCommand(fleetTasks.upgradeUndo, { limits }, on);
        return runFleetCommand(fleetTasks.upgradePrepare, { ...folders, allowLoss, rename, renames, dryRun, limits }, on);
      }
      const common = {
        ...{ limits, signal: cancellation.hold() },
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another session that prepares this database (${holder}).`),
        onRetry: ({ what, attempt, retries: all, reason }) =>
          printer.notice(`${what}: no lock, attempt ${attempt} of ${all + 1}. ${reason}`),
      } satisfies Partial<UndoPreparationOptions>;
      if (folders === null) {
        const undone = await undoPreparationOf({
          ...requiredConnectionOf(options, command),
          ...{ ...common, dialect: dialect ?? 'pgsql' },
          onStep: ({ object, statement, statements }) =>
            printer.progress(`${preparedText(object)} (${statement} of ${statements}) …`),
        }).finally(() => printer.endProgress());
        printer.result(undoneLines(undone), { command: 'upgrade prepare', undo: true, removed: undone.removed });
        return;
      }
      const result = await prepareUpgradeOfFolders({
        ...requiredConnectionOf(options, command),
        ...{ ...folders, ...common, dialect, dryRun, allowLoss, rename, renames },
        onStep: ({ kind, subject, statement, statements }) => {
          printer.progress(`${kind}: ${subject} (${statement} of ${statements}) …`);
          if (options.json)
            printer.result([], { type: 'step', command: 'upgrade prepare', kind, subject, statement, statements });
        },
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { outcome, plan, made, found } = result;
      printer.result(preparedLines(result), {
        command: 'upgrade prepare',
        ...{ dialect: plan.dialect, outcome },
        effectiveSchemaHash: plan.after.effectiveSchemaHash,
        statements: plan.statements.length,
        prepared: plan.statements.filter(({ preparation }) => preparation !== undefined).length,
        found,
        steps: made.map((step) => ({
          kind: step.kind,
          subject: step.subject,
          sql: step.sql,
          text: preparationLine(plan.dialect, step),
        })),
      });
    });
}
