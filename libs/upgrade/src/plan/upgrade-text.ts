import { block, line, lines } from '@dms/catalog';
import { roughSeconds, type UpgradeEstimate } from '../hazards/estimate.ts';
import { type Hazard, hazardsOf } from '../hazards/hazard.ts';
import { statementHazards, type TableHazard, tableHazards } from '../hazards/table-hazards.ts';
import { preparationHazard } from '../preparing/preparation-lines.ts';
import { preparableStatements } from '../preparing/preparation-steps.ts';
import type { ReportedPlan, ReversePlan } from './reported-plan.ts';
import type { UpgradeItem, UpgradePlan, UpgradeQuery } from './upgrade-plan.ts';
import { askingItems, waitingTables } from './upgrade-summary.ts';

/** A member of the file: its name and its text. */
type Member = readonly [name: string, text: string];

/** A list with an item per line. */
const list = (name: string, entries: readonly unknown[]): Member => [name, lines(entries, 1)];

const rough = (seconds: number | null) => (seconds === null ? undefined : roughSeconds(seconds));

/** Marks a table that the upgrade creates, which no session waits for. */
const hazardMembers = ({ table, lock, blocks, work }: Hazard) => ({
  table: table.name,
  new: table.isNew ? true : undefined,
  lock,
  blocks,
  work,
});

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

const place = ({ owner, change, path, before, after }: UpgradeItem) => ({ owner, change, path, before, after });

/** What a plan loses and what may refuse it, with the numbers of a database. */
function decidedMembers({ plan, findings }: ReportedPlan): readonly Member[] {
  const unpermitted = new Set(plan.unpermitted);
  const losses = new Map(findings?.losses.map((loss) => [loss.item, loss]));
  const objections = new Map(findings?.objections.map((objection) => [objection.item, objection]));
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
      // a value that changes may break a rule that stays, which the plan does not list
      [...new Set([...plan.items.filter((_, index) => asking.has(index)), ...objections.keys()])].map((item) => {
        const { count = 0, of } = objections.get(item) ?? {};
        return { ...place(item), refused: isCounted ? count : undefined, of: count > 0 ? of : undefined };
      }),
    ),
  ];
}

const estimateMembers = ({ whole, afterPreparation }: NonNullable<UpgradeEstimate['time']>) => ({
  seconds: roughSeconds(whole),
  seconds_after_preparation: roughSeconds(afterPreparation),
});

/** The locks, the time and what can be made before, of what a plan does or would do. */
function effortMembers({ plan, estimate }: ReportedPlan): readonly Member[] {
  const intended = { ...plan, statements: plan.intended };
  const time = estimate?.time ?? null;
  const hazards = tableHazards(intended, estimate);
  const { readers, writers } = waitingTables(hazards);
  return [
    ['waiting', line({ readers_and_writers: readers, writers })],
    list('tables', hazards.map(tableMembers)),
    ...(time === null ? [] : [['estimate', line(estimateMembers(time))] as const]),
    ['statements', line(plan.intended.length)],
    ['prepared_statements', line(preparableStatements(intended).length)],
  ];
}

function reverseText({ verdict, losses, checked, impossible }: ReversePlan): string {
  const items = (entries: readonly UpgradeItem[]) => line(entries.map(place));
  const members: readonly Member[] = [
    ['verdict', line(verdict)],
    ['lost', items(losses)],
    ['may_refuse', items(checked)],
    ['impossible', items(impossible)],
  ];
  return block(members, 1);
}

/** Everything else: the items, the queries, and every statement with its tables. */
function detailMembers({ plan, estimate }: ReportedPlan): readonly Member[] {
  const { dialect, intended } = plan;
  const queries = (entries: readonly UpgradeQuery[]) => entries.map(({ id, item, sql }) => ({ id, item, sql }));
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

/**
 * The text of `upgrade.<dialect>.json`: what is decided on first, then the items, the queries and the statements. Two
 * blanks per level, one item per line, with numbers where a database was asked (design 12 §6).
 */
export function upgradeText(reported: ReportedPlan): string {
  const { plan, reverse } = reported;
  const side = ({ effectiveSchemaHash, projects }: UpgradePlan['before']) =>
    line({ effective_schema_hash: effectiveSchemaHash, projects });
  const members: readonly Member[] = [
    ['upgrade_format', '3'],
    ['dialect', line(plan.dialect)],
    ['before', side(plan.before)],
    ['after', side(plan.after)],
    ['verdict', line(plan.verdict)],
    ['plan_hash', line(plan.hash)],
    ['allowed_losses', line(plan.allowedLosses)],
    list('rename_candidates', plan.candidates),
    ...decidedMembers(reported),
    ...effortMembers(reported),
    ['reverse', reverseText(reverse)],
    ...detailMembers(reported),
  ];
  return `${block(members, 0)}\n`;
}
