import { DmsError } from '@dms/diagnostics';
import {
  applyUpgradeOfFolders,
  type EstimatedPlan,
  fleetTasks,
  planUpgradeOfFolders,
  type SqlDialect,
  upgradedLines,
  upgradeMarkdown,
  upgradeReport,
  upgradeText,
} from '@dms/operations';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { runFleetCommand } from '../fleet-command.ts';
import { nextCommands } from '../next-commands.ts';
import { countArgument, milliseconds, outputArgument, pathArgument, repeatedText } from '../options/arguments.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  namesConnection,
  requiredConnectionOf,
} from '../options/connection-options.ts';
import { artifactsDialectOption, dialectsOption } from '../options/dialect-option.ts';
import { addFleetOptions, type FleetCommandOptions, fleetOf } from '../options/fleet-options.ts';
import type { JsonOption } from '../options/json-option.ts';
import { addRenameOptions } from '../options/rename-options.ts';
import { addUpgradePrepare } from './upgrade-prepare.ts';
import { addUpgradeStatus } from './upgrade-status.ts';

/** The formats in which plans are printed. */
const formats = {
  text: upgradeReport,
  markdown: (plans: readonly EstimatedPlan[], next: readonly string[]) => [upgradeMarkdown(plans, next).trimEnd()],
} as const;

type Format = keyof typeof formats;

interface SetOptions extends JsonOption {
  readonly before: string;
  readonly after: string;
  readonly allowLoss?: readonly string[];
  readonly allowInvalid?: readonly string[];
  readonly adopt?: boolean;
  readonly rename?: readonly string[];
  readonly renames?: string;
}

interface PlanOptions extends SetOptions, ConnectionOptions, FleetCommandOptions {
  readonly dialect?: SqlDialect[];
  readonly format: Format;
  readonly output?: string;
}

interface ApplyOptions extends SetOptions, ConnectionOptions, FleetCommandOptions {
  readonly dialect?: SqlDialect;
  readonly dryRun?: boolean;
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
}

function addSetOptions(command: Command): Command {
  command
    .requiredOption('--before <dir>', 'artifacts of the schemas that the database was provisioned with', pathArgument)
    .requiredOption('--after <dir>', 'artifacts of the schemas that the database will have', pathArgument)
    .option(
      '--allow-loss <object>',
      'what may be lost: project, project.resource, schema.table, schema.table.column, or all (repeatable)',
      repeatedText,
    )
    .option(
      '--allow-invalid <resource>',
      'project:resource whose documents may break new rules of the schemas, and stay as they are (repeatable)',
      repeatedText,
    )
    .option('--adopt', "first replace the triggers and functions of the service's own tool, in the same transaction");
  return addRenameOptions(command);
}

function addPlan(upgrade: Command, { printerFor, cancellation }: CommandContext): void {
  const [dialectFlags, , dialects] = dialectsOption;
  const command = addSetOptions(
    upgrade
      .command('plan')
      .summary('say what an upgrade does, and write its script')
      .description(
        'Compares two folders of artifacts and prints what changes, and which locks the upgrade takes. With --output it writes ' +
          'upgrade.<dialect>.sql and upgrade.<dialect>.json. No database is needed. With --connection it counts the rows of that database and estimates how long the ' +
          'upgrade takes there. With --fleet it queries each database for what the upgrade would find there: rows that do not allow it, what ' +
          'would be lost, and how long it takes.',
      ),
  );
  addFleetOptions(addConnectionOptions(command))
    .option('--output <dir>', 'folder for the files; without it the plan is only printed', outputArgument)
    .addOption(new Option('--format <name>', 'how the plan is printed').choices(Object.keys(formats)).default('text'))
    .option(dialectFlags, 'pgsql or mssql (repeatable; default: those of the folder --after)', dialects)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl upgrade plan --before released --after out --output upgrade\n' +
        '  dms-ddl upgrade plan --before released --after out --output upgrade --connection-env CAMPUS_DB --format markdown > upgrade.md',
    )
    .action(async ({ before, after, dialect, format, output, ...set }: PlanOptions) => {
      const { allowLoss, allowInvalid, adopt, rename, renames, ...options } = set;
      const printer = printerFor(options);
      const fleet = fleetOf(options, command);
      const isAsked = namesConnection(options);
      if (isAsked && dialect !== undefined && dialect.length > 1)
        command.error("error: a database has one dialect: name it with '--dialect'");
      const { plans, artifacts, refused, diagnostics } = await planUpgradeOfFolders({
        ...{ before, after, allowLoss, allowInvalid, adopt, rename, renames },
        dialects: dialect,
        outputDirectory: output,
        database: isAsked ? { ...requiredConnectionOf(options, command), signal: cancellation.hold() } : undefined,
        onProgress: (part) => printer.progress(`${part} …`),
      }).finally(() => printer.endProgress());
      for (const entry of diagnostics) printer.diagnostic(entry);
      const files = artifacts.map(({ file }) => file);
      const isUpgraded = plans.some(({ state }) => state === 'after');
      const done = isUpgraded ? ['The database already has the later schema set.'] : [];
      const written = format === 'text' ? files.map((file) => `Written: ${file}`) : [];
      const next = nextCommands({ before, after, output, ...set }, plans, refused.length > 0);
      printer.result([...formats[format](plans, next), ...done, ...written], {
        command: 'upgrade plan',
        files,
        ...(isAsked ? { isUpgraded } : {}),
        plans: plans.map((reported) => JSON.parse(upgradeText(reported))),
        next,
      });
      const [first, ...others] = refused;
      const isImpossible = refused.some(({ code }) => code === 'UPGRADE_IMPOSSIBLE');
      // what is not permitted is no reason not to ask how much each database would lose
      if (fleet === undefined || isImpossible) {
        if (first) throw new DmsError([first, ...others]);
        return;
      }
      await runFleetCommand(
        fleetTasks.upgradePlan,
        { before, after, allowLoss, allowInvalid, adopt, rename, renames },
        { fleet, printer, cancellation },
      );
      if (first) throw new DmsError([first, ...others]);
    });
}

function addApply(upgrade: Command, { printerFor, cancellation }: CommandContext): void {
  const command = addSetOptions(
    upgrade
      .command('apply')
      .summary('upgrade a database, with its documents')
      .description(
        'Changes a database of the schemas --before to the schemas --after, in one transaction: afterwards it is what --after makes, ' +
          'with every document, or it is unchanged. Refuses if rows do not allow it, or if something would be lost without permission.',
      )
      .option(...artifactsDialectOption),
  );
  addFleetOptions(addConnectionOptions(command))
    .option('--dry-run', 'do everything, and roll it back')
    .option('--lock-timeout <seconds>', 'how long the upgrade tries to get its locks (default: 30)', countArgument)
    .option('--statement-timeout <seconds>', 'how long a statement may take (default: no limit)', countArgument)
    .addHelpText(
      'after',
      '\nExample:\n  dms-ddl upgrade apply --before released --after out --connection-env CAMPUS_DB --dry-run\n' +
        '  dms-ddl upgrade apply --before released --after out --fleet fleet.json --canary 3 --max-failures 1',
    )
    .action(async ({ before, after, dialect, dryRun, lockTimeout, statementTimeout, ...options }: ApplyOptions) => {
      const { allowLoss, allowInvalid, adopt, rename, renames } = options;
      const printer = printerFor(options);
      const fleet = fleetOf({ ...options, ...(dialect === undefined ? {} : { dialect }) }, command);
      if (fleet !== undefined) {
        const task = {
          ...{ before, after, allowLoss, allowInvalid, adopt, rename, renames, dryRun },
          lockTimeout: milliseconds(lockTimeout),
          statementTimeout: milliseconds(statementTimeout),
        };
        return runFleetCommand(fleetTasks.upgradeApply, task, { fleet, printer, cancellation });
      }
      const started = Date.now();
      const elapsed = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
      let last = -1;
      const result = await applyUpgradeOfFolders({
        ...requiredConnectionOf(options, command),
        ...{ before, after, dialect, dryRun, allowLoss, allowInvalid, adopt, rename, renames },
        lockTimeout: milliseconds(lockTimeout),
        statementTimeout: milliseconds(statementTimeout),
        signal: cancellation.hold(),
        onProgress: (part) => printer.progress(`${part} …`),
        onWaiting: (holder) => printer.notice(`Waiting for another provisioner (${holder}).`),
        onStep: ({ step, title, subject, statement, statements }) => {
          printer.progress(`${elapsed()}  ${title}: ${subject} (${statement} of ${statements}) …`);
          if (step !== last && options.json)
            printer.result([], { type: 'step', command: 'upgrade apply', step, title, subject });
          last = step;
        },
      }).finally(() => printer.endProgress());
      for (const entry of result.diagnostics) printer.diagnostic(entry);
      const { outcome, plan, adoption, losses, invalid, documents, prepared } = result;
      printer.result(upgradedLines(result), {
        command: 'upgrade apply',
        ...{ dialect: plan.dialect, outcome, documents },
        verdict: plan.verdict,
        effectiveSchemaHash: plan.after.effectiveSchemaHash,
        statements: plan.statements.length,
        prepared,
        adoption: adoption?.hash ?? null,
        losses: losses.map(({ item, count }) => ({ owner: item.owner, change: item.change, path: item.path, count })),
        invalid: invalid.map(({ item, count }) => ({ owner: item.owner, change: item.change, path: item.path, count })),
      });
    });
}

/** Adds `dms-ddl upgrade plan`, `dms-ddl upgrade prepare`, `dms-ddl upgrade apply` and `dms-ddl upgrade status` (design 12 §7). */
export function addUpgrade(program: Command, context: CommandContext): void {
  const upgrade = program
    .command('upgrade')
    .summary('move a database to other schemas, with its documents')
    .description('Moves a provisioned database from one schema set to another, and keeps every document.');
  addPlan(upgrade, context);
  addUpgradePrepare(upgrade, context);
  addApply(upgrade, context);
  addUpgradeStatus(upgrade, context);
}
