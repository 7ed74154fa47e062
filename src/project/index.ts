/** The user's files and the imports between them. */
export { createProject, type LoadedProgram, loadProgram, type MissingImport, type Project, type ProjectOptions, type Read } from './project';
