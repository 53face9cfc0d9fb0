import { mustExist } from '@dms/model';
import { expect, it } from 'vitest';
import { compiled } from '../test/compiled-set.ts';
import { earlierMapping } from '../test/earlier-mapping.ts';
import { ownSet } from '../test/test-sets.ts';
import { lookUp } from './model-lookup.ts';
import { exploredSet } from './model-page.ts';
import { searchEntries } from './search/search-entries.ts';

const artifacts = () => compiled('pgsql', ownSet());

it('tables of an earlier version are found, and say where their columns are now', () => {
  const lookup = lookUp(exploredSet({ ...artifacts(), earlier: earlierMapping }));
  const found = searchEntries(lookup, new Map()).filter(({ kind }) => kind.startsWith('earlier'));
  expect(found.map(({ kind, qualified, href }) => [kind, qualified, href])).toEqual([
    ['earlierTable', 'campus.Pupil', '/earlier/campus/Pupil'],
    ['earlierColumn', 'campus.Pupil.PupilUniqueId', '/earlier/campus/Pupil?at=PupilUniqueId'],
    ['earlierColumn', 'campus.Pupil.Nick', '/earlier/campus/Pupil?at=Nick'],
    ['earlierTable', 'campus.Motto', '/earlier/campus/Motto'],
    ['earlierColumn', 'campus.Motto.MottoName', '/earlier/campus/Motto?at=MottoName'],
  ]);
  const [pupil, motto] = mustExist(lookup.set.earlierTables, 'the earlier tables');
  expect(pupil?.columns.map(({ name, sources }) => [name, ...sources])).toEqual([
    ['PupilUniqueId', 'campus.Student.StudentUniqueId'],
    ['Nick'],
    ['CreateDate', 'campus.Student.CreateDate'],
  ]);
  expect(pupil?.losses).toEqual(['Campus:Pupil.$.nick: dropped; by drops[0]']);
  expect(motto?.losses).toEqual(['Campus:Motto: gone; by drops[1]']);
  // the columns of the ODS of the set itself, which the view links to
  const place = lookup.ods?.columnAt('campus.Student.StudentUniqueId');
  expect([place?.table.name, place?.column.name]).toEqual(['Student', 'StudentUniqueId']);
  expect(lookup.ods?.columnAt('campus.Student.Nothing')).toBeUndefined();
});

it('a page without an earlier version has none of its tables', () => {
  expect(exploredSet(artifacts()).earlierTables).toBeNull();
});
