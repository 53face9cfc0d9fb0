import { describe, expect, it } from 'vitest';
import { type CollectionContext, pascalSuffixes, reduceCollectionOverride } from './collection-name.ts';

const context = (rootBaseName: string, more: Partial<CollectionContext> = {}): CollectionContext => ({
  rootBaseName,
  parentBaseNames: [],
  additionalRoots: [],
  superclassBaseName: null,
  ...more,
});

const reduced = (override: string, given: CollectionContext, arrayProperty = 'things') =>
  reduceCollectionOverride(arrayProperty, override, given);

describe('Pascal suffixes', () => {
  it.each([
    [
      'StudentCTEProgramAssociation',
      ['StudentCTEProgramAssociation', 'CTEProgramAssociation', 'ProgramAssociation', 'Association'],
    ],
    ['Section504Plan', ['Section504Plan', 'Plan']],
    ['School', ['School']],
    ['ABCd', ['ABCd', 'Cd']],
    ['ABC', ['ABC']],
    ['aBC', ['aBC', 'BC']],
    ['A1b', ['A1b']],
  ])('of %s start at upper-case letters beside lower-case ones', (prefix, suffixes) => {
    expect(pascalSuffixes(prefix)).toEqual(suffixes);
  });
});

describe('a collection override', () => {
  it.each<[string, string, CollectionContext]>([
    ['site', 'Site', context('Person')],
    ['window', 'Window', context('Person', { parentBaseNames: ['Site'] })],
    ['site_window', 'Window', context('Person', { parentBaseNames: ['Site'] })],
    ['PersonSiteWindow', 'Window', context('Person', { parentBaseNames: ['Site'] })],
    ['PersonWindow', 'Window', context('Person', { parentBaseNames: ['Site'] })],
    ['SchoolCategory', 'Category', context('School')],
    ['TranscriptAward', 'Award', context('CourseTranscript')],
    ['FavoriteBookArtMedium', 'FavoriteBookArtMedium', context('StudentArtProgramAssociation')],
    ['schoolcategory', 'category', context('School')],
    ['sCHOOLCategory', 'SCHOOLCategory', context('School')],
  ])('"%s" is reduced to %s', (override, baseName, given) => {
    expect(reduced(override, given)).toEqual({ baseName });
  });

  it('loses one prefix at most', () => {
    expect(reduced('SchoolSchoolCategory', context('School'))).toEqual({ baseName: 'SchoolCategory' });
  });

  it('loses the longest prefix that it starts with', () => {
    expect(reduced('SiteWindowPane', context('Person', { parentBaseNames: ['Site', 'Window'] }))).toEqual({
      baseName: 'Pane',
    });
    expect(reduced('WindowPane', context('Person', { parentBaseNames: ['Site', 'Window'] }))).toEqual({
      baseName: 'Pane',
    });
  });

  it('loses the longest prefix also where a shorter one is collected before it', () => {
    const given = context('Student', { parentBaseNames: ['Program'], superclassBaseName: 'ProgramAssociation' });
    expect(reduced('ProgramAssociationFoo', given)).toEqual({ baseName: 'Foo' });
    expect(reduced('ProgramAssociation', given)).toEqual({ equalsPrefix: 'ProgramAssociation' });
    expect(reduced('ProgramFoo', given)).toEqual({ baseName: 'Foo' });
  });

  it('that is nothing but a prefix names the prefix', () => {
    expect(reduced('person', context('Person'))).toEqual({ equalsPrefix: 'Person' });
    expect(reduced('Transcript', context('CourseTranscript'))).toEqual({ equalsPrefix: 'Transcript' });
    expect(reduced('PersonSite', context('Person', { parentBaseNames: ['Site'] }))).toEqual({
      equalsPrefix: 'PersonSite',
    });
  });

  it('may repeat the superclass, unless it is the default name', () => {
    const given = context('Walk', { superclassBaseName: 'GeneralThing' });
    expect(reduced('GeneralThingStep', given, 'steps')).toEqual({ baseName: 'Step' });
    expect(reduced('ThingStep', given, 'steps')).toEqual({ baseName: 'Step' });
    expect(reduced('ThingStep', given, 'thingSteps')).toEqual({ baseName: 'ThingStep' });
  });

  it('may repeat the superclass with the enclosing collections', () => {
    const given = context('Walk', { superclassBaseName: 'Thing', parentBaseNames: ['Leg'] });
    expect(reduced('ThingLegStep', given, 'steps')).toEqual({ baseName: 'Step' });
  });

  it('in an extension may repeat the extension root, the base root and their collections', () => {
    const given = context('SchoolExtension', { additionalRoots: ['School'], parentBaseNames: ['Address'] });
    for (const override of [
      'SchoolExtensionAddressTerm',
      'SchoolAddressTerm',
      'SchoolExtensionTerm',
      'ExtensionAddressTerm',
      'SchoolTerm',
      'AddressTerm',
      'Term',
    ])
      expect(reduced(override, given), override).toEqual({ baseName: 'Term' });
  });

  it('is not singularized', () => {
    expect(reduced('FederalFunds', context('LocalEducationAgency'))).toEqual({ baseName: 'FederalFunds' });
  });
});
