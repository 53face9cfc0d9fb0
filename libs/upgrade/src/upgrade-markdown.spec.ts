import { planUpgrade, rowsKey, type UpgradeEstimate, upgradeMarkdown } from '@dms/change';
import { describe, expect, it } from 'vitest';
import { type Compiled, compiled } from '../test/bench.ts';
import { schools } from '../test/schools.ts';

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

describe('a plan as Markdown', () => {
  const plan = planUpgrade(before, withMotto);
  const time = { whole: 42, afterPreparation: 7, statements: plan.statements.map(() => 1), afterwards: 1 };
  const estimate: UpgradeEstimate = { rows: new Map([[rowsKey({ table: 'core.School' }), 12]]), time };

  it('contains the verdict, the locks and the changes', () => {
    const lines = upgradeMarkdown(plan, estimate).split('\n');
    expect(lines[0]).toBe('## Upgrade on PostgreSQL: free');
    expect(lines[2]).toBe('Core 1.0.0, Extra 1.0.0 → Core 1.0.0, Extra 1.0.0');
    expect(lines).toContain(
      `With upgrade prepare, 1 of ${plan.statements.length} statements are made before, while the service runs; the upgrade itself then takes about 7 s.`,
    );
    expect(lines).toContain('Estimate for this database: about 40 s, not counting time spent waiting for others.');
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
    expect(upgradeMarkdown(planUpgrade(withMotto, moved))).toContain(
      "- Perhaps renamed: `Core:School.$.motto` → `Core:School.$.mottos`. If so: `--rename 'Core:School.$.motto=Core:School.$.mottos'`\n",
    );
  });

  it('contains no times without an estimate', () => {
    expect(upgradeMarkdown(plan)).toContain('| `core.School` | from 1 | from 1 | ACCESS EXCLUSIVE |  |  |');
    expect(upgradeMarkdown(plan)).not.toContain('Estimate');
  });

  it('lists the worst changes first, and no locks if the plan is refused', () => {
    const back = upgradeMarkdown(planUpgrade(withMotto, before));
    expect(back).toContain('## Upgrade on PostgreSQL: loss');
    expect(back).not.toContain('strongest lock');
    const [first] = back.split('\n').filter((line) => /^\| (?:free|loss|rewritten|checked) /.test(line));
    expect(first).toBe('| loss | column removed | 1 | `core.School.Motto` |');
  });
});
