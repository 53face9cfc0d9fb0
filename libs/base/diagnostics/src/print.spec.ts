import { describe, expect, it } from 'vitest';
import { type Diagnostic, type DiagnosticClass, diagnostic, formatDiagnostic, severityOf } from './index.ts';
import { printable } from './print.ts';

const controlCharacters = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
].map((code) => ({ code, name: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` }));

describe('printable text', () => {
  it.each(controlCharacters)('has no $name', ({ code }) => {
    expect(printable(`a${String.fromCharCode(code)}b${String.fromCharCode(code)}`)).toBe('ab');
  });

  it.each([
    ['blanks', 'a b'],
    ['ASCII up to the tilde', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
    ['the no-break space, first after the control characters', 'a\u00a0b'],
    ['letters of any script', 'Ähre 漢字'],
    ['characters beyond the BMP', 'a😀b'],
  ])('keeps %s', (_name, text) => {
    expect(printable(text)).toBe(text);
  });

  it('cannot hold an escape sequence of a terminal', () => {
    expect(printable('\u001b[31mred\u009b0m')).toBe('[31mred0m');
  });
});

describe('the file of a diagnostic', () => {
  const text = (message: string, file = 'a/fleet.json', line?: number) =>
    formatDiagnostic(diagnostic('FLEET_EMPTY', message, { file, line })).replace('error FLEET_EMPTY ', '');

  it.each([
    ['Nothing is there.', 'a/fleet.json:3: Nothing is there.'],
    ['a/fleet.json: nothing is there.', 'a/fleet.json:3: nothing is there.'],
    ['a/fleet.json is empty.', 'a/fleet.json:3 is empty.'],
    ['a/fleet.json:3 is empty.', 'a/fleet.json:3 is empty.'],
    ['The fleet "a/fleet.json" is empty.', 'The fleet "a/fleet.json:3" is empty.'],
    ['Nothing is in a/fleet.json.', 'Nothing is in a/fleet.json:3.'],
  ])('stands once: %s', (message, expected) => {
    expect(text(message, 'a/fleet.json', 3)).toBe(expected);
  });

  it.each([
    ['a longer path', 'a/fleet.json.bak and b/a/fleet.json differ.'],
    ['the place of something else', 'a/fleet.json:7 is empty.'],
    ['advice', 'It is empty. Copy another one: cp b.json a/fleet.json'],
    ['advice behind a semicolon', 'It is empty; correct a/fleet.json.'],
  ])('is not taken for %s', (_, message) => {
    expect(text(message)).toBe(`a/fleet.json: ${message}`);
  });

  it('has no position in a sentence about the whole file', () => {
    const where = { file: 'a.json', line: 1, column: 1 };
    expect(formatDiagnostic(diagnostic('FLEET_EMPTY', 'a.json is empty.', where))).toBe(
      'error FLEET_EMPTY a.json is empty.',
    );
    expect(formatDiagnostic(diagnostic('FLEET_EMPTY', 'It is empty.', where))).toBe(
      'error FLEET_EMPTY a.json:1:1: It is empty.',
    );
  });

  it('can be a word, or have signs of patterns', () => {
    expect(text('The folder out is not empty.', 'out')).toBe('The folder out is not empty.');
    expect(text('The outlet is empty.', 'out')).toBe('out: The outlet is empty.');
    expect(text('odd[1].json is empty.', 'odd[1].json')).toBe('odd[1].json is empty.');
    expect(text('C:\\sets\\a.json is empty.', 'C:\\sets\\a.json')).toBe('C:\\sets\\a.json is empty.');
    expect(text('<stdin> is empty.', '<stdin>')).toBe('<stdin> is empty.');
  });
});

describe('the severity of a diagnostic', () => {
  it.each<[DiagnosticClass, string]>([
    ['I', 'error'],
    ['M', 'error'],
    ['D', 'error'],
    ['R', 'error'],
    ['W', 'warning'],
    ['N', 'note'],
  ])('is, for class %s, %s', (diagnosticClass, severity) => {
    const entry: Diagnostic = { ...diagnostic('INPUT_NO_FILES', 'text'), class: diagnosticClass };
    expect(severityOf(entry)).toBe(severity);
  });
});

describe('a printed diagnostic', () => {
  it('is severity, code and message where there is no file', () => {
    expect(formatDiagnostic(diagnostic('INPUT_NO_FILES', 'No file is given.'))).toBe(
      'error INPUT_NO_FILES No file is given.',
    );
  });

  it.each([
    ['CONVERSION_PROJECT_NAME' as const, 'warning'],
    ['PROPAGATION_COVERED' as const, 'note'],
    ['EFFECTIVE_SCHEMA_INVALID' as const, 'error'],
  ])('of code %s starts with the word %s', (code, word) => {
    expect(formatDiagnostic(diagnostic(code, 'text')).startsWith(`${word} ${code} `)).toBe(true);
  });

  it('names the file before the message', () => {
    const text = formatDiagnostic(diagnostic('INPUT_FILE_NOT_FOUND', 'It does not exist.', { file: 'schemas/a.json' }));
    expect(text).toMatch(/^error INPUT_FILE_NOT_FOUND schemas\/a\.json\b.* It does not exist\.$/);
  });

  it('names file, line and column as file:line:column', () => {
    const where = { file: 'schemas/a.json', line: 12, column: 5 };
    const text = formatDiagnostic(diagnostic('INPUT_JSON_INVALID', 'Expected ":".', where));
    expect(text).toMatch(/^error INPUT_JSON_INVALID schemas\/a\.json:12:5\b/);
    expect(text.endsWith('Expected ":".')).toBe(true);
  });

  it.each([
    ['a line without a column', { file: 'a.json', line: 3 }],
    ['a file without a line', { file: 'a.json' }],
    ['no place', {}],
  ])('with %s never shows the word undefined', (_name, where) => {
    expect(formatDiagnostic(diagnostic('INPUT_JSON_INVALID', 'text', where))).not.toContain('undefined');
  });

  it('has no control character from a path or a message', () => {
    const text = formatDiagnostic(
      diagnostic('INPUT_VALUE_UNSAFE', 'The name \u001b[2JTo\u0007y\r\u009b is unsafe.', {
        file: 'a\u001b]0;x\u0007.json\nb',
      }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(text).toContain('[2JToy is unsafe.');
  });

  it('indents the further lines of a message, so that none looks like another diagnostic', () => {
    const text = formatDiagnostic(diagnostic('INPUT_VALUE_UNSAFE', 'first\nerror FAKE second\nthird'));
    expect(text.split('\n')).toEqual(['error INPUT_VALUE_UNSAFE first', '  error FAKE second', '  third']);
  });

  it('hands severity and head to the given paint and prints what it returns', () => {
    const painted: [string, string][] = [];
    const text = formatDiagnostic(diagnostic('CONVERSION_PROJECT_NAME', 'text'), (severity, head) => {
      painted.push([severity, head]);
      return `<${head}>`;
    });
    expect(painted).toEqual([['warning', 'warning CONVERSION_PROJECT_NAME']]);
    expect(text).toBe('<warning CONVERSION_PROJECT_NAME> text');
  });
});
