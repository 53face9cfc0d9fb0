import type { UpgradePlan, UpgradeStatement } from '../plan/upgrade-plan.ts';
import type { Preparation, PreparationStep } from './preparation.ts';

/** A statement of an upgrade that can be made before it. */
export interface PreparableStatement extends UpgradeStatement {
  readonly preparation: Preparation;
}

const isPreparable = (statement: UpgradeStatement): statement is PreparableStatement =>
  statement.preparation !== undefined;

const makesForeignKey = ({ preparation: { steps } }: PreparableStatement) =>
  steps.some(({ target }) => target !== null);

/**
 * The statements of a plan that can be made before the upgrade, in the order in which a preparation makes them. Foreign
 * keys come after the indexes with which the server finds their rows.
 */
export function preparableStatements({ statements }: Pick<UpgradePlan, 'statements'>): readonly PreparableStatement[] {
  const found = statements.filter(isPreparable);
  return [...found.filter((each) => !makesForeignKey(each)), ...found.filter(makesForeignKey)];
}

/** The steps of a preparation, in their order. */
export const preparationSteps = (plan: Pick<UpgradePlan, 'statements'>): readonly PreparationStep[] =>
  preparableStatements(plan).flatMap(({ preparation }) => preparation.steps);

/**
 * The statements of an upgrade after its preparation, under their numbers. A statement that was made before does
 * nothing any more: it has no text and no effects.
 */
export function switchStatements({ statements }: Pick<UpgradePlan, 'statements'>): readonly UpgradeStatement[] {
  return statements.map((statement) => {
    if (!isPreparable(statement)) return statement;
    const { step, subject, preparation } = statement;
    return { step, subject, ...(preparation.rest ?? { sql: '', effects: [] }) };
  });
}
