import { changing } from '@dms/databases';
import { counted, reportText } from '@dms/diagnostics';
import { rejectsFile } from '@dms/loading';
import {
  countedItems,
  invalidText,
  lockedText,
  type RestoreViews,
  type Upgraded,
  upgradeDatabase,
  upgradedReport,
} from '@dms/upgrade';
import { translationReject } from '../documents/translate-input.ts';
import { databaseOperation, stepNote } from '../operation/operation.ts';
import { flag, milliseconds, output } from '../operation/option.ts';
import { timeouts } from '../operation/shared-options.ts';
import { dialectUses } from '../operation/subject.ts';
import { restoredViews } from '../steps/upgrade.ts';
import { type PreparedUpgrade, preparedUpgrade, upgradeOptions } from './upgrade-options.ts';

const ofFleet = { upgraded: 'upgraded', dryRun: 'could be upgraded', alreadyUpgraded: 'already upgraded' } as const;

/**
 * Upgrades a database (design 12 §7). Throws the `UPGRADE_*` codes, `TRANSLATION_*`, `PROVISION_LOCKED`,
 * `VERIFY_CATALOG_DIFFERS`, `INPUT_*` and the `DB_*` codes.
 */
export const apply = databaseOperation({
  name: 'upgrade apply',
  group: 'first',
  summary: 'upgrade a database, with its documents',
  description:
    'Changes a database of the schemas --before to the schemas --after, in one transaction: afterwards it is what --after makes, ' +
    'with every document, or it is unchanged. Refuses if rows do not allow it, or if something would be lost without permission.',
  examples: [
    'upgrade apply --before released --after out --connection-env CAMPUS_DB --dry-run',
    'upgrade apply --before released --after out --fleet fleet.json --canary 3 --max-failures 1',
  ],
  worksOn: {
    source: 'none',
    dialect: dialectUses.ofArtifacts,
    connection: 'needed',
    fleet: { conflicts: ['rejects'] },
  },
  options: {
    ...upgradeOptions,
    dryRun: flag('do everything, and roll it back', { isOfTask: true }),
    rejects: output(
      '<file>',
      'file for the documents that a translation cannot carry, with the reasons; they are removed, and without this file they end the upgrade',
    ),
    ...timeouts('upgrade'),
  },
  task: {
    name: 'upgrade-db',
    title: 'Upgrade database',
    description: 'Upgrades the databases that dms.json or an option names from the last release, with their documents.',
    examples: [
      {
        command: 'npx nx run schools:upgrade-db:north-2026',
        description: 'Upgrade the database north-2026 of the fleet',
      },
      {
        command: 'npx nx run schools:upgrade-db:dry-run',
        description: 'Do everything and roll it back, to see what refuses and how long it locks',
      },
    ],
  },
  skipsDone: true,
  async prepare(input, context): Promise<PreparedUpgrade & { readonly restoreViews: RestoreViews | undefined }> {
    const prepared = await preparedUpgrade(input, context, { onlyAsks: input.options.dryRun });
    return { ...prepared, restoreViews: await restoredViews(input.options.after, prepared.after) };
  },
  dialectOf: ({ after }) => after.model.dialect,
  async run({ target, prepared }, { options }, context): Promise<Upgraded> {
    const { before, after, plan, names, restoreViews } = prepared;
    const { allowLoss, allowInvalid, adopt, dryRun } = options;
    const file = options.rejects === undefined ? undefined : rejectsFile(options.rejects, context.signal);
    await file?.check([]);
    const { onWaiting, signal } = context;
    const [lock, statementTimeout] = [options.lockTimeout, options.statementTimeout].map(milliseconds);
    const started = Date.now();
    let last = -1;
    context.onProgress?.('plan');
    return changing(() =>
      upgradeDatabase(target, before, after, {
        allowLoss,
        allowInvalid,
        adopt,
        dryRun,
        plan,
        ...names,
        restoreViews,
        rejects: file && {
          add: (rejects, earlier) => file.add(translationReject(rejects, earlier)),
          finish: () => file.close(),
        },
        onWaiting,
        signal,
        statementTimeout,
        limits: lock === undefined ? {} : { lock },
        onProgress(progress) {
          const { step, title, subject } = progress;
          const { text, short } = stepNote(progress);
          const value = step === last ? undefined : { step, title, subject };
          context.onStep?.({ text: `${((Date.now() - started) / 1000).toFixed(1)} s  ${text}`, short, value });
          last = step;
        },
      }),
    );
  },
  lines: (upgraded) => reportText(upgradedReport(upgraded)),
  value: ({ outcome, plan, adoption, losses, invalid, documents, prepared, lockedSeconds }) => ({
    dialect: plan.dialect,
    outcome,
    documents,
    verdict: plan.verdict,
    effectiveSchemaHash: plan.after.effectiveSchemaHash,
    statements: plan.statements.length,
    prepared,
    lockedSeconds,
    adoption: adoption?.hash ?? null,
    losses: countedItems(losses),
    invalid: countedItems(invalid),
  }),
  entry: ({ outcome, documents, losses, invalid, lockedSeconds }) => ({
    outcome: ofFleet[outcome],
    detail:
      outcome === 'alreadyUpgraded'
        ? ''
        : [counted(documents, 'document'), ...lockedText({ lockedSeconds }), ...invalidText(invalid)].join('; '),
    value: { documents, lockedSeconds, losses: countedItems(losses), invalid: countedItems(invalid) },
  }),
});
