import { expect, test } from 'vitest';
import { productTexts } from './source-files.ts';

/*
 * A variable whose uses span more than ten lines has a name that says what it holds. The count below may only fall:
 * name a new variable for what it holds, and lower the count when you rename one.
 */

/** Names that say nothing about what they hold. */
const vague = 'text|found|own|known|place|it|entry|value';

const declaration = new RegExp(
  `^( *)(?:for (?:await )?\\(|export )?(?:const|let) (?:(${vague})\\b|[{[][^=]*?\\b(${vague})(?=\\s*[,}\\]=]))`,
);

/**
 * The vague variables in a file that Biome has formatted, as `line name`: a block ends before the first line with a
 * smaller indent, and a variable is used for the last time at its last name in its block.
 */
function vagueVariables(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    const [, indent, whole, part] = declaration.exec(line) ?? [];
    const name = whole ?? part;
    if (!indent || name === undefined) return [];
    const block = lines.slice(start + 1);
    const end = block.findIndex((other) => other !== '' && other.search(/\S/) < indent.length);
    const use = new RegExp(`(?<![\\w.'"])${name}(?!\\w|:|['"])`);
    const last = block.slice(0, end < 0 ? undefined : end).findLastIndex((other) => use.test(other)) + 1;
    return last > 10 ? [`${start + 1} ${name}`] : [];
  });
}

test('vague variables are found if their uses span more than ten lines', () => {
  const lines = Array.from({ length: 9 }, () => '    f();');
  const used = (name: string) => ['  if (a) {', `    const ${name} = 1;`, ...lines, `    g(${name});`];
  expect(vagueVariables([...used('text'), '    h(text);', '  }', '  text;'].join('\n'))).toEqual(['2 text']);
  expect(vagueVariables([...used('{ a, text }'), '    h({ text });', '  }'].join('\n'))).toEqual(['2 text']);
  const others = [used('text'), [...used('title'), '    h(title);'], [...used('text'), '    h(a.text, { text: 1 });']];
  for (const other of others) expect(vagueVariables([...other, '  }', '  text;'].join('\n'))).toEqual([]);
});

test('no further variable has a vague name', () => {
  const variables = [...productTexts()].flatMap(([name, text]) =>
    vagueVariables(text).map((variable) => `${name}:${variable}`),
  );
  expect(variables, variables.join('\n')).toHaveLength(182);
});
