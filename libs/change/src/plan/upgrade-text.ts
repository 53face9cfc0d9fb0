import { roughSeconds } from '../hazards/duration.ts';
import type { UpgradeEstimate } from '../hazards/estimate.ts';
import { type Hazard, hazardsOf } from '../hazards/hazard.ts';
import { statementHazards, type TableHazard, tableHazards } from '../hazards/table-hazards.ts';
import { preparationHazard } from '../preparing/preparation-lines.ts';
import { preparableStatements } from '../preparing/preparation-steps.ts';
import type { UpgradeCheck, UpgradePlan } from './upgrade-plan.ts';

const inline = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(inline).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{ ${members.map(([name, member]) => `${JSON.stringify(name)}: ${inline(member)}`).join(', ')} }`;
};

const list = (name: string, entries: readonly unknown[]): string =>
  entries.length === 0
    ? `  ${JSON.stringify(name)}: []`
    : `  ${JSON.stringify(name)}: [\n${entries.map((entry) => `    ${inline(entry)}`).join(',\n')}\n  ]`;

const rough = (seconds: number | null) => (seconds === null ? undefined : roughSeconds(seconds));

/** Marks a table that the upgrade creates, which no session waits for. */
const hazardMembers = ({ table, lock, blocks, work }: Hazard) => ({
  ...{ table: table.name, new: table.isNew ? true : undefined, lock, blocks, work },
});

const tableMembers = ({ table, lock, blocks, work, rows, ...hazard }: TableHazard) => ({
  ...{ table, lock, blocks, work, rows: rows ?? undefined },
  ...{ readers_from: hazard.readersFrom ?? undefined, writers_from: hazard.writersFrom },
  ...{ readers_wait: rough(hazard.readersWait), writers_wait: rough(hazard.writersWait) },
});

/**
 * The text of `upgrade.<dialect>.json`: two blanks per level, one item per line, with an estimate if the rows of a database were counted
 * (design 12 §6).
 */
export function upgradeText(plan: UpgradePlan, estimate: UpgradeEstimate | null = null): string {
  const { dialect } = plan;
  const time = estimate?.time ?? null;
  const side = ({ effectiveSchemaHash, projects }: UpgradePlan['before']) =>
    inline({ effective_schema_hash: effectiveSchemaHash, projects });
  const queries = (entries: readonly UpgradeCheck[]) => entries.map(({ id, item, sql }) => ({ id, item, sql }));
  const members = [
    '  "upgrade_format": 2',
    `  "dialect": ${inline(plan.dialect)}`,
    `  "before": ${side(plan.before)}`,
    `  "after": ${side(plan.after)}`,
    `  "verdict": ${inline(plan.verdict)}`,
    `  "plan_hash": ${inline(plan.hash)}`,
    `  "allowed_losses": ${inline(plan.allowedLosses)}`,
    list('renames', plan.renaming.renames),
    list('rename_candidates', plan.candidates),
    list(
      'items',
      plan.items.map(({ class: itemClass, change, owner, path, before, after, reason, effects }) => ({
        class: itemClass,
        ...{ change, owner, path, before, after, reason },
        hazards: effects.length === 0 ? undefined : hazardsOf(dialect, effects).map(hazardMembers),
      })),
    ),
    list('checks', queries(plan.checks)),
    list('losses', queries(plan.losses)),
    list(
      'document_checks',
      plan.documentChecks.map(({ id, resource, rules, isAllowed }) => ({
        ...{ id, resource: resource.after, items: rules.map(({ item }) => item), allowed: isAllowed ? true : undefined },
      })),
    ),
    `  "statements": ${plan.statements.length}`,
    ...(time === null
      ? []
      : [
          `  "estimate": ${inline({ seconds: roughSeconds(time.whole), seconds_after_preparation: roughSeconds(time.afterPreparation) })}`,
        ]),
    list('tables', tableHazards(plan, estimate).map(tableMembers)),
    list(
      'hazards',
      statementHazards(plan, estimate).map(({ statement, step, kinds, seconds, ...hazard }) => ({
        ...{ statement, step, does: kinds, ...hazardMembers(hazard), seconds: rough(seconds) },
        prepared: plan.statements[statement - 1]?.preparation === undefined ? undefined : true,
      })),
    ),
    list(
      'preparation',
      preparableStatements(plan).flatMap((statement) =>
        statement.preparation.steps.map((step) => {
          const { lock, targetLock, blocks, work } = preparationHazard(dialect, step);
          return {
            ...{ statement: plan.statements.indexOf(statement) + 1, does: step.kind, table: step.subject },
            ...{
              lock: lock ?? undefined,
              target: step.target ?? undefined,
              target_lock: targetLock ?? undefined,
              blocks,
              work,
            },
          };
        }),
      ),
    ),
  ];
  return `{\n${members.join(',\n')}\n}\n`;
}
