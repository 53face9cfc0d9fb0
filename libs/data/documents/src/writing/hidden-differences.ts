/** How many characters a message shows by their code points. */
const mostShown = 8;

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Scripts whose letters look like letters of others. */
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee'] as const;

const scriptsOf = (text: string) => scripts.filter((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(text));

function normalForm(text: string): readonly string[] {
  if (text !== text.normalize('NFC')) return ['is not in the normal form NFC'];
  return text === text.normalize('NFD') ? [] : ['is in the normal form NFC, not NFD'];
}

/**
 * What a text has that another text, which looks the same, may not have: a normal form of Unicode, white space, letters
 * of another script, characters that are not shown. Empty for a text of visible ASCII characters and single spaces.
 */
export function hiddenDifferences(text: string): readonly string[] {
  const letters = scriptsOf(text);
  const others = [...new Set(text.match(/[^\x20-\x7e]/gu) ?? [])];
  const shown = others.slice(0, mostShown).map((each) => {
    const isVisible = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(each);
    return isVisible ? `${each} ${codePoint(each)}` : codePoint(each);
  });
  const more = others.length > shown.length ? ', …' : '';
  return [
    ...normalForm(text),
    ...(/^\s|\s$/u.test(text) ? ['begins or ends with white space'] : []),
    ...(/\s\s/u.test(text.trim()) ? ['has several blanks in a row'] : []),
    ...(letters.length > 1 || (letters.length === 1 && letters[0] !== 'Latin')
      ? [`has letters of the script ${letters.join(' and ')}`]
      : []),
    ...(shown.length === 0 ? [] : [`has ${shown.join(', ')}${more}`]),
  ];
}
