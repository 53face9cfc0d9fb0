import type { MarkedView } from '@dms/databases';
import { describe, expect, it } from 'vitest';
import { reportingFindings, reportingLine, reportingState } from './database-state.ts';

const view = (name: string, effectiveSchemaHash = 'a', isUnchanged = true): MarkedView => {
  return { schema: 'edfi', name, kind: 'view', effectiveSchemaHash, isUnchanged, options: '' };
};

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
});
