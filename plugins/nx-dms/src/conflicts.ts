import path from 'node:path';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { caselessName } from '@dms/files';
import { isIn, mappingSetFile } from '@dms/operations';
import { compareOrdinal } from '@dms/values';

/**
 * Reports conflicts between files. Only inference sees several projects at once; it passes `others` to the tasks, which
 * report and fail (design 10 §4.2, §6.1), so that other commands of Nx still work.
 *
 * @param file the file of the project: its `dms.json` or its ApiSchema file, relative to the workspace like all the
 * others
 * @param others files in the same folder that compete for the same project; and files elsewhere, of projects that write
 * to the same output folder or own it
 * @param namesakes the files of the projects that would have the same name
 * @param outputFolder the folder that both write to
 */
export function conflictDiagnostics(
  file: string,
  { others, namesakes }: Readonly<Record<'others' | 'namesakes', readonly string[]>>,
  outputFolder: string,
): Diagnostic[] {
  const folder = path.posix.dirname(file);
  const together = others.filter((other) => path.posix.dirname(other) === folder);
  const elsewhere = others.filter((other) => path.posix.dirname(other) !== folder);
  const files = [file, ...together].sort(compareOrdinal);
  const hasMappingSet = files.some((name) => path.posix.basename(name) === mappingSetFile);
  const diagnostics: Diagnostic[] = [];
  if (together.length > 0 && hasMappingSet) {
    const message = `${folder} holds both a mapping set and an ApiSchema file: ${files.join(', ')}. Give each a folder of its own.`;
    diagnostics.push(diagnostic('PROJECT_KIND_AMBIGUOUS', message, { file }, { files }));
  }
  if (files.length - (hasMappingSet ? 1 : 0) > 1) {
    const message = `${folder} holds several ApiSchema files: ${files.join(', ')}. Give each a folder of its own, or remove what is not in use.`;
    diagnostics.push(diagnostic('PROJECT_FILES_AMBIGUOUS', message, { file }, { files }));
  }
  const [owner] = elsewhere.filter((other) =>
    isIn(caselessName(path.posix.dirname(other)), caselessName(outputFolder)),
  );
  if (owner !== undefined) {
    const message = `${projectText(file)} would write into the folder of ${projectText(owner)}, ${outputFolder}. Set another "outputDirectory".`;
    diagnostics.push(
      diagnostic('CONFIG_OUTPUT_SHARED', message, { file }, { folder: outputFolder, projects: [file, owner] }),
    );
  } else if (elsewhere.length > 0) {
    const projects = [file, ...elsewhere].sort(compareOrdinal).map(projectText);
    const message = `${projects.join(' and ')} write to the same folder, ${outputFolder}. Set another "outputDirectory" in one of them.`;
    diagnostics.push(diagnostic('CONFIG_OUTPUT_SHARED', message, { file }, { folder: outputFolder, projects }));
  }
  if (namesakes.length > 0) {
    const projects = [file, ...namesakes].sort(compareOrdinal).map(projectText);
    const how = `give it one of its own: ${hasMappingSet ? '"name" in its dms.json' : '"name" in a project.json beside the ApiSchema file'}`;
    const message = `${projects.join(' and ')} are projects with the same name; ${how}.`;
    diagnostics.push(diagnostic('PROJECT_NAME_SHARED', message, { file }, { projects }));
  }
  return diagnostics;
}

/**
 * The name of a project in messages: for a mapping set its file, in which the output folder can be changed; for a
 * schema project its folder.
 */
function projectText(file: string): string {
  return path.posix.basename(file) === mappingSetFile ? file : path.posix.dirname(file);
}
