/** A name in lines of at most `longestLine` characters, which end between its words; no character is left out. */
export function nameLines(name: string, longestLine: number): readonly string[] {
  const lines: string[] = [];
  for (const word of wordsOf(name, longestLine)) {
    const last = lines.at(-1);
    if (last === undefined || [...last, ...word].length > longestLine) lines.push(word);
    else lines[lines.length - 1] = `${last}${word}`;
  }
  return lines.length === 0 ? [''] : lines;
}

/** The words of a name, each with its separator from the next; a long word is split into pieces. */
function wordsOf(name: string, longestLine: number): string[] {
  const words = name.split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=[\s_.-])(?=[^\s_.-])/u);
  return words.flatMap((word) => {
    const characters = [...word];
    const count = Math.ceil(characters.length / longestLine);
    return Array.from({ length: count }, (_, index) =>
      characters.slice(index * longestLine, (index + 1) * longestLine).join(''),
    );
  });
}
