import {
  compileJsonPath,
  type FormatFinding,
  queryFieldPaths,
  readFormat,
  securedResourceSchema,
} from '@dms/api-schema';
import type { DiagnosticCollector } from '@dms/diagnostics';
import type { QueryField, ScalarType } from '@dms/model';
import { isJsonObject, JsonNumber, type JsonObject, orderedMembers } from '@dms/values';
import type { ResourceMembers } from '../draft/draft-rules.ts';
import { malformedMember, type ResourceEntry } from '../input/resource-entry.ts';
import { stringType } from '../input/scalar-type.ts';

/** Reads the paths by which a resource can be secured, and the fields that a query can use (design 15 §3.2). */
export function readResourceMembers(entry: ResourceEntry, diagnostics: DiagnosticCollector): ResourceMembers {
  const read = readFormat(securedResourceSchema, entry.json);
  if ('findings' in read) diagnostics.add(malformed(entry, read.findings));
  const { securableElements = undefined, queryFieldMapping = undefined } = 'findings' in read ? {} : read.value;
  const compiled = (text: string, member: string) => diagnostics.attempt(() => pathOf(entry, text, member)) ?? [];
  const paths = (kind: 'Namespace' | 'Student' | 'Contact' | 'Staff') =>
    (securableElements?.[kind] ?? []).flatMap((text, index) => compiled(text, `securableElements.${kind}[${index}]`));
  return {
    securableElements: {
      educationOrganization: (securableElements?.EducationOrganization ?? []).flatMap(
        ({ jsonPath: text, metaEdName }, index) =>
          [compiled(text, `securableElements.EducationOrganization[${index}].jsonPath`)]
            .flat()
            .map((jsonPath) => ({ jsonPath, metaEdName })),
      ),
      namespace: paths('Namespace'),
      student: paths('Student'),
      contact: paths('Contact'),
      staff: paths('Staff'),
    },
    queryFieldMapping: queryFieldMapping ? readQueryFields(entry, queryFieldMapping, diagnostics) : [],
    descriptorTexts:
      entry.json.get('isDescriptor') === true
        ? { namespace: textType(entry, 'namespace', 255), codeValue: textType(entry, 'codeValue', 50) }
        : null,
  };
}

/** The diagnostics about malformed members: `APISCHEMA_INVALID` for each. */
const malformed = (entry: ResourceEntry, findings: readonly FormatFinding[], prefix = '') =>
  findings.map((finding) => malformedMember(entry.label, finding, prefix + finding.member));

const pathOf = (entry: ResourceEntry, text: string, member: string) =>
  compileJsonPath(text, { resource: entry.label }, member);

function readQueryFields(entry: ResourceEntry, mapping: JsonObject, diagnostics: DiagnosticCollector): QueryField[] {
  return orderedMembers(mapping).flatMap(([field, value]) => {
    const member = `queryFieldMapping.${field}`;
    const read = readFormat(queryFieldPaths, value);
    if ('findings' in read) {
      diagnostics.add(malformed(entry, read.findings, member));
      return [];
    }
    const paths = read.value.flatMap(({ path: text, type }, index) => {
      const path = diagnostics.attempt(() => pathOf(entry, text, `${member}[${index}].path`));
      return path ? [{ path, type }] : [];
    });
    return [{ field, paths }];
  });
}

/**
 * The type of a string property of a descriptor. Without `maxLength`, it has the length of its column in
 * `dms.Descriptor`.
 */
function textType(entry: ResourceEntry, property: string, columnLength: number): ScalarType {
  const schema = entry.json.get('jsonSchemaForInsert');
  const properties = isJsonObject(schema) ? schema.get('properties') : undefined;
  const text = isJsonObject(properties) ? properties.get(property) : undefined;
  const maxLength = isJsonObject(text) ? text.get('maxLength') : undefined;
  return stringType(maxLength instanceof JsonNumber ? Number(maxLength.lexeme) : columnLength);
}
