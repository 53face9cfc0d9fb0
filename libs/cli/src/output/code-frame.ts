import { codeFrameColumns } from '@babel/code-frame';
import { hideSecrets, type SourcePlace } from '@dms/pipeline';

/** Number of lines to show before and after the marked one. */
const around = 2;

/** The most characters to show of a line: a minified file has only one. */
const width = 120;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a text from a file must not steer the terminal
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The lines around a place in a source text, numbered, with a mark under it. */
export function codeFrame({ line, column, endColumn, lines }: SourcePlace, isColored: boolean): string {
  // show only the relevant part of a long line
  const from = column > width - 20 ? column - Math.floor(width / 3) : 0;
  const first = Math.max(1, line - around);
  const shown = lines.slice(first - 1, line + around).map((text) =>
    // the lines around it may contain a connection of a `dms.json`
    hideSecrets(text)
      .slice(from, from + width)
      .replace(controlCharacters, '\ufffd'),
  );
  const end = Math.min(endColumn, from + width + 1);
  const marked = { start: { line, column: column - from }, end: { line, column: Math.max(end, column + 1) - from } };
  // the published types lack the option for the number of the first line
  const options = { startLine: first, linesAbove: around, linesBelow: around, forceColor: isColored };
  return codeFrameColumns(shown.join('\n'), marked, options);
}
