import { describe, expect, it } from 'vitest';
import { rowsKey, type UpgradeEstimate } from '../../src/hazards/estimate.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { reportedPlan } from '../../src/plan/reported-plan.ts';
import { upgradeMarkdown } from '../../src/plan/upgrade-report.ts';
import { type Compiled, compiled } from '../bench.ts';
import { schools } from '../schools.ts';

const before = compiled(schools().documents);

/** The schools after an edit. */
function after(edit: (set: ReturnType<typeof schools>) => void): Compiled {
  const set = schools();
  edit(set);
  return compiled(set.documents);
}

const withMotto = after((set) => {
  set.properties('schools').motto = { type: 'string', maxLength: 20 };
});

const markdownOf = (from: Compiled, to: Compiled) => upgradeMarkdown([reportedPlan(from, to, planUpgrade(from, to))]);

describe('a plan as Markdown', () => {
  const plan = planUpgrade(before, withMotto);
  const time = { whole: 42, afterPreparation: 7, statements: plan.statements.map(() => 1), afterwards: 1 };
  const estimate: UpgradeEstimate = {
    rows: new Map([[rowsKey({ table: 'core.School' }), 12]]),
    time,
    bytes: 42_400_000,
  };

  it('contains the verdict, the locks and the changes', () => {
    const lines = upgradeMarkdown([reportedPlan(before, withMotto, plan, { estimate })], ['dms-ddl next']).split('\n');
    expect(lines[0]).toBe('## Upgrade on PostgreSQL: free');
    const hash = (set: Compiled) => set.info.effectiveSchemaHash.slice(0, 12);
    const sides = [before, withMotto].map((set) => `Core 1.0.0, Extra 1.0.0 (${hash(set)})`);
    expect(lines[2]).toBe(sides.join(' → '));
    expect(lines).toContain(
      `- **Preparation**: upgrade prepare makes 1 of ${plan.statements.length} statements before, wholly or in part, while the service runs; the upgrade itself then takes about 7 s`,
    );
    expect(lines).toContain(
      '- **Size**: rows of 3 tables are written; about 40 MB more in this database until the commit',
    );
    expect(lines).toContain('- **Time**: about 40 s in this database, not counting time spent waiting for others');
    expect(lines.slice(lines.indexOf('Next:'), lines.indexOf('Next:') + 6)).toEqual([
      'Next:',
      '',
      '```sh',
      'dms-ddl next',
      '```',
      '',
    ]);
    expect(lines).toContain('| table | readers wait | writers wait | strongest lock | heaviest work | rows |');
    const seconds = plan.statements.length + 1;
    expect(lines.find((line) => line.startsWith('| `core.School`'))).toBe(
      `| \`core.School\` | from 1, about ${seconds} s | from 1, about ${seconds} s | ACCESS EXCLUSIVE |  | 12 |`,
    );
    expect(lines).toContain('| free | column added | 1 | `core.School.Motto` |');
  });

  it('proposes renames', () => {
    const moved = after((set) => {
      set.properties('schools').mottos = { type: 'string', maxLength: 20 };
    });
    expect(markdownOf(withMotto, moved)).toContain(
      "- **Perhaps renamed**: Core:School.$.motto is gone and Core:School.$.mottos is new. If so: --rename 'Core:School.$.motto=Core:School.$.mottos'\n",
    );
  });

  it('contains no times without an estimate', () => {
    const text = markdownOf(before, withMotto);
    expect(text).toContain('| `core.School` | from 1 | from 1 | ACCESS EXCLUSIVE |  |  |');
    expect(text).toContain('- **Time**: unknown without a database');
  });

  it('lists the worst changes first, and the locks if a loss is not permitted', () => {
    const back = markdownOf(withMotto, before);
    expect(back).toContain('## Upgrade on PostgreSQL: loss');
    expect(back).toContain('strongest lock');
    const [first] = back.split('\n').filter((line) => /^\| (?:free|loss|rewritten|checked) /.test(line));
    expect(first).toBe('| loss | column removed | 1 | `core.School.Motto` |');
  });
});
