import type { MarkedView } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { reportingFindings, reportingLine, reportingState } from './database-state.ts';

const view = (name: string, set = 'a', isUnchanged = true): MarkedView => {
  const made = { set, views: 0, name: `edfi.${name}`, next: `edfi.${name}`, options: { grants: [] } };
  return { layer: 'own', schema: 'edfi', name, kind: 'view', made, isUnchanged, revoked: [] };
};

/** The views of one run, each of which names the next. */
const run = (names: readonly string[], options: NonNullable<MarkedView['made']>['options'] = { grants: [] }) =>
  names.map((name, index): MarkedView => {
    const next = `edfi.${names[(index + 1) % names.length]}`;
    return { ...view(name), made: { set: 'a', views: names.length, name: `edfi.${name}`, next, options } };
  });

describe('what a check says of reporting views', () => {
  const saidOf = (...views: readonly MarkedView[]) => {
    const state = reportingState(views, 'a');
    const findings = reportingFindings(state, 'campus').map(({ class: severity, code, message }) => ({
      severity,
      code,
      message,
    }));
    return { line: state && reportingLine(state), findings };
  };
  const warning = (message: string) => ({ severity: 'W', code: 'REPORTING_VIEWS_DIFFER', message });

  it('is nothing where there are none', () => {
    expect(saidOf()).toEqual({ line: null, findings: [] });
  });

  it('is one line for views of the set of the database', () => {
    expect(saidOf(view('student'), view('school'))).toEqual({ line: 'Reporting views: 2', findings: [] });
  });

  it('names the table of descriptors', () => {
    expect(saidOf(view('student'), { ...view('descriptor', 'a', false), kind: 'table' })).toEqual({
      line: 'Reporting views: 1 and the table edfi.descriptor, 1 view changed',
      findings: [
        warning(
          'campus: reporting views were changed since they were made: "edfi.descriptor". dms-ddl reporting apply replaces them.',
        ),
      ],
    });
  });

  it('names the other set of views that were left behind', () => {
    expect(saidOf(view('student', 'b'), view('school', 'b'))).toEqual({
      line: 'Reporting views: 2, of the schema set b',
      findings: [warning('campus: reporting views are of the schema set b. dms-ddl reporting apply replaces them.')],
    });
  });

  it('names views that were changed by hand', () => {
    expect(saidOf(view('student', 'a', false), view('staff'), view('school', 'a', false))).toEqual({
      line: 'Reporting views: 3, 2 views changed',
      findings: [
        warning(
          'campus: reporting views were changed since they were made: "edfi.school", "edfi.student". dms-ddl reporting apply replaces them.',
        ),
      ],
    });
  });

  it('names views that are gone, as far as the others know them', () => {
    const all = run(['school', 'staff', 'student', 'survey']);
    const left = all.filter(({ name }) => name === 'survey' || name === 'school');
    expect(saidOf(...left)).toEqual({
      line: 'Reporting views: 2, 2 views missing',
      findings: [
        warning('campus: reporting views are missing: "edfi.staff" and 1 more. dms-ddl reporting apply replaces them.'),
      ],
    });
  });

  it('names views that were renamed, not their earlier names', () => {
    const [first, ...others] = run(['school', 'staff', 'student']);
    expect(saidOf({ ...first, schema: 'old', name: 'school2' } as MarkedView, ...others)).toEqual({
      line: 'Reporting views: 3, 1 view renamed',
      findings: [
        warning(
          'campus: reporting views were renamed since they were made: "edfi.school to old.school2". dms-ddl reporting apply replaces them.',
        ),
      ],
    });
  });

  it('names roles that have lost a right, and the options to make the views with again', () => {
    const [first, ...others] = run(['school', 'staff'], { grants: ['reader', 'a b'], schemaSuffix: '_ods' });
    expect(saidOf({ ...first, revoked: ['reader'] } as MarkedView, ...others)).toEqual({
      line: 'Reporting views: 2, 1 view with a revoked right',
      findings: [
        warning(
          'campus: reporting views can no longer be read by the role reader: "edfi.school". dms-ddl reporting apply --schema-suffix _ods --grant reader --grant \'a b\' replaces them.',
        ),
      ],
    });
  });
});
