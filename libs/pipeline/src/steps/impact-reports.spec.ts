import { impactMarkdown, impactReport, impactText, type SchemaImpact } from '@dms/change';
import { dialects } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { impactOf, lineCount } from '../../test/compiled-sets.ts';
import { edits, release, setsOf, simple } from '../../test/school-edits.ts';
import type { EditableSet } from '../../test/school-schemas.ts';

/* How an impact is reported: on a terminal, in a pull request, to a machine (design 09 §4.4). */

function impactsOf(edit: (set: EditableSet) => void): SchemaImpact[] {
  const { before, after } = setsOf({ edit, verdicts: {}, changes: [] });
  return dialects.map((dialect) => impactOf(before, after, dialect));
}

/** A hash as reports show it. */
const start = (side: SchemaImpact['before'] | undefined) => side?.effectiveSchemaHash.slice(0, 12);

describe('a report', () => {
  const impacts = impactsOf(release);
  const [pgsql] = impacts;
  const hashes = `The effective schema hash changes from ${start(pgsql?.before)}… to ${start(pgsql?.after)}…: a database of the old schemas cannot be provisioned again with the new ones; its documents have to move.`;

  it('for a pull request has a table for each project, the worst first', () => {
    expect(impactMarkdown(impacts)).toBe(`## Schema impact on PostgreSQL: M W R A

**M** data must be migrated · **W** writers break · **R** readers break · **A** something is added. 6 resources change in 2 projects.

${hashes}

### Ed-Fi: M W R A

| resource | classes | change |
|---|---|---|
| Section | M W R | 3 columns removed: \`edfi.Section.ClassPeriod_ClassPeriodName\` varchar(60), nullable; \`edfi.Section.ClassPeriod_DocumentId\` bigint, nullable; \`edfi.Section.ClassPeriod_SchoolId\` integer, nullable |
|  | A | foreign key removed: \`FK_Section_ClassPeriod_RefKey\` |
|  | A | check removed: \`CK_Section_ClassPeriod_AllNone\` |
|  | A | index removed: \`IX_Section_ClassPeriod_DocumentId_ClassPeriod_ClassP_d006c351aa\` |
| School | M W | column added: \`edfi.School.Motto\` varchar(20), not null |
|  | M W | column changed, type varchar(30) → varchar(29): \`edfi.School.Nickname\` |
| ClassPeriod | A | unique key removed: \`UX_ClassPeriod_RefKey\` |
| Absence | A | table added: \`edfi.Absence\` |
| identity triggers | M | of 3 resources: they name them by their new ids |

### TPDM: M A

| resource | classes | change |
|---|---|---|
| School | A | column added: \`tpdm.SchoolExtension.Song\` varchar(9), nullable |
| identity triggers | M | of 1 resource: they name it by its new id |

### (core): M A

| resource | classes | change |
|---|---|---|
| core objects | M A | 1 resource key added: Ed-Fi:Absence; 6 resources get another id: Ed-Fi:ClassPeriod, Ed-Fi:EducationOrganization, Ed-Fi:GradeDescriptor and 3 more |

SQL Server: the same resources with the same classes.
`);
  });

  it('for a terminal has a line for each change', () => {
    expect(pgsql && impactReport(pgsql)).toBe(
      `PostgreSQL: M W R A (M: data must be migrated; W: writers break; R: readers break; A: something is added)
${hashes}
(core): M A
  core objects: M A
    1 resource key added: Ed-Fi:Absence
    6 resources get another id: Ed-Fi:ClassPeriod, Ed-Fi:EducationOrganization, Ed-Fi:GradeDescriptor and 3 more
Ed-Fi: M W R A
  Absence: A
    + A: table edfi.Absence
  ClassPeriod: M A
    - A: unique key UX_ClassPeriod_RefKey: (DocumentId, ClassPeriodName, School_SchoolId)
  School: M W
    + M W: column edfi.School.Motto: varchar(20), not null
    ~ M W: column edfi.School.Nickname: type varchar(30) → varchar(29)
  Section: M W R A
    - M W R: column edfi.Section.ClassPeriod_ClassPeriodName: varchar(60), nullable
    - M W R: column edfi.Section.ClassPeriod_DocumentId: bigint, nullable
    - M W R: column edfi.Section.ClassPeriod_SchoolId: integer, nullable
    - A: foreign key FK_Section_ClassPeriod_RefKey: (ClassPeriod_DocumentId, ClassPeriod_ClassPeriodName, ClassPeriod_SchoolId) → edfi.ClassPeriod
    - A: check CK_Section_ClassPeriod_AllNone: ("ClassPeriod_DocumentId" IS NULL AND "ClassPeriod_ClassPeriodName" IS NULL AND "ClassPeriod_SchoolI…
    - A: index IX_Section_ClassPeriod_DocumentId_ClassPeriod_ClassP_d006c351aa: (ClassPeriod_DocumentId, ClassPeriod_ClassPeriodName, ClassPeriod_SchoolId)
  M: identity triggers of 3 resources: they name them by their new ids
TPDM: M A
  School: A
    + A: column tpdm.SchoolExtension.Song: varchar(9), nullable
  M: identity triggers of 1 resource: they name it by its new id`,
    );
  });

  it('as JSON has one change per line, with the old and the new value', () => {
    const text = pgsql ? impactText(pgsql) : '';
    const file = JSON.parse(text);
    expect(Object.keys(file)).toEqual(['impact_format', 'dialect', 'before', 'after', 'classes', 'resources', 'renames']);
    expect(file.before).toEqual({ effective_schema_hash: pgsql?.before.effectiveSchemaHash });
    expect(file.classes).toEqual(['M', 'W', 'R', 'A']);
    expect(file.resources.map((entry: { resource: string }) => entry.resource)).toEqual([
      '(core)',
      'Ed-Fi:Absence',
      'Ed-Fi:ClassPeriod',
      'Ed-Fi:School',
      'Ed-Fi:Section',
      'TPDM:Candidate',
      'TPDM:School',
    ]);
    expect(text).toContain(`    {
      "resource": "Ed-Fi:School",
      "classes": ["M", "W"],
      "changes": [
        { "classes": ["M", "W"], "object": "column", "path": ["edfi.School", "Motto"], "change": "added", "after": { "type": "varchar(20)", "nullable": false } },
        { "classes": ["M", "W"], "object": "column", "path": ["edfi.School", "Nickname"], "change": "changed", "field": "type", "before": "varchar(30)", "after": "varchar(29)" },
        { "classes": ["M"], "object": "function", "path": ["edfi.TF_TR_School_ReferentialIdentity()"], "change": "changed", "field": "body", "before": `);
    expect(text.endsWith('"renames": []\n}\n')).toBe(true);
  });

  it('names objects that may only have been renamed', () => {
    const [renamed] = impactsOf((set) => edits['a resource renamed']?.edit(set));
    const markdown = renamed ? impactMarkdown([renamed]) : '';
    expect(markdown).toContain('Perhaps only renamed:\n\n- table `tpdm.Candidate` → `tpdm.Applicant` (0.80)\n');
    expect(renamed && impactReport(renamed)).toContain('\nrenamed? table tpdm.Candidate → tpdm.Applicant (0.80)');
    expect(renamed && impactText(renamed)).toContain(
      '"renames": [\n    { "object": "table", "before": ["tpdm.Candidate"], "after": ["tpdm.Applicant"], "score": 0.8 }\n  ]',
    );
  });

  it('says when nothing changes, and that the hash did', () => {
    const [none] = impactsOf(() => {});
    expect(none && impactReport(none)).toBe(
      `PostgreSQL: nothing changes\nThe effective schema hash stays ${start(none?.before)}….`,
    );
    expect(impactMarkdown(impactsOf(() => {}))).toBe(
      `## Schema impact on PostgreSQL: none\n\nThe effective schema hash stays ${start(none?.before)}….\n\nSQL Server: none either.\n`,
    );
  });

  it('is the same again', () => {
    expect(impactsOf(release).map(impactText)).toEqual(impacts.map(impactText));
    expect(impactMarkdown(impactsOf(release))).toBe(impactMarkdown(impacts));
  });

  it('is reported in full for each dialect if the verdicts differ, within one limit', () => {
    const [first, second] = impacts;
    if (!first || !second) throw new Error('There are two.');
    const other = { ...second, resources: second.resources.slice(1) };
    const markdown = impactMarkdown([first, other]);
    expect(markdown).toContain('## Schema impact on SQL Server: M W R A');
    expect(lineCount(markdown)).toBeLessThanOrEqual(60);
  });

  it('counts the changes of each resource where there is no room for all of them', () => {
    const [first] = impacts;
    if (!first) throw new Error('There is one.');
    const edFi = first.resources.filter(({ project }) => project === 'Ed-Fi');
    const changes = edFi.flatMap((entry) =>
      Array.from({ length: 20 }, (_, index) => ({ ...entry, resource: `${entry.resource}${index}` })),
    );
    const markdown = impactMarkdown([{ ...first, resources: changes }]);
    expect(lineCount(markdown)).toBeLessThanOrEqual(60);
    expect(markdown).toContain(
      '| Section0 | M W R A | columns: 3 removed; foreign keys: 1 removed; checks: 1 removed; indexes: 1 removed |',
    );
    expect(markdown).toContain('| School0 | M W | columns: 1 changed, 1 added |');
    expect(markdown).toMatch(/\n\| {2}\| {2}\| … and \d+ more resources \((A|M A|M|M W) .*\) \|\n/);
  });

  it.each([1, 2, 30])('of %d new projects with twenty resources each is at most 60 lines, and counts the rest', (count) => {
    const impacts = impactsOf(({ documents }) => {
      for (let number = 0; number < count; number += 1) {
        const resources = Array.from({ length: 20 }, (_, index) => simple(`Thing${index}`));
        documents.push(structuredClone(build.project(`Extra${number}`, resources, { isExtension: true })));
      }
    });
    const markdown = impactMarkdown(impacts);
    expect(lineCount(markdown)).toBeLessThanOrEqual(60);
    expect(lineCount(markdown)).toBeGreaterThan(count === 1 ? 35 : 50);
    if (count > 1) expect(markdown).toMatch(/… and \d+ more resources \(A \d+\)/);
    if (count === 30) expect(markdown).toMatch(/\nAlso Extra\d+: A in 21 resources; /);
  });
});
