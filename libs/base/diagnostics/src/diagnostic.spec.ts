import { describe, expect, it } from 'vitest';
import { type Diagnostic, type DiagnosticCode, DmsError, diagnostic, fail, failIfAny } from './index.ts';

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a diagnostic', () => {
  it.each<[DiagnosticCode, string]>([
    ['INPUT_NO_FILES', 'I'],
    ['EFFECTIVE_SCHEMA_INVALID', 'M'],
    ['CONVERSION_PROJECT_NAME', 'W'],
    ['PROPAGATION_COVERED', 'N'],
  ])('of code %s takes the class %s of its code', (code, diagnosticClass) => {
    expect(diagnostic(code, 'text').class).toBe(diagnosticClass);
  });

  it('holds code, message, place and details as given', () => {
    const where = { file: 'a.json', line: 3, column: 7, resource: 'Toy:Widget', path: '$.a' };
    expect(diagnostic('JSONPATH_INVALID', 'no path', where, { reason: 'empty', offset: 0 })).toEqual({
      code: 'JSONPATH_INVALID',
      class: 'I',
      message: 'no path',
      where,
      details: { reason: 'empty', offset: 0 },
    });
  });

  it('has an empty place and empty details unless given', () => {
    expect(diagnostic('INPUT_NO_FILES', 'none')).toMatchObject({ where: {}, details: {} });
  });
});

describe('a DmsError', () => {
  const first = diagnostic('INPUT_FILE_NOT_FOUND', 'a.json is not there');
  const second = diagnostic('INPUT_JSON_INVALID', 'b.json is not JSON');

  it('is an error with a stack and a name of its own', () => {
    const error = new DmsError([first]);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('DmsError');
    expect(error.stack).toContain('diagnostic.spec');
  });

  it('holds its diagnostics in the given order', () => {
    expect(new DmsError([second, first]).diagnostics).toEqual([second, first]);
  });

  it('has the code of its first diagnostic', () => {
    expect(new DmsError([second, first]).code).toBe('INPUT_JSON_INVALID');
    expect(new DmsError([first, second]).code).toBe('INPUT_FILE_NOT_FOUND');
  });

  it('names code and message of every diagnostic in its message', () => {
    const { message } = new DmsError([first, second]);
    for (const part of [first.code, first.message, second.code, second.message]) expect(message).toContain(part);
    expect(message.indexOf(first.code)).toBeLessThan(message.indexOf(second.code));
  });
});

describe('fail', () => {
  it('throws one diagnostic made of its arguments', () => {
    const error = thrownBy(() => fail('INPUT_JSON_TOO_DEEP', 'too deep', { file: 'a.json' }, { limit: 64 }));
    expect(error).toBeInstanceOf(DmsError);
    expect((error as DmsError).diagnostics).toEqual([
      diagnostic('INPUT_JSON_TOO_DEEP', 'too deep', { file: 'a.json' }, { limit: 64 }),
    ]);
  });
});

describe('failIfAny', () => {
  it('does nothing for an empty list', () => {
    expect(() => failIfAny([])).not.toThrow();
  });

  it('throws all diagnostics of a list in their order', () => {
    const list: Diagnostic[] = [
      diagnostic('INPUT_CORE_MISSING', 'one'),
      diagnostic('INPUT_VALUE_UNSAFE', 'two'),
      diagnostic('INPUT_VALUE_TOO_LONG', 'three'),
    ];
    expect((thrownBy(() => failIfAny(list)) as DmsError).diagnostics).toEqual(list);
  });
});
