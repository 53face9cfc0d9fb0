import { convertLegacySchema } from '@dms/api-schema';
import { qualified, type RelationalModelSet } from '@dms/model';
import { givenScript } from '@dms/sql';
import { hasSharedData, isThorough, once, readSharedJson, readSharedText } from '@dms/testing';
import { canonicalText, parseJson } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { unpermittedLosses } from '../../src/applying/upgrade-findings.ts';
import { applyUpgrade, impossibleItems } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradeItem, UpgradePlan } from '../../src/plan/upgrade-plan.ts';
import {
  type Compiled,
  compiled,
  contentsOf,
  documentRows,
  fill,
  openOnServer,
  pruned,
  readAll,
  valuePaths,
  type Written,
} from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';

const core = once(() => compiled([readSharedJson('inputs', 'ds-5.2-core.json')]));

const previousFile = 'ds-5.1-core.old-format.json';

/** The standard of the year before, whose schema is in the older format. */
const previous = once(() => {
  const root = parseJson(readSharedText('inputs', previousFile), previousFile);
  const [schema] = convertLegacySchema({ file: previousFile, root }).schemas;
  return compiled([JSON.parse(canonicalText(schema?.root ?? null))]);
});

/** The permissions that a plan asks for. */
const lossPermissions = ({ unpermitted }: UpgradePlan) =>
  unpermitted.map(({ owner, path }) => (path[0]?.includes(':') ? owner.replace(':', '.') : path.join('.')));

/** A value of a document as a schema has it. */
interface SchemaValue {
  readonly type: string;
  readonly isRequired: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: schemas of either format, as they are
type StandardJson = any;

/** The values of an insert schema by their paths. */
function valuesOf(schema: StandardJson, path = '$', isRequired = true): [string, SchemaValue][] {
  if (schema.type === 'array') return valuesOf(schema.items, `${path}[*]`);
  if (schema.type !== 'object') {
    const type = [schema.type, schema.format, schema.maxLength].filter((part) => part !== undefined).join(' ');
    return [[path, { type, isRequired }]];
  }
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    valuesOf(member, `${path}.${name}`, (schema.required ?? []).includes(name)),
  );
}

/**
 * The changes between two project schemas of either format: values and resources that are removed, added or change
 * their kind.
 */
function changesOfSchemas(before: StandardJson, after: StandardJson) {
  const byName = ({ resourceSchemas }: StandardJson) =>
    new Map<string, StandardJson>(
      Object.values(resourceSchemas).map((schema: StandardJson) => [schema.resourceName, schema]),
    );
  const then = byName(before);
  const now = byName(after);
  const removed = [...then.keys()].filter((name) => !now.has(name));
  const retyped: { place: string; from: string; into: string }[] = [];
  const required: string[] = [];
  const copied: string[] = [];
  for (const [name, schema] of then) {
    const later = now.get(name);
    if (!later || schema.isDescriptor) continue;
    const [earlierValues, laterValues] = [schema, later].map((each) => new Map(valuesOf(each.jsonSchemaForInsert)));
    if (!earlierValues || !laterValues) continue;
    const scopes = new Set([...earlierValues.keys()].map((path) => path.slice(0, path.lastIndexOf('.'))));
    for (const [path, { type }] of earlierValues) {
      const into = laterValues.get(path)?.type;
      if (into === undefined) removed.push(`${name} ${path}`);
      else if (type.split(' ')[0] !== into.split(' ')[0]) retyped.push({ place: `${name} ${path}`, from: type, into });
    }
    for (const [path, { isRequired }] of laterValues)
      if (isRequired && !earlierValues.has(path) && scopes.has(path.slice(0, path.lastIndexOf('.'))))
        (/Reference\.\w+$/.test(path) ? copied : required).push(`${name} ${path}`);
  }
  const byPlace = (a: { place: string }, b: { place: string }) => (a.place < b.place ? -1 : 1);
  return { removed: removed.sort(), retyped: retyped.sort(byPlace), required: required.sort(), copied };
}

/** The resource of an item and, for a column, the path of its values. */
function placeOf({ owner, path: [table, column] }: UpgradeItem, { resources }: RelationalModelSet): string {
  const name = owner.slice(owner.indexOf(':') + 1);
  if (column === undefined) return name;
  const found = resources
    .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
    .find((each) => qualified(each.table) === table)
    ?.columns.find((each) => each.name === column);
  return `${name} ${found?.sourcePath?.canonical}`;
}

describe.runIf(hasSharedData && isThorough)(
  'plans of the data standard (needs the shared conformance data and DMS_PROPERTY_RUNS above 1)',
  () => {
    it('an extension comes free, and goes with what it owns', () => {
      const extended = compiled([
        readSharedJson('inputs', 'ds-5.2-core.json'),
        readSharedJson('inputs', 'tpdm-1.1-extension.json'),
      ]);
      expect(planUpgrade(core(), core())).toMatchObject({ items: [], checks: [], losses: [], statements: [] });
      const there = planUpgrade(core(), extended);
      expect([there.verdict, there.checks, there.losses]).toEqual(['free', [], []]);
      const back = planUpgrade(extended, core(), { allowLoss: ['all'] });
      expect(back.verdict).toBe('loss');
      const own = new Set(
        back.items.filter((item) => item.class === 'loss').map(({ path }) => path[0]?.split(/[.:]/)[0]),
      );
      expect([...own].sort()).toEqual(['TPDM', 'tpdm']);
      expect(back.items.filter((item) => item.class === 'rewritten' || item.class === 'impossible')).toEqual([]);
    });

    it('from 5.1 to 5.2 three numbers become texts, and what is lost is named: the schemas alone say the same', () => {
      const earlier = previous();
      const plan = planUpgrade(earlier, core());
      const { removed, retyped, required, copied } = changesOfSchemas(
        Object.values(JSON.parse(readSharedText('inputs', previousFile)).projectSchemas)[0],
        JSON.parse(readSharedText('inputs', 'ds-5.2-core.json')).projectSchema,
      );
      const of = (...changes: readonly string[]) => plan.items.filter(({ change }) => changes.includes(change));
      const inDocuments = (items: readonly UpgradeItem[], { model }: Compiled) =>
        items.map((item) => placeOf(item, model)).sort();

      const losses = plan.items.filter((item) => item.class === 'loss');
      expect(inDocuments(losses, earlier)).toEqual(removed);
      expect(removed).toEqual([
        'Credential $.endorsements[*].endorsement',
        'StudentHealth $.additionalImmunizations[*].dates[*].date',
        'StudentHealth $.requiredImmunizations[*].dates[*].date',
        'StudentParticipationCodeDescriptor',
      ]);
      expect(plan.losses.map(({ item }) => plan.items[item])).toEqual(losses);
      for (const { item, sql } of plan.losses) {
        const [table = '', column] = plan.items[item]?.path ?? [];
        const counted = column === undefined ? 'FROM "dms"."Document"' : `FROM "${table.replace('.', '"."')}" AS t`;
        expect(sql).toContain(counted);
        if (column !== undefined) expect(sql).toContain(`"${column}" IS NOT NULL`);
      }
      expect(unpermittedLosses(plan).map(({ code, details }) => [code, details.path])).toEqual(
        losses.map(({ path }) => ['UPGRADE_LOSS', path]),
      );

      const converted = of('type converted');
      expect(inDocuments(converted, core())).toEqual(retyped.map(({ place }) => place));
      expect(retyped).toEqual([
        { place: 'AssessmentItem $.expectedTimeAssessed', from: 'number', into: 'string 30' },
        { place: 'EducationContent $.timeRequired', from: 'number', into: 'string 30' },
        { place: 'StudentAssessment $.items[*].timeAssessed', from: 'number', into: 'string 30' },
      ]);
      // 18 digits, a sign, a point and a zero before it: none is too long
      expect(converted.map((item) => [item.class, item.before, item.after])).toEqual(
        converted.map(() => ['rewritten', 'numeric(18,4)', 'varchar(30)']),
      );
      expect(impossibleItems(plan)).toEqual([]);

      // no earlier value determines them, so their tables must be empty
      expect(inDocuments(of('required column added'), core())).toEqual(required);
      expect(required).toHaveLength(3);
      // a value that is now in the identity of a target comes from the target
      expect(inDocuments(of('column filled'), core())).toEqual(expect.arrayContaining(copied));
      expect(copied).toEqual([
        'StaffEducationOrganizationAssignmentAssociation $.employmentStaffEducationOrganizationEmploymentAssociationReference.hireDate',
      ]);
      expect([plan.verdict, plan.script]).toEqual(['loss', null]);
      expect(planUpgrade(earlier, core(), { allowLoss: lossPermissions(plan) }).script).toContain('trim_scale(');
    });

    it('from 5.1 to 5.2 documents of every resource but survey responses come along: only what is permitted is lost', async () => {
      const earlier = previous();
      const allowLoss = lossPermissions(planUpgrade(earlier, core()));
      const connection = await openOnServer();
      try {
        await connection.execute(givenScript(earlier.script));
        await fill(connection, earlier, contentsOf(earlier.model));
        const { items } = planUpgrade(earlier, core(), { allowLoss });
        // rows that the later set cannot have are changed before, as an operator would: generated numbers go to the
        // limits of 5.1
        const quoted = (name: string) => `"${name.replace('.', '"."')}"`;
        for (const table of earlier.catalog.tables)
          for (const { name, type, generated } of table.columns)
            if (type.startsWith('numeric') && !generated)
              await connection.execute(
                givenScript(`UPDATE ${quoted(qualified(table))} SET "${name}" = 1.5 WHERE "${name}" IS NOT NULL`),
              );
        // 5.2 requires all respondents of a survey response, of which 5.1 wants one
        await connection.execute(
          givenScript(`DELETE FROM dms."Document" WHERE "ResourceKeyId" IN
         (SELECT k."ResourceKeyId" FROM dms."ResourceKey" AS k WHERE k."ResourceName" LIKE 'Survey%Response%')`),
        );
        for (const { change, path } of items)
          if (change === 'required column added')
            await connection.execute(givenScript(`DELETE FROM ${quoted(path[0] ?? '')}`));
        const rows = await documentRows(connection);
        const documents = await readAll(connection, earlier);
        // generated report cards have grades of other schools than their grading period, which only 5.2 forbids
        const allowInvalid = ['Ed-Fi:ReportCard'];
        const { outcome } = await applyUpgrade(connection, earlier, core(), { allowLoss, allowInvalid });
        expect(outcome).toBe('upgraded');
        await expectCatalog(connection, core());

        const lost = new Set(items.filter(({ change }) => change === 'descriptor removed').map(({ owner }) => owner));
        expect(await documentRows(connection)).toEqual(
          rows.filter((row) => !lost.has((row as { label: string }).label)),
        );
        // a retyped value is recognized by its text
        const retyped = items
          .filter(({ change }) => change === 'type converted')
          .map((item) => placeOf(item, core().model));
        const then = valuePaths(earlier.model);
        const now = valuePaths(core().model);
        const later = await readAll(connection, core());
        const textOf = (found: Written | undefined) => {
          if (!found) return null;
          const name = found.resource.slice(found.resource.indexOf(':') + 1);
          const paths = [...(then.get(found.resource) ?? [])].filter(
            (path) => now.get(found.resource)?.has(path) && !retyped.includes(`${name} ${path}`),
          );
          return canonicalText(pruned(found.document, new Set(paths)) ?? new Map());
        };
        for (const [uuid, found] of documents) expect(textOf(later.get(uuid)), found.resource).toBe(textOf(found));
        expect(documents.size).toBeGreaterThan(100);
      } finally {
        await connection.close();
      }
    });
  },
);
