/* Markdown elements of the reference pages. */

/** Parts that are not escaped: code, and the anchors of `anchor`. */
const code = /(`[^`]*`|<a id="\w+"><\/a>)/;

/** A link target. */
export const anchor = (id: string) => `<a id="${id}"></a>`;

/** Escapes the special characters of Markdown and HTML in a text, except in code. */
export function escaped(value: string): string {
  const parts = value.split(code);
  return parts.map((part) => (code.test(part) ? part : part.replaceAll(/[<*]/g, '\\$&'))).join('');
}

/** A text as one cell of a table. */
function cell(value: string | number): string {
  return escaped(String(value).replaceAll('\n', ' ').replaceAll('|', '\\|').trim());
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A text of `--help` as Markdown: indented lines stay lines, the others become one paragraph. */
export function paragraphs(description: string): string {
  const parts: { readonly kind: 'lines' | 'prose'; readonly lines: string[] }[] = [];
  for (const line of description.split('\n')) {
    const kind = line.startsWith('  ') ? 'lines' : 'prose';
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  }
  return parts
    .map(({ kind, lines }) =>
      kind === 'prose' ? escaped(lines.join(' ')) : fenced(lines.map((line) => line.slice(2)).join('\n')),
    )
    .join('\n\n');
}

/** A preformatted block. */
export const fenced = (content: string, language = 'text') => `\`\`\`${language}\n${content}\n\`\`\``;

/** Names as code, `a`, `b`; `word` replaces the last comma. */
export function listed(names: readonly string[], word = ''): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (word === '' || quoted.length < 2) return quoted.join(', ');
  return `${quoted.slice(0, -1).join(', ')} ${word} ${quoted.at(-1)}`;
}
