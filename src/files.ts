/** `tutti/files`: resources for tools that read and write files. */
export { fileResource } from "./files/file-resource.ts";
export type { FileResourceOptions } from "./files/file-resource.ts";
