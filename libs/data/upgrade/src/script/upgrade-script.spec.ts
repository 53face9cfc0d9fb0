import { dialects, type SqlDialect, textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { evolutionPair, evolutions } from '../../test/evolutions.ts';
import { planAdoption } from '../adopting/plan-adoption.ts';
import type { UpgradeOperation } from '../ops/operation.ts';
import { failedOperations, operationText } from '../ops/shown-operation.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';
import { upgradeDialects } from './upgrade-dialects.ts';
import { upgradeScript } from './upgrade-script.ts';

/* Where statements stand in a script, and which operation of a statement a line of it is of (design 12 §6, §7). */

const planOf = (name: string, dialect: SqlDialect) => {
  const evolution = evolutions[name];
  if (evolution === undefined) throw new Error(`there is no evolution ${name}`);
  const sets = evolutionPair(evolution, 'v1', dialect);
  return planUpgrade(...sets, { allowLoss: evolution.allowLoss ?? [] });
};

/** The fingerprint changes in the batch that commits. */
const isLast = ({ step, subject }: UpgradeStatement) => step === 'fingerprint' && subject === 'dms.EffectiveSchema';

/** The first line of a statement as a script for SQL Server writes it inside a literal. */
const late = (line: string) => `EXEC (N'${line.replaceAll("'", "''")}`;

describe.each(dialects)('a script for %s', (dialect) => {
  it.each([
    'a resource that sorts first',
    'two optional scalars that become one, each with a flag',
    'a parent in the hierarchy',
  ])('has every statement on the line that the plan says: %s', (name) => {
    const { script, scriptLines, statements } = planOf(name, dialect);
    const lines = script?.split('\n') ?? [];
    expect(scriptLines.size).toBe(statements.length);
    for (const statement of statements) {
      const [first = ''] = textOf(statement.sql).split('\n');
      const found = lines[(scriptLines.get(statement) ?? 0) - 1] ?? '';
      const wanted = dialect === 'mssql' && statement.isOnRows && !isLast(statement) ? late(first) : first;
      expect([found === first, found.startsWith(wanted)], `${first}\n${found}`).toContain(true);
    }
    expect([...scriptLines.values()]).toEqual([...scriptLines.values()].sort((left, right) => left - right));
  });

  it('counts a line about the encoding, which stands before the first', () => {
    const plan = planOf('an optional scalar', dialect);
    const written = upgradeScript({ ...plan, allowedLosses: ['größe'] }, upgradeDialects[dialect]);
    const more = written.text.split('\n').length - (plan.script?.split('\n').length ?? 0);
    expect(more > 0).toBe(dialect === 'pgsql');
    for (const [statement, line] of written.lines) expect(line).toBe((plan.scriptLines.get(statement) ?? 0) + more);
  });
});

it('the script of an adoption says which command keeps what others gave', () => {
  const evolution = evolutions['an optional scalar'];
  if (evolution === undefined) throw new Error('there is no such evolution');
  const [set] = evolutionPair(evolution, 'v2', 'pgsql');
  expect(planAdoption(set).plan.script).toContain('Run dms-ddl adopt, which gives it back.');
});

describe('the operations of a statement', () => {
  const statement = planOf('an optional reference', 'pgsql').statements.find(({ ops }) => ops.length === 2);
  const texts = (list: readonly UpgradeOperation[]) => list.map(operationText);
  const both = ['addColumn core.Room.Owner_DocumentId', 'addColumn core.Room.Owner_DistrictId'];

  it.each([
    [undefined, both],
    [1, both],
    [2, both.slice(0, 1)],
    [3, both.slice(1)],
  ])('that may have failed on line %s', (line, expected) => {
    if (statement === undefined) throw new Error('no statement adds two columns');
    expect(texts(failedOperations(statement, line))).toEqual(expected);
  });
});
