import * as path from "node:path";

/** What is known of the machine when the server is looked for. */
export interface Surroundings {
  /** The setting `plimsoll.path`. */
  configured: string;
  /** The first folder of the workspace. */
  folder: string | undefined;
  home: string;
  /** Where the extension is installed. */
  extension: string;
  platform: NodeJS.Platform;
  exists: (path: string) => boolean;
}

/** The program to run: what the user says, what came with the extension, what is on the `PATH`. */
export function serverPath(around: Surroundings): string {
  const configured = around.configured.trim();
  if (configured !== "") {
    const expanded = configured
      .replace(/^~(?=$|[/\\])/, () => around.home)
      .replaceAll("${workspaceFolder}", () => around.folder ?? "");
    // A bare name is looked for on the `PATH`; anything else is relative to the folder.
    const isBare = !/[/\\]/.test(expanded);
    return isBare || around.folder === undefined ? expanded : path.resolve(around.folder, expanded);
  }
  const name = around.platform === "win32" ? "plimsoll.exe" : "plimsoll";
  const bundled = path.join(around.extension, "server", name);
  return around.exists(bundled) ? bundled : name;
}
