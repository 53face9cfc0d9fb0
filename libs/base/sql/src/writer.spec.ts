import { describe, expect, it } from 'vitest';
import { dialectOf, SqlWriter } from './index.ts';
import { canonicalSqlText } from './writer.ts';

describe('the canonical text of SQL', () => {
  it.each([
    ['CRLF becomes LF', 'a\r\nb\r\n', 'a\nb\n'],
    ['a lone CR becomes LF', 'a\rb\r', 'a\nb\n'],
    ['two CR are two line ends', 'a\r\rb\n', 'a\n\nb\n'],
    ['CR CR LF is two line ends', 'a\r\r\nb\n', 'a\n\nb\n'],
    ['LF CR is two line ends', 'a\n\rb\n', 'a\n\nb\n'],
    ['blanks at a line end are removed', 'a  \nb \n', 'a\nb\n'],
    ['tabs at a line end are removed', 'a\t\nb \t \n', 'a\nb\n'],
    ['blanks before CRLF are removed', 'a \r\nb\t\r\n', 'a\nb\n'],
    ['a line of blanks becomes empty', 'a\n    \n\t\nb\n', 'a\n\n\nb\n'],
    ['blanks at the start of a line and inside stay', '    a  b\n\tc\n', '    a  b\n\tc\n'],
    ['a no-break space at a line end stays', 'a\u00a0\n', 'a\u00a0\n'],
    ['a blank before a form feed stays', 'a \f\n', 'a \f\n'],
    ['a blank before U+2028, which ends no line, stays', "N'a \u2028b'\n", "N'a \u2028b'\n"],
    ['a tab before U+2029, which ends no line, stays', "N'a\t\u2029b'\n", "N'a\t\u2029b'\n"],
    ['a last line without line end gets none', 'a\nb', 'a\nb'],
    ['empty lines stay', '\n\na\n\n', '\n\na\n\n'],
    ['the empty text stays', '', ''],
  ])('%s', (_name, text, canonical) => {
    expect(canonicalSqlText(text)).toBe(canonical);
    expect(canonicalSqlText(canonical)).toBe(canonical);
  });
});

describe('the SQL writer', () => {
  it('ends every line with LF', () => {
    expect(new SqlWriter().line('a').line('b').text()).toBe('a\nb\n');
  });

  it('gives the empty text when nothing was written', () => {
    expect(new SqlWriter().text()).toBe('');
  });

  it('keeps empty lines', () => {
    const writer = new SqlWriter().blank().line('a').blank().line('').linesOf(['', 'b']);
    expect(writer.text()).toBe('\na\n\n\n\nb\n');
  });

  it('writes several lines, and a text of several lines as it is', () => {
    const writer = new SqlWriter().linesOf(['a', 'b']).linesOf([]).line('c\nd\n  e');
    expect(writer.text()).toBe('a\nb\nc\nd\n  e\n');
  });

  it('writes LF for CRLF and CR inside a text and removes blanks at line ends', () => {
    const writer = new SqlWriter();
    writer.line('a \r\nb\t\rc').line('   ').line('d  ');
    expect(writer.text()).toBe('a\nb\nc\n\nd\n');
  });

  it('keeps a literal that holds a blank before U+2028 as it is', () => {
    expect(new SqlWriter().line("N'a \u2028b'").text()).toBe("N'a \u2028b'\n");
  });

  it('writes fragments as lines, and lines with their indent', () => {
    const { sql, lines } = dialectOf.pgsql;
    const block = lines`
      BEGIN
          a;

      END;`;
    expect(new SqlWriter().write(sql`"a"`, block).blank().text()).toBe('"a"\nBEGIN\n    a;\n\nEND;\n\n');
  });

  it('knows the last line that is not empty', () => {
    const writer = new SqlWriter();
    expect(writer.lastText()).toBeUndefined();
    expect(writer.blank().lastText()).toBeUndefined();
    expect(writer.line('a').blank().blank().lastText()).toBe('a');
    expect(writer.line('GO').blank().lastText()).toBe('GO');
  });

  it('gives the same text when it is asked twice', () => {
    const writer = new SqlWriter().line('a');
    expect(writer.text()).toBe(writer.text());
    expect(writer.line('b').text()).toBe('a\nb\n');
  });
});
