import { mappingVersions } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import { build } from '@dms/testing';
import { expect, it } from 'vitest';
import { planUpgrade, preparationScripts } from '../../src/index.ts';
import type { UpgradeItem } from '../../src/plan/upgrade-plan.ts';
import { compiled } from '../bench.ts';
import { breakingSets, joinedSets, translated } from './translated-sets.ts';

/* The rules of a translation as an upgrade in place carries them out (design 12a §6). */

it('sorts the resources of the breaking release', () => {
  const { translation } = breakingSets();
  expect([...translation.rewritten].sort()).toEqual([
    'Ed-Fi:Assessment',
    'Ed-Fi:School',
    'Ed-Fi:SchoolYearType',
    'Ed-Fi:StudentAssessment',
    'Ed-Fi:StudentEducationOrganizationAssociation',
    'Preparation:Candidate',
  ]);
  expect([...translation.written].sort()).toEqual([
    'Ed-Fi:Assessment',
    'Ed-Fi:Candidate',
    'Ed-Fi:EducationOrganizationIdentificationCode',
    'Ed-Fi:School',
    'Ed-Fi:SchoolYearType',
    'Ed-Fi:StudentAssessment',
    'Ed-Fi:StudentDemographic',
    'Ed-Fi:StudentDirectory',
    'Ed-Fi:StudentEducationOrganizationAssociation',
  ]);
});

it('rewrites resources that no rule is about, where their identity or that of a target changes', () => {
  const rules = { drops: [{ before: 'Ed-Fi:Person.$.region', because: 'codes are unique' }] };
  for (const dialect of ['pgsql', 'mssql'] as const) {
    const { rewritten } = translated(persons(['code', 'region'], dialect), persons(['code'], dialect), rules);
    expect([...rewritten].sort()).toEqual(['Ed-Fi:Note', 'Ed-Fi:Person']);
  }
});

it('makes documents of items by a rule that lists a member without need', () => {
  const { array, object, project, resource, string } = build;
  const note = (members: build.JsonRecord) =>
    resource('Note', {
      identityJsonPaths: ['$.noteId'],
      arrayUniquenessConstraints: 'tags' in members ? [{ paths: ['$.tags[*].tag'] }] : [],
      jsonSchemaForInsert: object({ noteId: string(20), ...members }, ['noteId']),
    });
  const tag = resource('Tag', {
    identityJsonPaths: ['$.tag'],
    jsonSchemaForInsert: object({ tag: string(20) }, ['tag']),
  });
  const before = compiled([project('Ed-Fi', [note({ tags: array(object({ tag: string(20) }, ['tag'])) })])]);
  const after = compiled([project('Ed-Fi', [note({}), tag])]);
  const entry = { before: 'Ed-Fi:Note.$.tags[*]', after: 'Ed-Fi:Tag', members: ['$.tag'] };
  const { rewritten, read, written, compiled: rules } = translated(before, after, { documents: [entry] });
  expect(rules.notes.map(({ code }) => code)).toContain('TRANSLATION_UNUSED');
  expect([[...rewritten], [...read], [...written].sort()]).toEqual([
    ['Ed-Fi:Note'],
    ['Ed-Fi:Note'],
    ['Ed-Fi:Note', 'Ed-Fi:Tag'],
  ]);
});

it('leaves a resource alone of which a rule drops what the later set does not have', () => {
  const { object, project, resource, string } = build;
  const note = (members: build.JsonRecord) =>
    resource('Note', {
      identityJsonPaths: ['$.noteId'],
      jsonSchemaForInsert: object({ noteId: string(20), ...members }, ['noteId']),
    });
  const before = compiled([project('Ed-Fi', [note({ place: object({ room: string(20), seat: string(20) }) })])]);
  const after = compiled([project('Ed-Fi', [note({ room: string(20) })])]);
  const rules = {
    drops: [{ before: 'Ed-Fi:Note.$.place', because: 'rooms are enough' }],
    moves: [{ before: 'Ed-Fi:Note.$.place.room', after: 'Ed-Fi:Note.$.room' }],
  };
  expect([...translated(before, after, rules).rewritten]).toEqual([]);
});

it('has no script where documents are read, in both dialects', () => {
  for (const dialect of ['pgsql', 'mssql'] as const) {
    const { before, after, translation } = breakingSets('v1', dialect);
    const plan = planUpgrade(before, after, { translation });
    expect([plan.script, preparationScripts(plan), plan.hash]).toEqual([null, null, expect.any(String)]);
  }
});

it('proposes no rename and no move beside a translation, which has a rule for each place', () => {
  const { before, after, translation } = breakingSets();
  const [alone, translated] = [planUpgrade(before, after), planUpgrade(before, after, { translation })];
  expect(alone.moves.length + alone.candidates.length).toBeGreaterThan(0);
  expect([translated.moves, translated.candidates]).toEqual([[], []]);
});

it.each(mappingVersions)('moves the tables of a project that joins another one, in %s', (version) => {
  for (const dialect of ['pgsql', 'mssql'] as const) {
    const { before, after, translation } = joinedSets(version, dialect);
    expect(translation).toMatchObject({ renames: [{ before: 'Preparation', after: 'Ed-Fi' }] });
    const plan = planUpgrade(before, after, { translation });
    expect([dialect, plan.verdict]).toEqual([dialect, expect.stringMatching(/^(?:rewritten|checked)$/)]);
    // nothing is dropped and made again
    expect(plan.items.filter(({ change }) => /^(?:table|resource|descriptor) (?:added|removed)$/.test(change))).toEqual(
      [],
    );
  }
});

const { descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

/** Persons with an identity, and notes that name them. */
const persons = (parts: readonly string[], dialect?: SqlDialect) => {
  const paths = parts.map((part) => [`$.${part}`, `$.personReference.${part}`] as const);
  const members = object(Object.fromEntries(parts.map((part) => [part, string(20)])), parts);
  return compiled(
    [
      project('Ed-Fi', [
        resource('Person', { identityJsonPaths: parts.map((part) => `$.${part}`), jsonSchemaForInsert: members }),
        resource('Note', {
          identityJsonPaths: ['$.noteId'],
          documentPathsMapping: { Person: reference('Ed-Fi:Person', paths) },
          jsonSchemaForInsert: object({ noteId: integer(), personReference: members }, ['noteId', 'personReference']),
        }),
      ]),
    ],
    dialect,
  );
};

it('permits the loss of what a rule drops, with what references repeat of it, and of nothing else', () => {
  const [before, after] = [persons(['code', 'region']), persons(['code'])];
  const rules = { drops: [{ before: 'Ed-Fi:Person.$.region', because: 'codes are unique' }] };
  const translation = translated(before, after, rules);
  expect([...translation.dropped].sort()).toEqual(['edfi.Note.Person_Region', 'edfi.Person.Region']);
  const lost = (names: readonly UpgradeItem[]) => names.map(({ path }) => path.join('.')).sort();
  // a changed identity takes more than SQL; this plan has SQL alone
  const dropping = { ...translation, isRewriting: false, rewritten: new Set<string>() };
  const plan = planUpgrade(before, after, { translation: dropping });
  expect(lost(plan.items.filter((item) => item.class === 'loss'))).toEqual([...translation.dropped].sort());
  expect([plan.unpermitted, plan.hash]).toEqual([[], expect.any(String)]);
  expect(lost(planUpgrade(before, after).unpermitted)).toEqual([...translation.dropped].sort());
  // a rule about one of them says nothing about the other
  const half = { ...dropping, dropped: new Set(['edfi.Note.Person_Region']) };
  expect(lost(planUpgrade(before, after, { translation: half }).unpermitted)).toEqual(['edfi.Person.Region']);
});

it('carries recorded changes of an identity whose reference moves', () => {
  const codeOf = (name: string) => ({ [`${name}Reference`]: object({ code: string(20) }, ['code']) });
  const coded = (name: string, ...others: readonly string[]) =>
    resource(name, {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object(Object.fromEntries(['code', ...others].map((each) => [each, string(20)])), ['code']),
    });
  const visit = (name: string, target: string) =>
    resource('Visit', {
      identityJsonPaths: ['$.visitId', `$.${name}Reference.code`],
      documentPathsMapping: {
        [target.slice('Ed-Fi:'.length)]: reference(target, [['$.code', `$.${name}Reference.code`]]),
      },
      jsonSchemaForInsert: object({ visitId: string(20), ...codeOf(name) }, ['visitId', `${name}Reference`]),
    });
  const of = (...resources: Parameters<typeof project>[1]) => compiled([project('Ed-Fi', resources)], 'pgsql', 'v2');
  const before = of(coded('Person', 'region'), visit('person', 'Ed-Fi:Person'));
  const after = of(coded('Person'), coded('Home', 'region'), visit('home', 'Ed-Fi:Home'));
  const rules = {
    moves: [{ before: 'Ed-Fi:Visit.$.personReference', after: 'Ed-Fi:Visit.$.homeReference' }],
    documents: [{ before: 'Ed-Fi:Person', after: 'Ed-Fi:Home', members: ['$.region'] }],
  };
  const plan = planUpgrade(before, after, { translation: translated(before, after, rules) });
  const tracked = plan.items.filter(({ path: [table = ''] }) => table === 'tracked_changes_edfi.Visit');
  expect(tracked.map(({ change, path }) => `${change} ${path[1]}`)).toEqual([
    'column renamed NewHome_Code',
    'column renamed OldHome_Code',
  ]);
  expect(plan.unpermitted).toEqual([]);
});

it('keeps the rows of resources whose identities get other namespaces alone', () => {
  const kind = '$.kindDescriptor';
  const thing = resource('Thing', {
    identityJsonPaths: [kind],
    documentPathsMapping: { Kind: descriptorPath('Ed-Fi:KindDescriptor', kind) },
    jsonSchemaForInsert: object({ kindDescriptor: uri() }, ['kindDescriptor']),
  });
  const set = () => compiled([project('Ed-Fi', [descriptor('KindDescriptor'), thing])]);
  const rules = { descriptorNamespaces: [{ before: 'uri://a', after: 'uri://b' }] };
  expect(translated(set(), set(), rules)).toMatchObject({ rewritten: new Set(), read: new Set(), written: new Set() });
});
