import type { UpgradeCheck, UpgradePlan } from './planning/upgrade-plan.ts';

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

/** The text of `upgrade.<dialect>.json`: two blanks per level, one item per line (design 12 §6). */
export function upgradeText(plan: UpgradePlan): string {
  const side = ({ effectiveSchemaHash, projects }: UpgradePlan['before']) =>
    inline({ effective_schema_hash: effectiveSchemaHash, projects });
  const queries = (entries: readonly UpgradeCheck[]) => entries.map(({ id, item, sql }) => ({ id, item, sql }));
  const members = [
    '  "upgrade_format": 1',
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
      plan.items.map(({ class: itemClass, change, owner, path, before, after, reason }) => ({
        class: itemClass,
        ...{ change, owner, path, before, after, reason },
      })),
    ),
    list('checks', queries(plan.checks)),
    list('losses', queries(plan.losses)),
    `  "statements": ${plan.statements.length}`,
  ];
  return `{\n${members.join(',\n')}\n}\n`;
}
