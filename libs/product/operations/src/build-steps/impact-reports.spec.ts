import { dialects } from '@dms/sql';
import { build } from '@dms/testing';
import { impactMarkdown, impactReport, impactText, type SchemaImpact, schemaImpact } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { brief, compiledSet, impactOf, lineCount } from '../../test/compiled-sets.ts';
import { edits, release, setsOf, simple } from '../../test/school-edits.ts';
import type { EditableSchools } from '../../test/school-schemas.ts';

/* The reports of an impact: on a terminal, in a pull request, for a machine (design 09a §2.4). */

function impactsOf(edit: (set: EditableSchools) => void): SchemaImpact[] {
  const { before, after } = setsOf({ edit, verdicts: {}, changes: [] });
  return dialects.map((dialect) => impactOf(before, after, dialect));
}

/** The part of a hash that reports show. */
const start = (side: SchemaImpact['before'] | undefined) => side?.effectiveSchemaHash.slice(0, 12);

describe('a report', () => {
  const impacts = impactsOf(release);
  const [pgsql] = impacts;
  const way = `The effective schema hash changes from ${start(pgsql?.before)}… to ${start(pgsql?.after)}…: \`upgrade\` takes a database of the earlier schemas to the later ones, once \`--allow-loss\` permits what is lost.`;

  it('for a pull request has a table for each project, the worst first', () => {
    expect(impactMarkdown(impacts)).toBe(`## Schema impact on PostgreSQL: needs a permission

${way}

4 free, 6 rewrite rows, 2 check rows first, 3 need a permission. 5 resources change in 2 projects.

### Ed-Fi: needs a permission

| resource | verdict | change |
|---|---|---|
| Section | needs a permission | column removed (3): \`edfi.Section.ClassPeriod_ClassPeriodName\` varchar(60), nullable; \`edfi.Section.ClassPeriod_DocumentId\` bigint, nullable; \`edfi.Section.ClassPeriod_SchoolId\` integer, nullable |
| School | checks rows first | required column added: \`edfi.School.Motto\` varchar(20), not null |
|  | checks rows first | type narrower varchar(30) → varchar(29): \`edfi.School.Nickname\` |
| Absence | free | resource added: \`Ed-Fi:Absence\` |
|  | free | table added: \`edfi.Absence\` |
| ClassPeriod | free | unique removed: \`edfi.ClassPeriod.UX_ClassPeriod_RefKey\` |

### (core): rewrites rows

| resource | verdict | change |
|---|---|---|
| core objects | rewrites rows | 6 resources get another number: Ed-Fi:ClassPeriod, Ed-Fi:EducationOrganization, Ed-Fi:GradeDescriptor, … |

### TPDM: free

| resource | verdict | change |
|---|---|---|
| School | free | column added: \`tpdm.SchoolExtension.Song\` varchar(9), nullable |

SQL Server: the same resources with the same verdicts.
`);
  });

  it('for a terminal has a line for each change, and one for all that follow from others', () => {
    expect(pgsql && impactReport(pgsql)).toBe(
      `PostgreSQL: needs a permission
${way}
4 free, 6 rewrite rows, 2 check rows first, 3 need a permission. 5 resources change in 2 projects.
(core): rewrites rows
  core objects: rewrites rows
    ~ 6 resources get another number: Ed-Fi:ClassPeriod, Ed-Fi:EducationOrganization, Ed-Fi:GradeDescriptor, …
Ed-Fi: needs a permission
  Absence: free
    + resource added Ed-Fi:Absence
    + table added edfi.Absence
  ClassPeriod: free
    - unique removed edfi.ClassPeriod.UX_ClassPeriod_RefKey
  School: checks rows first
    + required column added edfi.School.Motto: varchar(20), not null
    ~ type narrower edfi.School.Nickname (varchar(30) → varchar(29))
  Section: needs a permission
    - column removed edfi.Section.ClassPeriod_ClassPeriodName: varchar(60), nullable
    - column removed edfi.Section.ClassPeriod_DocumentId: bigint, nullable
    - column removed edfi.Section.ClassPeriod_SchoolId: integer, nullable
TPDM: free
  School: free
    + column added tpdm.SchoolExtension.Song: varchar(9), nullable`,
    );
  });

  it('lists every change on request', () => {
    const text = pgsql ? impactReport(pgsql, { all: true }) : '';
    expect(text).toContain('    ~ resource key TPDM:Candidate (6 → 7)\n');
    expect(text).not.toContain('get another number');
  });

  it('folds the triggers of a table into one line', () => {
    const [impact] = impactsOf((set) => edits['one more part of an identity']?.edit(set));
    const text = impact ? impactReport(impact) : '';
    expect(text).toContain('    ~ 2 triggers changed: edfi.Section [free]');
    expect(impact && impactReport(impact, { all: true })).toContain(
      '    ~ trigger changed edfi.Section.TR_Section_Stamp [free]',
    );
  });

  it('as JSON has one change per line, with the old and the new value', () => {
    const text = pgsql ? impactText(pgsql) : '';
    const file = JSON.parse(text);
    const members = ['impact_format', 'dialect', 'before', 'after', 'verdict', 'owners', 'rename_candidates'];
    expect(Object.keys(file)).toEqual(members);
    expect(file.before).toEqual({ effective_schema_hash: pgsql?.before.effectiveSchemaHash });
    expect(file.verdict).toBe('loss');
    expect(file.owners.map(({ owner, verdict }: { owner: string; verdict: string }) => [owner, verdict])).toEqual([
      ['(core)', 'rewritten'],
      ['Ed-Fi:Absence', 'free'],
      ['Ed-Fi:ClassPeriod', 'free'],
      ['Ed-Fi:School', 'checked'],
      ['Ed-Fi:Section', 'loss'],
      ['TPDM:School', 'free'],
    ]);
    expect(text).toContain(`    {
      "owner": "Ed-Fi:School",
      "verdict": "checked",
      "changes": [
        { "class": "checked", "change": "required column added", "path": ["edfi.School", "Motto"], "definition": "varchar(20), not null" },
        { "class": "checked", "change": "type narrower", "path": ["edfi.School", "Nickname"], "before": "varchar(30)", "after": "varchar(29)" }
      ]
    }`);
    expect(text.endsWith('"rename_candidates": []\n}\n')).toBe(true);
  });

  it('names objects that may only have been renamed', () => {
    const [renamed] = impactsOf((set) => edits['a column renamed']?.edit(set));
    const before = 'Ed-Fi:School.$.nickname';
    const after = 'Ed-Fi:School.$.nickName';
    expect(renamed && impactMarkdown([renamed])).toContain(
      `Perhaps only renamed:\n\n- \`${before}\` → \`${after}\`. If so: \`--rename '${before}=${after}'\`\n`,
    );
    expect(renamed && impactReport(renamed)).toContain(
      `\nrenamed? ${before} → ${after}: --rename '${before}=${after}'`,
    );
    expect(renamed && impactText(renamed)).toContain(
      `"rename_candidates": [\n    { "before": "${before}", "after": "${after}" }\n  ]`,
    );
  });

  it('takes a rename as given', () => {
    const { before, after } = setsOf({
      edit: edits['a column renamed']?.edit ?? (() => {}),
      verdicts: {},
      changes: [],
    });
    const renames = [{ before: 'Ed-Fi:School.$.nickname', after: 'Ed-Fi:School.$.nickName' }];
    const impact = schemaImpact(compiledSet(before, 'pgsql'), compiledSet(after, 'pgsql'), { renames });
    expect(impact.owners.flatMap(({ changes }) => changes.map(brief))).toEqual([
      'free column renamed edfi.School.NickName',
    ]);
  });

  it('says when nothing changes, and that the hash stays', () => {
    const [none] = impactsOf(() => {});
    const stays = `The effective schema hash stays ${start(none?.before)}….`;
    expect(none && impactReport(none)).toBe(`PostgreSQL: nothing changes\n${stays}`);
    expect(impactMarkdown(impactsOf(() => {}))).toBe(
      `## Schema impact on PostgreSQL: nothing changes\n\n${stays}\n\nSQL Server: the same.\n`,
    );
  });

  it('of another mapping version is impossible, and says why', () => {
    const [first] = impacts;
    if (!first) throw new Error('There is one.');
    const refusal = { reason: 'the mapping version changes from v1 to v2', advice: 'Emit the later set with v1.' };
    const impact = { ...first, verdict: 'impossible', refusal, owners: [] } as const;
    expect(impactReport(impact)).toContain('PostgreSQL: impossible\n');
    expect(impactReport(impact)).toContain(`(${refusal.reason}). ${refusal.advice}`);
    expect(JSON.parse(impactText(impact)).refusal).toBe(refusal.reason);
  });

  it('is the same again', () => {
    expect(impactsOf(release).map(impactText)).toEqual(impacts.map(impactText));
    expect(impactMarkdown(impactsOf(release))).toBe(impactMarkdown(impacts));
  });

  it('is reported in full for each dialect if the verdicts differ, within one limit', () => {
    const [first, second] = impacts;
    if (!first || !second) throw new Error('There are two.');
    const other = { ...second, owners: second.owners.slice(1) };
    const markdown = impactMarkdown([first, other]);
    expect(markdown).toContain('## Schema impact on SQL Server: needs a permission');
    expect(lineCount(markdown)).toBeLessThanOrEqual(60);
  });

  it('counts the changes of each resource where there is no room for all of them', () => {
    const [first] = impacts;
    if (!first) throw new Error('There is one.');
    const edFi = first.owners.filter(({ project }) => project === 'Ed-Fi');
    const owners = edFi.flatMap((entry) =>
      Array.from({ length: 20 }, (_, index) => ({ ...entry, owner: `${entry.owner}${index}` })),
    );
    const markdown = impactMarkdown([{ ...first, owners }]);
    expect(lineCount(markdown)).toBeLessThanOrEqual(60);
    expect(markdown).toContain('| Section0 | needs a permission | column removed: 3 |');
    expect(markdown).toContain('| School0 | checks rows first | required column added: 1; type narrower: 1 |');
    expect(markdown).toMatch(/\n\| {2}\| {2}\| … and \d+ more resources \(\d+ free.*\) \|\n/);
  });

  it.each([1, 2, 30])(
    'of %d new projects with twenty resources each is at most 60 lines, and counts the rest',
    (count) => {
      const impacts = impactsOf(({ documents }) => {
        for (let number = 0; number < count; number += 1) {
          const resources = Array.from({ length: 20 }, (_, index) => simple(`Thing${index}`));
          documents.push(structuredClone(build.project(`Extra${number}`, resources, { isExtension: true })));
        }
      });
      const markdown = impactMarkdown(impacts);
      expect(lineCount(markdown)).toBeLessThanOrEqual(60);
      expect(lineCount(markdown)).toBeGreaterThan(count === 1 ? 25 : 45);
      if (count > 1) expect(markdown).toMatch(/… and \d+ more resources \(\d+ free\)/);
      if (count === 30) expect(markdown).toMatch(/\nAlso Extra\d+: free in 20 resources; /);
    },
  );
});
