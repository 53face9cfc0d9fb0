import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { childrenOf, type SyntaxNode, syntaxOf } from './syntax.ts';

/** An import of a file: names of another file, or null for the whole file. */
interface Import {
  readonly source: string;
  readonly names: readonly string[] | null;
}

interface Module {
  readonly imports: readonly Import[];
  /** The names that it exports from other files; a null name stands for the whole other file. */
  readonly passedOn: ReadonlyMap<string, { readonly source: string; readonly name: string | null }>;
  /** Other files of which it exports everything. */
  readonly passedOnWhole: readonly string[];
}

const nameOf = (node: SyntaxNode) => node.name ?? node.value;
const isValue = (node: SyntaxNode) => node.importKind !== 'type' && node.exportKind !== 'type';

/** The imports of an import declaration; empty if its specifiers are only types. */
function importsOf({ specifiers }: SyntaxNode, source: string): readonly Import[] {
  const names = specifiers.filter(isValue).map((each: SyntaxNode) => (each.imported ? nameOf(each.imported) : null));
  if (specifiers.length === 0 || names.includes(null)) return [{ source, names: null }];
  return names.length > 0 ? [{ source, names }] : [];
}

type ImportOrigin = { readonly source: string; readonly name: string | null };

/** The names that an export declaration passes on, with their origins. */
function* passedNames(
  { specifiers }: SyntaxNode,
  source: string | undefined,
  local: ReadonlyMap<string, ImportOrigin>,
): Generator<readonly [string, ImportOrigin]> {
  for (const each of specifiers.filter(isValue)) {
    const from = source ? { source, name: nameOf(each.local) } : local.get(nameOf(each.local));
    if (from) yield [nameOf(each.exported), from];
  }
}

function moduleOf(text: string): Module {
  const imports: Import[] = [];
  const passedOn = new Map<string, ImportOrigin>();
  const passedOnWhole: string[] = [];
  const local = new Map<string, ImportOrigin>();
  const { body } = syntaxOf(text);
  for (const node of body.filter(isValue)) {
    const source = node.source?.value;
    if (node.type === 'ImportDeclaration') {
      imports.push(...importsOf(node, source));
      for (const each of node.specifiers.filter(isValue))
        local.set(nameOf(each.local), { source, name: each.imported ? nameOf(each.imported) : null });
    } else if (node.type === 'ExportAllDeclaration') {
      if (node.exported) passedOn.set(nameOf(node.exported), { source, name: null });
      else passedOnWhole.push(source);
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const [name, from] of passedNames(node, source, local)) passedOn.set(name, from);
    }
  }
  const visit = (node: SyntaxNode) => {
    if (node.type === 'ImportExpression' && node.source.type === 'Literal')
      imports.push({ source: node.source.value, names: null });
    for (const child of childrenOf(node)) visit(child);
  };
  if (text.includes('import(')) for (const node of body) visit(node);
  return { imports, passedOn, passedOnWhole };
}

/**
 * The users of each file. A name that a package exports from one of its files leads to that file, so that a user of one
 * name does not count as a user of the package. `files` are paths of TypeScript files, from the root.
 */
export function usersOf(root: string, files: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const modules = new Map(files.map((file) => [file, moduleOf(readFileSync(path.join(root, file), 'utf8'))]));
  const packages = packagesOf(root, files);
  const resolved = (file: string, source: string) =>
    source.startsWith('.') ? path.posix.join(path.posix.dirname(file), source) : packages.get(source);

  /** The files that define a name of a file. */
  const homesOf = (file: string, name: string | null, seen = new Set<string>()): readonly string[] => {
    const key = `${file} ${name}`;
    const module = modules.get(file);
    if (!module || seen.has(key)) return [];
    seen.add(key);
    const further = (source: string, other: string | null): readonly string[] => {
      const target = resolved(file, source);
      return target ? homesOf(target, other, seen) : [];
    };
    const whole = () => module.passedOnWhole.flatMap((source) => further(source, name));
    if (name === null)
      return [file, ...[...module.passedOn.values()].flatMap((each) => further(each.source, each.name)), ...whole()];
    const passed = module.passedOn.get(name);
    return passed ? further(passed.source, passed.name) : [file, ...whole()];
  };

  const users = new Map(files.map((file) => [file, new Set<string>()]));
  for (const [file, { imports, passedOnWhole }] of modules)
    for (const { source, names } of [...imports, ...passedOnWhole.map((source) => ({ source, names: [] }))]) {
      const target = resolved(file, source);
      if (!target) continue;
      for (const home of (names ?? [null]).flatMap((name) => homesOf(target, name))) users.get(home)?.add(file);
    }
  return users;
}

function packagesOf(root: string, files: readonly string[]) {
  const folders = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
  const found = new Map<string, string>();
  for (const folder of folders) {
    const manifest = path.join(root, folder, 'package.json');
    if (existsSync(manifest)) found.set(JSON.parse(readFileSync(manifest, 'utf8')).name, `${folder}/src/index.ts`);
  }
  return found;
}

/**
 * The specs that reach a file through their imports, the nearest first: by the number of files between them, then by
 * the folders that they share.
 */
export function nearestSpecs(file: string, users: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const distances = new Map([[file, 0]]);
  for (const [each, distance] of distances)
    for (const user of users.get(each) ?? []) if (!distances.has(user)) distances.set(user, distance + 1);
  const shared = (spec: string) => {
    const own = file.split('/');
    const other = spec.split('/');
    const first = own.findIndex((part, index) => part !== other[index]);
    return first < 0 ? own.length : first;
  };
  const rank = (spec: string) => (distances.get(spec) ?? 0) - shared(spec) / 2;
  return [...distances.keys()]
    .filter((each) => each.endsWith('.spec.ts'))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
