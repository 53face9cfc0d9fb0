/*
 * How the shells of Windows turn a line into the arguments of a program. Windows passes one text to a program, which
 * splits it itself; PowerShell makes that text from words, and up to 7.2 without escaping quotes and backslashes in them.
 */

/** The values of variables of the environment, in any letter case. */
type Variables = Readonly<Record<string, string>>;

/** The arguments that a program finds in its text, by the rules of the C runtime. */
export function runtimeWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const [backslashes = ''] = /^\\*/.exec(text.slice(at)) ?? [];
    if (backslashes !== '' && text.charAt(at + backslashes.length) === '"') {
      // before a quote, two backslashes are one, and one that is left makes the quote a character
      word = (word ?? '') + '\\'.repeat(backslashes.length >> 1);
      at += backslashes.length;
      if (backslashes.length % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
    } else if (character === '"') {
      const isDouble = isQuoted && text.charAt(at + 1) === '"';
      word = (word ?? '') + (isDouble ? '"' : '');
      if (isDouble) at += 1;
      else isQuoted = !isQuoted;
    } else if (/[ \t]/.test(character) && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}

/** The arguments in a line of cmd. Throws at a sign that cmd does not pass on. */
export function cmdWords(line: string, variables: Variables = {}): readonly string[] {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  // an unknown variable stays as it is written
  const expanded = line.replace(/%([^%\s]+)%/g, (written, name: string) => values.get(name.toLowerCase()) ?? written);
  const bare = expanded.split('"').filter((_, index) => index % 2 === 0);
  const [sign] = bare.flatMap((part) => /[&|<>^()]/.exec(part) ?? []);
  if (sign !== undefined) throw new Error(`cmd reads ${sign} as its own: ${line}`);
  return runtimeWords(expanded);
}

export const powershellEditions = ['5.1', '7'] as const;

/** The arguments in a line of PowerShell. Throws at a sign that PowerShell does not pass on, and at a variable. */
export function powershellWords(line: string, edition: (typeof powershellEditions)[number]): readonly string[] {
  const words = splitByPowershell(line);
  if (edition === '7') return words;
  return runtimeWords(words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' '));
}

function splitByPowershell(line: string): readonly string[] {
  const words: string[] = [];
  const own = (sign: string) => new Error(`PowerShell reads ${sign} as its own: ${line}`);
  let rest = line.trimStart();
  while (rest !== '') {
    if (rest.startsWith('#')) return words;
    if (/^(?:@|--%)/.test(rest)) throw own(rest.slice(0, 3));
    const beginsWithQuote = /^["']/.test(rest);
    let word = '';
    while (rest !== '' && !/^\s/.test(rest)) {
      const [read = '', value = ''] = partOf(rest) ?? [];
      if (read === '') throw own(rest.charAt(0));
      rest = rest.slice(read.length);
      if (read === ',') {
        // a list becomes several arguments
        words.push(word);
        word = '';
      } else word += value;
      // what follows the quote of a word that begins with one is another word
      if (beginsWithQuote && /^["']/.test(read)) break;
    }
    words.push(word);
    rest = rest.trimStart();
  }
  return words;
}

/** The next part of a word: what is read, and its value; undefined where PowerShell begins something else. */
function partOf(text: string): readonly [string, string] | undefined {
  const [single, inSingle = ''] = /^'((?:[^']|'')*)'/.exec(text) ?? [];
  if (single !== undefined) return [single, inSingle.replaceAll("''", "'")];
  const [double, inDouble = ''] = /^"((?:[^"`]|""|`[\s\S])*)"/.exec(text) ?? [];
  if (double !== undefined)
    return isExpanded(inDouble) ? undefined : [double, unescaped(inDouble.replaceAll('""', '"'))];
  const [escaped] = /^`[\s\S]/.exec(text) ?? [];
  if (escaped !== undefined) return [escaped, unescaped(escaped)];
  if (isExpanded(text.slice(0, 2)) || /^[;|&(){}<>"']/.test(text)) return undefined;
  return [text.charAt(0), text.charAt(0)];
}

/** Whether a text has a variable or an expression, which PowerShell replaces by its value. */
const isExpanded = (text: string) => /(?:^|[^`])\$[\w{(:?^$]/.test(text);

const unescaped = (text: string) => text.replace(/`([\s\S])/g, '$1');
