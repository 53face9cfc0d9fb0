import { changeClasses } from '@dms/catalog';
import { counted, firstOf, plainLines, type Report, type ReportPart } from '@dms/diagnostics';
import { hashStart } from '@dms/values';
import { compareSets } from '../comparing/compare-sets.ts';
import type { ComparedSet } from '../comparing/compared-set.ts';
import { durationText, type UpgradeEstimate } from '../hazards/estimate.ts';
import { planSizeText } from '../hazards/plan-size.ts';
import { type TableHazard, tableHazards, tableLine, timeText } from '../hazards/table-hazards.ts';
import { noQueries } from '../kinds/change-rules.ts';
import { type Rename, renameOption } from '../renaming/renaming.ts';
import { itemText } from '../script/upgrade-operations.ts';
import { declaredOwners, planItems } from './plan-items.ts';
import {
  documentsText,
  droppedTexts,
  resourcesText,
  type SurveyedTranslation,
  translationWays,
  waysText,
} from './translation-report.ts';
import { preparableStatements, type UpgradeItem, type UpgradePlan } from './upgrade-plan.ts';
import type { UpgradeSide } from './upgrade-side.ts';

/** The way back from the later to the earlier set, as far as the artifacts tell it. */
export interface ReversePlan extends Pick<UpgradePlan, 'verdict'> {
  /** Losses of a database of the later set. */
  readonly losses: readonly UpgradeItem[];
  /** Changes that its rows and documents may refuse. */
  readonly checked: readonly UpgradeItem[];
  /** Changes that cannot be taken back. */
  readonly impossible: readonly UpgradeItem[];
}

/** How much an item loses in a database. */
export interface LossCount {
  readonly item: UpgradeItem;
  /** Values, rows or documents. */
  readonly count: number;
  /** How many documents have them; null if they belong to no documents. */
  readonly documents: number | null;
}

/** How many rows or documents of a database do not allow an item. */
export interface CheckFinding {
  readonly item: UpgradeItem;
  readonly count: number;
  readonly of: 'row' | 'document';
}

/** The results of counting the losses and running the checks of a plan in a database. */
export interface PlanFindings {
  readonly losses: readonly LossCount[];
  readonly checks: readonly CheckFinding[];
}

/** A plan, with the additional content of its report. */
export interface ReportedPlan {
  readonly plan: UpgradePlan;
  readonly reverse: ReversePlan;
  /** Null if no database was asked, or if it already has the later set. */
  readonly estimate: UpgradeEstimate | null;
  /** Null if no database was asked, or if it already has the later set. */
  readonly findings: PlanFindings | null;
  /** The survey of a translation; null if no database was asked, or if it reads no documents. */
  readonly translation: SurveyedTranslation | null;
}

/**
 * A plan as reports show it, with the findings in a database, if one was asked. Throws the `UPGRADE_RENAME_*` codes.
 */
export const reportedPlan = (
  before: ComparedSet,
  after: ComparedSet,
  plan: UpgradePlan,
  {
    estimate = null,
    findings = null,
    translation = null,
  }: Partial<Pick<ReportedPlan, 'estimate' | 'findings' | 'translation'>> = {},
): ReportedPlan => ({ plan, reverse: reversePlan(before, after, plan), estimate, findings, translation });

/**
 * Plans the way back of an upgrade, with its renames exchanged and every loss permitted (design 12 §6). Its losses are
 * those of the later set; values that the upgrade itself loses do not come back.
 */
function reversePlan(
  before: ComparedSet,
  after: ComparedSet,
  { renaming, translation }: Pick<UpgradePlan, 'renaming' | 'translation'>,
): ReversePlan {
  // the upgrade rewrites documents
  if (translation?.isRewriting) return { verdict: 'impossible', losses: [], checked: [], impossible: [] };
  const renames = renaming.renames.map((rename) => ({ before: rename.after, after: rename.before }));
  const { changes } = compareSets(after, before, {
    ...(translation ? { translation: { ...translation, renames, rewritten: new Set() } } : { renames }),
    permits: () => true,
  });
  const { items, verdict } = planItems(changes, () => noQueries, declaredOwners(after, before));
  const of = (name: UpgradeItem['class']) => items.filter((item) => item.class === name);
  return { verdict, losses: of('loss'), checked: of('checked'), impossible: of('impossible') };
}

/*
 * The summary for a decision, in at most 40 lines: texts and Markdown show the same sections, one line each and a few
 * below it (design 12 §6).
 */

/**
 * The two sides of an upgrade: the versions of the projects, with the generations of a move, or with the beginnings of
 * the hashes if the versions are equal.
 */
export function sidesText({ before, after }: Pick<UpgradePlan, 'before' | 'after'>): string {
  const [from, to] = [before, after].map(({ projects }) => projects.join(', '));
  const text = ({ projects, effectiveSchemaHash, mappingVersion }: UpgradeSide) => {
    if (before.mappingVersion !== after.mappingVersion) return `${projects.join(', ')} (${mappingVersion})`;
    return from === to ? `${projects.join(', ')} (${hashStart(effectiveSchemaHash)})` : projects.join(', ');
  };
  return `${text(before)} → ${text(after)}`;
}

/** An item with the values that it changes. */
export const shownItem = (item: UpgradeItem): string => `${itemText(item)}${shown(item)}`;

/** The changed values of an item, if it shows them. */
const shown = ({ before, after }: UpgradeItem) =>
  before === undefined && after === undefined ? '' : ` (${before ?? 'nothing'} → ${after ?? 'nothing'})`;

/** The items that rows or documents may refuse, by position. */
export const askingItems = ({
  checks,
  documentChecks,
}: Pick<UpgradePlan, 'checks' | 'documentChecks'>): ReadonlySet<number> =>
  new Set([...checks.map(({ item }) => item), ...documentChecks.flatMap(({ rules }) => rules.map(({ item }) => item))]);

/** The number of tables that nobody can read, and the number of other tables that nobody can write. */
export function waitingTables(hazards: readonly TableHazard[]): { readonly readers: number; readonly writers: number } {
  const readers = hazards.filter(({ readersFrom }) => readersFrom !== null).length;
  return { readers, writers: hazards.length - readers };
}

/** The summary of a plan. */
export const summaryPart = (reported: ReportedPlan): ReportPart => ({
  kind: 'lines',
  lines: summarySections(reported).map(({ title, text, details }) => ({
    text: [{ strong: title }, `: ${text}`],
    below: plainLines(details),
  })),
});

/** A line of a summary, with the lines below it. */
interface SummarySection {
  readonly title: string;
  readonly text: string;
  readonly details: readonly string[];
}

/** Maximum number of entries that a section names. */
const most = { items: 4, tables: 3, candidates: 3, back: 3 } as const;

const movedText =
  'what is gone at one place may be new at another; an upgrade in place does not follow it, "moves" of a translation do';

/** The sections of a summary, in the order in which a decision needs them. */
function summarySections(reported: ReportedPlan): readonly SummarySection[] {
  const { plan } = reported;
  const candidates = named(plan.candidates, most.candidates, candidateText);
  const moves = named(plan.moves, most.candidates, ({ before, after }) => `${before} → ${after}`);
  return [
    verdictSection(reported),
    ...translationSections(reported),
    ...candidates.map((text) => ({ title: 'Perhaps renamed', text, details: [] })),
    ...(moves.length === 0 ? [] : [{ title: 'Perhaps moved', text: movedText, details: moves }]),
    ...[lossSection, checkSection, lockSection, sizeSection, timeSection].map((section) => section(reported)),
    { title: 'Preparation', text: preparationText(reported), details: [] },
    undoSection(reported),
  ];
}

const named = <Entry>(entries: readonly Entry[], limit: number, text: (entry: Entry) => string): readonly string[] =>
  firstOf(entries, limit, text, (count) => `… and ${count} more`);

const candidateText = (rename: Rename) =>
  `${rename.before} is gone and ${rename.after} is new. If so: ${renameOption(rename)}`;

const ends: Readonly<Record<UpgradePlan['verdict'], string>> = {
  free: 'no row can object',
  rewritten: 'rows are changed, using existing values',
  checked: 'rows are looked at first, and may object',
  loss: 'values disappear',
  impossible: 'values would be needed that are nowhere',
};

function verdictSection({ plan }: ReportedPlan): SummarySection {
  const counts = classCounts(plan);
  const text = `${plan.verdict} (${ends[plan.verdict]})${counts.length === 0 ? '; nothing changes' : `; ${counts.join(', ')}`}`;
  const impossible = plan.items.filter((item) => item.class === 'impossible');
  const details = named(impossible, most.items, (item) => `${itemText(item)}; ${item.reason ?? ''}`);
  return { title: 'Verdict', text, details };
}

/** The number of items of each class: `16 free`, `29 rewritten`. */
const classCounts = ({ items }: Pick<UpgradePlan, 'items'>): readonly string[] =>
  changeClasses.flatMap((name) => {
    const count = items.filter((item) => item.class === name).length;
    return count === 0 ? [] : [`${count} ${name}`];
  });

/** The section on a translation: how resources change, and whether the upgrade is made in place or by a copy. */
function translationSections({ plan, estimate, translation: found }: ReportedPlan): readonly SummarySection[] {
  const { translation } = plan;
  if (translation === null) return [];
  const { resources, isRewriting: isRead } = translation;
  const reads = isRead ? 'documents are read and written in the transaction of the upgrade' : 'no document is read';
  const text = `${resourcesText(resources)}; ${found === null ? reads : documentsText(found)}`;
  const rewritten = resources.flatMap(({ is, after }) => (is === 'rewritten' && after !== null ? [after] : []));
  const details = [
    ...named(rewritten, most.items, (label) => `${label} is rewritten`),
    ...named(found === null ? [] : droppedTexts(found), most.items, (dropped) => dropped),
  ];
  const ways = found && translationWays(plan, estimate, found);
  return [
    { title: 'Translation', text, details },
    ...(found && ways ? [{ title: 'Way', text: waysText(ways, found), details: [] }] : []),
  ];
}

function lossSection({ plan, findings }: ReportedPlan): SummarySection {
  const title = 'Lost';
  const lost = plan.items.filter((item) => item.class === 'loss');
  if (lost.length === 0) return { title, text: 'nothing', details: [] };
  const unpermitted = new Set(plan.unpermitted);
  const known = new Map(findings?.losses.map((loss) => [loss.item, loss]));
  const size = (item: UpgradeItem) => known.get(item)?.count ?? 0;
  const line = (item: UpgradeItem) => {
    const found = known.get(item);
    const documents = found?.documents == null ? '' : ` in ${counted(found.documents, 'document')}`;
    const count = found === undefined ? '' : `: ${counted(found.count, 'value or row', 'values or rows')}${documents}`;
    return `${itemText(item)}${count}${unpermitted.has(item) ? '; not permitted' : ''}`;
  };
  const sorted = [...lost].sort((left, right) => size(right) - size(left));
  const where = findings === null ? '; a database says how much' : '';
  const without = unpermitted.size === 0 ? 'all permitted' : `${unpermitted.size} not permitted`;
  return {
    title,
    text: `what ${counted(lost.length, 'change takes', 'changes take')} away, ${without}${where}`,
    details: named(sorted, most.items, line),
  };
}

function checkSection({ plan, findings }: ReportedPlan): SummarySection {
  const title = 'May refuse';
  const asking = askingItems(plan);
  const checked = plan.items.filter((_, index) => asking.has(index));
  if (checked.length === 0) return { title, text: 'nothing: no row and no document is in the way', details: [] };
  const checks = counted(checked.length, 'change is checked', 'changes are checked');
  if (findings === null) {
    const text = `${checks} on rows or documents first; a database says how many object`;
    return { title, text, details: named(checked, most.items, shownItem) };
  }
  const { checks: found } = findings;
  if (found.length === 0)
    return { title, text: `${checks} on rows or documents; in this database none objects`, details: [] };
  const sorted = [...found].sort((left, right) => right.count - left.count);
  return {
    title,
    text: `${checks} on rows or documents; in this database ${counted(found.length, 'is', 'are')} refused`,
    details: named(sorted, most.items, ({ item, count, of }) => {
      const verb =
        of === 'row' ? counted(count, 'row does', 'rows do') : counted(count, 'document does', 'documents do');
      return `${shownItem(item)}: ${verb} not allow it`;
    }),
  };
}

function lockSection({ plan, estimate }: ReportedPlan): SummarySection {
  const title = 'Locks';
  if (plan.verdict === 'impossible') return { title, text: 'none: there is no script', details: [] };
  const hazards = tableHazards({ ...plan, statements: plan.intended }, estimate);
  if (hazards.length === 0) return { title, text: 'nobody waits for a table', details: [] };
  const { readers, writers } = waitingTables(hazards);
  const parts = [
    ...(readers === 0 ? [] : [`readers and writers of ${counted(readers, 'table')} wait`]),
    ...(writers === 0
      ? []
      : [
          `${readers === 0 ? 'writers of' : 'writers of another'} ${counted(writers, 'table')}${readers === 0 ? ' wait' : ''}`,
        ]),
  ];
  const longest = named(hazards, most.tables, tableLine);
  return { title, text: `${parts.join(', ')}, until the commit; the longest wait first`, details: longest };
}

function sizeSection({ plan, estimate }: ReportedPlan): SummarySection {
  const title = 'Size';
  if (plan.verdict === 'impossible') return { title, text: 'none: there is no script', details: [] };
  return { title, text: planSizeText({ ...plan, statements: plan.intended }, estimate), details: [] };
}

function timeSection({ plan, estimate }: ReportedPlan): SummarySection {
  const title = 'Time';
  if (plan.verdict === 'impossible') return { title, text: 'none: there is no script', details: [] };
  if (estimate !== null) return { title, text: timeText(plan, estimate), details: [] };
  return {
    title,
    text: plan.intended.length === 0 ? 'none: nothing changes' : 'unknown without a database',
    details: [],
  };
}

/** Number of statements that can be made before the upgrade, and the time that the upgrade then takes, in words. */
function preparationText({ plan, estimate }: Pick<ReportedPlan, 'plan' | 'estimate'>): string {
  const count = preparableStatements({ statements: plan.intended }).length;
  if (count === 0) return 'nothing can be made before the upgrade';
  const time = estimate?.time ? `; the upgrade itself then takes ${durationText(estimate.time.afterPreparation)}` : '';
  const all = counted(plan.intended.length, 'statement');
  return `upgrade prepare makes ${count} of ${all} before, wholly or in part, while the service runs${time}`;
}

function undoSection(reported: ReportedPlan): SummarySection {
  const { plan, reverse } = reported;
  const title = 'Undo';
  if (plan.verdict === 'impossible') return { title, text: 'there is nothing to undo', details: [] };
  const isPrepared = preparableStatements({ statements: plan.intended }).length > 0;
  const items = reverse.impossible.length > 0 ? reverse.impossible : [...reverse.losses, ...reverse.checked];
  return {
    title,
    text: `${isPrepared ? 'a preparation by upgrade prepare --undo; ' : ''}${wayBack(reported)}`,
    details: named(items, most.back, (item) => {
      if (item.class === 'impossible') return `${itemText(item)}; ${item.reason ?? ''}`;
      return item.class === 'loss' ? itemText(item) : `${shownItem(item)}; rows or documents may refuse it`;
    }),
  };
}

/** The way back of an upgrade and its losses, in words. */
function wayBack({ plan, reverse }: ReportedPlan): string {
  if (plan.translation?.isRewriting) return 'the upgrade by a backup only, because documents become others';
  if (reverse.impossible.length > 0) return 'the upgrade by a backup only, because there is no plan back';
  const isLoss = plan.items.some((item) => item.class === 'loss');
  const gone = isLoss ? ', and does not bring back what is lost here' : '';
  const loses = reverse.losses.length === 0 ? 'nothing' : 'what only the later set has';
  return `the upgrade by a backup, or by the plan back, which loses ${loses}${gone}`;
}

/** The commands that come next, as a user runs them. */
export const nextParts = (commands: readonly string[]): Report =>
  commands.length === 0
    ? []
    : [
        { kind: 'paragraph', text: 'Next:' },
        { kind: 'commands', commands },
      ];
