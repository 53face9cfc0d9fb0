import { JsonNumber, type JsonValue } from '@dms/values';
import { type PlaceName, pathName, placeName, placeNotation } from '../places/place-name.ts';
import type { SetPlaces } from '../places/set-places.ts';
import { type Problem, problem } from './problem.ts';
import type {
  Carrying,
  DocumentsRule,
  Drop,
  Fill,
  Member,
  Move,
  Namespace,
  Through,
  Translation,
} from './translation.ts';
import {
  type DocumentsForm,
  type DropForm,
  type FillForm,
  formText,
  type MoveForm,
  type NamespaceForm,
  ruleFormats,
  type ThroughForm,
  throughFormat,
  versionsFormat,
} from './translation-format.ts';

/** A file as JSON, with numbers of JavaScript. */
export type TranslationJson = Readonly<Record<string, unknown>>;

interface CheckedFile {
  readonly translation: Translation;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/**
 * Several files as one (design 20 §1), with the findings of the first step of their check: `TRANSLATION_INVALID`,
 * `TRANSLATION_VERSIONS`, `TRANSLATION_AMBIGUOUS`, and notes.
 */
export function readTranslation(files: readonly TranslationJson[], before: SetPlaces, after: SetPlaces): CheckedFile {
  const all = new Files(before, after, files.length);
  for (const [file, json] of files.entries()) all.versions(json, file);
  for (const [file, json] of files.entries()) all.add(json, file);
  const { moves, through, documents, namespaces, fills, drops, problems, notes } = all;
  return { translation: { moves, through, documents, namespaces, fills, drops }, problems, notes };
}

const plain: Carrying = { take: false, values: null, as: null };

class Files {
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  readonly moves: Move[] = [];
  readonly through = new Map<string, { rule: string; file: number; entries: readonly Through[] }>();
  readonly documents: (DocumentsRule & { members: Member[] })[] = [];
  readonly namespaces: Namespace[] = [];
  readonly fills: Fill[] = [];
  readonly drops: Drop[] = [];
  private readonly prefix: (file: number) => string;
  private readonly before: SetPlaces;
  private readonly after: SetPlaces;
  private readonly absent = new Set<string>();
  /**
   * By the named place, namespace or later place: the file of the rule that names it, and a function that removes the
   * rule.
   */
  private readonly named = new Map<string, { file: number; remove: () => void }>();

  constructor(before: SetPlaces, after: SetPlaces, count: number) {
    this.before = before;
    this.after = after;
    this.prefix = (file) => (count > 1 ? `${file}:` : '');
  }

  private invalid(rule: string, place: string, text: string): void {
    this.problems.push(problem('TRANSLATION_INVALID', rule, place, text));
  }

  versions(json: TranslationJson, file: number): void {
    const sides = [
      ['before', this.before],
      ['after', this.after],
    ] as const;
    for (const [side, { projects }] of sides) {
      const given = json[side];
      if (given === undefined) continue;
      const rule = `${this.prefix(file)}${side}`;
      const parsed = versionsFormat.safeParse(given);
      if (!parsed.success) {
        this.invalid(rule, '', 'must give the beginning of a version for each project');
        continue;
      }
      const names = Object.keys(parsed.data);
      const others = names.some((name) => projects.has(name));
      for (const [name, asked] of Object.entries(parsed.data)) {
        const version = projects.get(name);
        if (version === undefined && side === 'before' && others) {
          this.absent.add(name);
          this.notes.push(
            problem(
              'TRANSLATION_PROJECT_ABSENT',
              rule,
              name,
              'the earlier set lacks the project; its rules are left out',
            ),
          );
        } else if (version === undefined || !versionFits(asked, version)) {
          const has = version === undefined ? 'does not have the project' : `has version ${version}`;
          this.problems.push(
            problem('TRANSLATION_VERSIONS', rule, name, `the file is for version ${asked}, and the set ${has}`),
          );
        }
      }
    }
  }

  /** Reads the rules of one member, each with its own format. */
  private *forms<Form>(
    json: TranslationJson,
    file: number,
    member: keyof typeof ruleFormats,
  ): Generator<{ form: Form; rule: string }> {
    const list = json[member];
    if (list === undefined) return;
    if (!Array.isArray(list)) {
      this.invalid(`${this.prefix(file)}${member}`, '', 'must be a list of rules');
      return;
    }
    for (const [index, each] of list.entries()) {
      const rule = `${this.prefix(file)}${member}[${index}]`;
      const parsed = ruleFormats[member].safeParse(each);
      if (parsed.success) yield { form: parsed.data as Form, rule };
      else this.invalid(rule, '', formText(parsed.error));
    }
  }

  /** The place of a set that a text names; `refused` tells whether it has the wrong kind. */
  private place(
    text: string,
    rule: string,
    set: SetPlaces,
    refused: (name: PlaceName) => boolean = () => false,
  ): PlaceName | undefined {
    const name = placeName(text);
    const meant = withProject(text, name, set);
    // the name of a resource has no dot: a path begins with $
    if (name && !name.resource?.includes('.') && meant.length === 0 && !refused(name)) return name;
    const hint =
      meant.length > 0
        ? `lacks its project; write ${meant.join(' or ')}`
        : /^\s|\s$|\s[:.]|[:.]\s/.test(text)
          ? 'has a blank before or after one of its names; remove it'
          : `is not the name of a place here; write ${placeNotation}`;
    this.invalid(rule, text, hint);
    return undefined;
  }

  /** Records that a rule names something; false if another rule of the file already does. */
  private names(key: string, place: string, rule: string, file: number, remove: () => void): boolean {
    const other = this.named.get(key);
    if (other?.file === file) {
      this.problems.push(problem('TRANSLATION_AMBIGUOUS', rule, place, 'another rule of the file names it too'));
      return false;
    }
    if (other) {
      other.remove();
      this.notes.push(problem('TRANSLATION_REPLACED', rule, place, 'the rule of an earlier file is replaced'));
    }
    this.named.set(key, { file, remove });
    return true;
  }

  /** Adds a rule that names something, in place of the rule of an earlier file that names the same. */
  private addRule<Rule extends { readonly rule: string }>(
    rules: Rule[],
    added: Rule,
    key: string,
    place: string,
    file: number,
  ): void {
    const remove = () => rules.splice(rules.indexOf(added), 1);
    if (this.names(key, place, added.rule, file, remove)) rules.push(added);
  }

  private isAbsent = (name: PlaceName) => this.absent.has(name.project);

  add(json: TranslationJson, file: number): void {
    const members = ['$schema', 'before', 'after', 'through', ...Object.keys(ruleFormats)];
    for (const name of Object.keys(json))
      if (!members.includes(name)) this.invalid(`${this.prefix(file)}${name}`, '', 'is not a member of a translation');
    for (const { form, rule } of this.forms<MoveForm>(json, file, 'moves')) this.move(form, rule, file);
    this.lists(json, file);
    for (const { form, rule } of this.forms<DocumentsForm>(json, file, 'documents'))
      this.documentsRule(form, rule, file);
    for (const { form, rule } of this.forms<NamespaceForm>(json, file, 'descriptorNamespaces')) {
      const namespace: Namespace = { rule, ...form };
      this.addRule(this.namespaces, namespace, `namespace ${form.before.toLowerCase()}`, form.before, file);
    }
    for (const { form, rule } of this.forms<FillForm>(json, file, 'fills')) this.fill(form, rule, file);
    for (const { form, rule } of this.forms<DropForm>(json, file, 'drops')) {
      const before = this.place(form.before, rule, this.before, ({ resource }) => resource === null);
      if (!before || this.isAbsent(before)) continue;
      this.addRule(this.drops, { rule, before }, form.before, form.before, file);
    }
  }

  private move(form: MoveForm, rule: string, file: number): void {
    const before = this.place(form.before, rule, this.before);
    const after = this.place(form.after, rule, this.after);
    if (!before || !after || this.isAbsent(before)) return;
    const carrying = carryingOf(form);
    if (before.path === null && (form.take ?? form.values ?? form.as) !== undefined) {
      this.invalid(rule, '', 'moves of projects and resources have no take, values or as');
      return;
    }
    this.addRule(this.moves, { rule, before, after, ...carrying }, form.before, form.before, file);
  }

  private lists(json: TranslationJson, file: number): void {
    const given = json.through;
    if (given === undefined) return;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      this.invalid(`${this.prefix(file)}through`, '', 'must have lists by name');
      return;
    }
    for (const [name, list] of Object.entries(given)) {
      const rule = `${this.prefix(file)}through.${name}`;
      const parsed = throughFormat.safeParse(list);
      if (!parsed.success) {
        this.invalid(rule, '', formText(parsed.error));
        continue;
      }
      if (this.names(`through ${name}`, name, rule, file, () => this.through.delete(name)))
        this.through.set(name, { rule, file, entries: this.entries(parsed.data, rule) });
    }
  }

  private entries(forms: readonly ThroughForm[], rule: string): readonly Through[] {
    return forms.flatMap(({ resource, where, identity }) => {
      const isNoResource = (name: PlaceName) => name.resource === null || name.path !== null;
      const name = this.place(resource, rule, this.before, isNoResource);
      if (!name || this.isAbsent(name)) return [];
      return [{ resource, where: new Map(Object.entries(where)), identity: new Map(Object.entries(identity)) }];
    });
  }

  private documentsRule(form: DocumentsForm, rule: string, file: number): void {
    const before = this.place(form.before, rule, this.before, ({ resource }) => resource === null);
    const after = this.place(form.after, rule, this.after, ({ resource, path }) => resource === null || path !== null);
    const resource = before?.resource;
    const later = after?.resource;
    if (!before || !resource || !later || this.isAbsent(before)) return;
    const items = before.path;
    const sameDocuments = (each: DocumentsRule) =>
      each.resource === resource && each.items === items && each.after === later;
    const extended = this.documents.find(sameDocuments);
    const key = `documents ${form.before} ${form.after}`;
    if (this.named.get(key)?.file === file) {
      this.problems.push(problem('TRANSLATION_AMBIGUOUS', rule, form.before, 'another entry makes the same documents'));
      return;
    }
    const through =
      form.through === undefined
        ? null
        : typeof form.through === 'string'
          ? form.through
          : this.entries(form.through, rule);
    const given = {
      isAlways: form.when === 'always',
      identity: new Map(Object.entries(form.identity ?? {})),
      through,
    };
    this.named.set(key, { file, remove: () => {} });
    let documents: DocumentsRule & { members: Member[] };
    if (extended) {
      documents = {
        ...extended,
        isAlways: extended.isAlways || given.isAlways,
        identity: form.identity === undefined ? extended.identity : given.identity,
        through: form.through === undefined ? extended.through : through,
      };
      this.documents[this.documents.indexOf(extended)] = documents;
    } else {
      documents = { rule, resource, items, after: later, members: [], ...given };
      const remove = () => {
        const at = this.documents.findIndex(sameDocuments);
        if (at >= 0) this.documents.splice(at, 1);
        this.named.delete(key);
      };
      if (items !== null && !this.names(form.before, form.before, rule, file, remove)) return;
      this.documents.push(documents);
    }
    for (const member of form.members ?? []) this.member(documents, member, rule, file);
  }

  private member(
    { resource, items, members }: DocumentsRule & { members: Member[] },
    form: NonNullable<DocumentsForm['members']>[number],
    rule: string,
    file: number,
  ): void {
    const isMove = typeof form !== 'string';
    const path = isMove ? form.before : form;
    const before = items === null ? path : `${items}${path.slice(1)}`;
    const carrying = isMove ? carryingOf(form) : plain;
    const member: Member = { before, after: isMove ? form.after : form, isMove, addedBy: rule, ...carrying };
    const name = pathName(resource, before);
    if (this.names(name, name, rule, file, () => members.splice(members.indexOf(member), 1))) members.push(member);
  }

  private fill(form: FillForm, rule: string, file: number): void {
    const after = this.place(form.after, rule, this.after, ({ path }) => path === null);
    if (!after) return;
    const { schoolYearOf, begins } = form;
    const fill: Fill = {
      rule,
      after,
      value: form.value === undefined ? undefined : jsonValue(form.value),
      schoolYear: schoolYearOf !== undefined && begins !== undefined ? { of: schoolYearOf, begins } : null,
    };
    this.addRule(this.fills, fill, `fill ${form.after}`, form.after, file);
  }
}

/** The names with the project that a name without a project may mean; none if it has one, or none is like it. */
function withProject(text: string, name: PlaceName | undefined, { projects, resources }: SetPlaces): readonly string[] {
  if (name !== undefined && (name.resource !== null || projects.has(name.project))) return [];
  const [, resource = '', path = ''] = /^:?([^:.$]+)(\.\$\..+)?$/.exec(text.trim()) ?? [];
  const found = [...resources.values()].filter(({ label, project }) => label === `${project}:${resource}`);
  return found.map(({ label }) => `${label}${path}`);
}

const carryingOf = (form: Pick<MoveForm, 'take' | 'values' | 'as'>): Carrying => ({
  take: form.take === 'first',
  values: form.values ? new Map(Object.entries(form.values).map(([key, value]) => [key, jsonValue(value)])) : null,
  as: form.as ?? null,
});

/** A value of a JSON file in the form for documents. */
function jsonValue(value: unknown): JsonValue {
  if (typeof value === 'number') return new JsonNumber(String(value));
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonValue);
  return new Map(Object.entries(value as object).map(([name, each]) => [name, jsonValue(each)]));
}

/** Whether the version of a project starts with the version in a file, part by part. */
export const versionFits = (asked: string, version: string) =>
  asked.split('.').every((part, index) => version.split('.')[index] === part);
