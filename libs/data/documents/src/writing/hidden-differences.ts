/** The number of characters that a message shows with their code points. */
const mostNamed = 8;

/** Each Latin letter, followed by the letters of other scripts that look like it. */
const lookalikes = [
  'AАΑᎪ',
  'BВΒᏴ',
  'CСϹᏟ',
  'DᎠ',
  'EЕΕᎬ',
  'GԌᏀ',
  'HНΗᎻ',
  'IІΙӀ',
  'JЈᎫ',
  'KКΚᏦ',
  'LᏞԼ',
  'MМΜᎷ',
  'NΝ',
  'OОΟՕ',
  'PРΡᏢ',
  'QԚ',
  'RᎡᏒ',
  'SЅՏᏚ',
  'TТΤᎢ',
  'UՍ',
  'VѴᏙ',
  'WԜᎳ',
  'XХΧ',
  'YУΥҮᎩ',
  'ZΖᏃ',
  'aаα',
  'bЬᏏ',
  'cсϲ',
  'dԁ',
  'eе',
  'gց',
  'hһհ',
  'iіι',
  'jјϳ',
  'kкκ',
  'lӏ',
  'nո',
  'oоοօ',
  'pрρ',
  'qԛզ',
  'sѕ',
  'uսυ',
  'vνѵ',
  'wԝ',
  'xх',
  'yуү',
].flatMap(([latin = '', ...others]) => others.map((other) => [other, latin] as const));

const latinOf = new Map(lookalikes);

/**
 * Properties of a text that another text that looks the same may not have: a Unicode normal form, white space, letters
 * of another script, invisible characters. Empty for a text of visible ASCII characters and single spaces.
 */
export function hiddenDifferences(text: string): readonly string[] {
  const letters = scriptsOf(text);
  const others = [...new Set(text.match(/[^\x20-\x7e]/gu) ?? [])];
  const shown = others.slice(0, mostNamed).map((each) => {
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

/** Scripts with letters that look like letters of other scripts. */
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee'] as const;

const scriptsOf = (text: string) => scripts.filter((script) => new RegExp(`\\p{Script=${script}}`, 'u').test(text));

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

function normalForm(text: string): readonly string[] {
  if (text !== text.normalize('NFC')) return ['is not in the normal form NFC'];
  return text === text.normalize('NFD') ? [] : ['is in the normal form NFC, not NFD'];
}

/**
 * The appearance of a text: the same for texts that differ only in normal form, white space, letters of another script,
 * invisible characters, and the forms of hyphens and quotation marks.
 */
export const appearance = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u02bc\u2032]/gu, "'")
    .replace(/[\u201c\u201d\u2033]/gu, '"')
    .replace(
      /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu,
      (letter) => latinOf.get(letter) ?? letter,
    )
    .normalize('NFC');
