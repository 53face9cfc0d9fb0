import { changing } from '@dms/databases';
import { counted, reportText } from '@dms/diagnostics';
import {
  countedItems,
  invalidText,
  lockedText,
  rejectedText,
  shapesText,
  type Upgraded,
  upgradeDatabase,
  upgradedReport,
} from '@dms/upgrade';
import { databaseOperation, stepNote } from '../declaring/operation.ts';
import { flag, milliseconds } from '../declaring/option.ts';
import { timeouts } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { keptRejects, preparedWithViews, rejectsOption, upgradeOptions, withNotes } from './upgrade-options.ts';

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
    fleet: { conflicts: [] },
  },
  options: {
    ...upgradeOptions,
    dryRun: flag('do everything, and roll it back', { isOfTask: true }),
    rejects: rejectsOption,
    ...timeouts('upgrade'),
  },
  task: {
    name: 'upgrade-db',
    title: 'Upgrade database',
    description: 'Upgrades the databases that dms.json or an option names from the last release, with their documents.',
    examples: {
      'npx nx run schools:upgrade-db:north-2026': 'Upgrade the database north-2026 of the fleet',
      'npx nx run schools:upgrade-db:dry-run':
        'Do everything and roll it back, to see what refuses and how long it locks',
    },
  },
  skipsDone: true,
  prepare: (input, context) => preparedWithViews(input, context, { onlyAsks: input.options.dryRun }),
  dialectOf: ({ after }) => after.model.dialect,
  async run({ target, prepared, entry }, { options }, context): Promise<Upgraded> {
    const { before, after, plan, names, notes, restoreViews } = prepared;
    const { allowLoss, allowInvalid, adopt, dryRun } = options;
    const rejects = await keptRejects(options.rejects, entry, context);
    const { onWaiting, signal } = context;
    const [lock, statementTimeout] = [options.lockTimeout, options.statementTimeout].map(milliseconds);
    const started = Date.now();
    let last = -1;
    context.onProgress?.('plan');
    return withNotes(notes, entry, () =>
      changing(() =>
        upgradeDatabase(target, before, after, {
          allowLoss,
          allowInvalid,
          adopt,
          dryRun,
          plan,
          ...names,
          restoreViews,
          rejects,
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
      ),
    );
  },
  lines: (upgraded) => reportText(upgradedReport(upgraded)),
  value: ({ outcome, plan, adoption, losses, invalid, documents, rejected, prepared, lockedSeconds }) => ({
    dialect: plan.dialect,
    outcome,
    documents,
    rejected,
    verdict: plan.verdict,
    effectiveSchemaHash: plan.after.effectiveSchemaHash,
    mappingVersion: { before: plan.before.mappingVersion, after: plan.after.mappingVersion },
    statements: plan.statements.length,
    prepared,
    lockedSeconds,
    adoption: adoption?.hash ?? null,
    losses: countedItems(losses),
    invalid: countedItems(invalid),
  }),
  entry: ({ outcome, plan, documents, rejected, losses, invalid, lockedSeconds }) => ({
    outcome: ofFleet[outcome],
    detail:
      outcome === 'alreadyUpgraded'
        ? ''
        : [
            ...shapesText(plan),
            counted(documents, 'document'),
            ...rejectedText({ rejected }),
            ...lockedText({ lockedSeconds }),
            ...invalidText(invalid),
          ].join('; '),
    value: { documents, rejected, lockedSeconds, losses: countedItems(losses), invalid: countedItems(invalid) },
  }),
});
