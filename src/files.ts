/** `tutti/files`: resources for tools that read and write files, and a folder for results that were cut. */
export { fileResource } from "./files/file-resource.ts";
export type { FileResourceOptions } from "./files/file-resource.ts";
export { resultFolder } from "./files/result-folder.ts";
