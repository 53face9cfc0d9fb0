import { type CatalogDiff, differenceCounts, originNames } from '@dms/catalog';
import type { RightPurpose } from '@dms/databases';
import { counted, failIfAny, printable } from '@dms/diagnostics';
import type { OnConflict } from '@dms/documents';
import type { SqlDialect } from '@dms/sql';
import {
  durationText,
  impossibleItems,
  type PrepareOptions,
  planUpgrade,
  prepareDatabase,
  roughSeconds,
  surveyUpgrade,
  type Upgraded,
  undoPreparation,
  upgradeDatabase,
} from '@dms/upgrade';
import { type AdoptOptions, adoptDatabase, adoptedSet, adoptedValue } from '../databases/adopt-database.ts';
import { applyComments, type CommentsDesignOptions, commentsDesign } from '../databases/comments.ts';
import { databaseStatus, statusValue } from '../databases/database-status.ts';
import { dataLines, driftValue, findDrift } from '../databases/find-drift.ts';
import { type ProvisionDatabaseOptions, preparedSeeds, provisionDatabase } from '../databases/provision-database.ts';
import {
  applyReporting,
  dropReporting,
  type ReportingDesignOptions,
  reportingDesign,
  type ViewsPlace,
} from '../databases/reporting.ts';
import { preparedSeeding, seededCounts, seededLine } from '../databases/seed-database.ts';
import { connected, withTarget } from '../databases/with-database.ts';
import { type RenameOptions, requestedRenames } from '../sources/renames/read-renames.ts';
import { type DatabaseSource, databaseDesign, documentDesign } from '../sources/source.ts';
import { refusals, restoredViews, upgradeSets } from '../steps/upgrade.ts';
import type { SetOfDatabase } from './fleet-sets.ts';
import type { FleetTask } from './fleet-task.ts';
import { load } from './load-task.ts';
import type { TaskResult } from './run-fleet.ts';

const plain = { detail: '', diagnostics: [], failures: [] };

export interface ProvisionFleetOptions
  extends Pick<ProvisionDatabaseOptions, 'source' | 'createDatabase' | 'maintenanceDatabase' | 'ifSame' | 'verify' | 'strict'> {
  readonly seedDescriptors?: readonly string[] | undefined;
}

const provisionOutcomes = { provisioned: 'provisioned', appliedAgain: 'applied again', skipped: 'skipped' } as const;

const provision: FleetTask<ProvisionFleetOptions> = {
  command: 'provision',
  purpose: 'provision',
  skipsDone: true,
  // an existing database is skipped by default, so that a killed run can be repeated
  async prepare({ ifSame = 'skip', ...options }, dialect, signals) {
    const design = await databaseDesign({ source: options.source, dialect, ...signals });
    const seed = await preparedSeeds({ ...options, dialect, ...signals });
    return async (place, own) => {
      const onWaiting = (holder: string) => own.onProgress?.(`wait for ${holder}`);
      const provisioned = await provisionDatabase({ ...options, ...place, ...own, ifSame, design, seed, onWaiting });
      const { outcome, verified, seeded, diagnostics } = provisioned;
      const differences = verified?.diff.differences ?? [];
      return {
        ...plain,
        outcome: provisionOutcomes[outcome],
        detail: [
          ...(differences.length > 0 ? [differenceCounts(differences)] : []),
          ...(seeded === null ? [] : [seededLine(seeded)]),
        ].join('; '),
        value: { differences, ...(seeded === null ? {} : { descriptors: seededCounts(seeded) }) },
        diagnostics,
      };
    };
  },
};

export interface CheckFleetOptions {
  readonly source: DatabaseSource;
  readonly deep?: boolean | undefined;
  /** Recomputes what is derived from rows. */
  readonly data?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly purpose?: RightPurpose | undefined;
  readonly role?: string | undefined;
}

/** What a check of one database found; the catalog of the database itself is not kept. */
export interface CheckResult extends TaskResult {
  readonly diff: CatalogDiff;
}

const check: FleetTask<CheckFleetOptions, CheckResult> = {
  command: 'check',
  purpose: 'check',
  skipsDone: false,
  async prepare(options, dialect, signals) {
    const design = await databaseDesign({ source: options.source, dialect, ...signals });
    return async (place, own) => {
      const drift = await findDrift({ ...options, ...place, ...own, design });
      const { maker, diff, gate, data, failures, diagnostics } = drift;
      const { differences, renames, leftovers, reporting, preparation } = driftValue(drift);
      const wrongRows = data ?? [];
      const isDrifted = failures.some(({ code }) => code === 'VERIFY_CATALOG_DIFFERS' || code === 'CHECK_MAKERS_MIXED');
      return {
        outcome: failures.length === 0 ? 'passed' : isDrifted ? 'drifted' : wrongRows.length > 0 ? 'rows differ' : 'refused',
        detail: [
          ...(maker.kind === 'dms-ddl' ? [] : [`made by ${originNames[maker.kind]}`]),
          ...(diff.differences.length > 0 ? [differenceCounts(diff.differences)] : []),
          ...(gate === 'ok' ? [] : [gate]),
          ...(preparation === undefined ? [] : [`prepared for an upgrade (${counted(preparation.objects.length, 'object')})`]),
          ...dataLines(wrongRows),
        ].join('; '),
        value: {
          ...{ gate, maker: maker.kind, leftovers, differences, renames },
          ...(reporting === undefined ? {} : { reporting }),
          ...(preparation === undefined ? {} : { preparation }),
          ...(data === null ? {} : { data }),
        },
        ...{ diff, diagnostics, failures },
      };
    };
  },
};

export interface UpgradeFleetOptions extends RenameOptions {
  /** Folders with the artifacts of two schema sets. */
  readonly before: string;
  readonly after: string;
  readonly allowLoss?: readonly string[] | undefined;
  /** Resources whose documents may break rules of the later set. */
  readonly allowInvalid?: readonly string[] | undefined;
  /** Whether databases of the service's own tool are adopted first. */
  readonly adopt?: boolean | undefined;
}

export interface ApplyFleetOptions extends UpgradeFleetOptions {
  readonly dryRun?: boolean | undefined;
  /** Milliseconds in which an upgrade tries to get its locks. */
  readonly lockTimeout?: number | undefined;
  /** Milliseconds that a statement may take. */
  readonly statementTimeout?: number | undefined;
}

/**
 * The two sets and the plan from one to the other, which is the same for every database. What no database can have is refused before the first
 * one; so are losses without a permission, unless each database is only asked what it would lose.
 */
async function preparedUpgrade(
  { before: from, after: to, allowLoss, allowInvalid, ...names }: UpgradeFleetOptions,
  dialect: SqlDialect,
  { onlyAsks = false } = {},
) {
  const { before, after } = await upgradeSets({ before: from, after: to, dialect });
  const plan = planUpgrade(before, after, { allowLoss, allowInvalid, renames: await requestedRenames(names) });
  failIfAny(onlyAsks ? impossibleItems(plan) : refusals(plan));
  return { before, after, plan };
}

const lossesOf = (losses: Upgraded['losses']) =>
  losses.map(({ item, count }) => ({ owner: item.owner, change: item.change, path: item.path, count }));

const invalidOf = (invalid: Upgraded['invalid']) =>
  invalid.map(({ item, count }) => ({ owner: item.owner, change: item.change, path: item.path, count }));

const invalidText = (invalid: Upgraded['invalid']) =>
  invalid.length === 0
    ? []
    : [
        counted(
          invalid.reduce((sum, { count }) => sum + count, 0),
          'problem of documents stays',
          'problems of documents stay',
        ),
      ];

const upgradePlan: FleetTask<UpgradeFleetOptions> = {
  command: 'upgrade plan',
  purpose: 'check',
  skipsDone: false,
  async prepare(options, dialect) {
    const { before, after, plan } = await preparedUpgrade(options, dialect, { onlyAsks: true });
    return (place, { signal, onProgress }) =>
      withTarget({ ...place, signal }, 'check', (target) =>
        connected(target, { signal, onProgress }, async (connection) => {
          const surveyed = await surveyUpgrade(connection, before, after, { plan, adopt: options.adopt, signal });
          const { state, losses, invalid, estimate, diagnostics } = surveyed;
          failIfAny(surveyed.objections);
          const lost = losses.reduce((sum, { count }) => sum + count, 0);
          return {
            ...plain,
            outcome: state === 'after' ? 'already upgraded' : 'ready',
            diagnostics,
            detail: [
              ...(estimate?.time ? [durationText(estimate.time.whole)] : []),
              ...(lost === 0 ? [] : [`${counted(lost, 'value')} would be lost`]),
              ...invalidText(invalid),
              ...(diagnostics.length === 0 ? [] : ['differs from its schema set']),
            ].join('; '),
            value: {
              losses: lossesOf(losses),
              invalid: invalidOf(invalid),
              ...(estimate?.time ? { estimate: { seconds: roughSeconds(estimate.time.whole) } } : {}),
            },
          };
        }),
      );
  },
};

const adoptOutcomes = { adopted: 'adopted', dryRun: 'could be adopted', alreadyOurs: 'already ours' } as const;

export type AdoptFleetOptions = Pick<AdoptOptions, 'source' | 'dryRun' | 'lockTimeout' | 'statementTimeout'>;

const adopt: FleetTask<AdoptFleetOptions> = {
  command: 'adopt',
  purpose: 'check',
  skipsDone: true,
  async prepare(options, dialect, signals) {
    const set = await adoptedSet({ source: options.source, dialect, ...signals });
    return async (place, { signal, onProgress }) => {
      const adopted = await adoptDatabase({
        ...{ ...options, ...place, dialect, set, signal, onProgress },
        onStep: ({ title, statement, statements }) => onProgress?.(`${title} (${statement} of ${statements})`),
      });
      const { outcome, documents, data, diagnostics } = adopted;
      return {
        ...plain,
        outcome: adoptOutcomes[outcome],
        detail: outcome === 'alreadyOurs' ? '' : [counted(documents, 'document'), ...dataLines(data ?? [])].join('; '),
        value: adoptedValue(adopted),
        diagnostics,
      };
    };
  },
};

const upgradeOutcomes = { upgraded: 'upgraded', dryRun: 'could be upgraded', alreadyUpgraded: 'already upgraded' } as const;

const upgradeApply: FleetTask<ApplyFleetOptions> = {
  command: 'upgrade apply',
  purpose: 'check',
  skipsDone: true,
  async prepare({ dryRun, lockTimeout, statementTimeout, ...options }, dialect) {
    const { before, after, plan } = await preparedUpgrade(options, dialect, { onlyAsks: dryRun });
    const { allowLoss, adopt } = options;
    const restore = await restoredViews(options.after, after);
    return (place, { signal, onProgress }) =>
      withTarget({ ...place, signal }, 'check', async (target) => {
        const upgraded = await upgradeDatabase(target, before, after, {
          onWaiting: (holder) => onProgress?.(`wait for ${holder}`),
          ...{ allowLoss, adopt, dryRun, plan, signal, statementTimeout, restoreViews: restore },
          limits: lockTimeout === undefined ? {} : { lock: lockTimeout },
          onProgress: ({ title, statement, statements }) => onProgress?.(`${title} (${statement} of ${statements})`),
        });
        const { outcome, documents, losses, invalid, diagnostics } = upgraded;
        return {
          ...plain,
          outcome: upgradeOutcomes[outcome],
          detail: outcome === 'alreadyUpgraded' ? '' : [counted(documents, 'document'), ...invalidText(invalid)].join('; '),
          value: { documents, losses: lossesOf(losses), invalid: invalidOf(invalid) },
          diagnostics,
        };
      });
  },
};

const prepareOutcomes = { prepared: 'prepared', dryRun: 'could be prepared', alreadyUpgraded: 'already upgraded' } as const;

export interface PrepareFleetOptions
  extends Omit<UpgradeFleetOptions, 'allowInvalid' | 'adopt'>,
    Pick<PrepareOptions, 'dryRun' | 'limits'> {}

const upgradePrepare: FleetTask<PrepareFleetOptions> = {
  command: 'upgrade prepare',
  purpose: 'check',
  skipsDone: true,
  async prepare({ dryRun, limits, ...options }, dialect) {
    const { before, after, plan } = await preparedUpgrade(options, dialect);
    return (place, { signal, onProgress }) =>
      withTarget({ ...place, signal }, 'check', async (target) => {
        const { outcome, made, found, diagnostics } = await prepareDatabase(target, before, after, {
          ...{ plan, dryRun, limits, signal },
          onProgress: ({ kind, statement, statements }) => onProgress?.(`${kind} (${statement} of ${statements})`),
        });
        const earlier = found === 0 ? [] : [`${found} made earlier`];
        return {
          ...plain,
          outcome: prepareOutcomes[outcome],
          detail: outcome === 'alreadyUpgraded' ? '' : [counted(made.length, 'step'), ...earlier].join('; '),
          value: { steps: made.length, found },
          diagnostics,
        };
      });
  },
};

export type UndoFleetOptions = Pick<PrepareOptions, 'limits'>;

const upgradeUndo: FleetTask<UndoFleetOptions> = {
  command: 'upgrade prepare',
  purpose: 'check',
  skipsDone: true,
  async prepare({ limits }) {
    return (place, { signal, onProgress }) =>
      withTarget({ ...place, signal }, 'check', (target) =>
        connected(target, { signal, onProgress }, async (connection, reopen) => {
          const { removed } = await undoPreparation(connection, { limits, signal, reopen });
          return {
            ...plain,
            outcome: removed.length === 0 ? 'not prepared' : 'undone',
            detail: removed.length === 0 ? '' : counted(removed.length, 'object'),
            value: { removed: removed.length },
          };
        }),
      );
  },
};

/** Which schema set a database has. */
export interface StatusResult extends TaskResult, Pick<SetOfDatabase, 'set'> {}

const upgradeStatus: FleetTask<object, StatusResult> = {
  command: 'upgrade status',
  purpose: 'check',
  skipsDone: false,
  async prepare(_, dialect) {
    return async (place, own) => {
      const status = await databaseStatus({ ...place, ...own, dialect });
      const { set, maker, since, plan, diagnostics } = status;
      const made = maker === 'dms-ddl' || maker === 'unknown' ? '' : `, made by ${originNames[maker]}`;
      return {
        ...plain,
        outcome: set === null ? 'without a schema set' : plan === null ? 'provisioned' : 'upgraded',
        detail: set === null ? '' : `${printable(set.projects.join(', '))} since ${since}${made}`,
        value: statusValue(status),
        ...{ set, diagnostics },
      };
    };
  },
};

export interface SeedFleetOptions {
  readonly source: DatabaseSource;
  readonly paths: readonly string[];
  readonly onConflict?: OnConflict | undefined;
  readonly ignoreUnknown?: boolean | undefined;
}

const seedDescriptors: FleetTask<SeedFleetOptions> = {
  command: 'seed-descriptors',
  purpose: 'check',
  skipsDone: true,
  async prepare({ source, ...options }, dialect, signals) {
    const design = await documentDesign(source, dialect, signals.onProgress);
    const write = await preparedSeeding(design, options, signals);
    return (place, { signal }) =>
      withTarget({ ...place, signal }, 'check', async (target) => {
        const seeded = await write(target);
        const isChanged = seeded.inserted + seeded.updated > 0;
        return {
          ...plain,
          outcome: isChanged ? 'seeded' : 'unchanged',
          detail: seededLine(seeded),
          value: seededCounts(seeded),
          diagnostics: seeded.diagnostics,
        };
      });
  },
};

const reportingApply: FleetTask<Omit<ReportingDesignOptions, 'dialect' | 'onProgress'> & ViewsPlace> = {
  command: 'reporting apply',
  purpose: 'check',
  skipsDone: false,
  async prepare(options, dialect, { onProgress }) {
    const design = await reportingDesign({ ...options, dialect, onProgress });
    return async (place, own) => {
      const { views, earlier, viewsDatabase } = await applyReporting({ ...options, ...place, ...own, design });
      return {
        ...plain,
        outcome: earlier === 0 ? 'applied' : 'replaced',
        detail: counted(views, 'view'),
        value: { views, earlier, viewsDatabase },
      };
    };
  },
};

const reportingDrop: FleetTask<Pick<ViewsPlace, 'viewsDatabase'>> = {
  command: 'reporting drop',
  purpose: 'check',
  skipsDone: false,
  async prepare(options) {
    return async (place, own) => {
      const { views } = await dropReporting({ ...options, ...place, ...own });
      return { ...plain, outcome: views === 0 ? 'without views' : 'dropped', detail: counted(views, 'view'), value: { views } };
    };
  },
};

const commentsApply: FleetTask<Pick<CommentsDesignOptions, 'source'>> = {
  command: 'comments apply',
  purpose: 'check',
  skipsDone: false,
  async prepare(options, dialect, { onProgress }) {
    const design = await commentsDesign({ ...options, dialect, onProgress });
    return async (place, own) => {
      const { comments } = await applyComments({ ...options, ...place, ...own, design });
      return { ...plain, outcome: 'applied', detail: counted(comments, 'comment'), value: { comments } };
    };
  },
};

/** All tasks that can be run on a fleet. */
export const fleetTasks = {
  ...{ provision, check, adopt, upgradePlan, upgradePrepare, upgradeUndo, upgradeApply, upgradeStatus, seedDescriptors },
  ...{ reportingApply, reportingDrop, commentsApply, load },
} as const;
