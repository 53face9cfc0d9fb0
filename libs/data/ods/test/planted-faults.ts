import type { EarlierArm, EarlierMapping, EarlierTable } from '../src/earlier/earlier-mapping.ts';

/** A table with one fault in its select. */
export interface PlantedFault {
  readonly fault: string;
  readonly table: EarlierTable;
}

const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, at) => at !== index);
const withAt = <T>(list: readonly T[], index: number, value: T): T[] =>
  list.map((each, at) => (at === index ? value : each));

/** Copies of an arm with one fault each, of the kinds that a derivation may have (design 21 §5). */
function* faultyArms(arm: EarlierArm): Generator<{ readonly fault: string; readonly arm: EarlierArm }> {
  for (const [index, condition] of arm.where.entries()) {
    yield { fault: `without ${condition.kind}`, arm: { ...arm, where: without(arm.where, index) } };
    if (condition.kind !== 'first') continue;
    for (const [at, { column }] of condition.on.entries())
      yield {
        fault: `first without ${column}`,
        arm: { ...arm, where: withAt(arm.where, index, { ...condition, on: without(condition.on, at) }) },
      };
  }
  for (const [index, join] of arm.joins.entries()) {
    for (const [at, { column }] of join.on.entries())
      if (join.on.length > 1)
        yield {
          fault: `join without ${column}`,
          arm: { ...arm, joins: withAt(arm.joins, index, { ...join, on: without(join.on, at) }) },
        };
    const isRead = JSON.stringify([arm.columns, arm.where, without(arm.joins, index)]).includes(`"${join.alias}"`);
    if (!isRead) yield { fault: 'without join', arm: { ...arm, joins: without(arm.joins, index) } };
    if (join.kind === 'inner')
      yield { fault: 'left join', arm: { ...arm, joins: withAt(arm.joins, index, { ...join, kind: 'left' }) } };
  }
  for (const [index, column] of arm.columns.entries()) {
    const other = arm.columns[index + 1];
    if (!other || column.kind === 'null' || other.kind === 'null') continue;
    const columns = withAt(withAt(arm.columns, index, other), index + 1, column);
    yield { fault: 'columns exchanged', arm: { ...arm, columns } };
  }
}

/** The tables of a mapping with one fault each. */
export function* plantedFaults({ tables }: EarlierMapping, labels: ReadonlySet<string>): Generator<PlantedFault> {
  for (const table of tables) {
    if (!labels.has(`${table.schema}.${table.name}`)) continue;
    for (const [index, arm] of table.arms.entries())
      for (const { fault, arm: faulty } of faultyArms(arm))
        yield { fault, table: { ...table, arms: withAt(table.arms, index, faulty) } };
  }
}
