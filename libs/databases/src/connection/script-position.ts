import { type FailedStatement, firstLine } from './failure.ts';

/** Index of the code unit at a position counted in characters, the first being 1. */
function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let count = 1; count < position && offset < text.length; count += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The statement around an offset: statements are separated by blank lines (design 06 §2.5); comments before it are left out. */
function statementStart(text: string, offset: number): number {
  const before = text.lastIndexOf('\n\n', Math.max(offset - 1, 0));
  const start = before < 0 ? 0 : before + 2;
  const comments = /^(?:--[^\n]*\n|\s*\n)*/.exec(text.slice(start, offset));
  return start + (comments?.[0].length ?? 0);
}

/** The statement of a text that the server points to: `position` is what PostgreSQL reports. */
export function failedStatement(text: string, position: string | undefined): FailedStatement | undefined {
  const number = Number(position);
  if (!Number.isInteger(number) || number < 1) return undefined;
  const offset = offsetOf(text, number);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return {
    line: text.slice(0, lineStart).split('\n').length,
    column: offset - lineStart + 1,
    text: firstLine(text.slice(statementStart(text, offset))),
  };
}
