import { block, changeClasses, line, lines } from '@dms/catalog';
import {
  counted,
  firstOf,
  plainLines,
  type Report,
  type ReportLine,
  reportMarkdown,
  reportText,
  type Sentence,
  type Words,
} from '@dms/diagnostics';
import { productNames, textOf } from '@dms/sql';
import { compareBy, groupBy } from '@dms/values';
import { durationText, roughSeconds, rowsKey, type UpgradeEstimate } from '../hazards/estimate.ts';
import { planSize, roughBytes } from '../hazards/plan-size.ts';
import {
  type Hazard,
  hazardLines,
  hazardsOf,
  statementHazards,
  type TableHazard,
  tableHazards,
} from '../hazards/table-hazards.ts';
import { preparationHazard } from '../preparing/preparation-lines.ts';
import {
  askingItems,
  nextParts,
  type ReportedPlan,
  type ReversePlan,
  shownItem,
  sidesText,
  summaryPart,
  waitingTables,
} from './reported-plan.ts';
import { translationWays, waysValue } from './translation-report.ts';
import { preparableStatements, type UpgradeItem, type UpgradePlan, type UpgradeQuery } from './upgrade-plan.ts';

/**
 * Plans as text for people: the summary for a decision, in at most 40 lines for each dialect, the commands that come
 * next, then the items by owner and the locks (design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeReport = (plans: readonly ReportedPlan[], next: readonly string[] = []): readonly string[] =>
  reportText([...plans.flatMap(summary), ...nextParts(next), ...plans.flatMap(details)]);

const summary = (reported: ReportedPlan): Report => [
  { kind: 'paragraph', text: `${reported.plan.dialect}: ${sidesText(reported.plan)}` },
  summaryPart(reported),
];

function details({ plan, estimate }: ReportedPlan): Report {
  const owners = [...groupBy(plan.items, ({ owner }) => owner)].map(([owner, items]) => ownerLine(owner, items));
  return [
    { kind: 'paragraph', text: '' },
    {
      kind: 'lines',
      lines: [
        ...(owners.length === 0 ? [] : [{ text: `Changes on ${plan.dialect}:`, below: owners }]),
        ...hazardLines({ ...plan, statements: plan.intended }, estimate),
        ...plainLines([...documentsLines(plan, estimate), countsText(plan)]),
      ],
    },
  ];
}

/** The number of items of one kind that are listed one by one. */
const namedOfAKind = 12;

/** The items of an owner, grouped by class and change. */
function ownerLine(owner: string, items: readonly UpgradeItem[]): ReportLine {
  const kinds = groupBy(items, (item) => `${item.class} ${item.change}`);
  const lines = [...kinds].flatMap(([, entries]) => {
    const [first] = entries;
    if (!first) return [];
    const head = `${first.class.padEnd(10)} `;
    return firstOf(
      entries,
      namedOfAKind,
      (item) => `${head}${shownItem(item)}${item.reason ? `; ${item.reason}` : ''}`,
      (count) => `${head}${first.change}: … and ${count} more`,
    );
  });
  return { text: owner, below: plainLines(lines) };
}

/** Which documents are checked, and how many if they were counted. */
const documentsLines = ({ documentChecks }: UpgradePlan, estimate: UpgradeEstimate | null): readonly string[] =>
  documentChecks.map(({ id, resource, rules, rows, isAllowed }) => {
    const count = estimate?.rows.get(rowsKey(rows));
    const documents = count === undefined ? 'all documents' : counted(count, 'document');
    const end = isAllowed ? 'those that break a rule may stay' : 'the script alone does not do this';
    return `${id}: reads ${documents} of ${resource.after} and checks ${counted(rules.length, 'rule')}; ${end}`;
  });

/** How many statements and queries a plan has. */
const countsText = ({ intended, checks, losses, allowedLosses }: UpgradePlan): string =>
  `${counted(intended.length, 'statement')}, ${counted(checks.length, 'check')}, ${counted(losses.length, 'count')} of losses${allowedLosses.length === 0 ? '' : `; permitted: ${allowedLosses.join(', ')}`}`;

/** A member of the file: its name and its text. */
type ReportMember = readonly [name: string, text: string];

/**
 * The text of `upgrade.<dialect>.json`: the content for a decision first, then the items, the queries and the
 * statements. Two blanks per level, one item per line, with numbers if a database was asked (design 12 §6).
 */
export function upgradeText(reported: ReportedPlan): string {
  const { plan, reverse } = reported;
  const side = ({ effectiveSchemaHash, mappingVersion, projects }: UpgradePlan['before']) =>
    line({
      effective_schema_hash: effectiveSchemaHash,
      ...(plan.purpose === 'move' ? { mapping_version: mappingVersion } : {}),
      projects,
    });
  const members: readonly ReportMember[] = [
    ['upgrade_format', '3'],
    ['dialect', line(plan.dialect)],
    ['before', side(plan.before)],
    ['after', side(plan.after)],
    ['verdict', line(plan.verdict)],
    ['plan_hash', line(plan.hash)],
    ['allowed_losses', line(plan.allowedLosses)],
    ...translationMembers(reported),
    list('rename_candidates', plan.candidates),
    list('move_candidates', plan.moves),
    ...decidedMembers(reported),
    ...effortMembers(reported),
    ['reverse', reverseText(reverse)],
    ...detailMembers(reported),
  ];
  return `${block(members, 0)}\n`;
}

/** The members about a translation: how resources change, and which way is taken; none without a translation. */
function translationMembers({ plan, estimate, translation: found }: ReportedPlan): readonly ReportMember[] {
  if (plan.translation === null) return [];
  const changed = plan.translation.resources.filter(({ is }) => is !== 'untouched');
  const ways = found && translationWays(plan, estimate, found);
  return [
    list(
      'translation',
      changed.map(({ before, after, is, rules }) => {
        const then = found?.resources.get(before ?? '');
        const now = found?.resources.get(after ?? '');
        const counts = found && {
          ...(before === null ? {} : { read: then?.read ?? 0, rejects: then?.rejects ?? 0 }),
          ...(after === null ? {} : { written: now?.written ?? 0, made: now?.made ?? 0 }),
        };
        return { is, before: before ?? undefined, after: after ?? undefined, rules, ...counts };
      }),
    ),
    ...(found === null
      ? []
      : [
          list(
            'lost_values',
            [...found.places].map(([place, counts]) => ({ place, ...counts })),
          ),
        ]),
    ...(found && ways ? ([['ways', line(waysValue(ways, found))]] as const) : []),
  ];
}

/** A list with an item per line. */
const list = (name: string, entries: readonly unknown[]): ReportMember => [name, lines(entries, 1)];

const place = ({ owner, change, path, before, after }: UpgradeItem) => ({ owner, change, path, before, after });

/** The members about losses, and about items that rows or documents may refuse, with the numbers of a database. */
function decidedMembers({ plan, findings }: ReportedPlan): readonly ReportMember[] {
  const unpermitted = new Set(plan.unpermitted);
  const losses = new Map(findings?.losses.map((loss) => [loss.item, loss]));
  const found = new Map(findings?.checks.map((each) => [each.item, each]));
  const asking = askingItems(plan);
  const isCounted = findings !== null;
  return [
    list(
      'lost',
      plan.items
        .filter((item) => item.class === 'loss')
        .map((item) => {
          const { count, documents } = losses.get(item) ?? {};
          const permitted = unpermitted.has(item) ? false : undefined;
          return { ...place(item), permitted, count, documents: documents ?? undefined };
        }),
    ),
    list(
      'may_refuse',
      // findings too: a changed value may break a rule that stays, which the plan does not list
      [...new Set([...plan.items.filter((_, index) => asking.has(index)), ...found.keys()])].map((item) => {
        const { count = 0, of } = found.get(item) ?? {};
        return { ...place(item), refused: isCounted ? count : undefined, of: count > 0 ? of : undefined };
      }),
    ),
  ];
}

/** The members about the locks, the time and the preparation of the intended statements. */
function effortMembers({ plan, estimate }: ReportedPlan): readonly ReportMember[] {
  const intended = { ...plan, statements: plan.intended };
  const time = estimate?.time ?? null;
  const hazards = tableHazards(intended, estimate);
  const { readers, writers } = waitingTables(hazards);
  return [
    ['waiting', line({ readers_and_writers: readers, writers })],
    list('tables', hazards.map(tableMembers)),
    ['size', line(sizeMembers(intended))],
    ...(time === null ? [] : [['estimate', line(estimateMembers(time, estimate?.bytes ?? null))] as const]),
    ['statements', line(plan.intended.length)],
    ['prepared_statements', line(preparableStatements(intended).length)],
  ];
}

const tableMembers = ({ table, lock, blocks, work, rows, ...hazard }: TableHazard) => ({
  table,
  lock,
  blocks,
  work,
  rows: rows ?? undefined,
  readers_from: hazard.readersFrom ?? undefined,
  writers_from: hazard.writersFrom,
  readers_wait: rough(hazard.readersWait),
  writers_wait: rough(hazard.writersWait),
});

const rough = (seconds: number | null) => (seconds === null ? undefined : roughSeconds(seconds));

function sizeMembers(plan: Parameters<typeof planSize>[0]) {
  const { newTables, indexes, rewrittenTables, writtenTables } = planSize(plan);
  return { new_tables: newTables, indexes, rewritten_tables: rewrittenTables, written_tables: writtenTables };
}

const estimateMembers = ({ whole, afterPreparation }: NonNullable<UpgradeEstimate['time']>, bytes: number | null) => ({
  seconds: roughSeconds(whole),
  seconds_after_preparation: roughSeconds(afterPreparation),
  bytes: bytes === null ? undefined : roughBytes(bytes),
});

function reverseText({ verdict, losses, checked, impossible }: ReversePlan): string {
  const items = (entries: readonly UpgradeItem[]) => line(entries.map(place));
  const members: readonly ReportMember[] = [
    ['verdict', line(verdict)],
    ['lost', items(losses)],
    ['may_refuse', items(checked)],
    ['impossible', items(impossible)],
  ];
  return block(members, 1);
}

/** All other members: the items, the queries, and every statement with its tables. */
function detailMembers({ plan, estimate }: ReportedPlan): readonly ReportMember[] {
  const { dialect, intended } = plan;
  const queries = (entries: readonly UpgradeQuery[]) =>
    entries.map(({ id, item, sql }) => ({ id, item, sql: textOf(sql) }));
  return [
    list('renames', plan.renaming.renames),
    list(
      'items',
      plan.items.map(({ class: itemClass, change, owner, path, before, after, reason, effects }) => ({
        class: itemClass,
        change,
        owner,
        path,
        before,
        after,
        reason,
        hazards: effects.length === 0 ? undefined : hazardsOf(dialect, effects).map(hazardMembers),
      })),
    ),
    list('checks', queries(plan.checks)),
    list('losses', queries(plan.losses)),
    list(
      'document_checks',
      plan.documentChecks.map(({ id, resource, rules, isAllowed }) => ({
        id,
        resource: resource.after,
        items: rules.map(({ item }) => item),
        allowed: isAllowed ? true : undefined,
      })),
    ),
    list(
      'hazards',
      statementHazards({ dialect, statements: intended }, estimate).map(
        ({ statement, step, kinds, seconds, ...hazard }) => ({
          statement,
          step,
          does: kinds,
          ...hazardMembers(hazard),
          seconds: rough(seconds),
          prepared: intended[statement - 1]?.preparation === undefined ? undefined : true,
        }),
      ),
    ),
    list(
      'preparation',
      preparableStatements({ statements: intended }).flatMap((statement) =>
        statement.preparation.steps.map((step) => {
          const { lock, targetLock, blocks, work } = preparationHazard(dialect, step);
          return {
            statement: intended.indexOf(statement) + 1,
            does: step.kind,
            table: step.subject,
            lock: lock ?? undefined,
            target: step.target ?? undefined,
            target_lock: targetLock ?? undefined,
            blocks,
            work,
          };
        }),
      ),
    ),
  ];
}

/** The members of a hazard; `new` marks a table that the upgrade creates, for which no session waits. */
const hazardMembers = ({ table, lock, blocks, work }: Hazard) => ({
  table: table.name,
  new: table.isNew ? true : undefined,
  lock,
  blocks,
  work,
});

/**
 * Plans as Markdown for a change request: the summary and the commands that come next, then the locks (the longest wait
 * first) and the changes (the worst first; design 12 §7).
 *
 * @param next the commands, as a user runs them
 */
export const upgradeMarkdown = (plans: readonly ReportedPlan[], next: readonly string[] = []): string =>
  `${plans.map((reported) => reportMarkdown(planReport(reported, next)).join('\n').trimEnd()).join('\n\n')}\n`;

function planReport(reported: ReportedPlan, next: readonly string[]): Report {
  const { plan, estimate } = reported;
  const documents = documentsLines(plan, estimate);
  return [
    { kind: 'heading', level: 2, text: `Upgrade on ${productNames[plan.dialect]}: ${plan.verdict}` },
    { kind: 'paragraph', text: sidesText(plan) },
    summaryPart(reported),
    ...nextParts(next),
    ...lockReport(plan, estimate),
    ...(documents.length === 0 ? [] : [{ kind: 'lines' as const, lines: plainLines(documents) }]),
    ...(plan.items.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['class', 'change', 'number', 'where'],
            rows: changeRows(plan.items),
            numbers: [2],
          },
        ]),
    { kind: 'paragraph', text: `${countsText(plan)}.` },
  ];
}

/** Number of tables that a report names one by one. */
const namedTables = 40;

function lockReport(plan: UpgradePlan, estimate: UpgradeEstimate | null): Report {
  if (plan.intended.length === 0) return [];
  const hazards = tableHazards({ ...plan, statements: plan.intended }, estimate);
  if (hazards.length === 0) return [{ kind: 'paragraph', text: 'Nobody waits for a table.' }];
  const head = ['table', 'readers wait', 'writers wait', 'strongest lock', 'heaviest work', 'rows'];
  const rows = firstOf(hazards, namedTables, lockRow, (count) => [
    `… and ${counted(count, 'more table')}`,
    ...head.slice(1).map(() => ''),
  ]);
  return [
    { kind: 'paragraph', text: 'Locks are held until the commit. The numbers are statement numbers.' },
    { kind: 'table', head, rows, numbers: [head.length - 1] },
  ];
}

function lockRow({ table, lock, work, rows, ...hazard }: TableHazard): readonly Sentence[] {
  const wait = (statement: number | null, seconds: number | null) =>
    statement === null ? '' : seconds === null ? `from ${statement}` : `from ${statement}, ${durationText(seconds)}`;
  const readers = wait(hazard.readersFrom, hazard.readersWait);
  const writers = wait(hazard.writersFrom, hazard.writersWait);
  return [{ code: table }, readers, writers, lock, work === 'none' ? '' : work, rows === null ? '' : String(rows)];
}

/** Number of places of a change that are named. */
const namedPlaces = 3;

/** The changes of a plan grouped by kind, the worst first. */
function changeRows(items: readonly UpgradeItem[]): readonly (readonly Sentence[])[] {
  const worst = ({ class: name }: UpgradeItem) => String(changeClasses.length - changeClasses.indexOf(name));
  const sorted = [...items].sort(compareBy(worst, ({ change }) => change));
  return [...groupBy(sorted, (item) => `${item.class} ${item.change}`)].flatMap(([, alike]) => {
    const [first] = alike;
    if (!first) return [];
    const places = firstOf<UpgradeItem, Words>(
      alike,
      namedPlaces,
      ({ path }) => ({ code: path.join('.') }),
      (count) => `… and ${count} more`,
    );
    const listed = places.flatMap((words, index): readonly Words[] => (index === 0 ? [words] : [', ', words]));
    return [[first.class, first.change, String(alike.length), listed]];
  });
}
